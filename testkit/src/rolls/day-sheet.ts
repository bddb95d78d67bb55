/**
 * What is done on one day: transactions are written down and applied, tampering is only applied. Numbers are given when
 * the day is over, in the order of time, so that what one office does never shifts another's.
 */
import type { Random } from '../random.ts';
import { localDay } from '../sample/day.ts';
import { dateOf } from './calendar.ts';
import { differing, type NewValues, type VoterRow } from './columns.ts';
import type { OfficePlace } from './office-places.ts';
import type { RollBook } from './roll-book.ts';
import type { RollsTransaction, TransactionClass, TransactionSource } from './transactions.ts';

/** A transaction to be written down. */
export type Deed = {
  readonly index: number;
  readonly office: OfficePlace;
  readonly source: TransactionSource;
  readonly class: TransactionClass;
  /** For a new registration every column. */
  readonly fields: NewValues;
  /** Which of the office's clerks; drawn where it is left out. */
  readonly clerk?: number;
  /** Second of the local day; drawn where it is left out. */
  readonly second?: number;
};

type Written = {
  readonly at: number;
  readonly order: number;
  readonly transaction: Omit<RollsTransaction, 'id'>;
};

/** Offices work from eight to five, in seconds of the local day. */
const OPEN = 8 * 3_600;
const CLOSE = 17 * 3_600;

/** The motor-vehicle feed comes as one file in the evening, the state's (deaths) before work. */
const FEED_SECOND = 18 * 3_600 + 30 * 60;
const STATE_SECOND = 5 * 3_600;

/** One day of a run. */
export class DaySheet {
  readonly night: number;
  /** The day as a number, and as text. */
  readonly day: number;
  readonly date: string;
  readonly book: RollBook;
  private readonly written: Written[] = [];
  private readonly again: RollsTransaction[] = [];
  private readonly midnight: number;

  constructor(book: RollBook, night: number, day: number) {
    this.book = book;
    this.night = night;
    this.day = day;
    this.date = dateOf(day);
    const local = localDay(this.date);
    if (local === undefined) throw new RangeError(`not a date: ${this.date}`);
    this.midnight = local.start;
  }

  /** Writes a transaction down and applies it. Gives its place, to be asked for its number later. */
  transact(random: Random, deed: Deed): number {
    const before = this.book.row(deed.index);
    const fields = before === undefined ? deed.fields : differing(before, deed.fields);
    if (before === undefined) this.book.put(deed.index, fields as VoterRow);
    else this.book.set(deed.index, fields);
    const second = deed.second ?? secondOf(random, deed.source);
    const at = this.midnight + second * 1_000;
    const transaction = {
      day: this.date,
      at: timeOf(at),
      office: deed.office.leaId,
      source: deed.source,
      ...placeOf(random, deed),
      class: deed.class,
      record: this.book.population.voterId(deed.index),
      fields,
    };
    this.written.push({ at, order: this.written.length, transaction });
    return this.written.length - 1;
  }

  /** An old transaction comes again: its own number, today's day and time. */
  repeat(transaction: RollsTransaction, second: number): void {
    const at = timeOf(this.midnight + second * 1_000);
    this.again.push({ ...transaction, day: this.date, at });
  }

  /** A time of this day, as ISO 8601. */
  time(second: number): string {
    return timeOf(this.midnight + second * 1_000);
  }

  /** The transactions of the day by time, with their numbers; `places` are those that `transact` gave. */
  close(): {
    readonly transactions: readonly RollsTransaction[];
    readonly places: readonly RollsTransaction[];
  } {
    const stem = `t${this.date.replaceAll('-', '')}`;
    const byTime = [...this.written].sort((a, b) => a.at - b.at || a.order - b.order);
    const places: RollsTransaction[] = [];
    const transactions = byTime.map(({ order, transaction }, number) => {
      const numbered = { id: `${stem}-${String(number + 1).padStart(6, '0')}`, ...transaction };
      places[order] = numbered;
      return numbered;
    });
    return { transactions: [...transactions, ...this.again], places };
  }
}

function secondOf(random: Random, source: TransactionSource): number {
  if (source === 'motor-vehicle') return FEED_SECOND + random.below(600);
  if (source === 'state') return STATE_SECOND + random.below(600);
  return random.integer(OPEN, CLOSE);
}

function placeOf(random: Random, deed: Deed): Pick<RollsTransaction, 'clerk' | 'device' | 'address'> {
  if (deed.source !== 'office') return { clerk: null, device: null, address: null };
  const { leaId, clerks } = deed.office;
  const clerk = deed.clerk ?? random.below(clerks);
  const network = Number(leaId.slice(2));
  return {
    clerk: `clerk-${leaId}-${clerk + 1}`,
    device: `desk-${leaId}-${clerk + 1}`,
    address: `10.${network >> 8}.${network & 255}.${10 + (clerk % 240)}`,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
