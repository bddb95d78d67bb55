/** The nightly statement: made of the last seal, the account of the day and what witnesses stated; sealed, good news or bad. */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeBase64, parseNote } from '@bellwether/evidence';
import {
  CHECKS_SUFFIX,
  FRESH_FOR,
  formatNight,
  isFresh,
  minuteText,
  type NightlyStatement,
  nightText,
  parseNight,
  parseWitnessStatement,
  STATE,
  type WitnessStatement,
} from '@bellwether/rolls';
import { Book } from './book.ts';
import type { RollError } from './errors.ts';
import { appendFolded, type Holding } from './holding.ts';
import { changesIn, momentOf, nightFile } from './night-views.ts';
import { type RollPaths, readBounded, writeFileWhole } from './roll-files.ts';
import { drawnOf, recordsByOffice, type SecondHands, waitingByOffice, waitingSince } from './second-hand.ts';

/** Bytes of a statement: what an entry of the log may have. */
const MOST_BYTES = 65_535;

/** What the roll does not know by itself. */
export type StatementSources = {
  /** What the office or the state is called. */
  readonly name: string;
  /** Null: the hub's account was not looked at. */
  readonly knocks: NightlyStatement['knocks'];
  /** Notes of witnesses' second keys, which were checked when they came, and whose key it was (`NAME/checks`). */
  readonly notes: readonly { readonly witness: string; readonly note: string }[];
  /** Which witness stands for which office, and who the auditors are. */
  readonly secondHands: SecondHands;
};

/** Makes the statement, and puts it into the log and beside it. */
export async function stateNight(
  holding: Holding,
  sources: StatementSources,
): Promise<Result<NightlyStatement, RollError>> {
  const night = await nightlyStatement(holding, sources);
  const entry = formatNight(night);
  const appended = await appendFolded(holding, [entry]);
  if (appended.isErr()) return appended;
  // The same bytes as in the log: whoever has a proof of the entry checks them as they are.
  await writeFileWhole(join(holding.paths.log, 'statement.json'), entry);
  await writeFileWhole(join(holding.paths.log, 'statement.txt'), nightText(night));
  return ok(night);
}

/** The last statement; null before the first. */
export async function lastStatement({ log }: RollPaths): Promise<NightlyStatement | null> {
  const bytes = await readBounded(join(log, 'statement.json'), MOST_BYTES);
  if (bytes === null) return null;
  const parsed = parseNight(Uint8Array.from(bytes));
  return parsed.isOk() ? parsed.value : null;
}

/** The statement of the roll as it is. */
export async function nightlyStatement(
  holding: Holding,
  sources: StatementSources,
): Promise<NightlyStatement> {
  const { seals, fold, now } = holding;
  const last = seals.at(-1);
  const at = [minuteText(now()), last?.entry.at ?? ''].sort().at(-1)!;
  const isTonight = last !== undefined && now() - Date.parse(last.entry.at) <= FRESH_FOR;
  return {
    type: 'statement',
    schema: 'bellwether/statement@1',
    day: last?.entry.day ?? at.slice(0, 10),
    at,
    name: sources.name,
    knocks: sources.knocks,
    mail: null,
    registrations: isTonight ? await registrationsOf(holding) : null,
    hands: await handsOf(holding, sources),
    notChecked: notChecked(holding, sources, isTonight ? await undoneIn(holding) : 0),
    epoch: last?.entry.epoch ?? 0,
    root: last?.entry.after ?? fold.genesis.root,
  };
}

async function registrationsOf(holding: Holding): Promise<NightlyStatement['registrations']> {
  const { entry } = holding.seals.at(-1)!;
  const night = await nightFile(holding, entry.epoch);
  const signed = Object.values(entry.counts).reduce((sum, counts) => sum + changesIn(counts), 0);
  const fromFeeds = night?.fromFeeds ?? 0;
  return {
    records: entry.records,
    changed: signed,
    authorised: signed - Math.min(signed, fromFeeds),
    fromFeeds: Math.min(signed, fromFeeds),
    awaiting: entry.result.awaiting,
    unauthorised: entry.result.unauthorised,
    sealedAt: entry.at,
    readBy: `The reader of the state (version ${entry.result.reader.version})`,
  };
}

/**
 * Whoever recomputed records, and arrived at the root of the last seal. An office counts with exactly as many records as the
 * sealed book has of it, but for protected voters; what auditors opened counts once, and not where its office counts already.
 */
async function handsOf(
  holding: Holding,
  { notes, secondHands }: StatementSources,
): Promise<NightlyStatement['hands']> {
  const { seals, fold, records: book, tools } = holding;
  const last = seals.at(-1);
  const offices = Object.keys(fold.genesis.offices).filter((office) => office !== STATE).length;
  const all = last?.entry.records ?? fold.genesis.records;
  if (last === undefined || !(book instanceof Book)) return { offices: [0, offices], records: [0, all] };
  const stated = freshStatements(holding, notes);
  const waiting = new Set(waitingSince(holding.sheets.values(), last.entry.at));
  const waits = (ordinal: number): boolean => waiting.has(book.index.recordAt(ordinal));
  /** All of them but for those of which a change waits, some of which may match all the same. */
  const isOfSeal = (one: WitnessStatement['rows'], count = 0, mayLack = 0): boolean =>
    one !== null &&
    one.count <= count &&
    one.count >= count - mayLack &&
    encodeBase64(one.root) === last.entry.after;
  const counts = recordsByOffice(book);
  const waitingOf = waitingByOffice(book, waiting);
  const counted = new Map<string, number>();
  for (const [witness, { rows }] of stated) {
    const office = Object.hasOwn(secondHands.offices, witness) ? secondHands.offices[witness]! : undefined;
    if (office === undefined || !counts.has(office)) continue;
    if (isOfSeal(rows, counts.get(office), waitingOf.get(office))) counted.set(office, rows!.count);
  }
  let some = [...counted.values()].reduce((sum, count) => sum + count, 0);
  const checkpoint = (await nightFile(holding, last.entry.epoch))?.checkpoint;
  if (checkpoint !== undefined) {
    const { opened } = drawnOf(tools.hasher, book, checkpoint);
    const isStated = secondHands.auditors.some((name) =>
      isOfSeal(stated.get(name)?.opened ?? null, opened.length, opened.filter(waits).length),
    );
    if (isStated)
      some += opened.filter((ordinal) => !counted.has(book.officeAt(ordinal)) && !waits(ordinal)).length;
  }
  return { offices: [Math.min(counted.size, offices), offices], records: [Math.min(some, all), all] };
}

/** When each office stated last that its own rows match the root of the last seal, ISO 8601. How many is judged by the statement. */
export function recomputedByOffices(
  holding: Readonly<Holding>,
  notes: StatementSources['notes'],
  { offices }: SecondHands,
): ReadonlyMap<string, string> {
  const root = holding.seals.at(-1)?.entry.after;
  const times = new Map<string, string>();
  for (const [witness, { rows, time }] of freshStatements(holding, notes)) {
    if (rows === null || encodeBase64(rows.root) !== root || !Object.hasOwn(offices, witness)) continue;
    times.set(offices[witness]!, momentOf(time));
  }
  return times;
}

/** Which witnesses stated lately that rows of their own, or such as were opened to them, match this root (base64), and when. */
export function recomputedLately(
  notes: StatementSources['notes'],
  root: string,
  now: number,
): readonly { readonly witness: string; readonly at: string }[] {
  return [...freshStatements({ now: () => now }, notes)]
    .filter(([, { rows, opened }]) => [rows, opened].some((one) => one && encodeBase64(one.root) === root))
    .map(([witness, { time }]) => ({ witness, at: momentOf(time) }));
}

/** The fresh statement of each witness, by its name; one under the key of another witness is nobody's. */
function freshStatements(
  { now }: Pick<Holding, 'now'>,
  notes: StatementSources['notes'],
): ReadonlyMap<string, WitnessStatement> {
  const stated = new Map<string, WitnessStatement>();
  for (const { witness, note } of notes) {
    const parsed = parseNote(Uint8Array.from(Buffer.from(note)));
    const read = parsed.isErr() ? undefined : parseWitnessStatement(parsed.value.text);
    if (read === undefined || read.isErr() || !isFresh(read.value, now())) continue;
    if (witness === `${read.value.witness}${CHECKS_SUFFIX}`) stated.set(read.value.witness, read.value);
  }
  return stated;
}

/** Registrations that were changed and changed back before the last seal; where only dumps are read, nobody knows of any. */
async function undoneIn(holding: Holding): Promise<number> {
  return (await nightFile(holding, holding.seals.at(-1)!.entry.epoch))?.undone?.length ?? 0;
}

/** Small counts are not told exactly, as with whatever else is public: who knows of one change would learn that it was seen. */
function undoneText(undone: number): string {
  const some = undone < 10 ? 'under 10' : undone.toLocaleString('en-US');
  return `who changed registrations and changed them back since the night before (${some}). Their offices look at them.`;
}

/** What this statement does not cover, in sentences that begin with a small letter. */
function notChecked(
  { seals, sheets }: Holding,
  { knocks, notes }: StatementSources,
  undone: number,
): readonly string[] {
  const last = seals.at(-1)?.entry;
  const expired = [...sheets.values()].filter(({ state }) => state === 'expired').length;
  return [
    ...(last?.result.captures === 'dumps'
      ? ['changes that were made and undone between two readings of the list are not seen.']
      : []),
    ...(undone === 0 ? [] : [undoneText(undone)]),
    ...(knocks === null ? ['the account of knocks on our computers.'] : []),
    ...(notes.length === 0 ? ['no witness has stated that it recomputed records of its own.'] : []),
    ...(expired === 0
      ? []
      : [`${expired} ${expired === 1 ? 'sheet was' : 'sheets were'} signed by nobody in time.`]),
    'whether the first list, at the beginning, was right.',
  ];
}
