/**
 * A run: scenarios play in the world, writers tell what the sensors saw, and the truth is written beside it.
 */
import { Random } from '../random.ts';
import { SCENARIOS, WEB_SCENARIOS } from './classes/index.ts';
import { Family, FORMAT_NAMES, FORMATS, type FormatName } from './formats.ts';
import { Mark } from './network-events.ts';
import { orderByTime } from './order.ts';
import { surfaceYaml } from './surface.ts';
import { type ContactsTruth, truthOf, writeTruth } from './truth.ts';
import { type WebHost, WebRequests } from './web-requests.ts';
import { DAY, World } from './world.ts';
import { Clock } from './writers/clock.ts';
import { writerOf } from './writers/index.ts';
import { type FileTruth, LogFile, type Sink, type ThroughTruth } from './writers/log-file.ts';
import type { SyslogStyle } from './writers/syslog.ts';

/** Midnight in Missouri of the registration deadline before the election of 3 November 2026. */
export const DEFAULT_START = '2026-10-07T00:00:00-05:00';

/** Days of a run: one, since an account is made each night. */
export const DEFAULT_DAYS = 1;

/** Where the office is; syslog lines without a zone are in it. */
export const OFFICE_ZONE = 'America/Chicago';

/** Share of the lines asked for that web requests and SSH lines get when no format tells them, so that the network
 * still sees the connections of their people and attackers. */
const UNTOLD_SHARE = 0.3;

/** Share of a family's lines that is left to its filler, so that scenarios which overshoot still fit. */
const FILLER_SHARE = 0.15;

/** What to generate. */
export type ContactsOptions = {
  /** Lines of each file, within 5 % from 20,000 on; below, the smallest scenarios are larger than their share. */
  readonly lines: number;
  /** Any 32-bit integer; the same options give the same bytes. */
  readonly seed: number;
  readonly formats: readonly FormatName[];
  readonly days?: number;
  /** ISO 8601 with an offset; a run starts at local midnight, or people would visit at odd hours. */
  readonly start?: string;
  /** Header of the syslog files; each has its product's usual one when absent. */
  readonly syslog?: SyslogStyle;
};

/** Makes the run, sends its files to the sink (with `surface.yaml` and `truth.json`), and gives the truth. */
export function generateContacts(options: ContactsOptions, sink: Sink): ContactsTruth {
  const start = Date.parse(options.start ?? DEFAULT_START);
  if (Number.isNaN(start)) throw new RangeError(`not a time: ${options.start}`);
  if (!(options.lines > 0)) throw new RangeError(`not a number of lines: ${options.lines}`);
  const span = (options.days ?? DEFAULT_DAYS) * DAY;
  const formats = FORMAT_NAMES.filter((format) => options.formats.includes(format));
  const random = new Random(options.seed);
  const asked = new Set<Family>(formats.map((format) => FORMATS[format].family));
  const world = new World(random, span, options.lines, {
    network: asked.has(Family.network),
    ssh: asked.has(Family.ssh),
    sshLines: formats.includes('sshd') || !asked.has(Family.ssh),
  });

  playWeb(world, random, formats, asked, options.lines);
  playOthers(world, random, asked, options.lines);

  const files: FileTruth[] = [];
  const through: ThroughTruth[] = [];
  for (const format of formats) {
    const file = new LogFile(format, FORMATS[format].file, sink, world.sources);
    tell(world, random, format, file, start, options.syslog);
    files.push(file.close());
    through.push(...file.through);
  }
  const surface = surfaceYaml(start, span, formats);
  sink.write('surface.yaml', Buffer.from(surface));
  const truth = truthOf(options, start, span, files, through);
  writeTruth(truth, world.sources, asked, start, sink);
  return truth;
}

/** Web hosts: one for each web format asked for; the first stands behind the link that network sensors watch. */
function playWeb(
  world: World,
  random: Random,
  formats: readonly FormatName[],
  asked: ReadonlySet<Family>,
  lines: number,
): void {
  const told = formats.filter((format) => FORMATS[format].family === 'web');
  const hosts: (FormatName | undefined)[] = told.filter(
    (format) => format !== 'zeek-http' || told.length === 1,
  );
  if (hosts.length === 0 && asked.has(Family.network)) hosts.push(undefined);
  const { portal, countySite, resultsSite } = world.estate;
  for (const [at, format] of hosts.entries()) {
    const host: WebHost = {
      format,
      destination: format === 'apache' ? countySite : format === 'iis' ? resultsSite : portal,
      port: at === 0 && formats.includes('zeek-http') ? 80 : 443,
      onLink: at === 0,
      requests: new WebRequests(format !== undefined),
    };
    world.webHosts.push(host);
    const budget = Math.round(lines * (format === undefined ? UNTOLD_SHARE : 1));
    const namesClients = format !== 'apache' && format !== 'iis';
    for (const { name, share, behindProxy, play } of WEB_SCENARIOS) {
      if (behindProxy === true && !namesClients) continue;
      const own = share === 0 ? budget - host.requests.count : Math.max(1, Math.round(budget * share));
      if (own > 0) play({ world, host, random: random.fork(`${format}/${name}`), budget: own });
    }
  }
}

/** All but the web; the network last, since it also sees the connections of the others. */
function playOthers(world: World, random: Random, asked: ReadonlySet<Family>, lines: number): void {
  const counts: Readonly<Record<Exclude<Family, 'web'>, () => number>> = {
    ssh: () => world.ssh.told,
    windows: () => world.windows.count,
    entra: () => world.entra.count,
    network: () => world.network.count,
  };
  for (const family of ['ssh', 'windows', 'entra', 'network'] as const) {
    const untold = family === Family.ssh && !asked.has(family) && asked.has(Family.network);
    if (!asked.has(family) && !untold) continue;
    const already = family === Family.network ? counts.network() : 0;
    const budget = Math.round(lines * (untold ? UNTOLD_SHARE : 1)) - already;
    const end = already + budget;
    const scenarios = SCENARIOS.filter((scenario) => scenario.family === family);
    const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
    const scale = Math.min(1, (1 - FILLER_SHARE) / shares);
    for (const { name, share, play } of scenarios) {
      const own = share === 0 ? end - counts[family]() : Math.max(1, Math.round(budget * share * scale));
      if (own > 0) play({ world, random: random.fork(name), budget: own });
    }
  }
}

function tell(
  world: World,
  random: Random,
  format: FormatName,
  file: LogFile,
  start: number,
  syslog: SyslogStyle | undefined,
): void {
  const { family, packets } = FORMATS[format];
  const host = world.webHosts.find((each) => each.format === format) ?? world.webHosts[0];
  const store = family === 'web' ? host?.requests : world[family];
  if (store === undefined) return;
  const writer = writerOf(
    format,
    {
      world,
      local: new Clock(start, OFFICE_ZONE),
      utc: new Clock(start, 'UTC'),
      random: random.fork(`writer/${format}`),
      file,
      syslog,
    },
    host,
  );
  const times = store.time;
  const order = orderByTime(
    writer.delay === undefined ? times : delayed(times, store.count, writer.delay),
    store.count,
  );
  const folds = family === Family.network && !packets;
  writer.begin?.();
  for (const row of order) {
    if (folds && (world.network.marks[row]! & Mark.packetOnly) !== 0) continue;
    writer.write(row);
  }
  writer.end?.();
}

function delayed(times: Float64Array, count: number, delay: (row: number) => number): Float64Array {
  const told = new Float64Array(count);
  for (let row = 0; row < count; row++) told[row] = (times[row] as number) + delay(row);
  return told;
}
