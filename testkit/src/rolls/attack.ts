/** What an attack is, who must catch it, and the truth that it leaves. Each stands in a file of `classes/`. */
import type { Random } from '../random.ts';
import { type Column, isLive, type NewValues, type VoterRow } from './columns.ts';
import type { DaySheet } from './day-sheet.ts';
import type { OfficePlace } from './office-places.ts';
import type { RollBook } from './roll-book.ts';
import type { RollsTransaction } from './transactions.ts';

/** The part of the whole that must notice. `none`: nothing can, and the product says so. */
export type CaughtBy =
  | 'reconcile'
  | 'witness'
  | 'clerk'
  | 'policy'
  | 'watching'
  | 'second-hand'
  | 'extract'
  | 'receipt'
  | 'none';

/** What an attack did, as `truth.json` has it. */
export type AttackTruth = {
  readonly id: string;
  readonly kind: string;
  /** The night whose dump or log has it; of those that take days, the first. */
  readonly night: number;
  /** voter_id of every record it changed, or hid. */
  readonly records: readonly string[];
  readonly fields: readonly string[];
  /** lea_id. */
  readonly offices: readonly string[];
  readonly caughtBy: CaughtBy;
  readonly why: string;
  /** What the scenario has to do to the hub or the log, where the data cannot show it. */
  readonly operation?: string;
  /** Numbers of the transactions that it uses. */
  readonly transactions?: readonly string[];
  /** What a log of changes in the database would have seen, and no dump does. */
  readonly steps?: readonly AttackStep[];
  /** Files that it leaves beside the dumps. */
  readonly files?: readonly string[];
  /** Of a poll book: its rows that are missing, differ, or are nobody's. */
  readonly rows?: PollBookRows;
};

/** One statement that was run on the database. */
export type AttackStep = {
  readonly at: string;
  readonly record: string;
  readonly fields: NewValues;
};

/** voter_id by what is wrong with the row. */
export type PollBookRows = {
  readonly missing: readonly string[];
  readonly different: readonly string[];
  readonly extra: readonly string[];
};

/** Where an attack plays, and where it notes what it did. */
export type AttackStage = {
  readonly night: number;
  readonly days: number;
  /** A stream of its own. */
  readonly random: Random;
  readonly book: RollBook;
  readonly records: Set<string>;
  readonly fields: Set<Column>;
  readonly offices: Set<string>;
  readonly steps: AttackStep[];
  /** Places of its transactions on the sheet of this day; the run takes them when the day is over. */
  readonly places: number[];
  /** Its transactions of the days before, with their numbers. */
  readonly transactions: RollsTransaction[];
  /** Poll books that it makes: file and office, filled after the last day. */
  readonly pollBooks: PollBook[];
  /** Rows that the dump of the attack's night has once more. */
  readonly doubled: number[];
};

/** A precinct register of an office that somebody changed on the way to the printer. */
export type PollBook = {
  readonly office: OfficePlace;
  readonly night: number;
  readonly missing: readonly number[];
  readonly different: ReadonlyMap<number, NewValues>;
  readonly extra: readonly VoterRow[];
};

/** What it does on a day, before that night's dump. */
export type AttackPlay = (sheet: DaySheet) => void;

/** One kind of attack. */
export type Attack = {
  readonly kind: string;
  readonly caughtBy: CaughtBy;
  readonly why: string;
  /** Days of a run that it needs; its night is never before. */
  readonly leastDays: number;
  readonly operation?: string;
  /** It ruins a whole dump, so it only plays when it is asked for by name. */
  readonly byNameOnly?: boolean;
  /** Chooses whom it will hit, before the first day. */
  readonly prepare: (stage: AttackStage) => AttackPlay;
};

/** What an attack of the log or the hub does to the data. */
export function leavesTheData(): AttackPlay {
  return () => undefined;
}

/** A voter whom only this attack will touch: active, and of `office` where one is given. */
export function victim(
  stage: AttackStage,
  office?: OfficePlace,
  wanted: (row: VoterRow) => boolean = isActive,
): number {
  const { book, random } = stage;
  const { population } = book;
  for (let draw = 0; draw < 50; draw++) {
    const from = office ?? population.officeOf(random.below(population.rows));
    const index = book.pick(random, from, wanted);
    if (index === undefined) continue;
    book.hold(index);
    return index;
  }
  throw new RangeError('too few voters for the attacks that were asked for');
}

/** Several of them. */
export function victims(stage: AttackStage, count: number, office?: OfficePlace): readonly number[] {
  return Array.from({ length: count }, () => victim(stage, office));
}

/** Notes that the attack changed these columns of the row. */
export function note(stage: AttackStage, index: number, values: NewValues = {}): void {
  const row = stage.book.row(index);
  stage.records.add(stage.book.population.voterId(index));
  if (row !== undefined) stage.offices.add(row.lea_id);
  for (const column of Object.keys(values)) stage.fields.add(column as Column);
}

/** The office whose number of voters is nearest to the given one. */
export function officeOfSize(stage: AttackStage, size: number): OfficePlace {
  const { offices } = stage.book.population;
  let best = offices[0] as OfficePlace;
  for (const office of offices) if (Math.abs(office.live - size) < Math.abs(best.live - size)) best = office;
  return best;
}

/** Somebody plain: registered, active, and not protected. */
export function isActive(row: VoterRow): boolean {
  return isLive(row) && row.status === 'active' && row.protected === '';
}
