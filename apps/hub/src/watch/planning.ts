/** Makes the plans: format, zone, years, sensor of each input, from its first and last lines and from the surface. */
import { basename } from 'node:path';
import { type Err, err, ok, type Result } from '@bellwether/basics';
import {
  Batch,
  type CompiledSurface,
  type Detected,
  detectFormat,
  FORMATS,
  type Format,
  UTC,
  zoneNamed,
} from '@bellwether/contacts';
import type { ColumnMap } from './column-map.ts';
import { type WatchError, watchError } from './errors.ts';
import { HEAD_BYTES, type Input, type Inspected, Inspection, STDIN } from './inputs.ts';
import { type FilePlan, readHead } from './plan.ts';
import { sensorName } from './sensor-name.ts';
import { yearWindow } from './years.ts';

/** What was stated on the command line about all inputs. */
export type PlanOptions = {
  readonly format: string | undefined;
  readonly year: number | undefined;
  readonly zone: string | undefined;
  readonly columns: ColumnMap | undefined;
};

/** The name under which an input without a line is listed: a log that was rotated a moment ago. */
export const EMPTY = 'empty';

/** Inputs that can be read, and how: the same place in both lists is the same file. */
export type Planned = { readonly inputs: readonly Input[]; readonly plans: readonly FilePlan[] };

/**
 * Looks at all inputs and plans them; `stdin` is what `-` stands for, `now` is ms since 1970. The first that cannot be
 * read, or whose format or zone is not known, is the error.
 */
export async function planInputs(
  paths: readonly string[],
  stdin: AsyncIterable<Buffer>,
  surface: CompiledSurface,
  options: PlanOptions,
  now: number,
): Promise<Result<Planned, WatchError>> {
  const named = FORMATS.find(({ name }) => name === options.format);
  if (options.format !== undefined && named === undefined) {
    return err(watchError('WATCH_FORMAT_UNLISTED', `there is no format ${JSON.stringify(options.format)}`));
  }
  const inspection = new Inspection(stdin);
  const batch = new Batch();
  const inputs: Input[] = [];
  const plans: FilePlan[] = [];
  for (const path of paths) {
    const inspected = await inspection.inspect(path);
    if (inspected.isOk()) inputs.push(inspected.value.input);
    const plan = inspected.isErr() ? inspected : planFile(inspected.value, surface, named, options, now);
    if (inspected.isErr() || plan.isErr()) {
      for (const { release } of inputs) release();
      return plan as Err<WatchError>;
    }
    plans.push(withHead(plan.value, inspected.value.ends.head, surface, batch));
  }
  return ok({ inputs, plans });
}

/**
 * With what the first lines tell. The time of the first row: a file need not be opened before the others have come that
 * far, so a folder of rotated logs is read one after the other. The header: blocks are read ahead by it.
 */
function withHead(plan: FilePlan, head: Buffer, surface: CompiledSurface, batch: Batch): FilePlan {
  const { firstTime, header } = readHead(plan, head, surface, batch);
  return { ...plan, header, notBefore: Number.isNaN(firstTime) ? Number.NEGATIVE_INFINITY : firstTime };
}

function planFile(
  { input, ends }: Inspected,
  surface: CompiledSurface,
  named: Format | undefined,
  options: PlanOptions,
  now: number,
): Result<FilePlan, WatchError> {
  const { path, changed } = input;
  const { head, tail } = ends;
  const sensorIndex = surface.sensorOf(path === STDIN ? 'stdin' : basename(path));
  const sensor = surface.sensors[sensorIndex];

  const zoneStated = sensor?.timezone ?? options.zone;
  const zone = zoneStated === undefined ? UTC : zoneNamed(zoneStated);
  if (zone === undefined) {
    return err(watchError('WATCH_ZONE_UNKNOWN', `there is no time zone ${JSON.stringify(zoneStated)}`));
  }
  const lines = linesOf(head, head.length === HEAD_BYTES ? 'begins' : 'whole');
  const blank = lines.every((line) => line === '');
  const detected = blank ? undefined : detect(lines, named);
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
    header: '',
    columns: options.columns,
  });
}

/** Lines that are looked at first: where most of them are surely of one format, nobody has to look at more. */
const FIRST_LOOK = 24;

function detect(lines: readonly string[], named: Format | undefined): Detected | undefined {
  const options = named === undefined ? {} : { named };
  const first = detectFormat(lines.slice(0, FIRST_LOOK), options);
  if (first !== undefined && first.evidence.others.length === 0 && first.evidence.sure * 2 > FIRST_LOOK)
    return first;
  return detectFormat(lines, options);
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
