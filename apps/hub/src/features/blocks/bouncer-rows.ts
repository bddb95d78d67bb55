/** Bouncers as the desk shows them: keys that stand, when each was used last, and what each said of itself. */
import type { BlocksAnswer } from '@bellwether/api';
import type { Kysely } from 'kysely';
import type { Reach } from '../../platform/auth/rights.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import type { BouncerReport } from './lapi/bouncer-reports.ts';

/** A bouncer in an answer. */
export type BouncerRow = NonNullable<BlocksAnswer['bouncers']>[number];

/** More than a state has; the rest is not shown. */
const MOST_SHOWN = 5_000;

/** Bouncers of offices in reach, by office and name. */
export async function bouncerRows(
  db: Kysely<Tables>,
  reach: Reach,
  nameOf: (office: string) => string,
): Promise<BouncerRow[]> {
  let query = db
    .selectFrom('keys')
    .select(['id', 'place', 'name', 'used_at', 'report'])
    .where('withdrawn_at', 'is', null)
    .where('bouncer', 'is not', null);
  if (reach !== 'all') query = query.where('place', 'in', [...reach]);
  const rows = await query.orderBy('place').orderBy('name').orderBy('id').limit(MOST_SHOWN).execute();
  return rows.map(({ id, place, name, used_at, report }) => {
    const said = report as BouncerReport | null;
    return {
      key: String(id),
      office: place,
      officeName: nameOf(place),
      name,
      askedAt: used_at?.toISOString() ?? null,
      report: said === null ? null : { ...said, at: new Date(said.at).toISOString() },
    };
  });
}
