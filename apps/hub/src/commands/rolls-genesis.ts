/** `bellwether rolls genesis`: begins a roll from a dump of the registration database. */
import { parseArgs } from 'node:util';
import { beginRoll, type GenesisDone } from '../features/rolls/genesis.ts';
import { momentOfDay } from '../features/rolls/moment.ts';
import { rollPaths } from '../features/rolls/roll-files.ts';
import { readConfig, USUAL_ZONE } from '../platform/config.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import { openFolder, usualFolder } from '../platform/folder.ts';
import { openEvidence } from '../up/evidence.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed } from './rolls-opened.ts';

const COMMAND = 'rolls genesis';

/** Runs `bellwether rolls genesis ARGS`; gives the exit code. */
export async function rollsGenesisCommand(args: string[]): Promise<number> {
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
  const { mapping, live, day } = values;
  if (mapping === undefined || live === undefined)
    return wrongUsage('--mapping FILE and --live FILE are needed');
  const folder = openFolder(values.data ?? usualFolder(process.env, process.getuid?.()));
  if (folder.isErr()) return rollFailed(COMMAND, { code: folder.error.code, detail: folder.error.reason });
  const config = readConfig(folder.value.config);
  if (config.isErr()) return rollFailed(COMMAND, config.error);
  const moment = momentOfDay(day, config.value.zone ?? USUAL_ZONE, Date.now());
  if (moment === null) return wrongUsage(`--day is a day like 2026-11-03, not after today: ${day}`);
  const named =
    values.origin === undefined
      ? config.value
      : { ...config.value, evidence: { ...config.value.evidence, origin: values.origin } };
  const trouble = (what: string): void => void process.stderr.write(`${what}\n`);
  const evidence = await openEvidence(folder.value, named, Date.now, trouble);
  if (evidence.isErr()) return rollFailed(COMMAND, evidence.error);
  try {
    const begun = await beginRoll({
      paths: rollPaths(folder.value.path, config.value.rolls?.vault),
      log: evidence.value.log,
      hasher: bestHasher(),
      mapping,
      live,
      signers: values.signers ?? null,
      policy: values.policy ?? null,
      day: moment.day,
      now: Date.now,
    });
    if (begun.isErr()) return rollFailed(COMMAND, begun.error);
    const isMadeHere = values.signers === undefined;
    process.stdout.write(values.json === true ? asJson(begun.value) : asText(begun.value, isMadeHere));
    return ROLL_EXIT.done;
  } finally {
    await evidence.value.close();
  }
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      ...ROLL_OPTIONS,
      mapping: { type: 'string' },
      live: { type: 'string' },
      signers: { type: 'string' },
      policy: { type: 'string' },
      origin: { type: 'string' },
      day: { type: 'string' },
    },
  });
}

function asJson({ head, wasMended, unreadableDates }: GenesisDone): string {
  const { records, leaves, root, bucketBits, origin, genesis } = head;
  const answer = { records, leaves, root, bucketBits, origin, entry: genesis, wasMended, unreadableDates };
  return `${JSON.stringify({ schema: 'bellwether/genesis-made@1', ...answer })}\n`;
}

function asText(
  { head, wasMended, offices, protectedRecords, unreadableDates }: GenesisDone,
  isMadeHere: boolean,
): string {
  if (wasMended) {
    return `The genesis that was cut off is whole: ${head.records} registrations, root ${head.root}.\n`;
  }
  const dates =
    unreadableDates === 0
      ? ''
      : `${unreadableDates} dates could not be read, and are kept as they are written.\n`;
  const keys = isMadeHere
    ? `Keys for all offices were made here, in rolls-keys. Whoever runs this machine can sign with them. Offices should
hold their own: name them with --signers, or let clerks enrol their passkeys.
`
    : '';
  return `The roll has begun: ${head.records} registrations of ${offices} offices, ${protectedRecords} of them protected.
Root ${head.root}, entry ${head.genesis} of the log ${head.origin}.
${dates}${keys}`;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether ${COMMAND}: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls genesis [--data DIR] --mapping FILE --live FILE [OPTIONS]

Begins a roll: every registration of the dump gets a random name and a key, and the log gets the root of them all. It
happens once, and shows nothing about the days before. No hub may run meanwhile.

  --data DIR       the hub's data folder
  --mapping FILE   which column of the dump is what
  --live FILE      the dump, as CSV or NIST VRI JSON, also packed (.gz); where the mapping has a query: the address of
                   the database, or env:NAME for the environment variable that holds it
  --signers FILE   a JSON list of { place, scheme, publicKey }: who signs for each office, for "state", and for each
                   feed as "feed:NAME". Without it keys are made in the data folder
  --policy FILE    the policy as JSON. Without it the usual one is taken
  --origin NAME    name of the log, where it has no entries yet
  --day DAY        the day that the dump is of; without it today
  --json           tell as JSON what was done

Exit codes: 0 begun, 1 a file could not be used or a roll is there already, 2 wrong usage. On 1 nothing was written.
`;
