/** Which contacts are drills of ours: a label beside them, in answers alone. They are counted and judged as any others. */
import type { ContactRow, DrillLabel } from '@bellwether/api';
import { KINDS, type KindCode } from '@bellwether/drills';
import type { Reach } from '../../platform/auth/rights.ts';
import type { Records } from './dependencies.ts';

/** Drills of one source that are told: a source that is used again and again is known by then. */
const MOST_OF_SOURCE = 100;

/** A log tells the second at which a contact began, ms. */
const SECOND = 1_000;

/** Drills for which sources were used, once they are scored: until then nobody is told. By source, the latest first. */
export async function drillsFrom(
  db: Records,
  sources: readonly string[],
  reach: Reach,
): Promise<ReadonlyMap<string, readonly DrillLabel[]>> {
  const labels = new Map<string, DrillLabel[]>();
  if (sources.length === 0) return labels;
  const rows = await db
    .selectFrom('drills')
    .select(['id', 'source', 'kind', 'office', 'started_at', 'ended_at'])
    .where('scored_at', 'is not', null)
    .where('source', 'in', [...sources])
    .orderBy('id', 'desc')
    .limit(MOST_OF_SOURCE * sources.length)
    .execute();
  for (const { id, source, kind, office, started_at, ended_at } of rows) {
    if (reach !== 'all' && !reach.has(office)) continue;
    const label = {
      drill: id,
      title: KINDS[kind as KindCode].title,
      from: started_at!.toISOString(),
      until: ended_at!.toISOString(),
    };
    labels.set(source, [...(labels.get(source) ?? []), label]);
  }
  return labels;
}

/** The contacts, those of a drill with its number. */
export async function withDrills(
  db: Records,
  contacts: readonly ContactRow[],
  reach: Reach,
): Promise<ContactRow[]> {
  const sources = new Set(contacts.flatMap(({ source }) => (source === null ? [] : [source])));
  const labels = await drillsFrom(db, [...sources], reach);
  return contacts.map((contact) => {
    const at = contact.time === null ? Number.NaN : Date.parse(contact.time);
    const label = labels
      .get(contact.source ?? '')
      ?.find(({ from, until }) => at > Date.parse(from) - SECOND && at <= Date.parse(until) + SECOND);
    return label === undefined ? contact : { ...contact, drill: label.drill };
  });
}
