/** What is planted looks like the changes around it, and is nobody's. Made of the changes of a made-up state. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCapture, newestCapture } from './capture-files.ts';
import { differingFields } from './difference-class.ts';
import { NightsOfTest } from './nights.fixture.ts';
import { plantedChange } from './planted-change.ts';
import { firstName, lastName } from './planted-names.ts';
import type { Change, PlantedChange } from './rolls-files.ts';

/** So many are made up. */
const MADE = 300;

/** Chance of the test: the same each time. */
function chanceFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A value with each digit as 9, and each letter as a or A. */
function shapeOf(value: string): string {
  return value.replace(/\d/g, '9').replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A');
}

let real: readonly Change[];
let dump: string;
let known: ReadonlySet<string>;
let made: readonly PlantedChange[];

beforeAll(async () => {
  const state = new NightsOfTest({ voters: 3_000, days: 2, seed: 3 });
  (await state.begin()).okOrThrow();
  await state.capture(1);
  const capture = (await loadCapture(state.paths, await newestCapture(state.paths))).okOrThrow();
  real = capture.changes.filter(({ isProtected, fault }) => !isProtected && fault === null);
  dump = readFileSync(state.dump(1), 'utf8') + readFileSync(state.dump(0), 'utf8');
  known = new Set(dump.split('\r\n').map((line) => line.slice(0, line.indexOf(','))));
  const chance = chanceFrom(1);
  made = Array.from(
    { length: MADE },
    () => plantedChange({ real, past: real, isKnown: (id) => known.has(id), chance })!,
  );
}, 60_000);

describe('a planted change', () => {
  it('is made of each kind and class that the office has', () => {
    expect(real.length).toBeGreaterThan(10);
    expect(made).not.toContain(null);
    const kinds = (some: readonly Change[]) => [...new Set(some.map(({ kind }) => kind))].sort();
    expect(kinds(made)).toEqual(kinds(real));
    const classes = new Set(real.map((change) => change.class));
    expect(made.every((change) => classes.has(change.class))).toBe(true);
  });

  it('has the record number of nobody, of the form of the others', () => {
    const shapes = new Set(real.map(({ recordId }) => shapeOf(recordId)));
    for (const { recordId } of made) {
      expect(known.has(recordId)).toBe(false);
      expect(shapes).toContain(shapeOf(recordId));
    }
  });

  it('lies on a street of the list, with the precinct of that street', () => {
    const pairs = new Set(
      real
        .map(({ before, after }) => (after ?? before)!.public)
        .map((fields) => `${fields['address.street']}/${fields['address.city']}/${fields.precinct}`),
    );
    for (const { before, after } of made) {
      const fields = (after ?? before)!.public;
      expect(pairs).toContain(`${fields['address.street']}/${fields['address.city']}/${fields.precinct}`);
    }
  });

  it('has the fields of the others, with values of their form', () => {
    const shapes = new Map<string, Set<string>>();
    for (const { before, after } of real)
      for (const [group, fields] of Object.entries((after ?? before)!))
        for (const [name, value] of Object.entries(fields)) {
          const of = shapes.get(`${group}.${name}`) ?? new Set();
          shapes.set(`${group}.${name}`, of.add(shapeOf(value)));
        }
    // Names, addresses of mail and house numbers are as long as they are.
    const free = /\.name\.|\.email$|address\.number$/;
    for (const { before, after } of made)
      for (const [group, fields] of Object.entries((after ?? before)!))
        for (const [name, value] of Object.entries(fields)) {
          const field = `${group}.${name}`;
          if (!free.test(field)) expect(shapes.get(field), field).toContain(shapeOf(value));
        }
  });

  it('differs in what it says it differs in', () => {
    for (const { kind, fields, before, after } of made) {
      expect(fields).toEqual(differingFields(before, after));
      if (kind === 'changed') expect(fields.length).toBeGreaterThan(0);
    }
  });

  it('takes no birth date, number or address of mail from its pattern', () => {
    const of = (field: 'license' | 'ssn' | 'born') =>
      new Set(
        real.map(({ before, after }) => (after ?? before)!.identity[field]).filter((value) => value !== ''),
      );
    const mails = new Set(real.map(({ before, after }) => (after ?? before)!.administrative.email));
    const born = of('born');
    let same = 0;
    for (const { before, after } of made) {
      const record = (after ?? before)!;
      if (born.has(record.identity.born)) same++;
      expect(record.administrative.email).toBe(record.administrative.email?.toUpperCase());
      if (record.administrative.email !== '') expect(mails).not.toContain(record.administrative.email);
    }
    // Of some thousand possible days one may be somebody's by chance.
    expect(same).toBeLessThan(MADE / 20);
  });

  it('was entered in the hours of the others, to the second as they were', () => {
    const times = real.flatMap(({ transaction }) =>
      transaction === null ? [] : [Date.parse(transaction.at)],
    );
    for (const { transaction } of made) {
      const at = Date.parse(transaction!.at);
      expect(at % 1_000).toBe(0);
      expect(times.some((time) => Math.abs(time - at) <= 15 * 60_000)).toBe(true);
    }
  });

  it('is not made where nobody but protected voters changed, or where every number is taken', () => {
    const chance = chanceFrom(2);
    const guarded = real.map((change) => ({ ...change, isProtected: true }));
    expect(plantedChange({ real: guarded, past: guarded, isKnown: () => false, chance })).toBeNull();
    expect(plantedChange({ real, past: real, isKnown: () => true, chance })).toBeNull();
  });

  it('is called like other people', () => {
    const chance = chanceFrom(5);
    const names = Array.from({ length: 200 }, () => `${firstName(chance)} ${lastName(chance)}`);
    expect(new Set(names).size).toBeGreaterThan(150);
    expect(names.every((name) => /^[A-Z][a-z]+ [A-Z][a-z]+$/.test(name))).toBe(true);
  });
});
