/**
 * One sensor's whole file, and where each five minutes of it end: what a shipper sends as one batch.
 *
 * Every line can be read, and nothing is lost but where the sensor is one that admits it.
 */
import { CONTACT_CLASSES } from '../contacts/contact-classes.ts';
import { Family, FORMATS } from '../contacts/formats.ts';
import { SshLine } from '../contacts/logins.ts';
import { Mark } from '../contacts/network-events.ts';
import { orderByTime } from '../contacts/order.ts';
import type { Sources } from '../contacts/sources.ts';
import type { WebHost } from '../contacts/web-requests.ts';
import { MINUTE, type World } from '../contacts/world.ts';
import { Clock } from '../contacts/writers/clock.ts';
import { writerOf } from '../contacts/writers/index.ts';
import { type FileTruth, LogFile, type Sink, type ThroughTruth } from '../contacts/writers/log-file.ts';
import type { Random } from '../random.ts';
import { type Day, SAMPLE_ZONE } from './day.ts';
import type { SensorPlan } from './sensors.ts';

/** Event time of one batch, in microseconds. */
export const BATCH_SPAN = 5 * MINUTE;

/** A sensor that admits losses tells something else than contacts once in so many lines: its box is too small. */
const LOSSY_ODD_LINES = 40;

/** An IDS tells its losses by a counter in all its statistics: one that lost nothing has none of them here. */
const NO_ODD_LINES = 1_000_000_000;

/** What a sensor is told by. */
export type Telling = {
  readonly plan: SensorPlan;
  readonly world: World;
  readonly host?: WebHost;
  /** Microseconds from the start at which it falls silent. */
  readonly silentFrom?: number;
  /** Whether it admits losses. */
  readonly lossy: boolean;
};

/** Lines that one batch holds: from `offset` of the sensor's file, told before `end` (microseconds from the start). */
export type Piece = {
  readonly end: number;
  readonly offset: number;
  readonly bytes: number;
  readonly lines: number;
};

/** A sensor's file. */
export type Told = {
  readonly plan: SensorPlan;
  readonly file: FileTruth;
  readonly through: readonly ThroughTruth[];
  readonly pieces: readonly Piece[];
  /** Attempts to reach us that it told: packets or flows, requests, connections of SSH, sign-ins. */
  readonly contacts: number;
};

/** Name of a sensor's file below the output folder. */
export function fileOf({ authority, sensor }: SensorPlan): string {
  return `batches/${authority}-${sensor}.log`;
}

/** Writes a sensor's file. */
export function tellSensor(telling: Telling, random: Random, { start }: Day, sink: Sink): Told {
  const { plan, world, host, lossy } = telling;
  const { family, packets } = FORMATS[plan.format];
  const store = family === Family.web ? host?.requests : world[family];
  if (store === undefined) throw new Error(`${plan.sensor} has nothing to tell`);
  const file = new ReadableFile(plan.format, fileOf(plan), sink, world.sources, lossy);
  const desk = {
    world,
    local: new Clock(start, SAMPLE_ZONE),
    utc: new Clock(start, 'UTC'),
    random,
    file,
    syslog: undefined,
    ...(lossy
      ? { oddLineEvery: LOSSY_ODD_LINES }
      : plan.format === 'eve'
        ? { oddLineEvery: NO_ODD_LINES }
        : {}),
  };
  const writer = writerOf(plan.format, desk, host);
  const times = new Float64Array(store.count);
  for (let row = 0; row < store.count; row++) times[row] = store.time[row]! + (writer.delay?.(row) ?? 0);

  const pieces = new Pieces(file);
  const folds = family === Family.network && !packets;
  let contacts = 0;
  writer.begin?.();
  for (const row of orderByTime(times, store.count)) {
    const time = times[row]!;
    if (telling.silentFrom !== undefined && time >= telling.silentFrom) break;
    if (folds && (world.network.marks[row]! & Mark.packetOnly) !== 0) continue;
    pieces.cutBefore(time);
    writer.write(row);
    if (isContact(world, family, row)) contacts++;
  }
  // Zeek closes its file when it is stopped, and these run on.
  pieces.cutBefore(Number.POSITIVE_INFINITY);
  return { plan, file: file.close(), through: file.through, pieces: pieces.all, contacts };
}

function isContact(world: World, family: Family, row: number): boolean {
  if (family === Family.network) return (world.network.marks[row]! & Mark.outbound) === 0;
  return family !== Family.ssh || world.ssh.line[row] === SshLine.open;
}

/** A file without lines that nobody can read, and without losses unless it is to admit some. */
class ReadableFile extends LogFile {
  private readonly lossy: boolean;
  private readonly people: Sources;

  constructor(
    ...[format, name, sink, sources, lossy]: [...ConstructorParameters<typeof LogFile>, lossy: boolean]
  ) {
    super(format, name, sink, sources);
    this.people = sources;
    this.lossy = lossy;
  }

  override junk(): void {}

  /** People do not fail so often: told again, a slip of one would look like guessing. */
  override repeated(text: string, source: number, times: number): void {
    const known = source < 0 ? undefined : CONTACT_CLASSES[this.people.truth(source).class];
    if (known?.nature !== 'benign') super.repeated(text, source, times);
  }

  override loss(text: string, lost: number): void {
    if (this.lossy) super.loss(text, lost);
  }
}

/** Cuts a file at multiples of `BATCH_SPAN`. */
class Pieces {
  readonly all: Piece[] = [];
  private readonly file: LogFile;
  private end = 0;
  private bytes = 0;
  private lines = 0;

  constructor(file: LogFile) {
    this.file = file;
  }

  /** Ends the piece that lies before a line of this time. */
  cutBefore(time: number): void {
    if (time < this.end) return;
    if (this.end > 0) {
      const bytes = this.file.bytes - this.bytes;
      const lines = this.file.lines - this.lines;
      if (lines > 0) this.all.push({ end: this.end, offset: this.bytes, bytes, lines });
      this.bytes = this.file.bytes;
      this.lines = this.file.lines;
    }
    this.end = Number.isFinite(time) ? (Math.floor(time / BATCH_SPAN) + 1) * BATCH_SPAN : 0;
  }
}
