/** Ships the lines of an office: for each sensor a spool, a sender, and the sources that its settings name. */
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import { lockWitness } from '../witness/witness-lock.ts';
import { Feed } from './feed.ts';
import { type Lane, openLane } from './lane.ts';
import { realSleep } from './pause.ts';
import { Room, SPOOL_BYTES } from './room.ts';
import { makeOwnFolder } from './segment-files.ts';
import { Sending } from './sending.ts';
import { LISTENERS, readShipSettings, type SensorSettings } from './settings.ts';
import type { OpenShipping, Post, ShipOptions } from './shipping-types.ts';
import { followFiles, type Source } from './sources/following.ts';
import { followJournal } from './sources/journal.ts';
import { listenLines } from './sources/line-streams.ts';
import { type HostPort, type Listening, readHostPort } from './sources/listening.ts';
import { listenNxlogHttp } from './sources/nxlog-http.ts';
import { listenSyslogUdp } from './sources/syslog-udp.ts';
import { listenWinlogbeat } from './sources/winlogbeat.ts';

/** Folder of the spools in the agent's folder: one folder in it for each sensor. */
export const SPOOL_FOLDER = 'ship';

/** Folder of the lock. */
const LOCK_FOLDER = 'ship.lock';

/** What was sent is kept for so many days, so that an office can look after a weekend and a holiday. */
const SENT_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

/** And so many bytes of it for each sensor at most: an afternoon of a flood must not fill the disk. */
const SENT_BYTES = 128 * 1024 * 1024;

/** Sources have so long to bring what they hold to disk when the agent is stopped, ms. */
const CLOSE_MS = 3_000;

/** Level 6 of zlib packs logs eightfold; higher ones cost three times as much for a tenth less. */
const pack = promisify(gzip) as (lines: Buffer) => Promise<Buffer>;

/** All of one sensor. */
type SensorShipping = {
  readonly lane: Lane;
  readonly feed: Feed;
  readonly sending: Sending;
  readonly running: Promise<void>;
  readonly sources: readonly Source[];
};

/** Opens one kind of listener. */
type Listen = (address: HostPort, feed: Feed) => Promise<Result<Listening, AgentError>>;

const LISTEN: Readonly<Record<(typeof LISTENERS)[number], Listen>> = {
  syslogUdp: listenSyslogUdp,
  syslogTcp: (address, feed) => listenLines('syslog-tcp', address, feed),
  nxlogTcp: (address, feed) => listenLines('nxlog-tcp', address, feed),
  nxlogHttp: listenNxlogHttp,
  winlogbeat: listenWinlogbeat,
};

/** Opens the spools, goes on where they ended, and begins to read. */
export const openShipping: OpenShipping = async (settings, folder, post, options = {}) => {
  const read = readShipSettings(settings);
  if (read.isErr()) return read;
  const { spoolBytes = SPOOL_BYTES, sentDays = SENT_DAYS, sensors } = read.value;
  const spools = join(folder, SPOOL_FOLDER);
  await makeOwnFolder(spools);
  const lock = await lockWitness(join(folder, LOCK_FOLDER));
  if (lock.isErr()) return err({ code: 'SHIP_SPOOL_IN_USE', detail: folder });

  const room = new Room(spoolBytes);
  const opened: SensorShipping[] = [];
  const close = async () => {
    await Promise.all(opened.map(closeSensor));
    await lock.value.unlock();
  };
  for (const sensor of sensors) {
    const one = await openSensor(sensor, join(spools, sensor.sensor), room, sentDays, post, options);
    if (one.isErr()) {
      await close();
      return one;
    }
    opened.push(one.value);
  }
  return ok({
    backlog: () => {
      const states = opened.map(({ lane }) => lane.state);
      const since = states.flatMap(({ oldest }) => oldest ?? []);
      return {
        lines: states.reduce((sum, { lines }) => sum + lines, 0),
        bytes: states.reduce((sum, { bytes }) => sum + bytes, 0),
        ...(since.length === 0 ? {} : { oldest: Math.min(...since) }),
      };
    },
    wake: () => {
      for (const { sending } of opened) sending.wake();
    },
    close,
  });
};

async function openSensor(
  settings: SensorSettings,
  folder: string,
  room: Room,
  sentDays: number,
  post: Post,
  options: ShipOptions,
): Promise<Result<SensorShipping, AgentError>> {
  const { log: tell = () => undefined, now = Date.now, sleep = realSleep, chance = Math.random } = options;
  const keep = { sentMs: sentDays * DAY_MS, sentBytes: SENT_BYTES };
  let told = () => {};
  const lane = await openLane(folder, { room, now, pack, tell, ...keep }, () => told());
  if (lane.isErr()) return lane;
  const { writer, state } = lane.value;
  const { sensor } = settings;
  const placeOf = (source: string) => state.places.get(source);
  const feed = new Feed({ sensor, writer, placeOf, now, tell });
  const sending = new Sending({ settings, lane: lane.value, post, sleep, now, chance, tell });
  told = () => sending.news();
  const sources = await openSources(settings, feed);
  const all = { lane: lane.value, feed, sending, sources: sources.unwrapOr([]) };
  if (sources.isErr()) {
    await closeSensor({ ...all, running: Promise.resolve() });
    return sources;
  }
  return ok({ ...all, running: sending.run() });
}

async function openSources(settings: SensorSettings, feed: Feed): Promise<Result<Source[], AgentError>> {
  const sources: Source[] = [];
  for (const name of LISTENERS) {
    for (const text of settings[name] ?? []) {
      const listening = await LISTEN[name](readHostPort(text) as HostPort, feed);
      if (listening.isErr()) {
        for (const source of sources) await source.close();
        return listening;
      }
      sources.push(listening.value);
    }
  }
  if (settings.follow !== undefined) sources.push(followFiles(settings.follow, feed));
  if (settings.journal !== undefined)
    sources.push(followJournal({ units: settings.journal.units ?? [] }, feed));
  return ok(sources);
}

async function closeSensor({ lane, feed, sending, running, sources }: SensorShipping): Promise<void> {
  sending.end();
  const timer = setTimeout(() => feed.end(), CLOSE_MS);
  await Promise.all(sources.map((source) => source.close()));
  clearTimeout(timer);
  feed.end();
  await feed.lastWords();
  await running;
  await lane.close();
}
