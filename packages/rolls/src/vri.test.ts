import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { columnsOf, parseMapping } from './mapping.ts';
import { rowReader } from './row.ts';
import { vriRecords, vriValues } from './vri.ts';

const FIFTY = new URL('../../../testdata/rolls/fifty/', import.meta.url);
const mapping = parseMapping(readFileSync(new URL('mapping.yaml', FIFTY), 'utf8')).okOrThrow();
const columns = columnsOf(mapping);

describe('voter records of NIST SP 1500-102', () => {
  it('are read through the mapping, every field of fifty of them', () => {
    const reader = rowReader(mapping, columns).okOrThrow();
    const records = vriRecords(readFileSync(new URL('db-before.json', FIFTY), 'utf8')).okOrThrow();
    const rows = records.map((record) => reader.readRow(vriValues(record, columns).okOrThrow()).okOrThrow());
    const live = rows.filter((row) => row !== 'not-live');
    expect(rows).toHaveLength(50);
    expect(new Set(live.map(({ recordId }) => recordId)).size).toBe(live.length);
    const [first] = live;
    expect(first).toMatchObject({ recordId: '436695510', office: '29103', isProtected: false });
    expect(first!.fields.public).toMatchObject({
      'name.last': 'NORWICK',
      precinct: '103-001',
      registered: '2026-09-26',
    });
    expect(first!.fields.identity).toEqual({ born: '1968-08-30', license: '1611', ssn: '2526' });
    // What is not there is empty, never the value of another record.
    expect(first!.fields.administrative.email).toBe('');
    for (const { fields } of live) expect(fields.public['name.last']).not.toBe('');
  });

  it('are refused where the document or a value is not what it should be', () => {
    for (const json of ['', '{', '[]', '{"VoterRecord":{}}', '{"VoterRecord":[']) {
      expect(vriRecords(json).isErr()).toBe(true);
    }
    expect(vriValues('no record', ['a']).isErr()).toBe(true);
    expect(vriValues({ a: { b: 'x' } }, ['a']).isErr()).toBe(true);
    expect(
      vriValues(
        {
          a: [
            { Type: 'x', b: 1 },
            { Type: 'y', b: true },
          ],
        },
        ['a.y.b', 'a.0.b', 'a.z.b', 'toString'],
      ).okOrThrow(),
    ).toEqual(['true', '1', '', '']);
    expect(vriValues({}, [Array(20).fill('a').join('.')]).isErr()).toBe(true);
  });
});
