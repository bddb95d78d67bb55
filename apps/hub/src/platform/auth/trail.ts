/**
 * The trail: who did what, in one chain. An entry commits with what it tells of, in the same transaction, so that neither
 * is ever there without the other.
 *
 * Numbers have no gaps: from the moment that an entry gets its number until its transaction ends, no other gets one. So
 * `add` comes last in a transaction, or acts wait for each other; and the transaction is READ COMMITTED (the default), or it
 * would not see the entry that was committed while it waited.
 */
import { sql, type Transaction } from 'kysely';
import { TRAIL_LOCK } from '../postgres/locks.ts';
import type { Tables } from '../postgres/tables.ts';
import type { Act, Trail } from './auth-types.ts';
import { type Entry, entryOfAct, hashOfEntry, NO_HASH } from './trail-entry.ts';

/** The trail. `now`: ms since 1970. */
export function createTrail(now: () => number): Trail {
  return {
    async add(tx, act: Act) {
      // Before anything waits: an act that cannot be told fails here.
      const entry = entryOfAct(act);
      await sql`SELECT pg_advisory_xact_lock(${TRAIL_LOCK}::bigint)`.execute(tx);
      await append(tx, entry, now());
    },
  };
}

async function append(tx: Transaction<Tables>, entry: Entry, now: number): Promise<void> {
  const last = await tx
    .selectFrom('trail')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const row = {
    ...entry,
    number: (last?.number ?? 0) + 1,
    at: new Date(now).toISOString(),
    previous: last?.hash.toString('hex') ?? NO_HASH,
  };
  await tx
    .insertInto('trail')
    .values({
      ...row,
      before: jsonText(entry.before),
      after: jsonText(entry.after),
      previous: Buffer.from(row.previous, 'hex'),
      hash: Buffer.from(hashOfEntry(row).okOrThrow(), 'hex'),
    })
    .execute();
}

function jsonText(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
