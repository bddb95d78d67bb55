/**
 * How fast a Merkle tree is made: leaves of 64 bytes, hashed and streamed to tiles, by WebAssembly and by one call of
 * node:crypto for each hash, beside what OpenSSL itself takes for as many hashes, all in one run.
 *
 *     npm run bench -- merkle [--lines=1000000] [--full]
 *     npm run bench -- merkle --nation       25 million leaves, made as they are hashed: how much memory a tree takes that is streamed
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { loadavg } from 'node:os';
import { GrowingTree, HASH_SIZE, type Hasher, LEAF_PREFIX, wasmSha256Hasher } from '@bellwether/evidence';
import { type BenchOptions, readOptions } from './options.ts';
import { table, times, whole } from './running/table.ts';

/** Leaves of a plain run; `--lines=N` takes another number. */
const LEAVES = 1_000_000;

/** With `--full`: the registrations of Missouri. */
const MISSOURI = 4_300_000;

/** With `--nation`: a tenth of 250 million. */
const NATION_TENTH = 25_000_000;

/** Bytes of a leaf, as a state tile keeps a record: its handle and its hash. */
const LEAF_BYTES = 64;

/** Bytes that are hashed for a leaf or a node: a prefix and 64. */
const MESSAGE_BYTES = 65;

/** Leaves that are handed over at once. */
const AT_ONCE = 65_536;

/** Our limit: so many times what OpenSSL takes. */
const LIMIT = 1.3;

/** Seconds that OpenSSL measures itself for: its answer is steady from three on. */
const OPENSSL_SECONDS = 3;

type Run = { readonly seconds: number; readonly root: string; readonly extra: number };

/** One call for each hash, as most code does it. */
const BY_CALL: Hasher = {
  hash(bytes, out, at) {
    out.set(createHash('sha256').update(bytes).digest(), at);
  },
  hashAll(prefix, input, size, count, out) {
    const before = Uint8Array.of(prefix);
    for (let i = 0; i < count; i++) {
      const hash = createHash('sha256')
        .update(before)
        .update(input.subarray(i * size, (i + 1) * size));
      out.set(hash.digest(), i * HASH_SIZE);
    }
  },
};

const options = readOptions(process.argv.slice(2));
if (options.nation) streamNation();
else main(options);

function main(options: BenchOptions): void {
  const leaves = options.lines ?? (options.full ? MISSOURI : LEAVES);
  const hashes = 2 * leaves - 1;
  const input = Buffer.alloc(leaves * LEAF_BYTES);
  for (let i = 0; i < leaves; i++) input.writeDoubleLE(i, i * LEAF_BYTES + (i % 56));
  const wasm = wasmSha256Hasher();
  if (wasm === null) throw new Error('no WebAssembly with vectors here');
  say(
    `${whole(leaves)} leaves of ${LEAF_BYTES} bytes, ${whole(hashes)} hashes; load ${loadavg()[0]!.toFixed(1)}\n`,
  );

  const native: number[] = [];
  const ours: Run[] = [];
  const theirs: Run[] = [];
  // One after the other in each round, so that what disturbs one disturbs all.
  for (let run = 0; run < options.runs; run++) {
    native.push(hashes / opensslRate());
    ours.push(build(wasm, input, leaves));
    theirs.push(build(BY_CALL, input, leaves));
  }
  const roots = new Set([...ours, ...theirs].map(({ root }) => root));
  if (roots.size !== 1) throw new Error('two hashers made two roots');
  const limit = median(native);
  const rows = [
    ['openssl speed', limit, null],
    ['WebAssembly', median(ours.map(({ seconds }) => seconds)), Math.max(...ours.map(({ extra }) => extra))],
    [
      'createHash',
      median(theirs.map(({ seconds }) => seconds)),
      Math.max(...theirs.map(({ extra }) => extra)),
    ],
  ] as const;
  const head = ['by', 'CPU seconds', 'hashes/s', 'of openssl', 'MB beyond the input'];
  say(
    table(
      head,
      rows.map(([name, seconds, extra]) => [
        name,
        seconds.toFixed(2),
        whole(hashes / seconds),
        times(seconds / limit),
        extra === null ? '—' : (extra / 1e6).toFixed(0),
      ]),
    ),
  );
  say(`\nload at the end ${loadavg()[0]!.toFixed(1)}`);
  if (rows[1][1] > LIMIT * limit) {
    say(`WebAssembly takes more than ${LIMIT} times what OpenSSL takes`);
    process.exitCode = 1;
  }
}

/** A tree whose leaves nobody keeps: handed over by the portion, its tiles handed out and forgotten. */
function streamNation(): void {
  const hasher = wasmSha256Hasher();
  if (hasher === null) throw new Error('no WebAssembly with vectors here');
  const before = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  let tiles = 0;
  const tree = new GrowingTree(hasher, () => {
    tiles++;
  });
  const input = Buffer.alloc(AT_ONCE * LEAF_BYTES);
  const hashes = new Uint8Array(AT_ONCE * HASH_SIZE);
  for (let done = 0; done < NATION_TENTH; done += AT_ONCE) {
    const some = Math.min(AT_ONCE, NATION_TENTH - done);
    for (let i = 0; i < some; i++) input.writeDoubleLE(done + i, i * LEAF_BYTES);
    hasher.hashAll(LEAF_PREFIX, input, LEAF_BYTES, some, hashes);
    tree.append(hashes.subarray(0, some * HASH_SIZE));
  }
  tree.flush();
  const root = Buffer.from(tree.root()).toString('hex');
  const { user, system } = process.cpuUsage(cpu);
  const { maxRSS } = process.resourceUsage();
  say(
    `${whole(NATION_TENTH)} leaves of ${LEAF_BYTES} bytes, ${whole(tiles)} tiles, root ${root}: ` +
      `${((user + system) / 1e6).toFixed(1)} CPU seconds, at most ${(maxRSS / 1e3).toFixed(0)} MB resident, of them ${(before / 1e6).toFixed(0)} before`,
  );
  say(`load at the end ${loadavg()[0]!.toFixed(1)}`);
}

/** Builds the tree, every tile handed out. Seconds of CPU, so that other work counts less. */
function build(hasher: Hasher, input: Buffer, leaves: number): Run {
  const before = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  let peak = before;
  let tiles = 0;
  const tree = new GrowingTree(hasher, () => {
    tiles++;
  });
  const hashes = new Uint8Array(AT_ONCE * HASH_SIZE);
  for (let done = 0; done < leaves; done += AT_ONCE) {
    const some = Math.min(AT_ONCE, leaves - done);
    const part = input.subarray(done * LEAF_BYTES, (done + some) * LEAF_BYTES);
    hasher.hashAll(LEAF_PREFIX, part, LEAF_BYTES, some, hashes);
    tree.append(hashes.subarray(0, some * HASH_SIZE));
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  tree.flush();
  const root = Buffer.from(tree.root()).toString('hex');
  const { user, system } = process.cpuUsage(cpu);
  if (tiles === 0) throw new Error('no tile was made');
  return { seconds: (user + system) / 1e6, root, extra: peak - before };
}

/** Hashes of 65 bytes that OpenSSL makes in a second of CPU. */
function opensslRate(): number {
  const args = [
    'speed',
    '-evp',
    'sha256',
    '-bytes',
    String(MESSAGE_BYTES),
    '-seconds',
    String(OPENSSL_SECONDS),
    '-mr',
  ];
  const said = execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  // "+F:22:sha256:297345678.90": bytes in a second.
  const [, bytes] = /^\+F:\d+:[^:]+:([0-9.]+)$/m.exec(said) ?? [];
  if (bytes === undefined) throw new Error(`openssl speed says something else: ${said}`);
  return Number(bytes) / MESSAGE_BYTES;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
