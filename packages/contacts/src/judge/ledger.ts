/**
 * What a step enters: cells of the account, notices, and what was settled anew. Shards keep one only when judging live;
 * an account that is made once at the end needs none of it.
 */
import { type Batch, Flag } from '../contact.ts';
import type { Cells, Notice, Resettled } from '../live-types.ts';
import { ruleDisposition } from '../settle/dispositions.ts';
import type { Part, Stretch } from '../stretch.ts';
import { CellColumn, CellSums } from './cell-sums.ts';
import { isNoticed, NoticeBook } from './notice-book.ts';
import type { Place } from './place.ts';

/** A login that the commons may yet settle anew. */
type Login = {
  readonly part: Part;
  readonly row: number;
  readonly time: number;
  readonly file: number;
  readonly line: number;
};

const MINUTE = 60_000;

/** The minute (since 1970) of an event time in ms. */
export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE);
}

/** Keeps the entries of the stretch at hand. */
export class Ledger {
  readonly #cells = new CellSums();
  readonly #notices = new NoticeBook();
  #resettled: Resettled[] = [];
  readonly #parts = new Map<Part, number>();
  readonly #logins = new Map<string, Login>();
  #part: Part | undefined;

  /** A stretch begins. */
  begin(stretch: Stretch): void {
    this.#parts.clear();
    this.#logins.clear();
    for (let k = 0; k < stretch.length; k++) this.#parts.set(stretch[k]!, k);
  }

  /** The rows that follow are of this part. */
  enter(part: Part): void {
    this.#part = part;
  }

  /** Enters a row that is a request of ours to others. */
  ignore(batch: Batch, row: number, place: Place): void {
    this.#line(batch, row, place, CellColumn.ignored);
  }

  /** Enters a row that tells more of a contact that is entered already, or of none. */
  detail(batch: Batch, row: number, place: Place): void {
    this.#line(batch, row, place, CellColumn.detail);
  }

  /** Enters a row that is a contact of its own, and marks it. */
  contact(batch: Batch, row: number, rule: number, knocks: number, place: Place): void {
    const cell = this.#line(batch, row, place, CellColumn.contacts);
    const units = 1 + batch.repeat[row]!;
    const { counts } = this.#cells;
    const disposition = cell + CellColumn.dispositions + ruleDisposition[rule]!;
    counts[disposition] = counts[disposition]! + units;
    counts[cell + CellColumn.knocks] = counts[cell + CellColumn.knocks]! + knocks;
    batch.rule[row] = rule;
    batch.flags[row] = batch.flags[row]! | Flag.counted;
    if (isNoticed(rule)) this.#notices.note(batch, row, rule, place.file, place.line, place.time, units);
  }

  /**
   * The row settles contacts of an earlier line anew. `minute` and `file` are those under which they were entered; the
   * line of the notices is the row's, which says so.
   */
  resettle(
    batch: Batch,
    row: number,
    from: number,
    to: number,
    units: number,
    minute: number,
    file: number,
    place: Place,
  ): void {
    const part = this.#parts.get(this.#part!)!;
    this.#move(part, batch, row, from, to, units, minute, file, place.time, place.line);
  }

  /** Remembers the row of a login for as long as the stretch is at hand. */
  login(row: number, place: Place): void {
    const { time, file, line } = place;
    this.#logins.set(`${file}:${line}`, { part: this.#part!, row, time, file, line });
  }

  /** The commons settle a login of this stretch anew. */
  moveLogin(file: number, line: number, from: number, to: number): void {
    const login = this.#logins.get(`${file}:${line}`);
    if (login === undefined) throw new Error(`the login in line ${line} of file ${file} is not at hand`);
    const { part, row, time } = login;
    const number = this.#parts.get(part)!;
    this.#move(number, part.batch, row, from, to, 1, minuteOf(time), file, time, line);
  }

  /** What was entered since the last time. */
  take(): { readonly cells: Cells; readonly notices: Notice[]; readonly resettled: Resettled[] } {
    const resettled = this.#resettled;
    this.#resettled = [];
    this.#parts.clear();
    this.#logins.clear();
    this.#part = undefined;
    return { cells: this.#cells.take(), notices: this.#notices.take(), resettled };
  }

  /** Enters a line, with all its units in one column. Returns where its cell begins. */
  #line(batch: Batch, row: number, place: Place, column: number): number {
    const repeated = batch.repeat[row]!;
    const units = 1 + repeated;
    const cell = this.#cells.at(minuteOf(place.time), place.file);
    const { counts } = this.#cells;
    counts[cell + CellColumn.lines] = counts[cell + CellColumn.lines]! + 1;
    counts[cell + CellColumn.repeated] = counts[cell + CellColumn.repeated]! + repeated;
    if (batch.flags[row]! & Flag.late)
      counts[cell + CellColumn.late] = counts[cell + CellColumn.late]! + units;
    counts[cell + column] = counts[cell + column]! + units;
    return cell;
  }

  #move(
    part: number,
    batch: Batch,
    row: number,
    from: number,
    to: number,
    units: number,
    minute: number,
    file: number,
    time: number,
    line: number,
  ): void {
    const dispositions = this.#cells.at(minute, file) + CellColumn.dispositions;
    const { counts } = this.#cells;
    const before = dispositions + ruleDisposition[from]!;
    const after = dispositions + ruleDisposition[to]!;
    counts[before] = counts[before]! - units;
    counts[after] = counts[after]! + units;
    for (let k = 0; k < units; k++) this.#resettled.push({ part, row, from, to });
    if (isNoticed(from)) this.#notices.note(batch, row, from, file, line, time, -units);
    if (isNoticed(to)) this.#notices.note(batch, row, to, file, line, time, units);
  }
}
