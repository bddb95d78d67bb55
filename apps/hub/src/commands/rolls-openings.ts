/** `bellwether rolls openings`: hands openings of the last seal over as a file, to an office or auditor without an agent. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { ok, type Result } from '@bellwether/basics';
import type { OpeningsHead } from '@bellwether/rolls';
import { makeOpenings } from '../features/rolls/openings-made.ts';
import { createTrail } from '../platform/auth/trail.ts';
import { withDatabase } from '../platform/doctor/with-database.ts';
import { folderAt } from '../platform/folder.ts';
import { openDatabase } from '../platform/postgres/database.ts';
import type { PostgresError } from '../platform/postgres/errors.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

const COMMAND = 'rolls openings';

/** What is handed over is for its owner alone. */
const OWNER_ONLY = 0o600;

/** Runs `bellwether rolls openings ARGS`; gives the exit code. */
export async function rollsOpeningsCommand(args: string[]): Promise<number> {
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
  const { office, auditors = false, out } = values;
  if ((office === undefined) !== auditors || out === undefined)
    return wrongUsage('say --office LEA or --auditors, and --out FILE');
  const whose: OpeningsHead['whose'] = office === undefined ? 'auditors' : { office };
  return withRoll(COMMAND, values.data, async (rolls, data) => {
    const made = await makeOpenings(rolls.held, whose);
    if (made.isErr()) return rollFailed(COMMAND, made.error);
    const { head, pieces } = made.value;
    const noted = await noteInTrail(data, head);
    if (noted.isErr()) return rollFailed(COMMAND, { code: noted.error.code, detail: noted.error.reason });
    try {
      const file = createWriteStream(out, { mode: OWNER_ONLY, flags: 'wx' });
      await pipeline(Readable.from(pieces()), createGzip(), file);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') await rm(out, { force: true });
      return rollFailed(COMMAND, { code: 'ROLL_UNWRITABLE', detail: message });
    }
    const { count, leftOut, epoch, root } = head;
    const answer = { schema: 'bellwether/openings-out@1', epoch, root, count, leftOut, out };
    const told = `Openings of ${count} records of night ${epoch} are in ${out}; ${leftOut} protected voters were left out.\n`;
    process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : told);
    return ROLL_EXIT.done;
  });
}

/** Who got what goes into the trail before it is written. */
function noteInTrail(
  data: string,
  { whose, epoch, count, leftOut }: OpeningsHead,
): Promise<Result<void, PostgresError>> {
  return withDatabase<void, never>(folderAt(data), process.env.DATABASE_URL, async (connection) => {
    const database = openDatabase(connection);
    try {
      const act = {
        who: 'hub',
        act: 'rolls.openings',
        place: whose === 'auditors' ? 'state' : whose.office,
        about: whose === 'auditors' ? 'auditors' : `office:${whose.office}`,
        after: { epoch, count, leftOut, by: 'file' },
      } as const;
      await database.query.transaction().execute((tx) => createTrail(Date.now).add(tx, act));
      return ok();
    } finally {
      await database.close();
    }
  });
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  return parseArgs({
    args,
    options: { ...ROLL_OPTIONS, office: text, auditors: { type: 'boolean' }, out: text },
  });
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether ${COMMAND}: ${reason}\n\n${HELP}`);
  return ROLL_EXIT.usage;
}

const HELP = `Usage: bellwether rolls openings (--office LEA | --auditors) --out FILE [--data DIR] [--json]

Writes what an office or an auditor needs to compare records of the last seal with rows of their own: openings, and no row.
Hand it over in person; \`bellwether rolls check-openings\` reads it. No hub may run meanwhile. It goes into the trail.

  --office LEA  all records of this office, but for protected voters
  --auditors    the records that were drawn after the last seal
  --out FILE    a new file, packed: let its name end in .ndjson.gz
`;
