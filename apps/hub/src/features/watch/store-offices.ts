/** The authorities and their sensors: who is watched, and how well. */
import type { OfficeRow, OfficeState, SensorRow } from '@bellwether/api';
import type { Reach } from '../../platform/auth/rights.ts';
import type { AccountCounts as Counts, Row } from '../../platform/postgres/tables.ts';
import type { Records } from './dependencies.ts';
import { accountOf, sumOf } from './store-account.ts';
import { placeInReach } from './store-reach.ts';

/** Offices with their sensors, and the state's own sensors. */
export type Watched = { readonly offices: readonly OfficeRow[]; readonly state: readonly SensorRow[] };

/** Puts together those in reach: `counts` by number of the sensor. */
export async function watchedOffices(
  db: Records,
  counts: ReadonlyMap<number, Counts>,
  reach: Reach,
): Promise<Watched> {
  const authorities = await db
    .selectFrom('authorities')
    .selectAll()
    .where(placeInReach('lea_id', reach))
    .orderBy('name')
    .execute();
  const sensors = await db
    .selectFrom('sensors')
    .selectAll()
    .where(placeInReach('authority', reach))
    .orderBy('name')
    .execute();
  // Who decides what silence is, is the job that opens these incidents: a sensor that is never busy may be quiet for long.
  const silences = await db
    .selectFrom('incidents')
    .select('sensor')
    .where('kind', '=', 'sensor-silent')
    .where('state', '<>', 'closed')
    .execute();
  const silent = new Set(silences.map(({ sensor }) => sensor));
  const byAuthority = new Map<string, SensorRow[]>();
  for (const sensor of sensors) {
    const row = sensorOf(sensor, silent.has(sensor.id), counts.get(sensor.id) ?? sumOf([]));
    const others = byAuthority.get(sensor.authority);
    if (others === undefined) byAuthority.set(sensor.authority, [row]);
    else others.push(row);
  }
  return {
    offices: authorities.map((authority) => officeOf(authority, byAuthority.get(authority.lea_id) ?? [])),
    state: byAuthority.get('state') ?? [],
  };
}

function sensorOf(row: Row<'sensors'>, isSilent: boolean, counts: Counts): SensorRow {
  return {
    sensor: row.name,
    format: row.format,
    transport: row.transport,
    completeness: row.completeness as SensorRow['completeness'],
    state: row.last_heard === null ? 'never' : isSilent ? 'silent' : 'heard',
    lastHeard: row.last_heard?.toISOString() ?? null,
    lastEvent: row.last_event?.toISOString() ?? null,
    account: accountOf(counts),
    missingBatches: row.missing_batches,
  };
}

function officeOf(authority: Row<'authorities'>, sensors: readonly SensorRow[]): OfficeRow {
  const sum = (count: (sensor: SensorRow) => number): number =>
    sensors.reduce((total, sensor) => total + count(sensor), 0);
  const heard = sensors.flatMap(({ lastHeard }) => (lastHeard === null ? [] : [lastHeard])).sort();
  return {
    leaId: authority.lea_id,
    name: authority.name,
    kind: authority.kind,
    registered: authority.registered,
    state: officeState(sensors),
    lastHeard: heard.at(-1) ?? null,
    knocks: sum(({ account }) => account.knocks),
    through: sum(({ account }) => account.dispositions.through),
    unsettled: sum(({ account }) => account.dispositions.unsettled),
    sensors: [...sensors],
  };
}

/** How an office stands: as its worst sensor does. */
export function officeState(sensors: readonly SensorRow[]): OfficeState {
  if (sensors.length === 0) return 'none';
  if (sensors.some(({ state }) => state !== 'heard')) return 'silent';
  const isWhole = ({ completeness, missingBatches, account }: SensorRow): boolean =>
    completeness === 'complete' && missingBatches === 0 && account.lostAtSensor === 0;
  return sensors.every(isWhole) ? 'complete' : 'incomplete';
}
