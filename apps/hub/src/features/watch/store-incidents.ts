/** What needs a person, as it is kept. */
import type { Incident, IncidentChange, IncidentsQuery } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { expressionBuilder, sql } from 'kysely';
import type { Act, Trail } from '../../platform/auth/auth-types.ts';
import type { Place, Reach } from '../../platform/auth/rights.ts';
import type { Row, Tables } from '../../platform/postgres/tables.ts';
import type { Records } from './dependencies.ts';
import type { DeskError } from './errors.ts';
import type { Period } from './store-period.ts';
import { placeInReach } from './store-reach.ts';

/** Incidents of a page, where nobody says how many. */
const DEFAULT_LIMIT = 100;

/** What came through in a day is a handful; more than so many nobody reads. */
const MOST_THROUGH = 200;

/** What needs a person on the first page: more than anybody does in a day. */
const MOST_NEEDED = 50;

/**
 * What presses more comes first: what may have been reached, who is wrongly kept out, then what is not seen at all (a gap, losses, silence), then
 * what is seen badly, then what was not let in.
 */
const PRESSING = [
  'rolls-unauthorised',
  'rolls-extract',
  'rolls-undone',
  'false-block',
  'unsettled',
  'sensor-gap',
  'sensor-losses',
  'sensor-silent',
  'sensor-unreadable',
  'sensor-clock',
  'intake-refused',
];

/** PostgreSQL: a value that has to be unique is there already. */
const UNIQUE_VIOLATION = '23505';

type Listed = Row<'incidents'> & { authority_name: string | null; sensor_name: string | null };

function listed(db: Records) {
  return db
    .selectFrom('incidents')
    .leftJoin('authorities', 'authorities.lea_id', 'incidents.authority')
    .leftJoin('sensors', 'sensors.id', 'incidents.sensor')
    .selectAll('incidents')
    .select(['authorities.name as authority_name', 'sensors.name as sensor_name']);
}

/** Incidents in reach that are asked for, the latest first, and how many there are in all. */
export async function incidentsOf(
  db: Records,
  { state = 'open', kind, authority, limit = DEFAULT_LIMIT }: IncidentsQuery,
  reach: Reach,
): Promise<{ readonly incidents: Incident[]; readonly total: number }> {
  const is = expressionBuilder<Tables, 'incidents'>();
  const asked = is.and([
    ...(state === 'open' ? [is('incidents.state', '<>', 'closed')] : []),
    ...(state === 'closed' ? [is('incidents.state', '=', 'closed')] : []),
    ...(kind === undefined ? [] : [is('incidents.kind', '=', kind)]),
    ...(authority === undefined ? [] : [is('incidents.authority', '=', authority)]),
    placeInReach('incidents.authority', reach),
  ]);
  const rows = await listed(db)
    .where(asked)
    .orderBy('incidents.last_at', 'desc')
    .orderBy('incidents.id', 'desc')
    .limit(limit)
    .execute();
  const { total } = await db
    .selectFrom('incidents')
    .select(sql<number>`count(*)`.as('total'))
    .where(asked)
    .executeTakeFirstOrThrow();
  return { incidents: rows.map(incidentOf), total };
}

/** What came through in the period in reach, and what came through before and is still open. */
export async function throughIncidents(db: Records, { from, to }: Period, reach: Reach): Promise<Incident[]> {
  const rows = await listed(db)
    .where('incidents.kind', '=', 'through')
    .where(placeInReach('incidents.authority', reach))
    // What later lines took back came not through after all.
    .where('incidents.count', '>', 0)
    .where((is) =>
      is.or([
        is('incidents.state', '<>', 'closed'),
        is.and([is('incidents.last_at', '>=', new Date(from)), is('incidents.opened_at', '<', new Date(to))]),
      ]),
    )
    .orderBy('incidents.last_at', 'desc')
    .limit(MOST_THROUGH)
    .execute();
  return rows.map(incidentOf);
}

/** Open incidents of all other kinds in reach, the most pressing first, and how many there are in all. */
export async function neededIncidents(
  db: Records,
  reach: Reach,
): Promise<{ readonly incidents: Incident[]; readonly total: number }> {
  const open = listed(db)
    .where('incidents.state', '<>', 'closed')
    .where('incidents.kind', '<>', 'through')
    .where(placeInReach('incidents.authority', reach));
  const rows = await open
    .orderBy(sql`coalesce(array_position(${sql.val(PRESSING)}::text[], incidents.kind), 99)`)
    .orderBy('incidents.last_at', 'desc')
    .limit(MOST_NEEDED)
    .execute();
  const { total } = await db
    .selectFrom('incidents')
    .select(sql<number>`count(*)`.as('total'))
    .where('state', '<>', 'closed')
    .where('kind', '<>', 'through')
    .where(placeInReach('authority', reach))
    .executeTakeFirstOrThrow();
  return { incidents: rows.map(incidentOf), total };
}

/** One incident. */
export async function incidentById(db: Records, id: number): Promise<Incident | undefined> {
  const row = await listed(db).where('incidents.id', '=', id).executeTakeFirst();
  return row && incidentOf(row);
}

/** Whose incident it is; undefined if there is none of that number. */
export async function placeOfIncident(db: Records, id: number): Promise<Place | undefined> {
  const row = await db.selectFrom('incidents').select('authority').where('id', '=', id).executeTakeFirst();
  return row && (row.authority ?? 'state');
}

/** Who changes something, and when (ms). */
export type Changing = Pick<Act, 'who' | 'origin'> & { readonly trail: Trail; readonly now: number };

/** Takes an incident on, closes it or opens it again, with its entry in the trail. */
export async function changeIncident(
  db: Records,
  id: number,
  { state, note }: IncidentChange,
  { trail, now, who, origin }: Changing,
): Promise<Result<Incident, DeskError>> {
  try {
    return await db.transaction().execute(async (tx) => {
      const before = await listed(tx)
        .where('incidents.id', '=', id)
        .forUpdate('incidents')
        .executeTakeFirst();
      if (before === undefined) return err({ code: 'DESK_INCIDENT_UNKNOWN', detail: `incident ${id}` });
      await tx
        .updateTable('incidents')
        .set({
          state,
          closed_at: state === 'closed' ? new Date(now) : null,
          ...(note === undefined ? {} : { note }),
        })
        .where('id', '=', id)
        .execute();
      await trail.add(tx, {
        who,
        act: 'incident.change',
        place: before.authority ?? 'state',
        about: `incident:${id}`,
        before: { state: before.state, note: before.note },
        after: { state, note: note ?? before.note },
        origin,
      });
      return ok((await incidentById(tx, id))!);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    return err({ code: 'DESK_INCIDENT_AGAIN', detail: `incident ${id}` });
  }
}

/** A row as the API shows it. */
function incidentOf(row: Listed): Incident {
  return {
    id: row.id,
    kind: row.kind as Incident['kind'],
    state: row.state as Incident['state'],
    authority: row.authority,
    authorityName: row.authority === 'state' ? 'State' : row.authority_name,
    sensor: row.sensor_name,
    openedAt: row.opened_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    count: row.count,
    reason: row.reason,
    source: row.source,
    destination: row.destination,
    port: row.port,
    line: row.line,
    note: row.note,
    closedAt: row.closed_at?.toISOString() ?? null,
  };
}
