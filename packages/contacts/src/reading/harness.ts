/**
 * Reads text with a format's byte reader and shows the rows as plain objects: for tests and `surface suggest`, where
 * speed does not matter.
 */
import { Batch } from '../contact.ts';
import { addLosses, lossesOfFile, noLosses } from '../losses.ts';
import { Clock, type FileWindow, UTC, type Zone } from './clock.ts';
import { type PlainContact, plainRow, rowText } from './plain.ts';
import { type Format, LineLoop, type ReaderOptions } from './reader.ts';

/** What was read from a text. */
export type Reading = {
  readonly rows: ReadonlyArray<PlainContact & { readonly lineNumber: number; readonly text: string }>;
  readonly lines: number;
  readonly ignored: number;
  readonly unreadable: number;
  readonly lost: number;
  readonly lostUnknown: boolean;
};

/** Reads all lines of `text` (latin1 characters or bytes). Lines beyond one batch are refused by a throw. */
export function readText(
  format: Format,
  text: string | Uint8Array,
  options: Partial<ReaderOptions> & {
    readonly window?: FileWindow;
    readonly zone?: Zone;
    readonly unwrap?: boolean;
  } = {},
): Reading {
  const window = options.window ?? CALENDAR_YEAR;
  const clock = options.clock ?? new Clock(options.zone ?? UTC, window);
  const unwrap = options.unwrap ?? format.syslog === 'always';
  const loop = new LineLoop(format.reader({ ...options, clock }), clock, unwrap);
  const raw = typeof text === 'string' ? Buffer.from(text, 'latin1') : Buffer.from(text);
  const bytes = raw[raw.length - 1] === 10 ? raw : Buffer.concat([raw, Buffer.from('\n')]);
  const batch = new Batch();
  const end = loop.read(bytes, 0, bytes.length, 0, batch);
  if (end < bytes.length) throw new RangeError('more rows than one batch holds');
  return {
    rows: Array.from({ length: batch.count }, (_, i) => ({
      ...plainRow(batch, i, bytes),
      lineNumber: batch.line[i]!,
      text: rowText(batch, i, bytes),
    })),
    lines: batch.lines,
    ignored: batch.ignored,
    unreadable: batch.unreadable,
    ...lossesOfFile(batch),
  };
}

/** What a reader said of one line. */
export type OneLine = {
  readonly said: 'row' | 'ignored' | 'unreadable';
  readonly row?: PlainContact;
  /** The text that the row points at. */
  readonly text?: string;
  readonly lost: number;
  readonly lostUnknown: boolean;
};

/**
 * Reads lines (latin1 characters, no line breaks) one after the other with one reader, and tells of each what the
 * reader said. Throws if a line was not answered exactly once.
 */
export function readEach(
  format: Format,
  lines: readonly string[],
  options: Parameters<typeof readText>[2] = {},
): OneLine[] {
  const clock = options.clock ?? new Clock(options.zone ?? UTC, options.window ?? CALENDAR_YEAR);
  const loop = new LineLoop(
    format.reader({ ...options, clock }),
    clock,
    options.unwrap ?? format.syslog === 'always',
  );
  const batch = new Batch();
  const losses = noLosses();
  let lostBefore = 0;
  return lines.map((line) => {
    const bytes = Buffer.from(`${line}\n`, 'latin1');
    batch.clear();
    const end = loop.read(bytes, 0, bytes.length, 0, batch);
    const { count, ignored, unreadable } = batch;
    losses.lostUnknown = false;
    addLosses(losses, batch);
    const told = lossesOfFile(losses);
    const lost = told.lost - lostBefore;
    const { lostUnknown } = told;
    lostBefore = told.lost;
    if (end !== bytes.length || batch.lines !== 1 || count + ignored + unreadable !== 1) {
      throw new Error(`one line was counted as ${count} rows, ${ignored} ignored, ${unreadable} unreadable`);
    }
    if (count === 0) return { said: ignored === 1 ? 'ignored' : 'unreadable', lost, lostUnknown };
    return { said: 'row', row: plainRow(batch, 0, bytes), text: rowText(batch, 0, bytes), lost, lostUnknown };
  });
}

const CALENDAR_YEAR: FileWindow = { year: 2026, firstMonth: 1, lastMonth: 12 };
