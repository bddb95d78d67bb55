/**
 * Step 2, settle: from the lines of a record to rows that are ready to be judged.
 *
 * A stream is read by the format that its record in the journal names. What has to be remembered between records is the
 * header in force (Zeek, W3C, CSV), a running counter of losses, and the latest event time.
 */
import {
  type Batch,
  Clock,
  type CompiledSurface,
  type FileInfo,
  FORMATS,
  type Format,
  LineLoop,
  prepare,
  UTC,
  zoneNamed,
} from '@bellwether/contacts';
import type { StreamRecord } from '../platform/bus/journal-types.ts';

/** A sensor's clock may be ahead of ours by this much; a time beyond it is replaced by the time of arrival. */
export const MOST_AHEAD = 300_000;

/** A sensor that is further behind than any office is ever cut off has a wrong clock, or sends an old log. */
export const MOST_BEHIND = 30 * 86_400_000;

/** What reading a record told beside its rows. */
export type RecordCounts = {
  lines: number;
  ignored: number;
  unreadable: number;
  lost: number;
  lostUnknown: boolean;
  /** Rows whose time was ahead of the arrival by more than `MOST_AHEAD`. */
  ahead: number;
  /** Rows that were behind it by more than `MOST_BEHIND`. */
  behind: number;
};

/** What a stream remembers; plain data, for the snapshot. */
export type StreamMemory = {
  readonly record: StreamRecord;
  readonly header: string;
  /** Latest event time so far, ms; null before the first. */
  readonly running: number | null;
  /** Last value of a running counter of losses, null if none was told. */
  readonly lossCounter: number | null;
};

/** One sensor's lines on their way to rows. */
export class StreamReader {
  record: StreamRecord;
  /** Latest event time so far (its file time), ms; -Infinity before the first. */
  running = Number.NEGATIVE_INFINITY;
  #header = '';
  #lossCounter = Number.NaN;
  #format: Format | undefined;
  #clock: Clock | undefined;
  /** Month of arrival that the clock was made for. */
  #clockMonth = '';

  constructor(record: StreamRecord, memory?: StreamMemory) {
    this.record = record;
    this.#format = formatNamed(record.format);
    if (memory === undefined) return;
    this.running = memory.running ?? Number.NEGATIVE_INFINITY;
    this.#header = memory.header;
    this.#lossCounter = memory.lossCounter ?? Number.NaN;
  }

  /** What is said of the sensor from here on. */
  become(record: StreamRecord): void {
    if (record.format !== this.record.format || record.zone !== this.record.zone) {
      this.#header = '';
      this.#clock = undefined;
    }
    this.record = record;
    this.#format = formatNamed(record.format);
  }

  get memory(): StreamMemory {
    return {
      record: this.record,
      header: this.#header,
      running: Number.isFinite(this.running) ? this.running : null,
      lossCounter: Number.isNaN(this.#lossCounter) ? null : this.#lossCounter,
    };
  }

  /**
   * Reads whole lines into batches that `scratch` gives and `take` takes, as many as it needs. Rows are prepared, their
   * times corrected by `arrival` (ms), their lines count from 0 at the first of the record.
   */
  read(
    lines: Buffer,
    arrival: number,
    info: FileInfo,
    surface: CompiledSurface,
    scratch: () => Batch,
    take: (batch: Batch) => void,
  ): RecordCounts {
    const counts = { lines: 0, ignored: 0, unreadable: 0, lost: 0, lostUnknown: false, ahead: 0, behind: 0 };
    if (this.#format === undefined) {
      counts.lines = linesIn(lines);
      counts.unreadable = counts.lines;
      return counts;
    }
    const sensor = surface.sensors[info.sensorIndex];
    const clock = this.#clockAt(arrival, sensor?.timezone ?? null);
    const reader = this.#format.reader({
      clock,
      header: this.#header,
      ...(sensor === undefined ? {} : { prefixes: sensor.prefixes }),
      ...(surface.proxies[0] === undefined ? {} : { forwardedHeader: surface.proxies[0].header }),
    });
    const loop = new LineLoop(reader, clock, this.record.unwrap);
    for (let at = 0, line = 0; at < lines.length; ) {
      const batch = scratch();
      at = loop.read(lines, at, lines.length, line, batch);
      line += batch.lines;
      counts.lines += batch.lines;
      counts.ignored += batch.ignored;
      counts.unreadable += batch.unreadable;
      this.#addLosses(batch, counts);
      this.#correctTimes(batch, arrival, counts);
      prepare(batch, lines, info, surface);
      take(batch);
    }
    this.#header = reader.header ?? '';
    return counts;
  }

  #addLosses(batch: Batch, counts: RecordCounts): void {
    counts.lost += batch.lost;
    counts.lostUnknown ||= batch.lostUnknown;
    if (Number.isNaN(batch.lostFrom)) return;
    const before = this.#lossCounter;
    if (!Number.isNaN(before)) {
      // A smaller value: the sensor was started again, and counts from 0.
      counts.lost += batch.lostFrom < before ? batch.lostFrom : batch.lostFrom - before;
    } else if (batch.lostFromZero) counts.lost += batch.lostFrom;
    this.#lossCounter = batch.lostTo;
  }

  #correctTimes(batch: Batch, arrival: number, counts: RecordCounts): void {
    const { time, count, repeat } = batch;
    for (let row = 0; row < count; row++) {
      const ahead = time[row]! - arrival;
      if (ahead > MOST_AHEAD) {
        time[row] = arrival;
        counts.ahead += 1 + repeat[row]!;
      } else if (ahead < -MOST_BEHIND) counts.behind += 1 + repeat[row]!;
    }
  }

  /**
   * A clock whose window ends in the month of arrival: lines that name no year are of the last twelve months. A day
   * ahead, because a sensor's wall clock may already be in the next year.
   */
  #clockAt(arrival: number, zoneOfSurface: string | null): Clock {
    const latest = new Date(arrival + 86_400_000);
    const zone = this.record.zone ?? zoneOfSurface ?? UTC.name;
    const month = latest.getUTCMonth() + 1;
    const name = `${latest.getUTCFullYear()}-${month} ${zone}`;
    if (this.#clock === undefined || this.#clockMonth !== name) {
      const year = latest.getUTCFullYear() - (month === 12 ? 0 : 1);
      this.#clock = new Clock(zoneNamed(zone) ?? UTC, {
        year,
        firstMonth: (month % 12) + 1,
        lastMonth: month,
      });
      this.#clockMonth = name;
    }
    return this.#clock;
  }
}

/** Adds all rows of a prepared batch to another, which has room for them. */
export function addPrepared(from: Batch, to: Batch): void {
  const at = to.count;
  const { count } = from;
  to.takeRows(from);
  to.foreign0.set(from.foreign0.subarray(0, count), at);
  to.foreign1.set(from.foreign1.subarray(0, count), at);
  to.target.set(from.target.subarray(0, count), at);
  to.service.set(from.service.subarray(0, count), at);
  to.rule.set(from.rule.subarray(0, count), at);
  to.shard.set(from.shard.subarray(0, count), at);
}

const NEWLINE = 10;

/** Lines in bytes that end with a newline. */
export function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

function formatNamed(name: string | null): Format | undefined {
  return name === null ? undefined : FORMATS.find((format) => format.name === name);
}
