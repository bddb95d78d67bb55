/**
 * Sums by minute and file: what a step adds to the account.
 */
import type { Cells } from '../live-types.ts';
import { CELL_COUNTS } from '../live-types.ts';

/** Columns of a cell that rows add to, and where the dispositions begin. */
export const CellColumn = {
  lines: 0,
  repeated: 1,
  ignored: 2,
  detail: 3,
  contacts: 4,
  knocks: 5,
  late: 6,
  dispositions: 7,
} as const;

const WIDTH = CELL_COUNTS.length;
const FIRST_CAPACITY = 64;

/** Adds up cells until they are taken. */
export class CellSums {
  #count = 0;
  #minute = new Float64Array(FIRST_CAPACITY);
  #file = new Uint16Array(FIRST_CAPACITY);
  #counts = new Float64Array(FIRST_CAPACITY * WIDTH);
  /** Cell by file, of each minute. */
  readonly #byMinute = new Map<number, Map<number, number>>();
  /** The cell asked for last in each file: rows of a file mostly share a minute. */
  readonly #lastCell: number[] = [];

  /** Adds to one column of the cell of a minute and a file. */
  add(minute: number, file: number, column: number, amount: number): void {
    const at = this.#cell(minute, file) * WIDTH + column;
    this.#counts[at] = this.#counts[at]! + amount;
  }

  /** The cells since the last time, in the order in which they were begun. */
  take(): Cells {
    const count = this.#count;
    const cells: Cells = {
      count,
      minute: this.#minute.slice(0, count),
      file: this.#file.slice(0, count),
      counts: this.#counts.slice(0, count * WIDTH),
    };
    this.#counts.fill(0, 0, count * WIDTH);
    this.#count = 0;
    this.#byMinute.clear();
    this.#lastCell.length = 0;
    return cells;
  }

  #cell(minute: number, file: number): number {
    const last = this.#lastCell[file];
    if (last !== undefined && this.#minute[last] === minute) return last;
    let files = this.#byMinute.get(minute);
    if (files === undefined) {
      files = new Map();
      this.#byMinute.set(minute, files);
    }
    let cell = files.get(file);
    if (cell === undefined) {
      cell = this.#begin(minute, file);
      files.set(file, cell);
    }
    this.#lastCell[file] = cell;
    return cell;
  }

  #begin(minute: number, file: number): number {
    if (this.#count === this.#minute.length) this.#grow();
    const cell = this.#count++;
    this.#minute[cell] = minute;
    this.#file[cell] = file;
    return cell;
  }

  #grow(): void {
    const n = 2 * this.#count;
    const minute = new Float64Array(n);
    minute.set(this.#minute);
    this.#minute = minute;
    const file = new Uint16Array(n);
    file.set(this.#file);
    this.#file = file;
    const counts = new Float64Array(n * WIDTH);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
