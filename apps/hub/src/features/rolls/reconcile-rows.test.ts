import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { captureChanges, type ReadingOptions, readAgainstState } from './capture.ts';
import { NightsOfTest } from './nights.fixture.ts';
import { reconcileRoll } from './reconcile.ts';
import type { Night } from './rolls-files.ts';
import { Vault } from './vault.ts';

const VOTERS = 400;

/** A state after its first night, whose comparison left what it knows. */
const state = new NightsOfTest({ voters: VOTERS, days: 2, seed: 21 });
const live = state.file('changed.csv');
let folder = '';
let rows: readonly string[] = [];

beforeAll(async () => {
  (await state.begin()).okOrThrow();
  await state.play(1);
  folder = join(state.paths.books, readdirSync(state.paths.books)[0]!);
  rows = readFileSync(state.dump(1), 'utf8').split('\r\n').slice(0, -1);
});

/** What a comparison finds, but for how many rows were known. */
async function found(isFull: boolean, change: Partial<ReadingOptions> = {}) {
  const reading = await readAgainstState(state.reading(2, { live, isFull, ...change }));
  if (reading.isErr()) return { error: reading.error };
  const { state: now, read, changes, rows: known } = reading.value;
  now.book.close();
  return { found: { read, changes }, known };
}

function write(lines: readonly string[]): void {
  writeFileSync(live, lines.map((line) => `${line}\r\n`).join(''));
}

/** Kinds of changes of a dump, at row `at` (never the header). */
const CHANGES: Readonly<Record<string, (lines: string[], at: number, text: string) => void>> = {
  value: (lines, at, text) => {
    const values = lines[at]!.split(',');
    values[3] = text;
    lines[at] = values.join(',');
  },
  spelling: (lines, at) => {
    lines[at] = lines[at]!.replace(/,([A-Z])/g, (all) => all.toLowerCase());
  },
  quoted: (lines, at) => {
    lines[at] = lines[at]!.split(',')
      .map((value) => `"${value}"`)
      .join(',');
  },
  office: (lines, at) => {
    const values = lines[at]!.split(',');
    values[1] = lines[1 + ((at * 7) % (lines.length - 1))]!.split(',')[1]!;
    lines[at] = values.join(',');
  },
  guarded: (lines, at) => {
    lines[at] = lines[at]!.endsWith(',Y') ? lines[at]!.slice(0, -1) : `${lines[at]}Y`;
  },
  cancelled: (lines, at) => {
    lines[at] = lines[at]!.replace(',active,', ',cancelled,');
  },
  number: (lines, at) => {
    lines[at] = lines[at]!.replace(/^\d+/, (id) => `9${id}`);
  },
  gone: (lines, at) => {
    if (lines.length > VOTERS * 0.95) lines.splice(at, 1);
  },
  twice: (lines, at) => {
    lines.push(lines[at]!);
  },
  moved: (lines, at) => {
    lines.push(...lines.splice(at, 1));
  },
  exchanged: (lines, at) => {
    // Two records take each other's number.
    const other = 1 + (at % (lines.length - 1));
    const [a, b] = [lines[at]!, lines[other]!];
    lines[at] = b.replace(/^\d+/, a.split(',')[0]!);
    lines[other] = a.replace(/^\d+/, b.split(',')[0]!);
  },
};

describe('rows that are known by their bytes', () => {
  it('are passed over, and the answer is that of computing every row, whatever was changed', async () => {
    const change = fc.record({
      kind: fc.constantFrom(...Object.keys(CHANGES)),
      at: fc.nat(),
      text: fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\0",\r\n]/g, '')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
        const lines = [...rows];
        for (const { kind, at, text } of changes) CHANGES[kind]!(lines, 1 + (at % (lines.length - 1)), text);
        write(lines);

        const known = await found(false);
        const computed = await found(true);

        expect(known.found ?? known.error).toEqual(computed.found ?? computed.error);
        expect(known.known?.before).toBeTypeOf('object');
        expect(known.known?.digests.passed).toBeGreaterThan(VOTERS / 2);
        expect(computed.known?.digests.passed).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('are told of, and asking for every row is told of too', async () => {
    write(rows);
    const told = async (isFull: boolean): Promise<Night> =>
      (await reconcileRoll(state.reading(2, { live, isFull }), 'test')).okOrThrow();

    const known = await told(false);
    const computed = await told(true);

    expect(known.rows).toEqual({ known: rows.length - 1, why: null });
    expect(computed.rows).toEqual({ known: 0, why: 'it was asked for' });
    const { rows: _, next, at, reader, ...rest } = known;
    expect(computed).toMatchObject(rest);
    // The next books are the same, byte for byte, and so is what is known for them.
    const files = readdirSync(join(state.paths.books, next)).filter((name) => name !== 'known-rows');
    for (const name of files) {
      const of = (book: string): Buffer => readFileSync(join(state.paths.books, book, name));
      expect(of(next).equals(of(computed.next)), name).toBe(true);
    }
    expect(digestsIn(next)).toEqual(digestsIn(computed.next));
  });

  it('are read where their record was signed for since the book', async () => {
    const other = new NightsOfTest({ voters: VOTERS, days: 2, seed: 21 });
    (await other.begin()).okOrThrow();
    await other.play(1);
    await other.capture(2);
    await other.signAll(2);

    // The database went back to what it was before the signed changes of the second day.
    const undone = (await other.reconcile(2, { live: other.dump(1) })).okOrThrow();

    expect(undone.rows?.why).toBeNull();
    expect(undone.unauthorised).toHaveLength(other.truth.nights[1]!.changed);
  });

  it('are all computed once in seven days', async () => {
    write(rows);
    const later = (days: number) => found(false, { now: state.momentOf(1 + days) });

    expect((await later(6)).known?.before).toBeTypeOf('object');
    expect((await later(7)).known?.before).toMatch(/once in 7 days/);
    expect((await found(false, { now: state.momentOf(0) })).known?.before).toMatch(/once in 7 days/);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40), /cut off/],
    ['longer', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(32)]), /cut off/],
    ['empty', () => Buffer.alloc(0), /cannot be read/],
    ['without its first line', (bytes: Buffer) => bytes.subarray(500), /cannot be read/],
    ['changed in a digest', (bytes: Buffer) => flipped(bytes, bytes.length >> 1), /was changed since/],
    ['changed in its seal', (bytes: Buffer) => flipped(bytes, bytes.length - 1), /was changed since/],
    ['told to be younger', (bytes: Buffer) => replaced(bytes, /"fullAt":\d/, '"fullAt":2'), /was changed/],
    ['of another vault key', (bytes: Buffer) => replaced(bytes, /key-\d{4}/, 'key-1999'), /new key/],
  ])('are not believed where the file is %s', async (_, damage, why) => {
    write(rows);
    const path = join(folder, 'known-rows');
    const whole = readFileSync(path);
    writeFileSync(path, damage(whole));
    try {
      const { known, found: all } = await found(false);

      expect(known?.before).toMatch(why);
      expect(known?.digests.passed).toBe(0);
      expect(all).toEqual((await found(true)).found);
    } finally {
      writeFileSync(path, whole);
    }
  });

  it('are not believed through another mapping, beside another book, or under other columns', async () => {
    write(rows);
    const { mapping } = state.paths;
    const text = readFileSync(mapping, 'utf8');
    writeFileSync(mapping, `${text}# another\n`);
    expect((await found(false)).known?.before).toMatch(/another mapping/);
    writeFileSync(mapping, text);

    const book = join(folder, 'book.json');
    const json = readFileSync(book, 'utf8');
    writeFileSync(book, json.replace('"used":', '"used": '));
    expect((await found(false)).known?.before).toMatch(/another book/);
    writeFileSync(book, json);

    write(rows.map((line) => `x,${line}`));
    const { known } = await found(false);
    expect(known?.digests.passed).toBe(0);
    expect(known?.digests.isOfOtherHeader).toBe(true);
  });

  it('are computed where an erasure made a new vault key, or nothing was left', async () => {
    const other = new NightsOfTest({ voters: VOTERS, days: 1, seed: 21 });
    (await other.begin()).okOrThrow();
    await other.play(1);
    (await new Vault(other.paths.vault, () => other.momentOf(1)).rotateKey()).okOrThrow();

    const rotated = (await other.reconcile(1)).okOrThrow();
    expect(rotated.rows).toMatchObject({ known: 0, why: expect.stringMatching(/new key/) });

    rmSync(join(other.paths.books, '1', 'known-rows'));
    expect((await other.reconcile(1)).okOrThrow().rows?.why).toMatch(/no earlier comparison/);
  });

  it('are not left by a capture, which is no comparison of the night', async () => {
    write(rows);
    const before = cpOf(folder);
    (await captureChanges(state.reading(2, { live }))).okOrThrow();
    expect(readFileSync(join(folder, 'known-rows')).equals(before)).toBe(true);
    expect(existsSync(join(folder, 'known-rows.new'))).toBe(false);
  });
});

function cpOf(book: string): Buffer {
  return readFileSync(join(book, 'known-rows'));
}

function digestsIn(book: string): readonly string[] {
  const bytes = readFileSync(join(state.paths.books, book, 'known-rows'));
  const start = bytes.indexOf(0x0a) + 1;
  const { records, notLive } = JSON.parse(bytes.subarray(0, start).toString()) as Record<string, number>;
  const digests = Array.from({ length: records! + notLive! }, (_, at) =>
    bytes.subarray(start + at * 32, start + at * 32 + 32).toString('hex'),
  );
  return [...digests.slice(0, records), ...digests.slice(records).sort()];
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

function replaced(bytes: Buffer, what: RegExp, by: string): Buffer {
  const end = bytes.indexOf(0x0a);
  const line = bytes.subarray(0, end).toString('utf8').replace(what, by);
  return Buffer.concat([Buffer.from(line), bytes.subarray(end)]);
}
