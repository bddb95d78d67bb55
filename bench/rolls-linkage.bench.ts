/**
 * How many voters can be found again in the log by somebody who buys the public list every day, every week, or once at each end:
 * shares of ordinary and of protected voters whose registration changed.
 *
 *     npm run bench -- rolls-linkage [--lines=50000]
 */
import { type ItemKind, STATE } from '@bellwether/rolls';
import { type RollsRun, startRolls, type VoterRow } from '@bellwether/testkit';
import { readOptions } from './options.ts';
import { type ListedChange, linkHandles, type PublicItem } from './rolls/linkage.ts';
import { percent, table, whole } from './running/table.ts';

/** Voters of a plain run, days, and how often lists are bought. */
const VOTERS = 50_000;
const DAYS = 10;
const EVERY = [1, 5, 10];

/** Columns of the public list (RSMo 115.157). */
const LISTED: readonly (keyof VoterRow)[] = [
  'lea_id',
  'last_name',
  'first_name',
  'middle_name',
  'suffix',
  'house_number',
  'street',
  'unit',
  'city',
  'zip',
  'precinct',
  'township',
  'ward',
  'congressional',
  'senate',
  'house',
];

main(readOptions(process.argv.slice(2)).lines ?? VOTERS);

function main(voters: number): void {
  const run = startRolls({ voters, days: DAYS, seed: 3_001 });
  const items: PublicItem[] = [];
  const recordOf = new Map<string, string>();
  const dates: string[] = [];
  const isProtected = new Set<string>();
  for (const { day, night, changes } of run.days()) {
    dates.push(day);
    for (const { record, before, after } of changes) {
      const kind = kindOf(before, after, () => false);
      const row = after ?? before;
      if (kind === null || row === undefined) continue;
      const hidden = row.protected !== '';
      if (hidden) isProtected.add(record);
      // A protected voter has another handle after each change.
      const handle = hidden ? `${record} ${night}` : record;
      recordOf.set(handle, record);
      items.push({ place: hidden ? STATE : row.lea_id, day, kind, handle });
    }
  }
  const rows = EVERY.map((every) => {
    const linked = linkHandles(items, listedChanges(run, dates, every));
    const right = [...linked].filter(([handle, record]) => recordOf.get(handle) === record);
    const found = new Set(right.map(([, record]) => record));
    const changed = new Set(recordOf.values());
    const hidden = [...found].filter((record) => isProtected.has(record)).length;
    const ordinary = changed.size - isProtected.size;
    return [
      `${every}`,
      whole(ordinary),
      whole(found.size - hidden),
      percent(found.size - hidden, ordinary),
      percent(found.size - hidden, voters),
      whole(linked.size - right.length),
      `${hidden} of ${isProtected.size}`,
    ];
  });
  const head = [
    'list bought each … days',
    'ordinary voters changed',
    'found',
    'of changed',
    'of all',
    'wrongly',
    'protected found',
  ];
  process.stdout.write(
    `${whole(voters)} voters, ${DAYS} days, ${whole(items.length)} items\n\n${table(head, rows)}\n`,
  );
}

/** What the lists show: bought before the first day, and then each so many days. */
function listedChanges(run: RollsRun, dates: readonly string[], every: number): readonly ListedChange[] {
  const nights = Array.from({ length: DAYS / every + 1 }, (_, at) => at * every);
  const found: ListedChange[] = [];
  for (const rows of run.rowsOf(nights)) {
    for (let at = 1; at < nights.length; at++) {
      const [before, after] = [rows[at - 1], rows[at]];
      if (before === after) continue;
      const kind = kindOf(before, after, (one, other) =>
        LISTED.every((column) => one[column] === other[column]),
      );
      const row = after !== undefined && isLive(after) ? after : before;
      if (kind === null || row === undefined || row.protected !== '') continue;
      const [from, to] = [dates[nights[at - 1]!]!, dates[nights[at]! - 1]!];
      found.push({ office: row.lea_id, from, to, kind, record: row.voter_id });
    }
  }
  return found;
}

function kindOf(
  before: VoterRow | undefined,
  after: VoterRow | undefined,
  isSame: (one: VoterRow, other: VoterRow) => boolean,
): ItemKind | null {
  const [was, is] = [before !== undefined && isLive(before), after !== undefined && isLive(after)];
  if (!was && !is) return null;
  if (!was) return 'new';
  if (!is) return 'removed';
  return isSame(before!, after!) ? null : 'changed';
}

function isLive({ status }: VoterRow): boolean {
  return status === 'active' || status === 'inactive';
}
