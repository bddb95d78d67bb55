/** `bellwether statement`: what can be said tonight, as one document in the log. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ok } from '@bellwether/basics';
import { type NightlyStatement, nightText } from '@bellwether/rolls';
import { knockTotals } from '../features/rolls/knock-totals.ts';
import { stateNight } from '../features/rolls/statement.ts';
import { factOf } from '../features/set-up/store.ts';
import { readConfig } from '../platform/config.ts';
import { withDatabase } from '../platform/doctor/with-database.ts';
import { folderAt } from '../platform/folder.ts';
import { openDatabase } from '../platform/postgres/database.ts';
import { secondHandsOf } from '../up/roll.ts';
import { ROLL_EXIT, ROLL_OPTIONS, rollFailed, withRoll } from './rolls-opened.ts';

/** Runs `bellwether statement ARGS`; gives the exit code. */
export async function statementCommand(args: string[]): Promise<number> {
  let values: { readonly data?: string; readonly json?: boolean; readonly help?: boolean };
  try {
    ({ values } = parseArgs({ args, options: ROLL_OPTIONS }));
  } catch (error) {
    process.stderr.write(`bellwether statement: ${(error as Error).message}\n\n${HELP}`);
    return ROLL_EXIT.usage;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return ROLL_EXIT.done;
  }
  return withRoll('statement', values.data, async (rolls, data, notes) => {
    const account = await accountOf(data);
    // The folder was opened with it.
    const secondHands = secondHandsOf(readConfig(folderAt(data).config).okOrThrow());
    const { origin } = rolls.held.fold.genesis;
    const sources = { name: account?.name ?? origin, knocks: account?.knocks ?? null, notes, secondHands };
    const stated = await rolls.act((holding) => stateNight(holding, sources));
    if (stated.isErr()) return rollFailed('statement', stated.error);
    process.stdout.write(
      values.json === true ? `${JSON.stringify(stated.value)}\n` : nightText(stated.value),
    );
    const bad = Object.values(stated.value.registrations?.unauthorised ?? {}).some((count) => count > 0);
    return bad ? ROLL_EXIT.no : ROLL_EXIT.done;
  });
}

type Account = { readonly name: string | null; readonly knocks: NightlyStatement['knocks'] };

/** What the hub's database says; null where there is none, or where it cannot be reached. */
async function accountOf(data: string): Promise<Account | null> {
  const folder = folderAt(data);
  const url = process.env.DATABASE_URL;
  if ((url ?? '') === '' && !existsSync(folder.postgres)) return null;
  const account = await withDatabase(folder, url, async (connection) => {
    const db = openDatabase(connection);
    try {
      const state = await factOf(db.query, 'state');
      return ok({ name: state?.name ?? null, knocks: await knockTotals(db.query, Date.now()) });
    } finally {
      await db.close();
    }
  });
  return account.isOk() ? account.value : null;
}

const HELP = `Usage: bellwether statement [--data DIR] [--json]

Makes the nightly statement of the last seal, the account of the last day and what witnesses stated, puts it into the log,
and writes it to DIR/log/statement.json and statement.txt. Made when the news is bad, too: then the exit code is 3.
`;
