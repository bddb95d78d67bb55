/** `bellwether rolls check-openings`: compares openings from a hub with rows of one's own, without an agent. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseMapping, type Recomputation } from '@bellwether/rolls';
import { compareOpenings, readOpenings } from '../features/rolls/openings-check.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import { ROLL_EXIT, rollFailed } from './rolls-opened.ts';

const COMMAND = 'rolls check-openings';

/** Differences that are told one by one on a screen; --json has all. */
const MOST_TOLD = 50;

/** Runs `bellwether rolls check-openings ARGS`; gives the exit code. */
export async function rollsCheckOpeningsCommand(args: string[]): Promise<number> {
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
  const { openings, live, mapping } = values;
  if (openings === undefined || live === undefined || mapping === undefined)
    return wrongUsage('say --openings, --live and --mapping');
  let yaml: string;
  try {
    yaml = readFileSync(mapping, 'utf8');
  } catch (error) {
    return badInput({ code: 'ROLLS_MAPPING_INVALID', detail: (error as Error).message });
  }
  const parsed = parseMapping(yaml);
  if (parsed.isErr()) return badInput(parsed.error);
  const read = await readOpenings(openings);
  if (read.isErr()) return badInput(read.error);
  const compared = await compareOpenings(bestHasher(), read.value, parsed.value, live);
  if (compared.isErr()) return badInput(compared.error);
  const { root, epoch } = read.value.head;
  const answer = { schema: 'bellwether/recomputed@1', epoch, root, ...compared.value };
  process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : asText(compared.value, root));
  return compared.value.differences.length === 0 ? ROLL_EXIT.done : ROLL_EXIT.no;
}

function asText({ matching, passedOver, waiting, differences }: Recomputation, root: string): string {
  const over =
    (passedOver === 0 ? '' : `${passedOver} protected voters were left out.\n`) +
    (waiting.length === 0
      ? ''
      : `${waiting.length} wait for a signature, as the hub says: ${waiting.slice(0, 20).join(', ')}\n`);
  if (differences.length === 0)
    return `All ${matching} records match the sealed root ${root}. Compare this root with the one in the public log.\n${over}`;
  const told = differences.slice(0, MOST_TOLD).map(({ recordId, kind, fields }) => {
    const named = Object.keys(fields).join(', ');
    return `  ${recordId}: ${WORDS[kind]}${named === '' ? '' : ` (one of ${named})`}\n`;
  });
  const more = differences.length - told.length;
  return `${differences.length} records DO NOT MATCH the sealed root ${root}:\n${told.join('')}${more > 0 ? `  and ${more} more: --json names all.\n` : ''}${matching} records match.\n${over}Call the state office, and two other witnesses.\n`;
}

const WORDS = {
  differs: 'your row is not what was sealed',
  missing: 'it was sealed, and you have no such row',
  extra: 'you have it, and it was not sealed',
  twice: 'it stands twice in your rows',
} as const;

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    options: {
      openings: text,
      live: text,
      mapping: text,
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

/** What was named cannot be used: for a script this is no answer about the roll. */
function badInput(failure: { readonly code: string; readonly detail: string }): number {
  rollFailed(COMMAND, failure);
  return ROLL_EXIT.usage;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether ${COMMAND}: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls check-openings --openings FILE --live FILE --mapping FILE [--json]

Compares records that a hub opened to you with rows that you read by your own access. Needs no hub and no network, and tells
nobody what it finds. Compare the root that it prints with that of the seal in the public log.

  --openings FILE  what the hub gave you, packed if it ends in .gz
  --live FILE      your rows, as for \`bellwether rolls reconcile\`
  --mapping FILE   which column is which field; the state's mapping file
  --json           tell as JSON what differs, with the values of your own file

Exit codes: 0 all match, 3 something differs, 2 wrong usage or a file that cannot be used.
`;
