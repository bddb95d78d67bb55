/**
 * For tests: reads one line with a byte reader, and makes hostile lines of good ones.
 */
import fc from 'fast-check';
import { Batch } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { type PlainContact, plainRow, rowText } from './plain.ts';
import { type Format, LineLoop, type ReaderOptions } from './reader.ts';

/** What a reader said of one line. */
export type OneLine = {
  readonly said: 'row' | 'ignored' | 'unreadable';
  readonly row?: PlainContact;
  readonly text?: string;
  readonly lost: number;
  readonly lostUnknown: boolean;
};

/** One batch for all lines: making it anew for each would take longer than reading. */
const batch = new Batch();
const WINDOW = { year: 2026, firstMonth: 1, lastMonth: 12 };

/** Reads one line (latin1 characters, no newline). Throws if the line was not counted exactly once. */
export function readOne(
  format: Format,
  line: string,
  options: Partial<ReaderOptions> & { readonly unwrap?: boolean } = {},
): OneLine {
  const clock = options.clock ?? new Clock(UTC, WINDOW);
  const loop = new LineLoop(format.reader({ ...options, clock }), clock, options.unwrap ?? true);
  const bytes = Buffer.from(`${line}\n`, 'latin1');
  batch.clear();
  loop.read(bytes, 0, bytes.length, 0, batch);
  const { count, ignored, unreadable, lost, lostUnknown } = batch;
  if (batch.lines !== 1 || count + ignored + unreadable !== 1)
    throw new Error(`counted ${count} + ${ignored} + ${unreadable} of one line`);
  if (count === 0) return { said: ignored === 1 ? 'ignored' : 'unreadable', lost, lostUnknown };
  return { said: 'row', row: plainRow(batch, 0, bytes), text: rowText(batch, 0, bytes), lost, lostUnknown };
}

/** A line of `lines` with one to three changes that somebody hostile or a bad link could make. */
export function damaged(lines: readonly string[]): fc.Arbitrary<string> {
  const line = fc.constantFrom(...lines);
  const change = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(2000) }),
    fc.record({
      kind: fc.constant('flip' as const),
      at: fc.nat(2000),
      byte: fc.integer({ min: 1, max: 255 }),
    }),
    fc.record({ kind: fc.constant('splice' as const), at: fc.nat(2000), other: line, from: fc.nat(2000) }),
    fc.record({
      kind: fc.constant('drop' as const),
      at: fc.nat(2000),
      length: fc.integer({ min: 1, max: 40 }),
    }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: fc.nat(2000),
      text: fc.oneof(
        fc.constantFrom(
          '"',
          "'",
          '[',
          ']',
          '{',
          '}',
          '\\',
          ',',
          ' ',
          '=',
          '|',
          ';',
          ':',
          '\t',
          '\0',
          '""',
          '\\"',
        ),
        fc.constantFrom(' src=192.0.2.66 ', ' srcip=192.0.2.66 ', ',192.0.2.66,', '"192.0.2.66"', 'ÿþ'),
        fc.string({ maxLength: 12 }),
      ),
    }),
  );
  return fc.tuple(line, fc.array(change, { minLength: 1, maxLength: 3 })).map(([start, changes]) => {
    let text = start;
    for (const c of changes) {
      const at = c.at % (text.length + 1);
      if (c.kind === 'cut') text = text.slice(0, at);
      else if (c.kind === 'flip')
        text =
          text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) || 0) ^ c.byte) + text.slice(at + 1);
      else if (c.kind === 'splice') text = text.slice(0, at) + c.other.slice(c.from % (c.other.length + 1));
      else if (c.kind === 'drop') text = text.slice(0, at) + text.slice(at + c.length);
      else text = text.slice(0, at) + c.text + text.slice(at);
    }
    // What is left is one line of bytes.
    return Array.from(text, (character) => String.fromCharCode(character.charCodeAt(0) & 0xff))
      .join('')
      .replace(/[\n\r]/g, ' ');
  });
}
