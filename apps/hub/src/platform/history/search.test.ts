import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContactRow, ContactsQuery } from '@bellwether/api';
import { DISPOSITIONS } from '@bellwether/contacts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf } from './entries.fixture.ts';
import { HistoryUnreadable } from './errors.ts';
import type { HistoryFile, HistorySearch, Within } from './history-types.ts';
import { openHistorySearch } from './search.ts';
import { openHistoryWriter } from './writer.ts';
import { DAY, expected, PREFIXES, START, writeHistory } from './written.fixture.ts';

let folder: string;
let search: HistorySearch;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'search-'));
  search = await openHistorySearch(folder);
});
afterEach(() => {
  search.close();
  rmSync(folder, { recursive: true });
});

/** Asks page after page until there is no next one. */
async function walkPages(
  query: ContactsQuery,
  within: Within = 'all',
): Promise<{ rows: ContactRow[]; totals: Set<number> }> {
  const rows: ContactRow[] = [];
  const totals = new Set<number>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = (
      await search.search(cursor === undefined ? query : { ...query, cursor }, within)
    ).okOrThrow();
    expect(page.contacts.length).toBeLessThanOrEqual(query.limit ?? 100);
    rows.push(...page.contacts);
    totals.add(page.total);
    cursor = page.next;
  }
  return { rows, totals };
}

/** Offices that somebody may see, one that has no contacts among them. */
const withins = fc.oneof(
  fc.constant<Within>('all'),
  fc.subarray(['29095', '29380', '29189', `' OR 1=1 --`]).map((offices): Within => new Set(offices)),
);

const queries = fc.record(
  {
    prefix: fc.constantFrom(...PREFIXES),
    authority: fc.constantFrom('29095', '29380', 'state'),
    port: fc.constantFrom(22, 443, 80),
    disposition: fc.constantFrom(...DISPOSITIONS),
    rule: fc.constantFrom('denied', 'blocked', 'engagement'),
    from: fc.integer({ min: 0, max: 6 }).map((half) => new Date(START + half * (DAY / 2)).toISOString()),
    to: fc.integer({ min: 0, max: 7 }).map((half) => new Date(START + half * (DAY / 2)).toISOString()),
  },
  { requiredKeys: [] },
);

describe('a search', () => {
  it('finds what a plain reading of the rows finds, whatever is asked, page after page', async () => {
    const { files, known } = await writeHistory(folder);
    search.use(files);

    await fc.assert(
      fc.asyncProperty(queries, withins, fc.constantFrom(1, 3, 10, 60, 150), async (asked, within, limit) => {
        const { prefix, ...rest } = asked;
        const query = { ...rest, ...(prefix === undefined ? {} : { source: prefix.text }), limit };
        const wanted = expected(known, query, prefix?.covers ?? (() => true)).filter(
          ({ authority }) => within === 'all' || within.has(authority),
        );
        const { rows, totals } = await walkPages(query, within);

        expect(rows).toEqual(wanted);
        expect([...totals]).toEqual([wanted.reduce((sum, { units }) => sum + units, 0)]);
      }),
      { numRuns: 40 },
    );
  });

  it('finds nothing where there are no files', async () => {
    expect((await search.search({}, 'all')).okOrThrow()).toEqual({
      contacts: [],
      next: null,
      total: 0,
      unreadable: [],
    });
    expect(await search.walk('203.0.113.7', 10, 'all')).toEqual([]);
  });

  it('reads listed files only', async () => {
    const { files, known } = await writeHistory(folder);
    search.use(files.slice(1));

    const { rows } = await walkPages({});
    expect(rows.length).toBe(known.length - files[0]!.rows);
  });

  it('stays at its place while newer rows arrive', async () => {
    const { files } = await writeHistory(folder);
    search.use(files.slice(0, 4));
    const whole = (await walkPages({})).rows;
    const first = (await search.search({ limit: 10 }, 'all')).okOrThrow();
    search.use(files);
    const second = (await search.search({ limit: 10, cursor: first.next! }, 'all')).okOrThrow();

    // Late rows of the new file may come between, and no row twice.
    const lines = second.contacts.map(({ line, units, rule }) => `${line} ${units} ${rule}`);
    expect(
      lines.filter((line) => first.contacts.some((c) => line === `${c.line} ${c.units} ${c.rule}`)),
    ).toEqual([]);
    expect(second.contacts).toEqual(expect.arrayContaining(whole.slice(10, 12)));
  });
});

describe('who may see one office', () => {
  const OWN: Within = new Set(['29095']);

  it('gets its rows alone as CSV, and none of another that is asked for', async () => {
    const { files, known } = await writeHistory(folder);
    search.use(files);
    const linesOf = async (query: ContactsQuery, within: Within) => {
      let text = '';
      for await (const chunk of search.csv(query, within)) text += chunk;
      return text.split('\r\n').slice(1, -1);
    };

    const own = await linesOf({}, OWN);

    expect(own.length).toBe(known.filter(({ row }) => row.authority === '29095').length);
    expect(own.filter((line) => !line.includes(',29095,fw,'))).toEqual([]);
    expect(await linesOf({ authority: '29380' }, OWN)).toEqual([]);
    expect(await linesOf({}, new Set())).toEqual([]);
  });

  it('gets the part of a walk that led past it', async () => {
    const { files, known } = await writeHistory(folder);
    search.use(files);
    const of = (within: Within) => search.walk('203.0.113.7', 1000, within);
    const walked = known.filter(({ row }) => row.source === '203.0.113.7');

    const own = await of(OWN);

    expect(own.length).toBe(walked.filter(({ row }) => row.authority === '29095').length);
    expect(own.length).toBeGreaterThan(0);
    expect((await of('all')).length).toBe(walked.length);
    expect(new Set(own.map(({ authority }) => authority))).toEqual(new Set(['29095']));
  });

  it('is nobody whose list is longer than there are offices', async () => {
    const far = new Set(Array.from({ length: 5000 }, (_, i) => `${i}`));

    await expect(search.search({}, far)).rejects.toThrow(RangeError);
  });
});

describe('questions that cannot be answered', () => {
  const HOSTILE = [
    `' OR 1=1 --`,
    `"; DROP TABLE streams; --`,
    `1.2.3.4'); COPY`,
    '$1',
    '%',
    '\u0000',
    '../../etc/passwd',
  ];

  it.each(HOSTILE)('%j in any parameter is refused or finds nothing', async (hostile) => {
    const { files } = await writeHistory(folder);
    search.use(files);

    for (const name of [
      'source',
      'authority',
      'port',
      'disposition',
      'rule',
      'from',
      'to',
      'limit',
      'cursor',
    ]) {
      const answer = await search.search({ [name]: hostile } as ContactsQuery, 'all');
      if (name === 'authority') expect(answer.okOrThrow().contacts).toEqual([]);
      else expect(answer.isErr() && answer.error.code).toBe('HISTORY_QUERY_INVALID');
    }
    expect((await walkPages({ authority: '29095' })).rows.length).toBeGreaterThan(0);
  });

  it.each([
    '203.0.113',
    '203.0.113.0/33',
    '2001:db8::/129',
    '1.2.3.4/',
    '::1%eth0',
    '1.2.3.4.5',
    'host.example',
  ])('%s is no source', async (source) => {
    const answer = await search.search({ source }, 'all');

    expect(answer.isErr() && answer.error.detail).toContain('source');
  });

  it('are stopped after their time', async () => {
    const { files } = await writeHistory(folder);
    const hasty = await openHistorySearch(folder, { questionTime: 0 });
    hasty.use(Array.from({ length: 3000 }, (_, i) => ({ ...files[i % 5]! })));
    const answer = await hasty.search({}, 'all');
    hasty.close();

    expect(answer.isErr() && answer.error.code).toBe('HISTORY_QUERY_TIMEOUT');
  });

  it('are refused where too many wait', async () => {
    const { files } = await writeHistory(folder);
    search.use(files);
    const answers = await Promise.all(Array.from({ length: 50 }, () => search.search({ limit: 1 }, 'all')));

    const codes = answers.map((answer) => (answer.isErr() ? answer.error.code : 'answered'));
    expect(new Set(codes)).toEqual(new Set(['answered', 'HISTORY_BUSY']));
    expect((await search.search({ limit: 1 }, 'all')).isOk()).toBe(true);
  });
});

describe('a damaged history', () => {
  it.each(['missing', 'cut off', 'other bytes in the middle'])(
    'with a file %s says which, and answers from the others',
    async (damage) => {
      const { files } = await writeHistory(folder);
      const [bad] = files as [HistoryFile];
      const place = join(folder, bad.path);
      if (damage === 'missing') rmSync(place);
      else if (damage === 'cut off') truncateSync(place, bad.bytes - 100);
      else writeFileSync(place, Buffer.alloc(bad.bytes, 0x41));
      search.use(files);

      const answer = (await search.search({ limit: 1000 }, 'all')).okOrThrow();
      expect(answer.unreadable).toEqual([bad.path]);
      expect(answer.contacts.length).toBe(files.slice(1).reduce((sum, { rows }) => sum + rows, 0));
      expect(search.unreadable).toEqual([bad.path]);
      // Of other days nothing is missing.
      const other = {
        from: new Date(bad.last + 1).toISOString(),
        to: new Date(bad.last + DAY).toISOString(),
      };
      expect((await search.search(other, 'all')).okOrThrow().unreadable).toEqual([]);
      await expect(search.csv({}, 'all').next()).rejects.toThrow(HistoryUnreadable);
    },
  );
});

describe('CSV', () => {
  it('has all rows that match, and no cell that a spreadsheet runs', async () => {
    const { files, known } = await writeHistory(folder);
    search.use(files);
    let text = '';
    for await (const chunk of search.csv({ authority: '29380' }, 'all')) text += chunk;

    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^time,authority,sensor,line,source,/);
    expect(lines.length - 1).toBe(known.filter(({ row }) => row.authority === '29380').length);
    expect(lines.filter((line) => line.includes(`,29380,"'=cmd|""x""",`)).length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(',-1,')).length).toBeGreaterThan(0);
    expect(text).not.toMatch(/(^|,)=/m);
  });

  it('says that a question is wrong before it begins', async () => {
    await expect(search.csv({ source: 'x' }, 'all').next()).rejects.toThrow('source is "x"');
  });
});

describe('the walk of a source', () => {
  it('is oldest first, and keeps the rows that moved the stake most', async () => {
    const writer = await openHistoryWriter(folder);
    writer.name(0, 'state', 'fw');
    const files: HistoryFile[] = [];
    const stakes = [0.1, 0.2, 3, 3.1, 3.2, 6, 6.1, 1, 1.1];
    for (let i = 0; i < stakes.length; i++) {
      const others = { time: START + i * 60_000, line: 100 + i, source: '192.0.2.1', stake: 90 };
      writer.take(0, batchOf([{ time: START + i * 60_000, line: i, stake: stakes[i]! }, others]), 0, 2, 1);
      if (i % 3 === 2) files.push((await writer.flush(i, i))!);
    }
    writer.close();
    search.use(files);

    const lines = async (limit: number) =>
      (await search.walk('203.0.113.7', limit, 'all')).map(({ line }) => line);
    expect(await lines(100)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await lines(3)).toEqual([3, 6, 8]);
  });
});
