/**
 * What a night of the roll takes in hashing, on one core: record leaves of a whole state from voters' keys and canonical
 * fields, the prefix tree over them, and the roots of further nights; beside `createHmac` for the commitments alone.
 *
 *     npm run bench -- rolls-tree [--lines=400000] [--full]
 */
import { createHmac, randomFillSync } from 'node:crypto';
import { loadavg } from 'node:os';
import { HASH_SIZE, wasmSha256Hasher } from '@bellwether/evidence';
import { GROUPS, type LeafInput, LeafMaker, PrefixTree } from '@bellwether/rolls';
import { type BenchOptions, readOptions } from './options.ts';
import { table, times, whole } from './running/table.ts';

/** Records of a plain run; `--lines=N` takes another number. */
const RECORDS = 400_000;

/** With `--full`: the registrations of Missouri. */
const MISSOURI = 4_300_000;

/** Bytes of the canonical fields of a group, from and to: names of fields, and what people are called. */
const FIELD_BYTES = { public: [220, 330], identity: [40, 60], administrative: [60, 110] } as const;

/** Changes of a night, and nights. */
const CHANGES = 10_000;
const NIGHTS = 20;

/** Records that `createHmac` is measured on: its rate needs no more. */
const PEER_RECORDS = 50_000;

/** Records of which leaves are made at once. */
const AT_ONCE = 65_536;

main(readOptions(process.argv.slice(2)));

function main(options: BenchOptions): void {
  const records = options.lines ?? (options.full ? MISSOURI : RECORDS);
  const hasher = wasmSha256Hasher();
  if (hasher === null) throw new Error('no WebAssembly with vectors here');
  say(`${whole(records)} records, one core; load ${loadavg()[0]!.toFixed(1)}\n`);
  const handles = sortedHandles(records);
  const leaves = new Uint8Array(records * HASH_SIZE);
  const maker = new LeafMaker(hasher);
  const input = fieldsOf(AT_ONCE);
  const leavesTook = cpuOf(() => {
    for (let from = 0; from < records; from += AT_ONCE) {
      const count = Math.min(AT_ONCE, records - from);
      maker.leaves({ ...input, count }, leaves.subarray(from * HASH_SIZE, (from + count) * HASH_SIZE));
    }
  });
  const peer = cpuOf(() => {
    for (let i = 0; i < PEER_RECORDS; i++) {
      for (const group of GROUPS) {
        const { bytes, offsets } = input.fields[group];
        createHmac('sha256', 'bellwether/rolls/commitment@1')
          .update(bytes.subarray(offsets[i]!, offsets[i + 1]!))
          .digest();
      }
    }
  });
  const hmacs = (peer / PEER_RECORDS) * records;
  let tree: PrefixTree | undefined;
  const treeTook = cpuOf(() => {
    tree = PrefixTree.ofSorted(hasher, handles, leaves, records);
    tree.root();
  });
  const nightsTook = cpuOf(() => {
    for (let night = 1; night <= NIGHTS; night++) {
      for (let change = 0; change < CHANGES; change++) {
        const slot = (change * 7919 + night * 104_729) % records;
        const leaf = leaves.slice(slot * HASH_SIZE, (slot + 1) * HASH_SIZE);
        leaf[0]! ^= night;
        tree!.change(handles.subarray(slot * HASH_SIZE, (slot + 1) * HASH_SIZE), leaf);
      }
      tree!.root();
    }
  });
  const rows = [
    ['record leaves, three commitments each', leavesTook, times(hmacs / leavesTook)],
    ['createHmac of the same fields, calculated', hmacs, times(1)],
    ['prefix tree of all', treeTook, '—'],
    [`root of a night with ${whole(CHANGES)} changes`, nightsTook / NIGHTS, '—'],
    ['roots of a year of nights, calculated', (nightsTook / NIGHTS) * 365, '—'],
  ] as const;
  say(
    table(
      ['what', 'CPU seconds', 'beside createHmac'],
      rows.map(([what, seconds, beside]) => [what, seconds.toFixed(2), beside]),
    ),
  );
  say(
    `\nresident memory ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB; load at the end ${loadavg()[0]!.toFixed(1)}`,
  );
}

/** Random handles, ascending as a book has them. */
function sortedHandles(records: number): Uint8Array {
  const handles = random(records * HASH_SIZE);
  const view = new DataView(handles.buffer);
  for (let i = 0; i < records; i++) view.setUint32(i * HASH_SIZE, Math.floor((i / records) * 2 ** 32));
  return handles;
}

function fieldsOf(count: number): LeafInput {
  const versions = new Uint32Array(count).fill(1);
  const fields = Object.fromEntries(
    GROUPS.map((group) => {
      const [from, to] = FIELD_BYTES[group];
      const offsets = new Uint32Array(count + 1);
      for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + from + ((i * 31) % (to - from));
      return [group, { bytes: random(offsets[count]!), offsets }];
    }),
  ) as LeafInput['fields'];
  return { count, voterKeys: random(count * HASH_SIZE), versions, fields };
}

function random(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 2 ** 30) randomFillSync(bytes.subarray(at, at + 2 ** 30));
  return bytes;
}

function cpuOf(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
