/**
 * Reads text with a format's byte reader and shows the rows as plain objects: for tests and `surface suggest`, where
 * speed does not matter.
 */
import { Batch } from '../contact.ts';
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
  const window = options.window ?? { year: 2026, firstMonth: 1, lastMonth: 12 };
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
    lost: batch.lost,
  };
}
