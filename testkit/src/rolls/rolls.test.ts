import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITIES } from '../sample/authorities.ts';
import type { VoterRow } from './columns.ts';
import { rollsDays, rollsPopulation, startRolls } from './play.ts';
import {
  differences,
  filesOf,
  foldDays,
  liveOf,
  readRows,
  type WrittenRun,
  writtenRun,
} from './rolls.fixture.ts';

const VOTERS = 6_000;
const DAYS = 6;
const TESTDATA = join(import.meta.dirname, '../../../testdata/rolls/fifty');

let quiet: WrittenRun;

beforeAll(() => {
  quiet = writtenRun({ voters: VOTERS, days: DAYS, seed: 7 });
});

describe('a made-up voter file', () => {
  it('is the same for the same options, byte for byte, and another for another seed', () => {
    const options = { voters: 1_500, days: 4, seed: 3, attacks: 'all' } as const;
    expect(filesOf(options)).toEqual(filesOf(options));
    expect(filesOf({ ...options, seed: 4 }).get('db-before.csv')).not.toBe(
      filesOf(options).get('db-before.csv'),
    );
  });

  it('gives each office its share of the voters, to the nearest whole', () => {
    const all = AUTHORITIES.reduce((sum, { voters }) => sum + voters, 0);
    const live = liveOf(quiet.nights[0] as ReadonlyMap<string, VoterRow>);
    expect(live).toHaveLength(VOTERS);
    for (const { leaId, voters } of AUTHORITIES) {
      const there = live.filter((row) => row.lea_id === leaId).length;
      expect(Math.abs(there - (VOTERS * voters) / all)).toBeLessThanOrEqual(1);
    }
  });

  it('has one number for each record, and people of one home at one address', () => {
    const rows = [...rollsPopulation({ voters: 20_000, days: 1, seed: 1 })];
    expect(new Set(rows.map((row) => row.voter_id)).size).toBe(rows.length);
    const homes = new Map<string, VoterRow[]>();
    for (const row of rows) {
      const home = [row.lea_id, row.house_number, row.street, row.unit].join('|');
      homes.set(home, [...(homes.get(home) ?? []), row]);
    }
    const shared = [...homes.values()].filter((people) => people.length > 1);
    const families = shared.filter((people) => people[0]?.last_name === people[1]?.last_name);
    expect(shared.length / homes.size).toBeGreaterThan(0.3);
    expect(families.length / shared.length).toBeGreaterThan(0.5);
    expect(shared.filter((people) => new Set(people.map((row) => row.precinct)).size > 1)).toEqual([]);
  });

  it('has adults of all ages, parties, the unaffiliated, and one protected voter in about a thousand', () => {
    const rows = [...rollsPopulation({ voters: 50_000, days: 1, seed: 2 })];
    const ages = rows.map((row) => 2026 - Number(row.date_of_birth.slice(0, 4)));
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(17);
    expect(Math.max(...ages)).toBeGreaterThan(90);
    expect(rows.filter((row) => row.registered_on <= row.date_of_birth)).toEqual([]);
    const share = (party: string) => rows.filter((row) => row.party === party).length / rows.length;
    expect(share('UNA')).toBeCloseTo(0.48, 1);
    expect(share('REP')).toBeGreaterThan(0.15);
    expect(share('DEM')).toBeGreaterThan(0.15);
    const hidden = rows.filter((row) => row.protected === 'Y').length;
    expect(hidden).toBeGreaterThan(20);
    expect(hidden).toBeLessThan(100);
  });

  it('has districts that follow from the precinct', () => {
    const districts = new Map<string, Set<string>>();
    for (const row of rollsPopulation({ voters: 20_000, days: 1, seed: 1 })) {
      const voted = [row.congressional, row.senate, row.house, row.city, row.zip].join('|');
      districts.set(row.precinct, (districts.get(row.precinct) ?? new Set()).add(voted));
    }
    expect([...districts.values()].filter((found) => found.size > 1)).toEqual([]);
    expect(districts.size).toBeGreaterThan(130);
  });

  it('can have some of the offices only', () => {
    const offices = ['29001', '29510'];
    const rows = [...rollsPopulation({ voters: 100, days: 1, seed: 1, offices })];
    expect(new Set(rows.map((row) => row.lea_id))).toEqual(new Set(offices));
  });
});

describe('days without attacks', () => {
  it('leave nothing in a dump that no transaction explains', () => {
    const folded = foldDays(quiet);
    for (const [night, dump] of quiet.nights.entries())
      expect(differences(folded[night] as ReadonlyMap<string, VoterRow>, dump)).toEqual(new Map());
  });

  it('name only columns that change, and at least one', () => {
    const state = new Map(quiet.nights[0]);
    for (const { record, fields } of quiet.transactions) {
      const before = state.get(record);
      const set = Object.entries(fields);
      expect(set.length).toBeGreaterThan(0);
      if (before !== undefined)
        for (const [column, value] of set) expect(before[column as keyof VoterRow]).not.toBe(value);
      state.set(record, { ...before, ...fields } as VoterRow);
    }
  });

  it('count what the dumps show', () => {
    for (const { night, records, changed, authorised, fromFeeds } of quiet.truth.nights) {
      const [before, after] = [quiet.nights[night - 1], quiet.nights[night]];
      expect(records).toBe(liveOf(after as ReadonlyMap<string, VoterRow>).length);
      expect(changed).toBe(
        differences(before as ReadonlyMap<string, VoterRow>, after as ReadonlyMap<string, VoterRow>).size,
      );
      expect(authorised + fromFeeds).toBe(changed);
    }
  });

  it('give the same from memory as from the files', () => {
    const counts = [...rollsDays({ voters: VOTERS, days: DAYS, seed: 7 })].map((day) => day.counts);
    expect(counts).toEqual(quiet.truth.nights);
  });

  it('are busiest at the deadline and idle on Sundays', () => {
    const run = startRolls({ voters: 20_000, days: 7, seed: 5 });
    const counts = new Map([...run.days()].map((day) => [day.day, day.transactions.length]));
    expect(counts.get('2026-10-11')).toBe(0);
    expect(counts.get('2026-10-07')).toBeGreaterThan(2 * (counts.get('2026-10-09') as number));
  });

  it('have offices, feeds, moves between offices, and errors that are mended on the next business day', () => {
    const days = [...rollsDays({ voters: 60_000, days: 12, seed: 6 })];
    const all = days.flatMap((day) => day.transactions);
    expect(new Set(all.map(({ source }) => source))).toEqual(new Set(['office', 'motor-vehicle', 'state']));
    expect(
      all.filter(({ class: kind, fields }) => kind === 'address-updated' && fields.lea_id !== undefined)
        .length,
    ).toBeGreaterThan(20);
    const mended = all.filter((one, at) =>
      all
        .slice(0, at)
        .some(
          (earlier) =>
            earlier.record === one.record &&
            earlier.day < one.day &&
            Object.entries(one.fields).some(
              ([column, value]) =>
                [...(earlier.fields[column as keyof VoterRow] ?? '')].sort().join('') ===
                  [...value].sort().join('') && earlier.fields[column as keyof VoterRow] !== value,
            ),
        ),
    );
    expect(mended.length).toBeGreaterThan(5);
  });
});

describe('other forms', () => {
  it('are strict voter records of NIST, with the same people', () => {
    const options = { voters: 400, days: 1, seed: 9 };
    const files = filesOf(options, { nights: 'last', lists: false, format: 'vri-json' });
    const results = JSON.parse(files.get('db-before.json') as string);
    expect(results['@type']).toBe('VRI.VoterRecordResults');
    const rows = [...rollsPopulation(options)];
    expect(results.VoterRecord).toHaveLength(rows.length);
    for (const [at, { Voter, VoterStatus }] of results.VoterRecord.entries()) {
      const row = rows[at] as VoterRow;
      expect(Voter.Name.LastName).toBe(row.last_name);
      expect(Voter.DateOfBirth).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(VoterStatus).toBe(row.status === 'cancelled' ? 'other' : row.status);
      expect(Voter.VoterId[0].StringValue).toBe(row.voter_id);
    }
    expect(JSON.stringify(results)).not.toMatch(/:""|null|\[\]/);
  });

  it('are what stands in testdata', () => {
    const options = { voters: 49, days: 1, seed: 15, offices: ['29103', '29227'] };
    const files = filesOf(options, { nights: 'last', lists: false, format: 'vri-json' });
    for (const name of ['db-before.json', 'mapping.yaml'])
      expect(files.get(name)).toBe(readFileSync(join(TESTDATA, name), 'utf8'));
  });

  it('are public lists without protected voters and without what nobody may read', () => {
    const list = readRows(quiet.files.get('public-list-a.csv') as string);
    const roll = liveOf(quiet.nights[0] as ReadonlyMap<string, VoterRow>);
    expect([...list.keys()].sort()).toEqual(
      roll
        .filter((row) => row.protected === '')
        .map((row) => row.voter_id)
        .sort(),
    );
    expect([...list.values()].every((row) => row.date_of_birth === undefined)).toBe(true);
  });
});
