/**
 * Snapshots of the flow: the state of the judge and what stands beside it, with the number of the step after which it
 * was so. A file is written beside its place, synced, and moved there whole; the one before it is kept, in case this
 * one cannot be read.
 *
 * ```
 * 8 bytes  "BWSNAP2\n"
 * 4 bytes  length of the judge's bytes, 4 bytes their CRC-32, 4 bytes length of the memory, 4 bytes its CRC-32 (big-endian)
 * judge    its own format
 * memory   JSON, UTF-8
 * ```
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FlowMemory } from './judge.ts';

const MAGIC = Buffer.from('BWSNAP2\n');
const HEAD = MAGIC.length + 16;
/** End of the name of one that is being written, or waits to be kept. */
const UNFINISHED = '.unfinished';

const NAME = /^step-(\d{15})\.snapshot$/;

/** Snapshots kept: the newest, and the one before it. */
const KEPT = 2;

/** A snapshot that was read. */
export type Snapshot = { readonly memory: FlowMemory; readonly judge: Uint8Array };

/** A snapshot that was taken, and counts when it is kept. */
export type TakenSnapshot = { readonly step: number; readonly offset: number; readonly bytes: number };

/** Hands over what the judge remembers, a piece at a time, and gives what stands beside it. */
export type TellState = (take: (bytes: Uint8Array) => void) => FlowMemory;

/**
 * Takes a snapshot: all of it is in a file beside its place, and nothing of it in memory. It counts when it is kept, which
 * is when everything that it knows is in the database.
 */
export function takeSnapshot(folder: string, step: number, tell: TellState): TakenSnapshot {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, nameOf(step) + UNFINISHED);
  const fd = openSync(unfinished, 'w', 0o600);
  try {
    let judge = 0;
    let sum = 0;
    const memory = tell((piece) => {
      writeAll(fd, piece, HEAD + judge);
      judge += piece.length;
      sum = crc32(piece, sum);
    });
    const text = Buffer.from(JSON.stringify(memory));
    writeAll(fd, text, HEAD + judge);
    const head = Buffer.alloc(HEAD);
    MAGIC.copy(head);
    head.writeUInt32BE(judge, 8);
    head.writeUInt32BE(sum, 12);
    head.writeUInt32BE(text.length, 16);
    head.writeUInt32BE(crc32(text), 20);
    writeAll(fd, head, 0);
    return { step, offset: memory.offset, bytes: HEAD + judge + text.length };
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** Keeps a snapshot that was taken; gives the offset of the oldest that is kept: the journal before it is not needed. */
export function keepSnapshot(folder: string, { step, offset }: TakenSnapshot): number {
  const place = join(folder, nameOf(step));
  syncAt(place + UNFINISHED);
  renameSync(place + UNFINISHED, place);
  syncAt(folder);
  const steps = stepsIn(folder);
  for (const old of steps.slice(KEPT)) rmSync(join(folder, nameOf(old)), { force: true });
  const oldest = steps[Math.min(KEPT, steps.length) - 1]!;
  return oldest === step ? offset : (readMemory(folder, oldest)?.offset ?? offset);
}

/** Removes a snapshot that is not going to be kept. */
export function dropSnapshot(folder: string, { step }: TakenSnapshot): void {
  rmSync(join(folder, nameOf(step) + UNFINISHED), { force: true });
}

/** Removes what a hub was writing when it was killed. */
export function dropUnfinished(folder: string): void {
  for (const name of namesIn(folder)) {
    if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
  }
}

function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}

function syncAt(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * The snapshots of a folder that can be read, the newest first; those after `step` are left out (they are of another
 * database than this one).
 */
export function* snapshotsIn(folder: string, step: number): Generator<Snapshot> {
  for (const one of stepsIn(folder)) {
    if (one > step) continue;
    const snapshot = readSnapshot(folder, one);
    if (snapshot !== undefined) yield snapshot;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function stepsIn(folder: string): number[] {
  return namesIn(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

function nameOf(step: number): string {
  return `step-${String(step).padStart(15, '0')}.snapshot`;
}

/** Undefined if it is damaged. */
function readSnapshot(folder: string, step: number): Snapshot | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, nameOf(step)));
  } catch {
    return undefined;
  }
  const parts = partsOf(bytes);
  if (parts === undefined || parts.end !== bytes.length) return undefined;
  const judge = bytes.subarray(HEAD, parts.middle);
  if (crc32(judge) !== bytes.readUInt32BE(12)) return undefined;
  const memory = memoryIn(bytes.subarray(parts.middle), bytes.readUInt32BE(20));
  return memory === undefined ? undefined : { memory, judge };
}

/** What stands beside the judge, without reading all that the judge remembers. */
function readMemory(folder: string, step: number): FlowMemory | undefined {
  let fd: number;
  try {
    fd = openSync(join(folder, nameOf(step)), 'r');
  } catch {
    return undefined;
  }
  try {
    const head = Buffer.alloc(HEAD);
    readSync(fd, head, 0, HEAD, 0);
    const parts = partsOf(head);
    if (parts === undefined || fstatSync(fd).size !== parts.end) return undefined;
    const text = Buffer.alloc(parts.end - parts.middle);
    readSync(fd, text, 0, text.length, parts.middle);
    return memoryIn(text, head.readUInt32BE(20));
  } finally {
    closeSync(fd);
  }
}

/** Where the judge's bytes end, and where all do; undefined where it is no snapshot. */
function partsOf(bytes: Buffer): { readonly middle: number; readonly end: number } | undefined {
  if (bytes.length < HEAD || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const middle = HEAD + bytes.readUInt32BE(8);
  return { middle, end: middle + bytes.readUInt32BE(16) };
}

function memoryIn(text: Buffer, sum: number): FlowMemory | undefined {
  return crc32(text) === sum ? (JSON.parse(text.toString('utf8')) as FlowMemory) : undefined;
}
