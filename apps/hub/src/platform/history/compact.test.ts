import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DISPOSITIONS } from '@bellwether/contacts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compact, removeHalfCompacted } from './compact.ts';
import { ask, batchOf } from './entries.fixture.ts';
import { HistoryUnwritable } from './errors.ts';
import type { HistoryFile, HistorySearch } from './history-types.ts';
import { openHistorySearch } from './search.ts';
import { verifyHistory } from './verify.ts';
import { openHistoryWriter } from './writer.ts';
import { DAY, PREFIXES, START, writeHistory } from './written.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "compact's-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rowsOf = (files: readonly HistoryFile[]) => files.reduce((sum, { rows }) => sum + rows, 0);

describe('compaction', () => {
  it('makes one file a day, ordered by source, that holds the day and nothing else', async () => {
    const { files } = await writeHistory(folder);
    const made = await compact({ kind: 'days', files }, folder);

    expect(rowsOf(made)).toBe(rowsOf(files));
    expect(made.map(({ path }) => path)).toEqual([
      'days/1970-01-01_1-5.parquet',
      'days/2026-10-06_1-5.parquet',
      'days/2026-10-07_1-5.parquet',
      'days/2026-10-08_1-5.parquet',
      'days/2026-10-09_1-5.parquet',
    ]);
    expect([made[0]!.first, made[0]!.last]).toEqual([Number.NaN, Number.NaN]);
    for (const { path, day, first, last } of made.slice(1)) {
      expect(new Date(first).toISOString().slice(0, 10)).toBe(day);
      expect(new Date(last).toISOString().slice(0, 10)).toBe(day);
      const keys = (await ask(folder, [path], 'SELECT source_key::DOUBLE AS k FROM h')) as { k: number }[];
      expect(keys).toEqual([...keys].sort((a, b) => a.k - b.k));
    }
    expect(await verifyHistory(folder, made)).toEqual([]);
  });

  it('gives the same bytes for the same rows, in however many steps', async () => {
    const { files } = await writeHistory(folder);
    const read = (made: readonly HistoryFile[]) => made.map(({ path }) => readFileSync(join(folder, path)));
    const once = read(await compact({ kind: 'days', files }, folder));
    const merged = await compact({ kind: 'fresh', files: files.slice(0, 3) }, folder);
    const again = read(await compact({ kind: 'days', files: [...files.slice(3), ...merged] }, folder));

    expect(again.every((bytes, i) => bytes.equals(once[i]!))).toBe(true);
  });

  it('changes no answer', async () => {
    const { files } = await writeHistory(folder);
    const merged = await compact({ kind: 'fresh', files: files.slice(0, 3) }, folder);
    const days = await compact({ kind: 'days', files: merged }, folder);
    // A second time into the same days, with what came later.
    const more = await compact({ kind: 'days', files: files.slice(3, 4) }, folder);
    const both = [...days, ...more].filter(({ day }) => day === '2026-10-08' || day === '2026-10-09');
    const again = await compact({ kind: 'days', files: both }, folder);
    const rest = [...days, ...more].filter((file) => !both.includes(file));
    const compacted = [...rest, ...again, files[4]!];
    expect(rowsOf(compacted)).toBe(rowsOf(files));

    const [plain, other] = [await openHistorySearch(folder), await openHistorySearch(folder)];
    plain.use(files);
    other.use(compacted);
    const queries = fc.record(
      {
        source: fc.constantFrom(...PREFIXES.map(({ text }) => text)),
        authority: fc.constantFrom('29095', '29380'),
        port: fc.constantFrom(22, 443),
        disposition: fc.constantFrom(...DISPOSITIONS),
        from: fc.integer({ min: 0, max: 6 }).map((half) => new Date(START + half * (DAY / 2)).toISOString()),
        to: fc.integer({ min: 0, max: 7 }).map((half) => new Date(START + half * (DAY / 2)).toISOString()),
        limit: fc.integer({ min: 1, max: 200 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const before = (await plain.search(query, 'all')).okOrThrow();
        expect((await other.search(query, 'all')).okOrThrow()).toEqual(before);
        if (before.next === null) return;
        const cursor = { ...query, cursor: before.next };
        expect((await other.search(cursor, 'all')).okOrThrow()).toEqual(
          (await plain.search(cursor, 'all')).okOrThrow(),
        );
      }),
      { numRuns: 60 },
    );
    for (const source of ['203.0.113.7', '2001:db8:0:7::1']) {
      expect(await other.walk(source, 30, 'all')).toEqual(await plain.walk(source, 30, 'all'));
    }
    expect(await csvLines(other)).toEqual(await csvLines(plain));
    plain.close();
    other.close();
  });

  it('writes over no file that counts, though it would have the same name', async () => {
    const { files } = await writeHistory(folder);
    // Another file lies between the steps of these two.
    const outer = await compact({ kind: 'days', files: [files[0]!, files[2]!] }, folder);
    const inner = await compact({ kind: 'days', files: [files[1]!] }, folder);
    const day = [...outer, ...inner].filter(({ day }) => day === '2026-10-07');
    const [made] = await compact({ kind: 'days', files: day }, folder);

    expect(day.map(({ path }) => path)).toEqual([
      'days/2026-10-07_1-3.parquet',
      'days/2026-10-07_2-2.parquet',
    ]);
    expect(made!.path).toBe('days/2026-10-07_1-3-2.parquet');
    expect(await verifyHistory(folder, [...outer, ...inner, made!])).toEqual([]);
  });

  it('says that it cannot, and leaves nothing, where a file is gone or not what the list says', async () => {
    const { files } = await writeHistory(folder);
    const wrong = [{ ...files[0]!, rows: files[0]!.rows + 1 }];
    await expect(compact({ kind: 'days', files: wrong }, folder)).rejects.toThrow(HistoryUnwritable);
    rmSync(join(folder, files[1]!.path));
    await expect(compact({ kind: 'fresh', files: files.slice(0, 2) }, folder)).rejects.toThrow(
      HistoryUnwritable,
    );

    expect(readdirSync(join(folder, 'merged'))).toEqual([]);
    expect(readdirSync(join(folder, 'days')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('orders on disk what does not fit into its memory', async () => {
    const writer = await openHistoryWriter(folder);
    writer.name(0, 'state', 'fw');
    const entries = Array.from({ length: 16_000 }, (_, line) => ({
      time: START + ((line * 7919) % DAY),
      line,
      source: `203.0.${(line * 31) % 256}.${(line * 7) % 256}`,
    }));
    const files: HistoryFile[] = [];
    for (let step = 1; step <= 20; step++) {
      const batch = batchOf(entries.map((entry) => ({ ...entry, line: step * 16_000 + entry.line })));
      writer.take(0, batch, 0, batch.count, 1);
      files.push((await writer.flush(step, step))!);
    }
    writer.close();
    const [made] = await compact({ kind: 'days', files }, folder, { memory: '64MB' });

    expect(made!.rows).toBe(320_000);
    expect(await verifyHistory(folder, [made!])).toEqual([]);
    expect(readdirSync(join(folder, 'days'))).toEqual([made!.path.slice('days/'.length)]);
  });

  it('clears away what was begun', async () => {
    const { files } = await writeHistory(folder);
    const made = await compact({ kind: 'days', files }, folder);
    writeFileSync(join(folder, 'days/.unfinished-x.parquet'), 'half');
    removeHalfCompacted(folder);

    expect(readdirSync(join(folder, 'days')).length).toBe(made.length);
  });
});

async function csvLines(search: HistorySearch): Promise<string[]> {
  let text = '';
  for await (const chunk of search.csv({}, 'all')) text += chunk;
  return text.split('\r\n').sort();
}
