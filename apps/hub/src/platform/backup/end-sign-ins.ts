/**
 * What a restore takes back at once: sign-ins and codes that were open when the backup was made. Whoever was signed in then
 * may have been removed since; roles and keys stay as they were, and the command says so.
 */
import { sql } from 'kysely';
import { createTrail } from '../auth/trail.ts';
import type { Connection } from '../postgres/connection.ts';
import { openDatabase } from '../postgres/database.ts';

/** Ends them, and writes the restore into the trail. `madeAt`: when the backup was made, ISO 8601; `now`: ms. */
export async function endSignIns(connection: Connection, madeAt: string, now: () => number): Promise<void> {
  const database = openDatabase(connection, { connections: 1 });
  try {
    const { rows } = await sql<{
      there: boolean;
    }>`SELECT to_regclass('sessions') IS NOT NULL AS there`.execute(database.query);
    // A backup of before there were people.
    if (rows[0]?.there !== true) return;
    await database.query.transaction().execute(async (tx) => {
      const at = new Date(now());
      await sql`UPDATE sessions SET ended_at = ${at}, ended_why = 'restored' WHERE ended_at IS NULL`.execute(
        tx,
      );
      await sql`UPDATE codes SET withdrawn_at = ${at} WHERE used_at IS NULL AND withdrawn_at IS NULL`.execute(
        tx,
      );
      await createTrail(now).add(tx, {
        who: { kind: 'machine', alone: false },
        act: 'backup.restored',
        place: 'state',
        about: 'backup',
        after: { madeAt },
      });
    });
  } finally {
    await database.close();
  }
}
