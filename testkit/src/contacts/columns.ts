/**
 * Growable columns of numbers: flat memory and no garbage for what is known of each source and address.
 *
 * One kind of typed array only, since reads and writes through several kinds are several times slower in V8. Events,
 * which are many more, keep typed arrays of their own width (network-events.ts, web-requests.ts, logins.ts).
 */

/** Rows of a new column: doubling reaches a million in five steps. */
const FIRST_ROWS = 32_768;

/** A column of doubles, zero where nothing was written. */
export class Column {
  private cells = new Float64Array(FIRST_ROWS);

  /** Writes one cell. */
  set(row: number, value: number): void {
    if (row >= this.cells.length) this.grow(row);
    this.cells[row] = value;
  }

  /** Reads one cell. */
  get(row: number): number {
    return row < this.cells.length ? (this.cells[row] as number) : 0;
  }

  /** Adds to one cell. */
  add(row: number, by: number): void {
    if (row >= this.cells.length) this.grow(row);
    this.cells[row] = (this.cells[row] as number) + by;
  }

  private grow(row: number): void {
    const grown = new Float64Array(Math.max(row + 1, this.cells.length * 2));
    grown.set(this.cells);
    this.cells = grown;
  }
}

/** Rows that a store has room for before its first event. */
export const FIRST_EVENTS = 16_384;

/** Room that a full store makes: half again, since doubling would waste a gigabyte at five million events. */
export function roomFor(rows: number): number {
  return Math.max(FIRST_EVENTS, Math.ceil(rows * 1.5));
}

/** A copy of a typed array with more room. */
export function grown<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
  cells: T,
  rows: number,
): T {
  const larger = new (cells.constructor as new (length: number) => T)(rows);
  larger.set(cells);
  return larger;
}
