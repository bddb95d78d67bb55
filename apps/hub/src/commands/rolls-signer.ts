/** `bellwether rolls signer`: who may sign, and how that changes, with keys in files where no hub runs. */
import { parseArgs } from 'node:util';
import { decodeBase64 } from '@bellwether/evidence';
import { type SignerKey, signerKeyId } from '@bellwether/rolls';
import { type HeldKey, keyAt, keysIn } from '../features/rolls/key-files.ts';
import { rollPaths } from '../features/rolls/roll-files.ts';
import type { Rolls } from '../features/rolls/rolls.ts';
import {
  askForSigner,
  endorseSigner,
  endorsingOf,
  type SignerAct,
  type SignerShown,
  shownSigners,
} from '../features/rolls/signer-requests.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

const COMMAND = 'rolls signer';

type Values = ReturnType<typeof parse>['values'];

/** Which options each word takes beside those of all commands of the roll. */
const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  list: [],
  add: ['office', 'public'],
  endorse: ['signer', 'by', 'key'],
  withdraw: ['signer', 'by', 'key'],
};

/** Runs `bellwether rolls signer ARGS`; gives the exit code. */
export async function rollsSignerCommand(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  const [what, more] = positionals;
  if (what === undefined || more !== undefined || !Object.hasOwn(OPTIONS_OF, what))
    return wrongUsage('say `list`, `add`, `endorse` or `withdraw`');
  const foreign = Object.keys(values).find((name) => ![...OPTIONS_OF[what]!, 'data', 'json'].includes(name));
  if (foreign !== undefined) return wrongUsage(`--${foreign} is not for \`${what}\``);
  const missing = OPTIONS_OF[what]!.find((name) => name !== 'key' && !Object.hasOwn(values, name));
  if (missing !== undefined && !(missing === 'by' && values.key !== undefined))
    return wrongUsage(`\`${what}\` needs --${missing}`);
  return withRoll(COMMAND, values.data, async (rolls, data) => {
    if (what === 'add') {
      const asked = await askFor(rolls, values);
      if (asked !== null) return asked;
    } else if (what !== 'list') {
      const endorsed = await endorse(rolls, data, what === 'endorse' ? 'add' : 'revoke', values);
      if (endorsed !== null) return endorsed;
    }
    const signers = await rolls.act(shownSigners);
    const answer = { schema: 'bellwether/signers@1', signers };
    process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : asText(signers));
    return ROLL_EXIT.done;
  });
}

/** Asks; an exit code where it could not be. */
async function askFor(rolls: Rolls, { office, public: text }: Values): Promise<number | null> {
  if (decodeBase64(text!)?.length !== 32) return wrongUsage('--public is an Ed25519 key, 32 bytes as base64');
  const rest = { place: office!, scheme: 'ed25519', publicKey: text!, site: '', origins: [] } as const;
  const key: SignerKey = { id: signerKeyId(rolls.held.tools.hasher, rest), ...rest };
  const asked = await rolls.act((holding) => askForSigner(holding, key));
  return asked.isErr() ? rollFailed(COMMAND, asked.error) : null;
}

/** Signs with each key that is named; an exit code where one could not. */
async function endorse(
  rolls: Rolls,
  data: string,
  act: SignerAct,
  { signer, by = [], key }: Values,
): Promise<number | null> {
  const { signers } = rolls.held.fold;
  const own = key === undefined ? null : await keyAt(key, signers);
  if (key !== undefined && own === null)
    return rollFailed(COMMAND, { code: 'ROLL_SIGNER_UNKNOWN', detail: key });
  const held = await keysIn(rollPaths(data).keys, signers);
  const places = own === null ? by : [own.signer.place];
  for (const place of places) {
    const endorsing = await rolls.act((holding) => endorsingOf(holding, act, signer!));
    if (endorsing.isErr()) return rollFailed(COMMAND, endorsing.error);
    const { claim, signers: may } = endorsing.value;
    const isRight = (one: HeldKey): boolean =>
      one.signer.place === place && may.some(({ id }) => id === one.signer.id);
    const found = (own === null ? held : [own]).find(isRight);
    if (found === undefined)
      return rollFailed(COMMAND, { code: 'ROLL_SIGNER_UNKNOWN', detail: `no key of ${place} may sign this` });
    const signature = found.sign(claim);
    const endorsed = await rolls.act((holding) => endorseSigner(holding, act, signer!, signature));
    if (endorsed.isErr()) return rollFailed(COMMAND, endorsed.error);
    if (endorsed.value.appended !== null) return null;
  }
  return null;
}

const STATES: Readonly<Record<SignerShown['state'], string>> = {
  asked: 'asked for, waits for two other offices',
  waits: 'public, and does not count yet',
  counts: 'counts',
  going: 'to be withdrawn, waits for two other offices or an older key of its own',
  revoked: 'withdrawn',
};

function asText(signers: readonly SignerShown[]): string {
  const lines = signers.map(({ key, office, scheme, state, countsFrom, endorsed }) => {
    const from = state === 'waits' ? ` (from ${countsFrom})` : '';
    const by = endorsed.length === 0 ? '' : `; signed by ${endorsed.join(', ')}`;
    return `${key}  ${office}  ${scheme}  ${STATES[state]}${from}${by}\n`;
  });
  return lines.join('');
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...ROLL_OPTIONS,
      office: text,
      public: text,
      signer: text,
      by: { type: 'string', multiple: true },
      key: text,
    },
  });
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether ${COMMAND}: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls signer list [--data DIR] [--json]
       bellwether rolls signer add --office LEA --public KEY [--data DIR]
       bellwether rolls signer endorse --signer ID (--by LEA... | --key FILE) [--data DIR]
       bellwether rolls signer withdraw --signer ID (--by LEA... | --key FILE) [--data DIR]

Who may sign for which office. An office without a key asks for one; two other offices endorse it, or an older key of its own
does. It then stands in the log, and counts after the days that the policy tells and an hour more. Until then, and after,
two other offices or an older key of the office withdraw it. All sign before the same night is sealed. With keys in files,
where no hub runs; in the desk, clerks do it with their passkeys.

  --office LEA   the office that gets a key
  --public KEY   its Ed25519 public key, 32 bytes as base64
  --signer ID    which key, as \`list\` shows it
  --by LEA       sign with the key of this office in DIR/rolls-keys; may be given twice
  --key FILE     sign with this key instead
`;
