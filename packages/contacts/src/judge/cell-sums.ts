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
  /** Columns of all cells; `at` says where one begins. */
  counts = new Float64Array(FIRST_CAPACITY * WIDTH);
  /** Cell by file, of each minute. */
  readonly #byMinute = new Map<number, Map<number, number>>();
  /** The cell asked for last in each file, -1 if none: rows of a file mostly share a minute. */
  #lastCell = new Int32Array(FIRST_CAPACITY).fill(-1);

  /** Where in `counts` the cell of a minute and a file begins, until the next one is asked for. */
  at(minute: number, file: number): number {
    const last = file < this.#lastCell.length ? this.#lastCell[file]! : -1;
    return (last >= 0 && this.#minute[last] === minute ? last : this.#cell(minute, file)) * WIDTH;
  }

  /** The cells since the last time, in the order in which they were begun. */
  take(): Cells {
    const count = this.#count;
    const cells: Cells = {
      count,
      minute: this.#minute.slice(0, count),
      file: this.#file.slice(0, count),
      counts: this.counts.slice(0, count * WIDTH),
    };
    this.counts.fill(0, 0, count * WIDTH);
    this.#count = 0;
    this.#byMinute.clear();
    this.#lastCell.fill(-1);
    return cells;
  }

  #cell(minute: number, file: number): number {
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
    if (file >= this.#lastCell.length) {
      const longer = new Int32Array(2 * file).fill(-1);
      longer.set(this.#lastCell);
      this.#lastCell = longer;
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
    counts.set(this.counts);
    this.counts = counts;
  }
}
