/**
 * Whether changes fall evenly: by party, precinct or age band, against what the office's roll has.
 *
 * G² = 2 Σ O ln(O / E), divided by Williams' correction (1976) 1 + (k + 1) / (6 n), is chi-square with k − 1 degrees of freedom
 * where changes fall by chance. Groups with fewer expected than `LEAST_EXPECTED` are put together (Cochran 1954). All tests of a
 * day are judged together: Benjamini and Hochberg 1995, so that at most `FALSE_SHARE` of what is told is chance.
 */
import type { ChangeClass } from '../rolls-types.ts';
import { type Finding, numberText } from './finding.ts';
import { chiSquareTail } from './robust.ts';

/** One test: changes of a class in an office over some days, by group. */
export type ShareTest = {
  readonly office: string;
  readonly class: ChangeClass;
  /** What the groups are, in words: `party`, `precinct`, `age`. */
  readonly by: 'party' | 'precinct' | 'age';
  /** Changes by group. */
  readonly changes: ReadonlyMap<string, number>;
  /**
   * What is usual, by group, in any unit: the office's roll for cancellations and moves; the office's earlier changes of this
   * class where these never look like the roll (new registrations are young).
   */
  readonly usual: ReadonlyMap<string, number>;
};

/** Share of the told that may be chance: one in a hundred, since a person looks at each. */
const FALSE_SHARE = 0.01;

/** Changes below which nothing is tested: no share of a handful says anything. */
const LEAST_CHANGES = 20;

/** Expected changes of a group below which it goes to the rest: chi-square does not hold there. */
const LEAST_EXPECTED = 5;

type Judged = { readonly test: ShareTest; readonly p: number; readonly told: Told };
type Told = {
  readonly group: string;
  readonly count: number;
  readonly expected: number;
  readonly all: number;
};

/** What falls unevenly, the least likely first. `day` is the last day of the changes. */
export function watchShares(tests: readonly ShareTest[], day: string): readonly Finding[] {
  const judged = tests
    .map(judge)
    .filter((one) => one !== null)
    .sort((a, b) => a.p - b.p);
  let told = judged.length;
  while (told > 0 && judged[told - 1]!.p > limitAt(told, judged.length)) told--;
  return judged.slice(0, told).map(({ test, p, told: { group, count, expected, all } }, at) => ({
    kind: 'uneven-share',
    office: test.office,
    day,
    score: Math.log(Math.max(p, 1e-300)) / Math.log(limitAt(at + 1, judged.length)),
    sentence: `Of ${all} changes of the kind ${test.class}, ${count} fall on ${test.by} ${group}. By its share, about ${numberText(expected)} would.`,
    counts: { count, expected, all, p },
  }));
}

function limitAt(rank: number, tests: number): number {
  return (FALSE_SHARE * rank) / tests;
}

/** Null: too few changes, or nothing to compare. */
function judge(test: ShareTest): Judged | null {
  const all = sum(test.changes.values());
  const usual = sum(test.usual.values());
  if (all < LEAST_CHANGES || usual <= 0) return null;
  const groups: Told[] = [];
  const rest = { group: 'of all the others', count: 0, expected: 0, all };
  for (const group of new Set([...test.usual.keys(), ...test.changes.keys()])) {
    const count = test.changes.get(group) ?? 0;
    const expected = (all * (test.usual.get(group) ?? 0)) / usual;
    if (expected >= LEAST_EXPECTED) groups.push({ group, count, expected, all });
    else {
      rest.count += count;
      rest.expected += expected;
    }
  }
  // What is usual for nobody cannot be divided by: half a change is the smallest that any table can show.
  if (rest.count > 0 || rest.expected > 0) groups.push({ ...rest, expected: Math.max(rest.expected, 0.5) });
  if (groups.length < 2) return null;
  let g = 0;
  for (const { count, expected } of groups) if (count > 0) g += 2 * count * Math.log(count / expected);
  const corrected = g / (1 + (groups.length + 1) / (6 * all));
  const [told] = groups.sort((a, b) => excess(b) - excess(a));
  return { test, p: chiSquareTail(corrected, groups.length - 1), told: told! };
}

function excess({ count, expected }: Told): number {
  return (count - expected) / Math.sqrt(expected);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
