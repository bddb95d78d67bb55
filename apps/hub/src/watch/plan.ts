/**
 * What is known of an input before it is read, and what its readers are made from by that. Plain data, made once in
 * the main thread (planning.ts), so that every worker reads by the same plan.
 */
import {
  type Batch,
  Clock,
  type CompiledSurface,
  type FileInfo,
  type FileWindow,
  FORMATS,
  type Format,
  LineLoop,
  type ReaderOptions,
  type Zone,
  zoneNamed,
} from '@bellwether/contacts';
import { markLength } from './blocks.ts';
import type { ColumnMap } from './column-map.ts';

/** How one file is read. */
export type FilePlan = {
  readonly info: FileInfo;
  /** Whether syslog headers stand around its lines. */
  readonly unwrap: boolean;
  readonly window: FileWindow;
  /** The year was not stated, and was taken from when the file was written. */
  readonly yearGuessed: boolean;
  /** IANA name of the zone of its wall clock. */
  readonly zone: string;
  /** Nobody stated the zone. */
  readonly zoneAssumed: boolean;
  /** No row of it is earlier (ms UTC, in file time); -Infinity where that is not known. */
  readonly notBefore: number;
  /** The header in force behind its first lines, '' if its format has none. */
  readonly header: string;
  /** Saved column map for `csv` and `ndjson`. */
  readonly columns: ColumnMap | undefined;
};

/** The format that a plan names. */
export function formatOf(plan: FilePlan): Format {
  // An empty input has no line to read, so any reader will do.
  return FORMATS.find(({ name }) => name === plan.info.format) ?? (FORMATS[0] as Format);
}

/** A clock for one reader of the file: it caches, so no two share it. */
export function clockOf(plan: FilePlan): Clock {
  return new Clock(zoneNamed(plan.zone) as Zone, plan.window);
}

/** What the readers of the file are made from, but their clock and header. */
export function readerOptionsOf(
  plan: FilePlan,
  surface: CompiledSurface,
): Omit<ReaderOptions, 'clock' | 'header'> {
  const prefixes = surface.sensors[plan.info.sensorIndex]?.prefixes;
  const forwardedHeader = surface.proxies[0]?.header;
  return {
    ...(plan.columns === undefined ? {} : { columns: plan.columns }),
    ...(prefixes === undefined ? {} : { prefixes }),
    ...(forwardedHeader === undefined ? {} : { forwardedHeader }),
  };
}

/** What the first lines of a file tell. */
export type HeadReading = {
  /** Time of the first row, NaN if there is none or it cannot be read. */
  readonly firstTime: number;
  /** The header in force behind these lines: what the blocks to come most likely begin with. */
  readonly header: string;
};

/** Reads the whole lines of a file's head by its plan; `batch` is only for use on the way. */
export function readHead(plan: FilePlan, head: Buffer, surface: CompiledSurface, batch: Batch): HeadReading {
  const clock = clockOf(plan);
  const reader = formatOf(plan).reader({ ...readerOptionsOf(plan, surface), clock });
  batch.clear();
  const loop = new LineLoop(reader, clock, plan.unwrap);
  loop.read(head, markLength(head), head.lastIndexOf(NEWLINE) + 1, 0, batch);
  return { firstTime: batch.count === 0 ? Number.NaN : batch.time[0]!, header: reader.header ?? '' };
}

const NEWLINE = 10;
