/** The live database, read once for a genesis: every registration gets a handle and a key by chance, and its first leaf. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import type { Hasher } from '@bellwether/evidence';
import {
  GROUPS,
  type Group,
  HANDLE_SIZE,
  LeafMaker,
  type Mapping,
  type RollsError,
  type RowReader,
  type RowValues,
  rowReader,
} from '@bellwether/rolls';
import { PADDING_FLAG, PROTECTED_FLAG, writeAll } from './book-files.ts';
import { RecordIndex } from './book-index.ts';
import { keepValues } from './book-row.ts';
import { CanonicalRoom } from './canonical-room.ts';
import type { LiveSink } from './live/live-types.ts';

/** Rows whose leaves are made at once. */
const ROWS_AT_ONCE = 8192;

/** Records that room is made for at first. */
const FIRST_RECORDS = 65_536;

/** Bytes of rows that are gathered before they are written. */
const BUFFER = 4 * 1024 * 1024;

/** Takes rows for a genesis. Rows themselves wait in a file, since memory holds everything else of them. */
export class GenesisRows implements LiveSink {
  readonly #mapping: Mapping;
  readonly #maker: LeafMaker;
  readonly #path: string;
  readonly #fd: number;
  readonly #room = new CanonicalRoom(ROWS_AT_ONCE);
  readonly #buffer = new Uint8Array(BUFFER);
  readonly #versions = new Uint32Array(ROWS_AT_ONCE).fill(1);
  readonly #offices = new Map<string, number>();
  #reader: RowReader | undefined;
  #filled = 0;
  #written = 0;
  /** Rows since the last leaves. */
  #rows = 0;
  readonly index = new RecordIndex();
  /** 32 bytes each. */
  handles = new Uint8Array(FIRST_RECORDS * HANDLE_SIZE);
  keys = new Uint8Array(FIRST_RECORDS * HANDLE_SIZE);
  leaves = new Uint8Array(FIRST_RECORDS * HANDLE_SIZE);
  flags = new Uint8Array(FIRST_RECORDS);
  officeOf = new Uint16Array(FIRST_RECORDS);
  #rowEnds = new Float64Array(FIRST_RECORDS);
  /** Records so far. */
  count = 0;

  /** `path`: where rows wait; gone when this is closed. */
  constructor(mapping: Mapping, hasher: Hasher, path: string) {
    this.#mapping = mapping;
    this.#maker = new LeafMaker(hasher);
    this.#path = path;
    rmSync(path, { force: true });
    this.#fd = openSync(path, 'wx+', 0o600);
  }

  takeColumns(names: readonly string[]): Result<void, RollsError> {
    const reader = rowReader(this.#mapping, names);
    if (reader.isErr()) return reader;
    this.#reader = reader.value;
    return ok();
  }

  takeRow(values: RowValues): Result<void, RollsError> {
    const head = this.#reader!.readHead(values);
    if (head.isErr()) return head;
    if (head.value === 'not-live') return ok();
    const { recordId, office, isProtected } = head.value;
    if (this.index.add(recordId) < 0) return twice(recordId);
    const at = this.#next();
    this.flags[at] = isProtected ? PROTECTED_FLAG : 0;
    this.officeOf[at] = this.#officeNumber(office);
    this.#room.write(this.#reader!, values, this.#rows);
    this.#keepRow(at);
    this.#rows++;
    if (this.#rows === ROWS_AT_ONCE) this.#makeLeaves();
    return ok();
  }

  /** Adds records that stand for nobody, with leaves by chance; then all leaves are there. */
  addPadding(count: number, office: string): void {
    this.#makeLeaves();
    for (let i = 0; i < count; i++) {
      const at = this.#next();
      this.flags[at] = PADDING_FLAG;
      this.officeOf[at] = this.#officeNumber(office);
      this.leaves.set(randomBytes(HANDLE_SIZE), at * HANDLE_SIZE);
      this.#rowEnds[at] = this.#written + this.#filled;
    }
    this.#flush();
    this.#drawHandles(this.count - count, this.count);
  }

  /** Offices by number. */
  get offices(): readonly string[] {
    return [...this.#offices.keys()];
  }

  /** Dates that could not be read, and are kept as texts. */
  get unreadableDates(): number {
    return this.#reader?.unreadableDates ?? 0;
  }

  /** The kept row of a record. */
  rowAt(record: number): Uint8Array {
    const start = record === 0 ? 0 : this.#rowEnds[record - 1]!;
    const row = new Uint8Array(this.#rowEnds[record]! - start);
    for (let at = 0; at < row.length; ) {
      const read = readSync(this.#fd, row, at, row.length - at, start + at);
      if (read === 0) throw new Error(`${this.#path} became shorter while it was read`);
      at += read;
    }
    return row;
  }

  /** Record number; empty for padding. */
  recordIdAt(record: number): string {
    return record < this.index.count ? this.index.recordAt(record) : '';
  }

  close(): void {
    closeSync(this.#fd);
    rmSync(this.#path, { force: true });
  }

  #next(): number {
    const at = this.count++;
    if (at < this.flags.length) return at;
    const size = Math.ceil(at * 1.5);
    this.handles = grownTo(this.handles, size * HANDLE_SIZE);
    this.keys = grownTo(this.keys, size * HANDLE_SIZE);
    this.leaves = grownTo(this.leaves, size * HANDLE_SIZE);
    this.flags = grownTo(this.flags, size);
    const offices = new Uint16Array(size);
    offices.set(this.officeOf);
    this.officeOf = offices;
    const ends = new Float64Array(size);
    ends.set(this.#rowEnds);
    this.#rowEnds = ends;
    return at;
  }

  #officeNumber(office: string): number {
    const known = this.#offices.get(office);
    if (known !== undefined) return known;
    const number = this.#offices.size;
    if (number > 0xffff) throw new RangeError('more than 65,536 offices');
    this.#offices.set(office, number);
    return number;
  }

  #keepRow(record: number): void {
    const size = GROUPS.reduce((sum, group) => sum + this.#room.lengthOf(group, this.#rows), 0);
    if (this.#filled + size > BUFFER) this.#flush();
    if (size > BUFFER) throw new RangeError('a row of more than four megabytes');
    for (const group of GROUPS) this.#filled = this.#keepGroup(group);
    this.#rowEnds[record] = this.#written + this.#filled;
  }

  #keepGroup(group: Group): number {
    const { bytes, offsets } = this.#room.fields[group];
    return keepValues(bytes, offsets[this.#rows]!, offsets[this.#rows + 1]!, this.#buffer, this.#filled);
  }

  #flush(): void {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#written += this.#filled;
    this.#filled = 0;
  }

  #makeLeaves(): void {
    const count = this.#rows;
    const from = this.count - count;
    this.#drawHandles(from, this.count);
    const voterKeys = this.keys.subarray(from * HANDLE_SIZE, this.count * HANDLE_SIZE);
    const out = this.leaves.subarray(from * HANDLE_SIZE, this.count * HANDLE_SIZE);
    this.#maker.leaves({ count, voterKeys, versions: this.#versions, fields: this.#room.fields }, out);
    this.#rows = 0;
  }

  #drawHandles(from: number, to: number): void {
    const bytes = (to - from) * HANDLE_SIZE;
    this.handles.set(randomBytes(bytes), from * HANDLE_SIZE);
    this.keys.set(randomBytes(bytes), from * HANDLE_SIZE);
  }
}

/** Records in the order of their handles: by their first 20 bits, then the few of each place by all of them. */
export function byHandle(handles: Uint8Array, count: number): Uint32Array {
  const bucketOf = (record: number): number => {
    const at = record * HANDLE_SIZE;
    return (handles[at]! << 12) | (handles[at + 1]! << 4) | (handles[at + 2]! >> 4);
  };
  const starts = new Uint32Array(2 ** 20 + 1);
  for (let record = 0; record < count; record++) starts[bucketOf(record) + 1]!++;
  for (let bucket = 0; bucket < 2 ** 20; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const next = starts.slice();
  const order = new Uint32Array(count);
  for (let record = 0; record < count; record++) order[next[bucketOf(record)]!++] = record;
  for (let bucket = 0; bucket < 2 ** 20; bucket++) {
    const some = order.subarray(starts[bucket], starts[bucket + 1]);
    if (some.length > 1) some.sort((a, b) => compareHandles(handles, a, b));
  }
  return order;
}

function compareHandles(handles: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < HANDLE_SIZE; i++) {
    const difference = handles[a * HANDLE_SIZE + i]! - handles[b * HANDLE_SIZE + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function grownTo(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(size);
  grown.set(bytes);
  return grown;
}

function twice(recordId: string): Result<never, RollsError> {
  const detail = `the record number ${JSON.stringify(recordId)} stands twice`;
  return err({ code: 'ROLLS_ROW_UNREADABLE', detail });
}
