/**
 * Watching the changes of a day, after its night: what is odd against the office's own past, other offices and the roll. It reads the newest
 * book and the sheets of two months and leaves a file behind; nothing that it finds opens an incident or stops a seal.
 *
 *     sheets ─► counts, hands, removals ─┐
 *     book   ─► parties, precincts, ages ┴─► packages/rolls/watching ─► watching/DAY.json
 */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import {
  busiestHours,
  type DayCount,
  dayAfter,
  type Finding,
  type HandledChange,
  type PartyCount,
  type Person,
  type RollFields,
  type RollsPolicy,
  SEASON_DAYS,
  SKEW_DAYS,
  watchDayCounts,
  watchDuplicates,
  watchQuietRemovals,
  watchShares,
  watchSkew,
  watchVelocity,
} from '@bellwether/rolls';
import { type Book, openBook } from './book.ts';
import { PROTECTED_FLAG } from './book-files.ts';
import { type RollError, rollRefused } from './errors.ts';
import { policyInForce } from './policy-in-force.ts';
import { namesIn, type RollPaths, readJson, writeJson } from './roll-files.ts';
import type { Night, RollHead, Sheet, SheetChange } from './rolls-files.ts';
import { readSheets } from './sheet-files.ts';
import { addTo, Groups, shareTestsOf } from './watching-groups.ts';

/** Findings that are kept of a day: more is no list for people, and the oddest come first. */
const MOST_KEPT = 500;

/** Shares are tested on one day of the week, over the four weeks before: each day anew would find the same seven times. Monday. */
const SHARES_ON = 1;

/** `watching/DAY.json`. */
export type Watched = {
  readonly schema: 'bellwether/watched@1';
  readonly day: string;
  /** ISO 8601. */
  readonly at: string;
  readonly findings: readonly Finding[];
};

/** Watches the day of the last sealed night, and keeps what it found; null where no night was sealed. */
export async function watchRoll(paths: RollPaths, now: number): Promise<Result<Watched | null, RollError>> {
  const head = await readJson<RollHead>(paths.head, 'bellwether/roll@1');
  if (head === null) return rollRefused('ROLL_ABSENT', `${paths.head} is not there`);
  const night = await readJson<Night>(join(paths.nights, `${head.epoch}.json`), 'bellwether/night@1');
  if (night === null) return ok(null);
  const policy = await policyInForce(paths, BigInt(head.genesis), BigInt(night.to));
  if (policy.isErr()) return policy;
  const book = await openBook(paths, head.generation);
  if (book.isErr()) return book;
  try {
    const sheets = [...(await readSheets(paths, Date.parse(`${night.day}T00:00:00Z`))).values()];
    const findings = findingsOf(book.value, sheets, policy.value, night.day);
    const oddest = [...findings].sort((a, b) => b.score - a.score).slice(0, MOST_KEPT);
    const watched: Watched = {
      schema: 'bellwether/watched@1',
      day: night.day,
      at: new Date(now).toISOString(),
      findings: oddest,
    };
    await writeJson(join(paths.watching, `${night.day}.json`), watched);
    return ok(watched);
  } finally {
    book.value.close();
  }
}

/** What was found on the last days, newest first. */
export async function watchedDays(paths: RollPaths, days: number): Promise<readonly Watched[]> {
  const names = (await namesIn(paths.watching)).slice(-days).reverse();
  const all = await Promise.all(
    names.map((name) => readJson<Watched>(join(paths.watching, name), 'bellwether/watched@1')),
  );
  return all.filter((one) => one !== null);
}

type Dated = { readonly day: string; readonly change: SheetChange };

/** All findings of a day. The book is read once, row after row. */
export function findingsOf(
  book: Book,
  sheets: readonly Sheet[],
  policy: Pick<RollsPolicy, 'quiet' | 'quietRemovals'>,
  day: string,
): readonly Finding[] {
  const first = dayAfter(day, 1 - SKEW_DAYS);
  const dated: Dated[] = sheets
    .filter((sheet) => sheet.day >= first && sheet.day <= day)
    .flatMap((sheet) => sheet.changes.map((change) => ({ day: sheet.day, change })));
  const today = dated.filter((one) => one.day === day);
  const counts = dated.map(
    ({ day: of, change }): DayCount => ({ office: change.office, day: of, class: change.class, count: 1 }),
  );
  const season = dayAfter(day, -SEASON_DAYS);
  const before = dated.filter((one) => one.day >= season && one.day < day);
  const cancelled = dated.filter(
    ({ change }) => change.class === 'registration-cancelled' && change.before !== null,
  );
  const usual = new Groups(Number(day.slice(0, 4)));
  const added = today.flatMap(({ change }) =>
    change.kind === 'new' && change.after !== null && !change.isProtected
      ? [personOf(change.recordId, change.office, change.after)]
      : [],
  );
  const duplicates = watchDuplicates(added, peopleIn(book, usual), day);
  const parties = cancelled.map(
    ({ day: of, change }): PartyCount => ({
      office: change.office,
      day: of,
      party: usual.groupOf('party', change.before!),
      count: 1,
    }),
  );
  const isShareDay = new Date(`${day}T00:00:00Z`).getUTCDay() === SHARES_ON;
  const recent = cancelled.filter((one) => one.day > season).map(({ change }) => change);
  return [
    ...watchDayCounts(counts, day),
    ...watchVelocity(handsOf(today), busiestBefore(before), day),
    ...watchQuietRemovals(removalsOf(today, day), policy),
    ...watchSkew(parties, usual.table('party'), day),
    ...(isShareDay ? watchShares(shareTestsOf(recent, usual), day) : []),
    ...duplicates,
  ];
}

/** Everybody in the book who may be named, one after the other; counts groups on the way. */
function* peopleIn(book: Book, usual: Groups): Generator<Person> {
  for (let ordinal = 0; ordinal < book.count; ordinal++) {
    const fields = book.fieldsAt(ordinal);
    if (fields === null) continue;
    const office = book.officeAt(ordinal);
    usual.count(office, fields);
    if ((book.flags[ordinal]! & PROTECTED_FLAG) !== 0) continue;
    yield personOf(book.index.recordAt(ordinal), office, fields);
  }
}

function personOf(recordId: string, office: string, fields: RollFields): Person {
  const told = (name: string): string =>
    fields.identity[name] ?? fields.public[name] ?? fields.administrative[name] ?? '';
  return {
    recordId,
    office,
    last: told('name.last'),
    first: told('name.first'),
    suffix: told('name.suffix'),
    born: told('born'),
    license: told('license'),
    ssn: told('ssn'),
  };
}

function handsOf(some: readonly Dated[]): readonly HandledChange[] {
  return some.flatMap(({ change: { transaction, office } }) =>
    transaction === null || transaction.source !== 'office'
      ? []
      : [
          {
            office,
            at: Date.parse(transaction.at),
            clerk: transaction.clerk,
            device: transaction.device,
            address: transaction.address,
          },
        ],
  );
}

function busiestBefore(before: readonly Dated[]): ReadonlyMap<string, number> {
  const busiest = new Map<string, number>();
  for (const day of new Set(before.map((one) => one.day))) {
    const some = before.filter((one) => one.day === day);
    for (const [hand, count] of busiestHours(handsOf(some)))
      busiest.set(hand, Math.max(count, busiest.get(hand) ?? 0));
  }
  return busiest;
}

function removalsOf(
  today: readonly Dated[],
  day: string,
): readonly { office: string; day: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { change } of today) {
    const isOwn = change.transaction === null || change.transaction.source === 'office';
    if (change.kind === 'removed' && isOwn) addTo(counts, change.office);
  }
  return [...counts].map(([office, count]) => ({ office, day, count }));
}
