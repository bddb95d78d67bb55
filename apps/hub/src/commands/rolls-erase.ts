/** `bellwether rolls erase`: destroys the key of one voter, by two people. */
import { parseArgs } from 'node:util';
import { agreeErasure, askErasure, type Erasure } from '../features/rolls/erase.ts';
import { readConfig } from '../platform/config.ts';
import { folderAt, usualFolder } from '../platform/folder.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

const REASONS = ['court-order', 'address-confidentiality', 'retention-over', 'entered-by-mistake'] as const;

/** Runs `bellwether rolls erase ARGS`; gives the exit code. */
export async function rollsEraseCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>['values'];
  try {
    ({ values } = parse(args));
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  const { record, by, and } = values;
  const reason = REASONS.find((one) => one === values.reason);
  if (record === undefined || by === undefined || and === undefined)
    return wrongUsage('say --record, --by and --and');
  if (reason === undefined) return wrongUsage(`--reason is one of ${REASONS.join(', ')}`);
  const config = readConfig(folderAt(values.data ?? usualFolder(process.env, process.getuid?.())).config);
  if (config.isErr()) return rollFailed('rolls erase', config.error);
  const { elections = [], legalHold = null } = config.value.rolls ?? {};
  return withRoll('rolls erase', values.data, async (rolls) => {
    const rules = { elections, legalHold };
    const asked = await rolls.act((holding) => askErasure(holding, rules, { recordId: record, reason }, by));
    if (asked.isErr()) return rollFailed('rolls erase', asked.error);
    const done = await rolls.act((holding) => agreeErasure(holding, rules, asked.value.id, and));
    if (done.isErr()) return rollFailed('rolls erase', done.error);
    process.stdout.write(values.json === true ? asJson(done.value) : asText(done.value));
    return ROLL_EXIT.done;
  });
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({ args, options: { ...ROLL_OPTIONS, record: text, reason: text, by: text, and: text } });
}

function asJson({ id, reason, state, completeFrom }: Erasure): string {
  return `${JSON.stringify({ schema: 'bellwether/erased@1', id, reason, state, completeFrom })}\n`;
}

function asText({ completeFrom }: Erasure): string {
  return `The key of this voter is destroyed, and the log says so. Backups of the vault hold it until ${completeFrom}: from that
day on the erasure is complete.
`;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether rolls erase: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls erase --record ID --reason CLASS --by NAME --and NAME [--data DIR] [--json]

Destroys the key of one voter, so that nothing in the log can be told to be theirs any more. Two people have to agree.
Refused while records have to be kept, during a legal hold or an open incident, and while the record is in the roll.
No hub may run meanwhile: a hub does it in the desk.

  --reason CLASS  ${REASONS.join(', ')}
`;
