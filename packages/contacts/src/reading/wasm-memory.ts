/**
 * The WebAssembly instance that reads the hot formats, and its memory: one a thread, made when it is first asked for.
 *
 * A block is copied into the memory (3 % of the time that reading it takes), rows are written into a batch inside the
 * memory, and those are copied out column by column. Lines that are unusual are read by the plain readers into the same
 * rows.
 *
 *     0          static data of the module
 *     TABLE      addresses of columns, map of columns      \
 *     OUT        what a call found                          | words
 *     STARTS..   values of one EVE event                   /
 *     ARENA      shapes of EVE events
 *     ROWS       a Batch
 *     MARKS      separators, then ends of lines
 *     INPUT      the window of lines being read
 */
import { BATCH_BYTES, Batch } from '../contact.ts';
import { READING_WASM } from './wasm-binary.ts';

const PAGE = 65_536;

/** Addresses that the module knows too (../../wasm/reading.as.ts). */
const TABLE = 0x10000;
const OUT = 0x10200;
const STARTS = 0x10400;
const ENDS = 0x10500;
const TYPES = 0x10600;
const ARENA = 0x11000;

/** Bytes for shapes of EVE events: a sensor writes some dozens of shapes of 2 to 4 KB. */
const ARENA_BYTES = 0x80000;
/** Lines are read in windows of this many bytes: they stay in a second-level cache with their index. */
export const WINDOW_BYTES = 0x20000;
/** Room that vector loads, and texts compared with what stands there, may touch before and behind the window. */
const SLACK = 512;

/** What the module exports. */
export type ReadingExports = {
  readonly begin: () => void;
  readonly index: (from: number, to: number, separator: number) => number;
  readonly mapColumns: () => void;
  readonly skipLine: () => void;
  readonly eve: (
    from: number,
    to: number,
    row: number,
    limit: number,
    firstLine: number,
    moved: number,
  ) => void;
  readonly conn: (row: number, limit: number, firstLine: number) => void;
};

/** Words that a call leaves at `OUT`: the last three of `conn`, or of `eve`. */
export const Out = {
  rows: 0,
  lines: 1,
  lostUnknown: 2,
  oddEnd: 3,
  at: 4,
  why: 2,
  stopAt: 3,
  next: 4,
} as const;

// The lib of ECMAScript does not name WebAssembly, and the one of browsers is not wanted here.
type Wasm = {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly validate: (bytes: Uint8Array) => boolean;
};

/** The instance and the views of its memory. */
export class ReadingMemory {
  readonly exports: ReadingExports;
  /** All bytes. */
  readonly bytes: Uint8Array;
  /** Words at `TABLE` and `OUT`. */
  readonly table: Int32Array;
  readonly out: Int32Array;
  /** Values of an event: see `Values` in eve-fields.ts. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly type: Uint8Array;
  /** Where the shapes of events stand. */
  readonly arena: DataView;
  readonly arenaAt = ARENA;
  /** Rows that are being read. */
  readonly rows: Batch;
  /** Where a window of lines is copied to. */
  readonly input: number;

  constructor(wasm: Wasm, module: object) {
    const rowsAt = align(ARENA + ARENA_BYTES);
    const marksAt = align(rowsAt + BATCH_BYTES);
    const lineMarksAt = align(marksAt + 4 * (WINDOW_BYTES + SLACK));
    this.input = align(lineMarksAt + 4 * (WINDOW_BYTES + SLACK)) + SLACK;
    const pages = Math.ceil((this.input + WINDOW_BYTES + SLACK) / PAGE);
    const memory = new wasm.Memory({ initial: pages });
    const { buffer } = memory;
    this.bytes = new Uint8Array(buffer);
    this.table = new Int32Array(buffer, TABLE, 128);
    this.out = new Int32Array(buffer, OUT, 128);
    this.start = new Int32Array(buffer, STARTS, 64);
    this.end = new Int32Array(buffer, ENDS, 64);
    this.type = new Uint8Array(buffer, TYPES, 64);
    this.arena = new DataView(buffer, ARENA, ARENA_BYTES);
    this.rows = new Batch(buffer, rowsAt);
    this.exports = new wasm.Instance(module, { env: { memory } }).exports as ReadingExports;
    const r = this.rows;
    const columns = [
      r.time,
      r.src,
      r.dst,
      r.key0,
      r.key1,
      r.acct0,
      r.acct1,
      r.route,
      r.size,
      r.millis,
      r.host,
    ]
      .concat([
        r.line,
        r.textLength,
        r.sport,
        r.dport,
        r.status,
        r.content,
        r.flags,
        r.repeat,
        r.kind,
      ] as never)
      .concat([r.outcome, r.direction, r.protocol, r.tcp] as never);
    columns.forEach((column, i) => {
      this.table[i] = column.byteOffset;
    });
    this.table.set([marksAt, lineMarksAt, WINDOW_BYTES + SLACK], columns.length);
    this.exports.begin();
  }
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}

let made: ReadingMemory | undefined;
let tried = false;

/** The instance of this thread; undefined where the runtime has no WebAssembly with SIMD. */
export function readingMemory(): ReadingMemory | undefined {
  if (tried) return made;
  tried = true;
  const wasm = (globalThis as { WebAssembly?: Wasm }).WebAssembly;
  if (wasm === undefined) return undefined;
  const binary = Buffer.from(READING_WASM, 'base64');
  if (!wasm.validate(binary)) return undefined;
  made = new ReadingMemory(wasm, new wasm.Module(binary));
  return made;
}
