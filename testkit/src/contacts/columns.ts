/**
 * Growable columns: one typed array per property of an event, so that five million events are flat memory and no
 * garbage.
 */

/** Rows of a new column: small files stay small, and doubling reaches five million in seven steps. */
const FIRST_ROWS = 65_536;

type Cells = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int32Array;

/** The typed array of each kind of column. */
export type ColumnKinds = {
  readonly f64: Float64Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly u16: Uint16Array;
  readonly u8: Uint8Array;
};

/** A column that grows by doubling; `cells` must be read again after `row` was called. */
export class Column<K extends keyof ColumnKinds> {
  cells: ColumnKinds[K];
  private readonly kind: K;

  constructor(kind: K) {
    this.kind = kind;
    this.cells = allocate(kind, FIRST_ROWS) as ColumnKinds[K];
  }

  /** Makes room for this row. */
  room(row: number): void {
    if (row < this.cells.length) return;
    const grown = allocate(this.kind, Math.max(row + 1, this.cells.length * 2));
    grown.set(this.cells as never);
    this.cells = grown as ColumnKinds[K];
  }

  /** Writes one cell and grows if it must. */
  set(row: number, value: number): void {
    if (row >= this.cells.length) this.room(row);
    this.cells[row] = value;
  }

  /** Reads one cell; zero where nothing was written. */
  get(row: number): number {
    return this.cells[row] ?? 0;
  }

  /** Adds to one cell. */
  add(row: number, by: number): void {
    if (row >= this.cells.length) this.room(row);
    this.cells[row] = (this.cells[row] as number) + by;
  }
}

function allocate(kind: keyof ColumnKinds, rows: number): Cells {
  switch (kind) {
    case 'f64':
      return new Float64Array(rows);
    case 'u32':
      return new Uint32Array(rows);
    case 'i32':
      return new Int32Array(rows);
    case 'u16':
      return new Uint16Array(rows);
    case 'u8':
      return new Uint8Array(rows);
  }
}
