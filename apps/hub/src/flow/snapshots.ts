/**
 * Snapshots of the flow: the state of the judge and what stands beside it, with the number of the step after which it
 * was so. A file is written beside its place, synced, and moved there whole; the one before it is kept, in case this
 * one cannot be read.
 *
 * ```
 * 8 bytes  "BWSNAP1\n"
 * 4 bytes  length of the memory, 4 bytes its CRC-32, 4 bytes length of the judge's bytes, 4 bytes their CRC-32 (big-endian)
 * memory   JSON, UTF-8
 * judge    its own format
 * ```
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FlowMemory } from './judge.ts';

const MAGIC = Buffer.from('BWSNAP1\n');
const HEAD = MAGIC.length + 16;
const NAME = /^step-(\d{15})\.snapshot$/;

/** Snapshots kept: the newest, and the one before it. */
const KEPT = 2;

/** A snapshot that was read. */
export type Snapshot = { readonly memory: FlowMemory; readonly judge: Uint8Array };

/** Writes a snapshot; gives the offset of the oldest that is kept: the journal before it is not needed. */
export function writeSnapshot(folder: string, snapshot: Snapshot): { bytes: number; needed: number } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const memory = Buffer.from(JSON.stringify(snapshot.memory));
  const head = Buffer.alloc(HEAD);
  MAGIC.copy(head);
  head.writeUInt32BE(memory.length, 8);
  head.writeUInt32BE(crc32(memory), 12);
  head.writeUInt32BE(snapshot.judge.length, 16);
  head.writeUInt32BE(crc32(snapshot.judge), 20);
  const place = join(folder, nameOf(snapshot.memory.step));
  const next = `${place}.unfinished`;
  const fd = openSync(next, 'w', 0o600);
  try {
    for (const part of [head, memory, snapshot.judge]) {
      for (let at = 0; at < part.length; ) at += writeSync(fd, part, at);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(next, place);
  const folderFd = openSync(folder, 'r');
  fsyncSync(folderFd);
  closeSync(folderFd);
  // What a hub was writing when it was killed.
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.unfinished')) rmSync(join(folder, name), { force: true });
  }
  const steps = stepsIn(folder);
  for (const step of steps.slice(KEPT)) rmSync(join(folder, nameOf(step)), { force: true });
  const oldest = steps[Math.min(KEPT, steps.length) - 1]!;
  const kept = oldest === snapshot.memory.step ? snapshot : readSnapshot(folder, oldest);
  return {
    bytes: head.length + memory.length + snapshot.judge.length,
    needed: kept?.memory.offset ?? snapshot.memory.offset,
  };
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

function stepsIn(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
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
  if (bytes.length < HEAD || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const memoryEnd = HEAD + bytes.readUInt32BE(8);
  if (bytes.length !== memoryEnd + bytes.readUInt32BE(16)) return undefined;
  const memory = bytes.subarray(HEAD, memoryEnd);
  const judge = bytes.subarray(memoryEnd);
  if (crc32(memory) !== bytes.readUInt32BE(12) || crc32(judge) !== bytes.readUInt32BE(20)) return undefined;
  return { memory: JSON.parse(memory.toString('utf8')) as FlowMemory, judge };
}
