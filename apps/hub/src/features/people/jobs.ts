/**
 * What of signing in is deleted by the clock: sign-ins, codes and questions that ended long ago. The trail tells for good
 * that they were there, and what became of them.
 */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Tables } from '../../platform/postgres/tables.ts';

/** Days that rows stay behind their end: three months, as long as an office takes to ask who was signed in before an election. */
export const ENDED_KEPT_DAYS = 90;

/**
 * Deletes what ended earlier than that; `now` in ms since 1970. The last sign-in of each person stays, since it tells when
 * they were here last; so do printed codes that still work.
 */
export async function forgetEnded(db: Kysely<Tables>, now: number): Promise<void> {
  const before = new Date(now - ENDED_KEPT_DAYS * 86_400_000);
  // One that nobody asked again was never marked as ended: it was over twelve hours after it began.
  await sql`
    DELETE FROM sessions AS old
    WHERE coalesce(ended_at, seen_at) < ${before}
      AND EXISTS (SELECT FROM sessions AS newer WHERE newer.person = old.person
                  AND (newer.seen_at, newer.number) > (old.seen_at, old.number))`.execute(db);
  await db.deleteFrom('codes').where('until_at', '<', before).execute();
  await sql`DELETE FROM recovery_codes WHERE least(used_at, withdrawn_at) < ${before}`.execute(db);
  await db.deleteFrom('recoveries').where('until_at', '<', before).execute();
}
