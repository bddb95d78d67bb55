/** Reads the trail: by the page for people, the newest first; and all of it from its beginning, for checks and exports. */
import type { TrailRow } from '@bellwether/api';
import type { Kysely } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { Reach } from './rights.ts';
import { NO_HASH, trailRowOf } from './trail-entry.ts';

/** A place in the chain: the number of an entry, and its hash in hex. */
export type Head = { readonly number: number; readonly hash: string };

/** Before the first entry. */
export const BEGINNING: Head = { number: 0, hash: NO_HASH };

/** Entries of a page where nobody says how many: what a person reads at once. */
const USUAL_PAGE = 100;

/** Entries that are read at a time where all are: some hundred kilobytes in memory. */
const READ_AT_ONCE = 500;

/** Which entries. */
export type TrailFilter = {
  /** Places of which they are shown. */
  readonly reach: Reach;
  readonly who?: string | undefined;
  /** Before this number. */
  readonly before?: number | undefined;
  /** At most so many, 100 if nothing is said. */
  readonly limit?: number | undefined;
};

/** A page of entries, the newest first, and whether there are older ones. */
export async function trailPage(
  db: Kysely<Tables>,
  { reach, who, before, limit = USUAL_PAGE }: TrailFilter,
): Promise<{ readonly entries: TrailRow[]; readonly more: boolean }> {
  let query = inReach(db, reach)
    .orderBy('number', 'desc')
    .limit(limit + 1);
  if (who !== undefined) query = query.where('who', '=', who);
  if (before !== undefined) query = query.where('number', '<', before);
  const rows = await query.execute();
  return { entries: rows.slice(0, limit).map(trailRowOf), more: rows.length > limit };
}

/** All entries in reach behind a number, up to another, in their order, by the page. Entries that are added meanwhile are left out. */
export async function* trailPages(
  db: Kysely<Tables>,
  reach: Reach,
  after: number,
  upTo: number,
): AsyncGenerator<readonly TrailRow[], void, void> {
  for (let last = after; last < upTo; ) {
    const rows = await inReach(db, reach)
      .where('number', '>', last)
      .where('number', '<=', upTo)
      .orderBy('number')
      .limit(READ_AT_ONCE)
      .execute();
    if (rows.length > 0) yield rows.map(trailRowOf);
    if (rows.length < READ_AT_ONCE) return;
    last = rows.at(-1)!.number;
  }
}

/** The newest entry in reach; the beginning if there is none. */
export async function trailHead(db: Kysely<Tables>, reach: Reach = 'all'): Promise<Head> {
  const row = await inReach(db, reach).orderBy('number', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? BEGINNING : { number: row.number, hash: row.hash.toString('hex') };
}

/** How many entries are in reach, up to a number. */
export async function trailCount(db: Kysely<Tables>, reach: Reach, upTo: number): Promise<number> {
  const { count } = await inReach(db, reach)
    .clearSelect()
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('number', '<=', upTo)
    .executeTakeFirstOrThrow();
  return count;
}

function inReach(db: Kysely<Tables>, reach: Reach) {
  const query = db.selectFrom('trail').selectAll();
  return reach === 'all'
    ? query
    : query.where(({ eb, fn, val }) => eb('place', '=', fn.any(val([...reach]))));
}
