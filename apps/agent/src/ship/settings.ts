/** What an office ships: the part `ship` of its settings, as JSON. */
import { isAbsolute } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import { readHostPort } from './sources/listening.ts';

/** Where something listens: a name or address of this computer, and a port. `0.0.0.0:514`, `[::]:514`. */
export type ListenAddress = string;

/** Where the lines of one sensor come from. A sensor may have several sources of one format. */
export type SensorSettings = {
  /** The sensor's name at the hub. */
  readonly sensor: string;
  /** A format of docs/reference/formats.md; without it, the lines tell. */
  readonly format?: string;
  /** IANA zone of wall clocks, where lines carry none. */
  readonly zone?: string;
  /** Files to follow; `*` and `?` may stand in the last part of a path. */
  readonly follow?: readonly string[];
  /** The journal of systemd: of these units, or of all. */
  readonly journal?: { readonly units?: readonly string[] };
  /** Syslog, as firewalls and routers send it. */
  readonly syslogUdp?: readonly ListenAddress[];
  readonly syslogTcp?: readonly ListenAddress[];
  /** NXLog, module om_tcp with JSON lines. */
  readonly nxlogTcp?: readonly ListenAddress[];
  /** NXLog, module om_http with JSON. */
  readonly nxlogHttp?: readonly ListenAddress[];
  /** Winlogbeat, output.elasticsearch. */
  readonly winlogbeat?: readonly ListenAddress[];
};

/** The part `ship` of the settings. */
export type ShipSettings = {
  readonly sensors: readonly SensorSettings[];
  /** Bytes that may wait for the hub. */
  readonly spoolBytes?: number;
  /** Days for which is kept what was sent, for `bellwether-agent sent`. */
  readonly sentDays?: number;
};

/** The settings that name addresses to listen on. */
export const LISTENERS = ['syslogUdp', 'syslogTcp', 'nxlogTcp', 'nxlogHttp', 'winlogbeat'] as const;

/** Sensors of one office: each has a folder and a sender. */
const MOST_SENSORS = 64;

/** Sources of one kind of one sensor. */
const MOST_SOURCES = 64;

/** Bounds of what may wait: below, a minute of a busy office would not fit; above, no office's disk is meant. */
const LEAST_SPOOL = 1024 * 1024;
const MOST_SPOOL = 1024 ** 4;

/** Days for which may be kept what was sent: a year covers every election of it. */
const MOST_DAYS = 366;

const SENSOR = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FORMAT = /^[a-z][a-z0-9-]{0,31}$/;
const ZONE = /^[A-Za-z0-9_+/-]{1,64}$/;
const UNIT = /^[A-Za-z0-9:_.@\\-]{1,255}$/;
const MOST_PATH = 4_096;

type Fields = Readonly<Record<string, unknown>>;

const OF_A_SENSOR: ReadonlySet<string> = new Set([
  'sensor',
  'format',
  'zone',
  'follow',
  'journal',
  ...LISTENERS,
]);
const OF_ALL: ReadonlySet<string> = new Set(['sensors', 'spoolBytes', 'sentDays']);

/** Checks the part `ship` of the settings: the error names the place, as `ship.sensors[0].follow`. */
export function readShipSettings(value: unknown): Result<ShipSettings, AgentError> {
  const found = fault(value);
  if (found !== undefined) return err({ code: 'SHIP_SETTINGS_WRONG', detail: `ship${found}` });
  return ok(value as ShipSettings);
}

function fault(value: unknown): string | undefined {
  if (!isFields(value)) return ' is no object';
  const unknown = Object.keys(value).find((name) => !OF_ALL.has(name));
  if (unknown !== undefined) return `.${unknown} is no setting`;
  const { sensors, spoolBytes, sentDays } = value;
  if (spoolBytes !== undefined && !isWhole(spoolBytes, LEAST_SPOOL, MOST_SPOOL))
    return `.spoolBytes is no number from ${LEAST_SPOOL} to ${MOST_SPOOL}`;
  if (sentDays !== undefined && !isWhole(sentDays, 1, MOST_DAYS))
    return `.sentDays is no number from 1 to ${MOST_DAYS}`;
  if (!Array.isArray(sensors) || sensors.length > MOST_SENSORS)
    return `.sensors is no list of ${MOST_SENSORS} at most`;
  const names = new Set<string>();
  for (const [i, sensor] of (sensors as unknown[]).entries()) {
    const wrong = sensorFault(sensor);
    if (wrong !== undefined) return `.sensors[${i}]${wrong}`;
    // On disks that do not tell capitals apart, two such sensors would share a folder.
    const name = (sensor as SensorSettings).sensor.toLowerCase();
    if (names.has(name))
      return `.sensors[${i}].sensor is there twice: put the sources of one sensor together`;
    names.add(name);
  }
  return undefined;
}

function sensorFault(value: unknown): string | undefined {
  if (!isFields(value)) return ' is no object';
  const unknown = Object.keys(value).find((name) => !OF_A_SENSOR.has(name));
  if (unknown !== undefined) return `.${unknown} is no setting`;
  if (!isText(value.sensor, SENSOR)) return '.sensor is no name of a sensor';
  if (value.format !== undefined && !isText(value.format, FORMAT)) return '.format is no name of a format';
  if (value.zone !== undefined && !isText(value.zone, ZONE)) return '.zone is no name of a time zone';
  const isPath = (path: unknown) => typeof path === 'string' && isAbsolute(path) && path.length <= MOST_PATH;
  if (value.follow !== undefined && !isList(value.follow, isPath))
    return '.follow is no list of paths that begin with a slash';
  for (const name of LISTENERS) {
    const isAddress = (text: unknown) => typeof text === 'string' && readHostPort(text) !== undefined;
    if (value[name] !== undefined && !isList(value[name], isAddress))
      return `.${name} is no list of addresses with a port, as 127.0.0.1:5514`;
  }
  if (value.journal === undefined) return undefined;
  if (!isFields(value.journal) || Object.keys(value.journal).some((name) => name !== 'units'))
    return '.journal is no object with `units`';
  const { units } = value.journal;
  const isUnit = (unit: unknown) => isText(unit, UNIT);
  return units === undefined || isList(units, isUnit) ? undefined : '.journal.units is no list of units';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isList(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= MOST_SOURCES && value.every(isOne);
}
