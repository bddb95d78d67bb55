/** How fast one clerk account, device or network address works: changes within any hour, against its own busiest hour before. */
import type { Finding } from './finding.ts';

/** What a hand is. */
export type HandKind = 'clerk' | 'device' | 'address';

/** One change, and by whom. Feeds have no hands. */
export type HandledChange = {
  readonly office: string;
  /** ms since 1970. */
  readonly at: number;
  readonly clerk: string | null;
  readonly device: string | null;
  readonly address: string | null;
};

/** Changes in the busiest hour that a hand ever had in the season, by `kind name`. */
export type BusiestHours = ReadonlyMap<string, number>;

/** Changes in an hour that are never told: one every two minutes is a clerk at work. */
const LEAST_IN_AN_HOUR = 30;

/** How many times its own busiest hour: the rush before a deadline doubles and trebles an office's work. */
const MOST_TIMES = 3;

const HOUR = 3_600_000;

const WORDS: Readonly<Record<HandKind, string>> = {
  clerk: 'The clerk account',
  device: 'The device',
  address: 'The network address',
};

/** Hands that were faster than they ever were; one finding for each hand and office, the fastest first. */
export function watchVelocity(
  changes: readonly HandledChange[],
  before: BusiestHours,
  day: string,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { kind, name, office, count } of busiest(changes)) {
    const usual = before.get(`${kind} ${name}`) ?? 0;
    const most = Math.max(LEAST_IN_AN_HOUR, MOST_TIMES * usual);
    if (count <= most) continue;
    const past = usual === 0 ? 'It was not seen before.' : `Its busiest hour before had ${usual}.`;
    findings.push({
      kind: 'fast-hand',
      office,
      day,
      score: count / most,
      sentence: `${WORDS[kind]} ${name} made ${count} changes within one hour. ${past}`,
      counts: { count, usual, limit: most },
    });
  }
  return findings.sort((a, b) => b.score - a.score);
}

/** The busiest hour of each hand, to be kept for the days after; over all offices. */
export function busiestHours(changes: readonly HandledChange[]): BusiestHours {
  const hours = new Map<string, number>();
  for (const { kind, name, count } of busiest(changes)) {
    const key = `${kind} ${name}`;
    hours.set(key, Math.max(count, hours.get(key) ?? 0));
  }
  return hours;
}

type Busy = {
  readonly kind: HandKind;
  readonly name: string;
  readonly office: string;
  readonly count: number;
};

function busiest(changes: readonly HandledChange[]): readonly Busy[] {
  const hands = new Map<string, { kind: HandKind; name: string; office: string; times: number[] }>();
  for (const change of changes) {
    for (const kind of ['clerk', 'device', 'address'] as const) {
      const name = change[kind];
      if (name === null) continue;
      const key = JSON.stringify([kind, name, change.office]);
      const hand = hands.get(key);
      if (hand === undefined) hands.set(key, { kind, name, office: change.office, times: [change.at] });
      else hand.times.push(change.at);
    }
  }
  return [...hands.values()].map(({ kind, name, office, times }) => ({
    kind,
    name,
    office,
    count: mostWithinAnHour(times),
  }));
}

function mostWithinAnHour(times: number[]): number {
  times.sort((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (let to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= HOUR) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
