/**
 * A process that measures the journal for bench/journal.bench.ts, beside what a program does that has no group commit,
 * and beside the disk itself. Prints one JSON object.
 *
 *     measure FOLDER PAYLOAD_BYTES CALLERS CALLS
 */
import { rmSync, writeSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { openJournal } from '../journal.ts';
import { openReader } from '../journal-reader.ts';
import { RecordKind } from '../journal-types.ts';

/** What the disk is given at once when nothing else is to be measured: as much as the journal's largest group. */
const DISK_PIECE = 8 * 1024 * 1024;

const [folder, ...numbers] = process.argv.slice(2) as [string, ...string[]];
const [payloadBytes, callers, calls] = numbers.map(Number) as [number, number, number];
const payload = Buffer.alloc(payloadBytes, 'x');
// One small call a second that waits for nobody shows nothing new after some hundred.
const peerCalls = Math.min(calls, 2_000);

rmSync(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const journal = (await openJournal(join(folder, 'journal'))).okOrThrow();
let groups = 0;
journal.onDurable(() => {
  groups += 1;
});
const record = { kind: RecordKind.lines, head: { stream: 1, line: 1, lines: 1 }, payload };
const seconds = await secondsOf(calls, async () => (await journal.record([record])).okOrThrow());
const { durable } = journal;
await journal.close();
const readSeconds = await secondsOf(1, async () => readAll(durable));

const peer = await open(join(folder, 'appended'), 'a');
const peerSeconds = await secondsOf(peerCalls, async () => {
  await peer.appendFile(payload);
  await peer.datasync();
});
await peer.close();

const disk = await open(join(folder, 'disk'), 'w');
const piece = Buffer.alloc(DISK_PIECE, 'x');
const pieces = Math.ceil((payloadBytes * calls) / DISK_PIECE);
const began = performance.now();
for (let written = 0; written < pieces; written += 1) {
  await disk.writev([piece]);
  await disk.datasync();
}
const diskSeconds = (performance.now() - began) / 1000;
await disk.close();
rmSync(folder, { recursive: true });

const report = {
  callsPerSecond: calls / seconds,
  bytesPerSecond: (payloadBytes * calls) / seconds,
  callsPerGroup: calls / groups,
  readBytesPerSecond: durable / readSeconds,
  peerCallsPerSecond: peerCalls / peerSeconds,
  diskBytesPerSecond: (pieces * DISK_PIECE) / diskSeconds,
};
writeSync(1, JSON.stringify(report));

async function secondsOf(times: number, call: () => Promise<unknown>): Promise<number> {
  let left = times;
  const start = performance.now();
  async function caller(): Promise<void> {
    while (left > 0) {
      left -= 1;
      await call();
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  return (performance.now() - start) / 1000;
}

function readAll(end: number): void {
  const reader = openReader(join(folder, 'journal'), 0).okOrThrow();
  while (reader.next(end) !== undefined);
  reader.close();
}
