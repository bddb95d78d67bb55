/** A generated day of an office, as rows that can be judged again and again, in steps of any size. */
import { FORMAT_NAMES, generateContacts, Random } from '@bellwether/testkit';
import { BATCH_ROWS, Batch, Flag } from './contact.ts';
import { Clock, zoneNamed } from './reading/clock.ts';
import { detectFormat } from './reading/detect.ts';
import { LineLoop } from './reading/reader.ts';
import { prepare } from './settle/prepare.ts';
import type { FileInfo, Part, Stretch } from './stretch.ts';
import { type CompiledSurface, compileSurface } from './surface/compile.ts';
import { parseSurface } from './surface/parse.ts';

/** One row of a file: where it stands in the one order. */
type Placed = { readonly file: number; readonly row: number; readonly fileTime: number };

/** Rows of several files, one batch each. */
export class Traffic {
  readonly surface: CompiledSurface;
  readonly files: readonly FileInfo[];
  readonly batches: readonly Batch[];
  readonly #pristine: ReadonlyArray<{ readonly rule: Uint8Array; readonly flags: Uint16Array }>;
  /** All rows in the one order. */
  readonly #order: readonly Placed[];
  /** Running maximum of event times, by file and row. */
  readonly #fileTimes: readonly Float64Array[];

  /** Every format of the testkit, so many lines each (less than a batch holds); one row in `late` is marked as late. */
  constructor(lines: number, seed: number, late = 50) {
    if (lines * 1.5 > BATCH_ROWS) throw new RangeError('a file is one batch');
    const texts = new Map<string, Buffer[]>();
    const write = (file: string, bytes: Uint8Array): void => {
      texts.set(file, [...(texts.get(file) ?? []), Buffer.from(bytes)]);
    };
    const truth = generateContacts({ lines, seed, formats: FORMAT_NAMES }, { write });
    const stated = parseSurface(Buffer.concat(texts.get('surface.yaml')!).toString());
    if (stated.isErr()) throw new Error('the surface of the testkit is refused');
    this.surface = compileSurface(stated.value);
    const random = new Random(seed);
    const files: FileInfo[] = [];
    this.batches = truth.files.map(({ file, format }) => {
      const sensor = file.replace(/\..*$/, '');
      const info = { path: file, format, sensor, sensorIndex: this.surface.sensorOf(sensor) };
      files.push(info);
      const batch = read(Buffer.concat(texts.get(file)!), info, this.surface);
      for (let row = 0; row < batch.count; row++)
        if (random.below(late) === 0) batch.flags[row] = batch.flags[row]! | Flag.late;
      return batch;
    });
    this.files = files;
    this.#pristine = this.batches.map(({ rule, flags }) => ({ rule: rule.slice(), flags: flags.slice() }));
    this.#fileTimes = this.batches.map(fileTimesOf);
    this.#order = inOrder(this.#fileTimes);
  }

  get rows(): number {
    return this.#order.length;
  }

  /** The rows as they were before they were judged. */
  reset(): void {
    this.batches.forEach(({ rule, flags, stake }, file) => {
      rule.set(this.#pristine[file]!.rule);
      flags.set(this.#pristine[file]!.flags);
      stake.fill(0);
    });
  }

  /** The rows from number `from` to `to` of the one order, as one stretch. */
  stretch(from: number, to: number): Stretch {
    const parts = new Map<number, { from: number; to: number; base: number }>();
    for (const { file, row } of this.#order.slice(from, to)) {
      const known = parts.get(file);
      const base = row === 0 ? Number.NEGATIVE_INFINITY : this.#fileTimes[file]![row - 1]!;
      if (known === undefined) parts.set(file, { from: row, to: row + 1, base });
      else known.to = row + 1;
    }
    return [...parts].map(([file, part]): Part => {
      return { file, batch: this.batches[file]!, firstLine: 1, ...part };
    });
  }

  /** Steps of random sizes, up to `most` rows each. */
  steps(random: Random, most: number): Stretch[] {
    const steps: Stretch[] = [];
    for (let at = 0; at < this.rows; ) {
      const to = Math.min(this.rows, at + 1 + random.below(most));
      steps.push(this.stretch(at, to));
      at = to;
    }
    return steps;
  }
}

function read(bytes: Buffer, info: FileInfo, surface: CompiledSurface): Batch {
  const detected = detectFormat(bytes.toString('latin1', 0, 65_536).split('\n'))!;
  const clock = new Clock(zoneNamed('America/Chicago')!, { year: 2026, firstMonth: 10, lastMonth: 10 });
  const batch = new Batch();
  const loop = new LineLoop(detected.format.reader({ clock }), clock, detected.unwrap);
  if (loop.read(bytes, 0, bytes.length, 0, batch) < bytes.length) throw new RangeError('a file is one batch');
  prepare(batch, bytes, info, surface);
  return batch;
}

function fileTimesOf({ count, time }: Batch): Float64Array {
  let latest = Number.NEGATIVE_INFINITY;
  return time.slice(0, count).map((own) => {
    if (own > latest) latest = own;
    return latest;
  });
}

function inOrder(files: readonly Float64Array[]): Placed[] {
  const placed = files.flatMap((times, file) =>
    Array.from(times, (fileTime, row): Placed => ({ file, row, fileTime })),
  );
  // Two rows without a time have -Infinity each, and their difference is no number.
  return placed.sort((a, b) =>
    a.fileTime < b.fileTime ? -1 : a.fileTime > b.fileTime ? 1 : a.file - b.file || a.row - b.row,
  );
}
