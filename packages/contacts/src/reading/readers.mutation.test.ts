/**
 * Every reader under a million damaged lines: it answers each exactly once, fills rows that make sense, and goes on.
 */
import { describe, expect, it } from 'vitest';
import { BATCH_ROWS, Batch, Flag, Kind, Outcome } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { FORMATS } from './formats.ts';
import { Mutator } from './mutations.ts';
import { type Format, LineLoop, MAX_LINE } from './reader.ts';
import { SAMPLES } from './samples.ts';

/** Lines in all, over the formats. */
const LINES = 1_000_000;
/** Lines of one block: more than a batch has rows. */
const BLOCK = 20_000;

const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });
const KINDS: ReadonlySet<number> = new Set(Object.values(Kind));
const OUTCOMES: ReadonlySet<number> = new Set(Object.values(Outcome));
const HEADERS = [
  '<13>Oct  9 22:33:20 fw1 app[7]: ',
  '2026-10-09T22:33:20.5-05:00 fw1 kernel: ',
  'Oct 39 22:99:20 x ',
];

/** What is wrong with row `i`, if anything. `starts` holds where each line of the block begins. */
function flaw(batch: Batch, i: number, starts: readonly number[], lines: number): string | undefined {
  const flags = batch.flags[i]!;
  const line = batch.line[i]!;
  if (i > 0 && line <= batch.line[i - 1]!) return 'lines out of order';
  if (line >= lines) return 'a line that is not there';
  if (!KINDS.has(batch.kind[i]!)) return `kind ${batch.kind[i]}`;
  if (!OUTCOMES.has(batch.outcome[i]!)) return `outcome ${batch.outcome[i]}`;
  if (batch.direction[i]! > 3) return `direction ${batch.direction[i]}`;
  if (!(flags & Flag.noTime) && !Number.isFinite(batch.time[i]!)) return 'no time, and no flag that says so';
  const length = batch.textLength[i]!;
  if (length > 0 && batch.textAt[i]! + length > starts[line + 1]!) return 'text beyond the line';
  const forwarded = flags & Flag.forwarded ? batch.forwardedLength[i]! : 0;
  if (forwarded > 0 && batch.forwardedAt[i]! + forwarded > starts[line + 1]!)
    return 'forwarded beyond the line';
  return undefined;
}

/** Reads a block of lines to its end and returns the first thing that is wrong. */
function readBlock(format: Format, lines: readonly string[], unwrap: boolean): string | undefined {
  const bytes = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  const loop = new LineLoop(format.reader({ clock: CLOCK }), CLOCK, unwrap);
  const batch = new Batch();
  let from = 0;
  let line = 0;
  while (from < bytes.length) {
    batch.clear();
    const next = loop.read(bytes, from, bytes.length, line, batch);
    if (next <= from) return 'it does not go on';
    const answered = batch.count + batch.ignored + batch.unreadable;
    if (answered !== batch.lines) return `${batch.lines} lines were answered ${answered} times`;
    if (batch.count > BATCH_ROWS || !(batch.lost >= 0)) return 'counts that cannot be';
    for (let i = 0; i < batch.count; i++) {
      const wrong = flaw(batch, i, starts, lines.length);
      if (wrong !== undefined) return `${wrong}: ${lines[batch.line[i]!]}`;
    }
    line += batch.lines;
    from = next;
  }
  return line === lines.length ? undefined : `${line} of ${lines.length} lines`;
}

describe.each(FORMATS.map((format) => [format.name, format] as const))('the reader of %s', (name, format) => {
  const files = SAMPLES[name] ?? [];
  const share = Math.ceil(LINES / FORMATS.length);

  it('has documented lines to be damaged', () => {
    expect(files.flat().length).toBeGreaterThanOrEqual(5);
  });

  it('answers every damaged line once, and fills rows that make sense', { timeout: 60_000 }, () => {
    const mutator = new Mutator(1 + FORMATS.indexOf(format));
    for (let done = 0; done < share; done += BLOCK) {
      const samples = files[mutator.pick(files.length)]!;
      // Headers come in whole now and then, as they do in a file; a damaged one is a line like any other.
      const lines = samples.filter((line) => line.startsWith('#') || line === samples[0]);
      const unwrap = format.syslog === 'always' || mutator.pick(3) === 0;
      while (lines.length < BLOCK) {
        const line = mutator.line(samples);
        const wrapped = unwrap && format.syslog === 'maybe' && mutator.pick(8) > 0;
        lines.push(wrapped ? HEADERS[mutator.pick(HEADERS.length)]! + line : line);
      }
      expect(readBlock(format, lines, unwrap)).toBeUndefined();
    }
  });

  it('reads good lines among damaged ones as if they stood alone', () => {
    const mutator = new Mutator(99);
    const samples = files[0]!;
    const clean = countRows(format, samples);
    const lines = samples.flatMap((line) => [line, `\u0000${mutator.line(['\u0001\u0002'.repeat(40)])}`]);
    expect(countRows(format, lines)).toBeGreaterThanOrEqual(clean);
  });

  it('bounds what it looks at, and reads the line behind an endless one', () => {
    const samples = files[0]!;
    for (const endless of ['x', '"', '{', '[', ' ', '=', '\\', '\t', '1', ',', '|']) {
      const long = (samples.at(-1) ?? '') + endless.repeat(MAX_LINE);
      const longest = (samples.at(-1) ?? '').slice(0, 20) + endless.repeat(MAX_LINE - 100);
      const lines = [...samples, long, longest, endless.repeat(1_000_000), ...samples];
      expect(readBlock(format, lines, format.syslog === 'always')).toBeUndefined();
    }
  });
});

/** Rows that lines make. */
function countRows(format: Format, lines: readonly string[]): number {
  const loop = new LineLoop(format.reader({ clock: CLOCK }), CLOCK, format.syslog === 'always');
  const bytes = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  const batch = new Batch();
  loop.read(bytes, 0, bytes.length, 0, batch);
  return batch.count;
}
