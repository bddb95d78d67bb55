/** A day of a made-up state, in the shapes of the API: 116 offices, 45 without a sensor, one thing that got through. */
import type {
  AccountCounts,
  Dispositions,
  Incident,
  OfficeAnswer,
  OfficeOnMap,
  OfficeRow,
  OfficeState,
  OfficesAnswer,
  SensorRow,
  TodayAnswer,
} from '@bellwether/api';
import { PLACES } from '../map/shapes.ts';

const FROM = Date.parse('2026-11-03T11:00:00Z');
const HOUR = 3_600_000;

/** A moment of the day, hours after its begin. */
export function at(hours: number): string {
  return new Date(FROM + hours * HOUR).toISOString();
}

/** Contacts of which nothing is left but numbers. */
export const NOTHING: Dispositions = {
  refused: 0,
  blocked: 0,
  served: 0,
  authorised: 0,
  test: 0,
  reply: 0,
  through: 0,
  unsettled: 0,
};

/** An account that balances, for so many contacts. */
export function accountOf(dispositions: Dispositions, more: Partial<AccountCounts> = {}): AccountCounts {
  const contacts = Object.values(dispositions).reduce((sum, some) => sum + some, 0);
  const detail = Math.round(contacts * 0.41);
  const ignored = Math.round(contacts * 0.08);
  const repeated = Math.round(contacts * 0.02);
  return {
    lines: contacts + detail + ignored - repeated,
    repeated,
    unreadable: 0,
    ignored,
    detail,
    contacts,
    knocks: Math.round(contacts * 0.93),
    dispositions,
    balanced: true,
    late: 0,
    lostAtSensor: 0,
    ...more,
  };
}

const STATES: Readonly<Record<number, OfficeState>> = {
  7: 'silent',
  40: 'silent',
  21: 'incomplete',
  77: 'incomplete',
};

/** Every office on the map. Numbers are scattered, and always the same. */
export const MAP: readonly OfficeOnMap[] = PLACES.map(({ leaId, name }, index) => {
  const state = STATES[index] ?? (index % 18 < 7 && index > 2 && leaId !== '29019' ? 'none' : 'complete');
  const watched = state !== 'none';
  return {
    leaId,
    name,
    knocks: watched && index % 31 !== 30 ? 180 + ((index * 7919) % 2600) : 0,
    through: leaId === '29019' ? 1 : 0,
    unsettled: index % 37 === 12 && watched ? 1 : 0,
    sensors: watched ? 1 + (index % 4 === 0 ? 1 : 0) : 0,
    state,
  };
});

const INCIDENT: Incident = {
  id: 0,
  kind: 'unsettled',
  state: 'open',
  authority: '29019',
  authorityName: 'Boone County',
  sensor: 'firewall',
  openedAt: at(16.2),
  lastAt: at(16.2),
  count: 1,
  reason: 'accepted-unlisted',
  source: '203.0.113.77',
  destination: '198.18.64.10',
  port: 22,
  line: 48_211,
  note: null,
  closedAt: null,
};

/** Incidents of every kind. */
export const INCIDENTS: readonly Incident[] = [
  { ...INCIDENT, id: 1, kind: 'through', reason: 'login-stranger' },
  {
    ...INCIDENT,
    id: 2,
    kind: 'sensor-silent',
    authority: '29015',
    authorityName: 'Benton County',
    sensor: 'border-firewall',
    openedAt: at(20.5),
    lastAt: at(23.9),
    reason: 'silent',
    source: null,
    destination: null,
    port: null,
    line: null,
  },
  {
    ...INCIDENT,
    id: 3,
    authority: '29025',
    authorityName: 'Caldwell County',
    sensor: 'web',
    count: 14,
    reason: 'served-unlisted',
    destination: '2001:db8:4f:12::80',
    port: 8443,
    source: '2001:db8:77:1::5',
    state: 'taken',
    note: 'Pat calls them at nine.',
  },
  {
    ...INCIDENT,
    id: 4,
    kind: 'sensor-losses',
    authority: '29043',
    authorityName: 'Christian County',
    openedAt: at(3),
    lastAt: at(5),
    count: 3,
    reason: 'rate-limited',
    source: null,
    destination: null,
    port: null,
  },
  {
    ...INCIDENT,
    id: 5,
    kind: 'sensor-gap',
    authority: 'state',
    authorityName: null,
    sensor: 'portal',
    openedAt: at(9),
    lastAt: at(9),
    count: 2,
    reason: 'missing-batches',
    source: null,
    destination: null,
    port: null,
    line: null,
  },
  {
    ...INCIDENT,
    id: 6,
    kind: 'sensor-clock',
    authority: '29510',
    authorityName: 'St. Louis City',
    sensor: 'vpn',
    reason: 'clock-ahead',
    source: null,
    destination: null,
    port: null,
  },
];

const HOURS: TodayAnswer['hours'] = Array.from({ length: 24 }, (_, index) => {
  const busy = 1 + Math.sin(index / 3.1) * 0.35 + (index === 16 ? 0.9 : 0);
  const dispositions: Dispositions = {
    ...NOTHING,
    refused: Math.round(2600 * busy),
    blocked: Math.round(640 * busy),
    served: Math.round(780 * busy),
    authorised: 22,
    test: index === 4 ? 130 : 0,
    reply: 41,
    through: index === 16 ? 1 : 0,
    unsettled: index % 8 === 1 ? 5 : 0,
  };
  const contacts = Object.values(dispositions).reduce((sum, some) => sum + some, 0);
  return { from: at(index), knocks: Math.round(contacts * 0.93), dispositions };
});

/** The sum of the hours, so that every number on the page fits every other. */
const SUM = HOURS.reduce<Dispositions>((sum, { dispositions }) => {
  const names = Object.keys(sum) as (keyof Dispositions)[];
  return Object.fromEntries(names.map((name) => [name, sum[name] + dispositions[name]])) as Dispositions;
}, NOTHING);

/** `GET /api/v1/today`. */
export const DAY: TodayAnswer = {
  zone: 'America/Chicago',
  from: at(0),
  to: at(24),
  asOf: at(24),
  sample: true,
  account: accountOf(SUM, { late: 1204 }),
  offices: {
    total: 116,
    watched: MAP.filter(({ sensors }) => sensors > 0).length,
    knockedAt: MAP.filter(({ knocks }) => knocks > 0).length,
    complete: MAP.filter(({ state }) => state === 'complete').length,
  },
  hours: HOURS,
  through: INCIDENTS.filter(({ kind }) => kind === 'through'),
  needsPerson: INCIDENTS.filter(({ kind }) => kind !== 'through'),
  needsPersonTotal: INCIDENTS.length - 1,
  map: [...MAP],
  decisions: { made: 214, inForce: 1873 },
  falseBlocks: { days: 30, visits: 2880, kept: 0, bound: 0.0019, unanswered: 3 },
  refusedAtIntake: [],
};

/** A day on which all is well: every office watched and complete, nothing got through, nothing open. */
export const CALM_DAY: TodayAnswer = {
  ...DAY,
  sample: false,
  account: accountOf({ ...SUM, through: 0, unsettled: 0 }),
  offices: { total: 116, watched: 116, knockedAt: 114, complete: 116 },
  through: [],
  needsPerson: [],
  needsPersonTotal: 0,
  map: MAP.map((office) => ({ ...office, state: 'complete', sensors: 1, through: 0, unsettled: 0 })),
};

/** A sensor of an office that is like this. */
export function sensorOf(state: OfficeState, sensor: string): SensorRow {
  return {
    sensor,
    format: 'netfilter',
    transport: sensor === 'firewall' ? 'relp' : 'syslog-udp',
    completeness: state === 'incomplete' ? 'best-effort' : 'complete',
    state: state === 'silent' ? 'silent' : 'heard',
    lastHeard: state === 'silent' ? at(20.5) : at(23.99),
    lastEvent: state === 'silent' ? at(20.49) : at(23.98),
    account: accountOf({ ...NOTHING, refused: 812, blocked: 93, served: 120 }),
    missingBatches: state === 'incomplete' ? 2 : 0,
  };
}

const OFFICES: readonly OfficeRow[] = MAP.map((office, index) => ({
  leaId: office.leaId,
  name: office.name,
  kind: ['29189', '29510', '29095', '29380'].includes(office.leaId) ? 'board' : 'county_clerk',
  registered: 3200 + ((index * 104_729) % 90_000),
  state: office.state,
  lastHeard: office.sensors === 0 ? null : office.state === 'silent' ? at(20.5) : at(23.99),
  knocks: office.knocks,
  through: office.through,
  unsettled: office.unsettled,
  sensors: ['firewall', 'web'].slice(0, office.sensors).map((name) => sensorOf(office.state, name)),
}));

/** `GET /api/v1/offices`. */
export const OFFICES_ANSWER: OfficesAnswer = {
  from: DAY.from,
  to: DAY.to,
  offices: [...OFFICES],
  state: [sensorOf('complete', 'portal'), sensorOf('complete', 'border-firewall')],
};

/** `GET /api/v1/offices/{leaId}`. */
export function officeAnswer(leaId: string): OfficeAnswer | undefined {
  const office = OFFICES.find((one) => one.leaId === leaId);
  if (office === undefined) return undefined;
  const account = accountOf(
    office.sensors.length === 0
      ? NOTHING
      : { ...NOTHING, refused: 812, blocked: 93, served: 120, through: office.through },
  );
  const incidents = INCIDENTS.filter(({ authority }) => authority === leaId);
  return { from: DAY.from, to: DAY.to, office, account, incidents };
}
