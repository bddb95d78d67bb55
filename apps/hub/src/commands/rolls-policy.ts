/** `bellwether rolls policy`: shows the policy in force, proposes another one, and appends it once its witnesses have signed. */
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@bellwether/basics';
import { MAX_NOTE_BYTES } from '@bellwether/evidence';
import { minuteText, type RollsPolicy } from '@bellwether/rolls';
import type { RollError } from '../features/rolls/errors.ts';
import { policyAt } from '../features/rolls/genesis-policy.ts';
import { appendPolicy, proposePolicy } from '../features/rolls/policy-change.ts';
import { writeFileWhole } from '../features/rolls/roll-files.ts';
import type { Rolls } from '../features/rolls/rolls.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

const COMMAND = 'rolls policy';

/** Days until a proposal is meant to hold, where nobody says when: offices with one clerk sign within a week. */
const USUAL_DAYS = 7;

const DAY = 86_400_000;

/** Notes that one call takes: as many as a state has offices and outside groups, and more. */
const MOST_NOTES = 1_024;

type Values = ReturnType<typeof parse>['values'];

const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  show: [],
  propose: ['file', 'witnesses', 'at', 'out'],
  append: ['file', 'note'],
};

/** Runs `bellwether rolls policy ARGS`; gives the exit code. */
export async function rollsPolicyCommand(args: string[]): Promise<number> {
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
    return wrongUsage('say `show`, `propose` or `append`');
  const foreign = Object.keys(values).find((name) => ![...OPTIONS_OF[what]!, 'data', 'json'].includes(name));
  if (foreign !== undefined) return wrongUsage(`--${foreign} is not for \`${what}\``);
  if (what === 'propose' && (values.out === undefined || (values.file ?? values.witnesses) === undefined))
    return wrongUsage('`propose` needs --file or --witnesses, and --out');
  if (what === 'append' && (values.file === undefined || values.note === undefined))
    return wrongUsage('`append` needs --file and at least one --note');
  return withRoll(COMMAND, values.data, (rolls) => {
    if (what === 'propose') return propose(rolls, values);
    return what === 'append' ? append(rolls, values) : show(rolls, values);
  });
}

async function show({ held }: Rolls, { json }: Values): Promise<number> {
  const { policy, genesis } = held.fold;
  const { witnesses, ...limits } = policy;
  const answer = { schema: 'bellwether/policy-in-force@1', origin: genesis.origin, policy };
  const text = `${JSON.stringify(limits, null, 2)}\n\n${witnesses === '' ? 'No witnesses.\n' : witnesses}`;
  process.stdout.write(json === true ? `${JSON.stringify(answer)}\n` : text);
  return ROLL_EXIT.done;
}

async function propose({ held }: Rolls, { file, witnesses, at, out, json }: Values): Promise<number> {
  const policy = await wantedPolicy(held.fold.policy, file, witnesses);
  if (policy.isErr()) return rollFailed(COMMAND, policy.error);
  const minute = at ?? minuteText(held.now() + USUAL_DAYS * DAY);
  const proposed = proposePolicy(held, policy.value, minute);
  if (proposed.isErr()) return rollFailed(COMMAND, proposed.error);
  const { text, changes } = proposed.value;
  await writeFileWhole(out!, text);
  const answer = { schema: 'bellwether/policy-proposed@1', at: minute, changes, out };
  const told = `${changes.map((change) => `- ${change}\n`).join('') || 'Nothing changes.\n'}
Send ${out} to the people of the witnesses. Each looks at it there, with
\`bellwether-agent witness approve ${out}\`, and sends the signed note back.
It holds from ${minute}: append it then, or soon after, before the next night is sealed.
`;
  process.stdout.write(json === true ? `${JSON.stringify(answer)}\n` : told);
  return ROLL_EXIT.done;
}

async function append(rolls: Rolls, { file, note = [], json }: Values): Promise<number> {
  if (note.length > MOST_NOTES) return wrongUsage(`${MOST_NOTES} notes are the most`);
  const text = await boundedFile(file!);
  if (text.isErr()) return rollFailed(COMMAND, text.error);
  const notes: Uint8Array[] = [];
  for (const path of note) {
    const bytes = await boundedFile(path);
    if (bytes.isErr()) return rollFailed(COMMAND, bytes.error);
    notes.push(bytes.value);
  }
  const wanted = text.value.toString('utf8');
  const appended = await rolls.act((holding) => appendPolicy(holding, wanted, notes));
  if (appended.isErr()) return rollFailed(COMMAND, appended.error);
  const { index, lines } = appended.value;
  const answer = { schema: 'bellwether/policy-appended@1', entry: String(index), signatures: lines };
  const told = `The policy is entry ${index} of the log, signed by ${lines} witnesses, and holds from now on.
Send the new list of witnesses to whoever checks your log: \`bellwether rolls policy show\`.
`;
  process.stdout.write(json === true ? `${JSON.stringify(answer)}\n` : told);
  return ROLL_EXIT.done;
}

/** The policy in a file, or the one in force with other witnesses. */
async function wantedPolicy(
  old: RollsPolicy,
  file: string | undefined,
  witnesses: string | undefined,
): Promise<Result<RollsPolicy, RollError>> {
  const base = file === undefined ? ok(old) : await policyAt(file);
  if (base.isErr() || witnesses === undefined) return base;
  const text = await boundedFile(witnesses);
  return text.map((bytes) => ({ ...base.value, witnesses: bytes.toString('utf8') }));
}

async function boundedFile(path: string): Promise<Result<Buffer, RollError>> {
  try {
    const { size } = await stat(path);
    if (size > MAX_NOTE_BYTES)
      return err({ code: 'ROLL_INPUT_WRONG', detail: `${path} has more than ${MAX_NOTE_BYTES} bytes` });
    return ok(await readFile(path));
  } catch (error) {
    return err({ code: 'ROLL_INPUT_WRONG', detail: (error as Error).message });
  }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...ROLL_OPTIONS,
      file: text,
      witnesses: text,
      at: text,
      out: text,
      note: { type: 'string', multiple: true },
    },
  });
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether ${COMMAND}: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls policy show [--data DIR] [--json]
       bellwether rolls policy propose (--file NEW | --witnesses FILE) --out FILE [--at MINUTE] [--data DIR] [--json]
       bellwether rolls policy append --file FILE --note FILE... [--data DIR] [--json]

The policy says who witnesses the log, how many have to agree, and beyond which limits a second office signs. It changes
only by the word of the witnesses that it names before the change. No hub may run meanwhile.

propose writes the exact text that they sign, and tells what changes. append takes what they signed, and puts it into the log.

  --file FILE        propose: the new policy as JSON; append: the text that was proposed
  --witnesses FILE   the new list of witnesses (C2SP tlog-policy); without --file the limits stay as they are
  --out FILE         where the text goes
  --at MINUTE        from when it is to hold, as 2026-11-10T15:00Z; else in a week. Append it then, before the next seal
  --note FILE        what a witness signed; once for each of them
`;
