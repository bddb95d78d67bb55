/** Plays a stretch of a made-up state, makes the daily tables, and watches each day after the first season. */
import {
  busiestHours,
  type DayCount,
  type DuplicateFinding,
  dayAfter,
  type Finding,
  type HandledChange,
  type PartyCount,
  type Person,
  SEASON_DAYS,
  type ShareTest,
  watchDayCounts,
  watchDuplicates,
  watchQuietRemovals,
  watchShares,
  watchSkew,
  watchVelocity,
} from '@bellwether/rolls';
import { type RollsRun, startRolls, type VoterRow } from '@bellwether/testkit';
import { type AttackName, FINDS } from './attacks-watched.ts';

/** Days watched: as long as the window of the slow skew. */
const WATCHED = 60;

/** Days before the attack: the season, and a few more, so that it is watched from its first day. */
const BEFORE_ATTACK = SEASON_DAYS + 2;

/** The stretch has the deadline of 7 October and the election of 3 November 2026 in its watched part. */
const START = '2026-08-24';

/** Shares are tested once a week, over the four weeks before. */
const SHARE_EVERY = 7;

/** What the sample's policy has: removals of one office and day in the quiet period. */
const POLICY = { quiet: [{ from: '2026-08-05', to: '2026-11-03' }], quietRemovals: 25 };

/** What watching said about a stretch. */
export type WatchedStretch = {
  readonly days: number;
  readonly findings: readonly Finding[];
  readonly isOfAttack: (finding: Finding) => boolean;
  readonly daysSinceAttack: (day: string) => number;
};

type Cancelled = { readonly office: string; readonly day: string; readonly row: VoterRow };

/** One stretch; `attack` begins on day 31. */
export function watchStretch(voters: number, seed: number, attack: AttackName | null): WatchedStretch {
  // An attack's night is its place in the list: those before it leave the data as it is.
  const attacks = attack === null ? [] : [...Array(BEFORE_ATTACK).fill('swap-root'), attack];
  const run = startRolls({ voters, seed, days: SEASON_DAYS + WATCHED, start: START, attacks });
  const roll = rollOf(run);
  const counts: DayCount[] = [];
  const parties: PartyCount[] = [];
  const cancelled: Cancelled[] = [];
  const added: Person[] = [];
  const addedOn = new Map<string, string>();
  const findings: Finding[] = [];
  const busiest = new Map<string, number>();
  for (const { day, night, transactions } of run.days()) {
    const hands: HandledChange[] = [];
    const removals = new Map<string, number>();
    for (const { office, class: kind, at, clerk, device, address, record, source } of transactions) {
      counts.push({ office, day, class: kind, count: 1 });
      if (source === 'office') hands.push({ office, at: Date.parse(at), clerk, device, address });
      if (kind !== 'registration-cancelled') continue;
      const row = run.population.row(roll.indexOf(record));
      if (row.voter_id !== record) continue;
      cancelled.push({ office, day, row });
      parties.push({ office, day, party: row.party, count: 1 });
      if (source === 'office') removals.set(office, (removals.get(office) ?? 0) + 1);
    }
    for (const { class: kind, fields, record } of transactions) {
      if (kind !== 'registration-created' || night <= SEASON_DAYS) continue;
      added.push(personOf(fields as VoterRow));
      addedOn.set(record, day);
    }
    if (night > SEASON_DAYS) {
      findings.push(
        ...watchDayCounts(counts, day),
        ...watchVelocity(hands, busiest, day),
        ...watchQuietRemovals(
          [...removals].map(([office, count]) => ({ office, day, count })),
          POLICY,
        ),
        ...watchSkew(parties, roll.parties, day),
      );
      if (night % SHARE_EVERY === 0) findings.push(...watchShares(shareTests(cancelled, roll, day), day));
    }
    for (const [hand, count] of busiestHours(hands))
      busiest.set(hand, Math.max(count, busiest.get(hand) ?? 0));
  }
  findings.push(...duplicates(added, addedOn, run));
  const truth = run.truth().attacks.at(-1);
  const from = dayAfter(START, (truth?.night ?? 1) - 1);
  const hit = new Set(truth?.records);
  return {
    days: WATCHED,
    findings,
    isOfAttack: (finding) =>
      attack !== null &&
      (FINDS[attack] as readonly string[]).includes(finding.kind) &&
      finding.day >= from &&
      ('records' in finding
        ? (finding as DuplicateFinding).records.every((record) => hit.has(record))
        : truth?.offices.includes(finding.office) === true),
    daysSinceAttack: (day) => (Date.parse(day) - Date.parse(from)) / 86_400_000,
  };
}

type Roll = {
  readonly parties: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly precincts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly ages: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly indexOf: (record: string) => number;
};

function rollOf(run: RollsRun): Roll {
  const tables = { parties: new Map(), precincts: new Map(), ages: new Map() };
  const indexes = new Map<string, number>();
  let index = 0;
  for (; index < run.population.rows; index++) {
    const row = run.population.row(index);
    indexes.set(row.voter_id, index);
    if (row.status === 'cancelled') continue;
    count(tables.parties, row.lea_id, row.party);
    count(tables.precincts, row.lea_id, row.precinct);
    count(tables.ages, row.lea_id, ageOf(row));
  }
  return { ...tables, indexOf: (record) => indexes.get(record) ?? 0 };
}

function shareTests(cancelled: readonly Cancelled[], roll: Roll, day: string): readonly ShareTest[] {
  const since = dayAfter(day, 1 - SEASON_DAYS);
  const kinds = [
    ['party', roll.parties, (row: VoterRow) => row.party],
    ['precinct', roll.precincts, (row: VoterRow) => row.precinct],
    ['age', roll.ages, ageOf],
  ] as const;
  return kinds.flatMap(([by, usual, groupOf]) => {
    const changes = new Map<string, Map<string, number>>();
    for (const one of cancelled) if (one.day >= since) count(changes, one.office, groupOf(one.row));
    return [...changes].map(([office, groups]) => ({
      office,
      class: 'registration-cancelled' as const,
      by,
      changes: groups,
      usual: usual.get(office) ?? new Map(),
    }));
  });
}

function* duplicates(
  added: readonly Person[],
  addedOn: ReadonlyMap<string, string>,
  run: RollsRun,
): Generator<Finding> {
  function* existing(): Generator<Person> {
    for (let index = 0; index < run.population.rows; index++) {
      const row = run.population.row(index);
      if (row.status !== 'cancelled') yield personOf(row);
    }
  }
  for (const finding of watchDuplicates(added, existing(), START))
    yield { ...finding, day: addedOn.get(finding.records[0]) ?? START };
}

function personOf(row: VoterRow): Person {
  return {
    recordId: row.voter_id,
    office: row.lea_id,
    last: row.last_name,
    first: row.first_name,
    suffix: row.suffix,
    born: row.date_of_birth,
    license: row.dl_last4,
    ssn: row.ssn_last4,
  };
}

/** Bands of 15 years. */
function ageOf(row: VoterRow): string {
  const age = Number(START.slice(0, 4)) - Number(row.date_of_birth.slice(0, 4));
  const band = Math.floor((age - 18) / 15);
  return `${18 + band * 15} to ${32 + band * 15}`;
}

function count(table: Map<string, Map<string, number>>, office: string, group: string): void {
  let groups = table.get(office);
  if (groups === undefined) {
    groups = new Map();
    table.set(office, groups);
  }
  groups.set(group, (groups.get(group) ?? 0) + 1);
}
