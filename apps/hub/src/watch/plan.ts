/**
 * What is known of each input before it is read: format, zone, years, sensor. Made once, in the main thread; plain
 * data, so that every worker reads by the same plan.
 */
import { basename } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import {
  Batch,
  Clock,
  type CompiledSurface,
  type FileInfo,
  type FileWindow,
  FORMATS,
  type Format,
  LineLoop,
  type ReaderOptions,
  UTC,
  type Zone,
  zoneNamed,
} from '@bellwether/contacts';
import { markLength } from './blocks.ts';
import type { ColumnMap } from './column-map.ts';
import { detectFormat } from './detect-stand-in.ts';
import { type WatchError, watchError } from './errors.ts';
import { HEAD_BYTES, type Input, STDIN } from './inputs.ts';
import { sensorName } from './sensor-name.ts';
import { yearWindow } from './years.ts';

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
  /** Saved column map for `csv` and `ndjson`. */
  readonly columns: ColumnMap | undefined;
};

/** What was stated on the command line about all inputs. */
export type PlanOptions = {
  readonly format: string | undefined;
  readonly year: number | undefined;
  readonly zone: string | undefined;
  readonly columns: ColumnMap | undefined;
};

/** The name under which an input without a line is listed: a log that was rotated a moment ago. */
export const EMPTY = 'empty';

/** Plans all inputs; `now` is ms since 1970. The first whose format or zone is not known is the error. */
export function planFiles(
  inputs: readonly Input[],
  surface: CompiledSurface,
  options: PlanOptions,
  now: number,
): Result<readonly FilePlan[], WatchError> {
  const named = FORMATS.find(({ name }) => name === options.format);
  if (options.format !== undefined && named === undefined) {
    return err(watchError('WATCH_FORMAT_UNLISTED', `there is no format ${JSON.stringify(options.format)}`));
  }
  const plans: FilePlan[] = [];
  for (const input of inputs) {
    const plan = planFile(input, surface, named, options, now);
    if (plan.isErr()) return plan;
    plans.push(plan.value);
  }
  return ok(plans.length < 2 ? plans : withTimes(plans, inputs, surface));
}

function planFile(
  input: Input,
  surface: CompiledSurface,
  named: Format | undefined,
  options: PlanOptions,
  now: number,
): Result<FilePlan, WatchError> {
  const { path, head, tail, changed } = input;
  const sensorIndex = surface.sensorOf(path === STDIN ? 'stdin' : basename(path));
  const sensor = surface.sensors[sensorIndex];

  const zoneStated = sensor?.timezone ?? options.zone;
  const zone = zoneStated === undefined ? UTC : zoneNamed(zoneStated);
  if (zone === undefined) {
    return err(watchError('WATCH_ZONE_UNKNOWN', `there is no time zone ${JSON.stringify(zoneStated)}`));
  }
  const lines = linesOf(head, head.length === HEAD_BYTES ? 'begins' : 'whole');
  const blank = lines.every((line) => line === '');
  const detected = blank ? undefined : detectFormat(lines, named);
  if (!blank && detected === undefined) {
    return err(
      watchError('WATCH_FORMAT_UNKNOWN', `${path}: its format is not recognised from its first lines`),
    );
  }
  const { window, guessed } = yearWindow({
    head: lines,
    tail: linesOf(tail, tail.length === HEAD_BYTES ? 'ends' : 'whole'),
    stated: sensor?.year ?? options.year,
    until: Number.isNaN(changed) ? now : Math.min(changed, now),
    zone,
  });
  return ok({
    info: {
      path,
      format: detected?.format.name ?? named?.name ?? EMPTY,
      sensor: sensor?.id ?? sensorName(path),
      sensorIndex,
    },
    unwrap: detected?.unwrap ?? false,
    window,
    yearGuessed: guessed,
    zone: zone.name,
    zoneAssumed: zoneStated === undefined,
    notBefore: Number.NEGATIVE_INFINITY,
    columns: options.columns,
  });
}

/** The whole lines of a head (which may be cut at its end), or of a tail (which may be cut at its beginning). */
function linesOf(bytes: Buffer, part: 'whole' | 'begins' | 'ends'): string[] {
  const lines = bytes
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split('\n');
  if (part === 'begins' && lines.length > 1) lines.pop();
  if (part === 'ends') lines.shift();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

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

/**
 * With the time of each file's first row, where it can be read: a file need not be opened before the others have come
 * that far, so a folder of rotated logs is read one after the other.
 */
function withTimes(
  plans: readonly FilePlan[],
  inputs: readonly Input[],
  surface: CompiledSurface,
): readonly FilePlan[] {
  const batch = new Batch();
  return plans.map((plan, i) => {
    const { firstTime } = readHead(plan, inputs[i]!.head, surface, batch);
    return Number.isNaN(firstTime) ? plan : { ...plan, notBefore: firstTime };
  });
}
