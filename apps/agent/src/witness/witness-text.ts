/** What a witness shows people: in the office, on the phone, and when something is wrong. */
import { formatNoteKey, type Hasher } from '@bellwether/evidence';
import { fingerprintOf } from './fingerprint.ts';
import { signersOf, type WitnessSecrets } from './witness-keys.ts';
import type { WitnessMemory } from './witness-state.ts';

/** What may be told about a witness to anybody. */
export type WitnessFacts = {
  readonly name: string;
  readonly fingerprint: string;
  /** As others read them: the cosigner's, and that of statements. */
  readonly keys: readonly [cosigner: string, checks: string];
};

/** What anybody may know. */
export function factsOf(hasher: Hasher, secrets: WitnessSecrets): WitnessFacts {
  const { cosigner, checks } = signersOf(hasher, secrets);
  const fingerprint = fingerprintOf([cosigner.key, checks.key]);
  return { name: secrets.name, fingerprint, keys: [formatNoteKey(cosigner.key), formatNoteKey(checks.key)] };
}

/** After `init`. */
export function madeText({ name, fingerprint, keys }: WitnessFacts, path: string): string {
  return `The witness ${name} is made. Its secret keys are in ${path}: nobody else may read that file.

1. Send these two lines to the state office, by mail for instance. They are no secret.

   ${keys.join('\n   ')}

2. Call the state office on a number that you know, and read these digits aloud. They must hear the same ones.

   ${fingerprint}

3. Let them read the key of their log to you in the same way. Then start the witness:

   bellwether-agent witness run --state ${path} --hub ADDRESS --log KEY
`;
}

/** The status, for people. */
export function statusText(facts: WitnessFacts, memory: WitnessMemory): string {
  const lines = [
    `Witness ${facts.name}`,
    `Fingerprint  ${facts.fingerprint}`,
    ...facts.keys.map((key) => `Key          ${key}`),
  ];
  for (const key of memory.logs) {
    const seen = memory.seen.get(key.name);
    const told =
      seen === undefined ? 'nothing signed yet' : `${seen.size} entries, signed ${timeText(seen.time)}`;
    lines.push(`Log          ${key.name}: ${told}`);
  }
  if (memory.logs.length === 0) lines.push('Log          none yet: start it with --log KEY');
  const { refused, stopped } = memory;
  if (refused !== null) {
    lines.push('', `REFUSED at ${refused.at}: ${refused.origin} at ${refused.size} entries: ${refused.why}`);
    lines.push(`Both notes are in ${refused.folder}. Call the other witnesses, then the state office.`);
    lines.push('Once it is explained: bellwether-agent witness resume --state FILE --i-have-checked');
  }
  if (stopped !== null) lines.push('', ...stopLines(memory));
  return `${lines.join('\n')}\n`;
}

/** The status, for programs. */
export function statusJson(facts: WitnessFacts, memory: WitnessMemory): object {
  const { logs, seen, lastTime, refused, stopped, statements } = memory;
  return {
    schema: 'bellwether/witness-status@1',
    ...facts,
    logs: logs.map((key) => {
      const last = seen.get(key.name);
      return {
        origin: key.name,
        key: formatNoteKey(key),
        size: last === undefined ? null : `${last.size}`,
        time: last === undefined ? null : `${last.time}`,
      };
    }),
    lastTime: `${lastTime}`,
    refused,
    stopped,
    lastStatement: statements.at(-1) ?? null,
  };
}

/** Why it stopped, what that may mean, and what to do. */
function stopLines({ stopped }: WitnessMemory): string[] {
  if (stopped === null) return [];
  return [
    `STOPPED at ${stopped.at}: ${stopped.detail}.`,
    '',
    'This witness may have forgotten what it signed, so it signs nothing until you have looked:',
    '1. Does the same witness run on another computer? Then stop one of the two for ever, and delete its state.',
    '2. Was this computer or this folder put back from a backup, or moved? Then that is the reason.',
    '3. Was it neither? Then somebody else may have your keys: call the state office, and make a new witness.',
    'Once you are sure: bellwether-agent witness resume --state FILE --i-have-checked',
  ];
}

function timeText(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
