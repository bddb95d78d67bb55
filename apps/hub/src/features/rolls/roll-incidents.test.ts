/** What the roll found, as incidents for people: one for each office, opened once, closed by people alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRecords, type TestRecords } from '../watch/watch.fixture.ts';
import type { ExtractReading } from './extract-reading.ts';
import { openExtractIncidents, openRollIncidents } from './roll-incidents.ts';
import type { Night } from './rolls-files.ts';

const NOW = Date.UTC(2026, 10, 4, 8, 10);

let records: TestRecords;
beforeAll(async () => {
  records = await startRecords();
});
beforeEach(() => records.empty());
afterAll(() => records.stop());

const unauthorised = (office: string) =>
  ({ handle: '00', recordId: '1', office, fields: [], kind: 'removed' }) as Night['unauthorised'][number];
const undone = (office: string, recordId = '7') => ({
  recordId,
  office,
  fields: ['public.name.last'],
  times: [],
});
const reading = (id: string, place: string, differences: number): ExtractReading => ({
  ...{ schema: 'bellwether/extract-reading@1', id, kind: 'poll-book', place, epoch: 3, generation: '3' },
  ...{ at: '2026-11-03T15:00:00Z', read: 10, records: 10, leftOut: 0, fields: [], because: null },
  ...{ state: 'differs', index: null },
  differences: Array.from({ length: differences }, (_, at) => ({
    recordId: `${at}`,
    kind: 'missing',
    fields: [],
  })),
});

async function listed(): Promise<unknown[][]> {
  const rows = await records.db
    .selectFrom('incidents')
    .selectAll()
    .orderBy('kind')
    .orderBy('authority')
    .execute();
  return rows.map(({ kind, authority, count, state }) => [kind, authority, count, state]);
}

describe('a night', () => {
  it('opens one incident for each office and kind, and counts what was found last', async () => {
    const night = {
      unauthorised: [unauthorised('29001'), unauthorised('29001')],
      undone: [undone('29001'), undone('state', '8'), undone('state', '9')],
    };
    await openRollIncidents(records.db, night, NOW);
    await openRollIncidents(records.db, { unauthorised: [unauthorised('29001')] }, NOW + 1);

    expect(await listed()).toEqual(
      [
        ['rolls-unauthorised', '29001', 1, 'open'],
        ['rolls-undone', '29001', 1, 'open'],
        ['rolls-undone', 'state', 2, 'open'],
      ].sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
    );
  });

  it('in which nothing was found opens none', async () => {
    await openRollIncidents(records.db, { unauthorised: [], undone: [] }, NOW);
    expect(await listed()).toEqual([]);
  });
});

describe('a list that differs', () => {
  it('opens an incident of its office once, and not again when somebody has closed it', async () => {
    const readings = [reading('a', '29001/EAST 1', 118), reading('b', '29003', 0)];
    await openExtractIncidents(records.db, readings);
    await openExtractIncidents(records.db, readings);
    expect(await listed()).toEqual([['rolls-extract', '29001', 118, 'open']]);

    await records.db
      .updateTable('incidents')
      .set({ state: 'closed', closed_at: new Date(NOW) })
      .execute();
    await openExtractIncidents(records.db, [...readings, reading('c', '29001/EAST 1', 2)]);
    expect(await listed()).toEqual([
      ['rolls-extract', '29001', 118, 'closed'],
      ['rolls-extract', '29001', 2, 'open'],
    ]);
  });
});
