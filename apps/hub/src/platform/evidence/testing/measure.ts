/** A process that measures the log: `measure FOLDER ENTRIES AT-ONCE`. Prints entries a second, what hashing alone does, and what a peer does. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { entryHashes, GrowingTree } from '@bellwether/evidence';
import { bestHasher } from '../hashing.ts';
import { openEvidenceLog } from '../log.ts';
import { fileSigner } from '../log-key.ts';

const [folder = '', entries = '0', atOnce = '1'] = process.argv.slice(2);
const total = Number(entries);
const batch = Number(atOnce);

/** Entries that the peer writes: one at a time, it needs no more to be measured. */
const PEER_ENTRIES = 500;

/** Bytes of an item of the rolls. */
const ENTRY_BYTES = 106;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const signer = (await fileSigner(join(folder, 'key'), 'bench.example/log')).okOrThrow();
const log = (
  await openEvidenceLog({
    folder: join(folder, 'log'),
    privateFolder: join(folder, 'private'),
    origin: 'bench.example/log',
    signer,
  })
).okOrThrow();
function entriesFrom(first: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const entry = new Uint8Array(ENTRY_BYTES);
    new DataView(entry.buffer).setUint32(4, first + i);
    return entry;
  });
}

const begun = performance.now();
const cpu = process.cpuUsage();
for (let done = 0; done < total; done += batch) {
  const some = entriesFrom(done, Math.min(batch, total - done));
  (await log.appendEntries(some)).okOrThrow();
}
const seconds = (performance.now() - begun) / 1_000;
const used = process.cpuUsage(cpu);
await log.close();

// The floor: the same entries, hashed into a tree in memory, and nothing written.
const hasher = bestHasher();
const tree = new GrowingTree(hasher, () => {});
const floorBegun = performance.now();
for (let done = 0; done < total; done += batch) {
  tree.append(entryHashes(hasher, entriesFrom(done, Math.min(batch, total - done))));
}
const floor = (performance.now() - floorBegun) / 1_000;

// The peer: one entry, one fdatasync, no tree.
const file = openSync(join(folder, 'peer'), 'w');
const peerBegun = performance.now();
for (let i = 0; i < PEER_ENTRIES; i++) {
  writeSync(file, new Uint8Array(ENTRY_BYTES));
  fdatasyncSync(file);
}
const peer = (performance.now() - peerBegun) / 1_000;
closeSync(file);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  JSON.stringify({
    entriesPerSecond: total / seconds,
    entriesPerCpuSecond: total / ((used.user + used.system) / 1e6),
    hashedPerSecond: total / floor,
    peerEntriesPerSecond: PEER_ENTRIES / peer,
  }),
);
