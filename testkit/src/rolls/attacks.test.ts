import { beforeAll, describe, expect, it } from 'vitest';
import { ATTACK_NAMES } from './classes/index.ts';
import type { VoterRow } from './columns.ts';
import { startRolls } from './play.ts';
import {
  differences,
  filesOf,
  foldDays,
  liveOf,
  readRows,
  type WrittenRun,
  writtenRun,
} from './rolls.fixture.ts';

const DAYS = 6;

let attacked: WrittenRun;

beforeAll(() => {
  attacked = writtenRun({ voters: 6_000, days: DAYS, seed: 7, attacks: 'all' });
});

function attack(kind: string) {
  const found = attacked.truth.attacks.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} in the truth`);
  return found;
}

function rowAt(night: number, record: string): VoterRow | undefined {
  return attacked.nights[night]?.get(record);
}

describe('attacks', () => {
  it('are all in the truth, each in a night of the run', () => {
    const asked = ATTACK_NAMES.filter((name) => name !== 'twin-record');
    expect(attacked.truth.attacks.map((one) => one.kind)).toEqual(asked);
    for (const { night } of attacked.truth.attacks) {
      expect(night).toBeGreaterThanOrEqual(1);
      expect(night).toBeLessThanOrEqual(DAYS);
    }
  });

  it('and valid transactions explain every difference, and nothing else is different', () => {
    const folded = foldDays(attacked);
    const unauthorised = attacked.truth.attacks.filter((one) =>
      ['update', 'delete', 'insert', 'replay', 'erase-tamper', 'false-reconcile'].includes(one.kind),
    );
    for (const [night, dump] of attacked.nights.entries()) {
      const expected = unauthorised.filter((one) => one.night <= night).flatMap((one) => one.records);
      const found = differences(folded[night] as ReadonlyMap<string, VoterRow>, dump);
      expect([...found.keys()].sort()).toEqual(expected.sort());
    }
  });

  it('in the database change the columns that the truth names', () => {
    const folded = foldDays(attacked);
    for (const kind of ['update', 'replay', 'erase-tamper', 'false-reconcile']) {
      const { night, records, fields } = attack(kind);
      const found = differences(
        folded[night] as ReadonlyMap<string, VoterRow>,
        attacked.nights[night] as ReadonlyMap<string, VoterRow>,
      );
      const columns = records.flatMap((record) => found.get(record) ?? []);
      expect([...new Set(columns)].sort()).toEqual([...fields].sort());
    }
  });

  it('delete and insert rows', () => {
    const gone = attack('delete');
    for (const record of gone.records) {
      expect(rowAt(gone.night - 1, record)).toBeDefined();
      expect(rowAt(gone.night, record)).toBeUndefined();
    }
    const come = attack('insert');
    for (const record of come.records) {
      expect(rowAt(come.night - 1, record)).toBeUndefined();
      expect(rowAt(come.night, record)?.lea_id).toBeDefined();
    }
  });

  it('change and revert without a trace in any dump, and tell the steps', () => {
    const { night, records, steps } = attack('revert');
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      expect(rowAt(night, record)).toEqual(rowAt(night - 1, record));
      const own = steps?.filter((step) => step.record === record) ?? [];
      expect(own).toHaveLength(2);
      expect(own[0]?.fields).not.toEqual(own[1]?.fields);
      expect(own[1]?.fields.status).toBe(rowAt(night, record)?.status);
    }
  });

  it('replay a number that was used before', () => {
    const { transactions } = attack('replay');
    const used = attacked.transactions.filter(({ id }) => id === transactions?.[0]);
    expect(used).toHaveLength(2);
    expect(used[0]?.fields).toEqual(used[1]?.fields);
    expect(used[0]?.day).not.toBe(used[1]?.day);
  });

  it('cancel with one account in one hour', () => {
    const { records, transactions, offices } = attack('stolen-clerk');
    const own = attacked.transactions.filter(({ id }) => transactions?.includes(id));
    expect(own.map(({ record }) => record).sort()).toEqual([...records].sort());
    expect(records.length).toBeGreaterThanOrEqual(25);
    expect(new Set(own.map(({ clerk }) => clerk)).size).toBe(1);
    expect(new Set(own.map(({ office }) => office))).toEqual(new Set(offices));
    const times = own.map(({ at }) => Date.parse(at));
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(3_600_000);
  });

  it('skew the cancellations of an office towards one party', () => {
    const { records } = attack('skew');
    const parties = new Set(records.map((record) => rowAt(0, record)?.party));
    expect(parties.size).toBe(1);
    expect(records.length).toBeGreaterThan(5);
  });

  it('leave a poll book that differs from the roll as told', () => {
    const { night, files, rows } = attack('pollbook');
    const book = readRows(attacked.files.get(files?.[0] as string) as string);
    const office = files?.[0]?.slice('pollbook-'.length, -'.csv'.length);
    const roll = liveOf(attacked.nights[night] as ReadonlyMap<string, VoterRow>).filter(
      (row) => row.lea_id === office,
    );
    const missing = roll.filter((row) => !book.has(row.voter_id)).map((row) => row.voter_id);
    const different = roll.filter((row) => {
      const printed = book.get(row.voter_id);
      return printed !== undefined && printed.last_name !== row.last_name;
    });
    expect(missing.sort()).toEqual([...(rows?.missing ?? [])].sort());
    expect(different.map((row) => row.voter_id).sort()).toEqual([...(rows?.different ?? [])].sort());
    const known = new Set(roll.map((row) => row.voter_id));
    expect([...book.keys()].filter((record) => !known.has(record))).toEqual(rows?.extra);
  });

  it('register people twice, nearly the same', () => {
    const { night, records } = attack('twin');
    const people = records.map((record) => rowAt(night, record) as VoterRow);
    for (let at = 0; at < people.length; at += 2) {
      expect(people[at]?.date_of_birth).toBe(people[at + 1]?.date_of_birth);
      expect(people[at]?.first_name).toBe(people[at + 1]?.first_name);
      expect(people[at]?.last_name).not.toBe(people[at + 1]?.last_name);
    }
  });

  it('put one number into a dump twice, only when asked by name', () => {
    const options = { voters: 500, days: 3, seed: 1, attacks: ['twin-record'] } as const;
    const files = filesOf(options);
    const [{ night, records }] = JSON.parse(files.get('truth.json') as string).attacks;
    const times = (name: string) => (files.get(name) as string).split(`${records[0]},`).length - 1;
    expect(times(`db-night-${night}.csv`)).toBe(2);
    expect(times(`db-night-${night + 1}.csv`)).toBe(1);
  });

  it('say what has to be done where the data stays as it is', () => {
    for (const kind of ['reorder', 'rollback-log', 'fork-log', 'freeze-log', 'swap-root', 'add-signer']) {
      const { records, operation } = attack(kind);
      expect(records).toEqual([]);
      expect(operation?.length).toBeGreaterThan(20);
    }
  });

  it('need the days they need', () => {
    expect(() => startRolls({ voters: 500, days: 1, seed: 1, attacks: ['replay'] })).toThrow(
      'the attack replay needs 3 days or more',
    );
  });
});
