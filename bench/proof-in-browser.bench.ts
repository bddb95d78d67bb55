/**
 * How long a browser takes to check a proof (`.tlog-proof`) that an entry stands in a log of a million, under a policy of 116 witnesses of
 * whom 60 cosigned: the first time in a page, and after that. Debian's Chromium, the code of the page that people open from disk.
 *
 *     npm run bench -- proof-in-browser [--runs=3]
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  encodeText,
  formatCheckpoint,
  formatPolicy,
  formatTlogProof,
  GrowingTree,
  type Hasher,
  inclusionProof,
  KeyKind,
  leafHash,
  type NoteSigner,
  noteKey,
  signText,
  tilePath,
  wasmSha256Hasher,
} from '@bellwether/evidence';
import { type BenchOptions, readOptions } from './options.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { table } from './running/table.ts';

/** Missouri's local authorities, and how many of them make a majority that no other one can miss. */
const WITNESSES = 116;
const COSIGNED = 60;

/** Entries of the log: twenty hashes of a path. */
const ENTRIES = 1_048_576;

/** Checks in one page: the first, some until the browser has compiled what it will, and those that are told. */
const WARM_UP = 50;
const TOLD = 500;

/** Promised of a check, in ms. */
const PROMISED = 15;

/** Benches are bundled, and this one cannot be: it looks for its own files. */
const { chromium }: typeof import('playwright-core') = createRequire(import.meta.url)('playwright-core');

const CHROMIUM = '/usr/bin/chromium';
const NOW = Date.UTC(2026, 10, 3);

await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  if (!existsSync(CHROMIUM)) throw new Error('no Chromium here: apt-get install chromium');
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  mkdirSync(options.cache, { recursive: true });
  const folder = mkdtempSync(join(options.cache, 'proof-'));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const hasher = wasmSha256Hasher();
    if (hasher === null) throw new Error('no WebAssembly with vectors here');
    const { proof, policy } = await madeProof(hasher);
    const page = pageIn(folder);
    const first: number[] = [];
    const later: number[] = [];
    for (let run = 0; run < options.runs; run++) {
      const opened = await browser.newPage();
      await opened.goto(`file://${page}`);
      const task = JSON.stringify([[...proof], [...policy], NOW, 1 + WARM_UP + TOLD]);
      const times = (await opened.evaluate(`timeProof(...${task})`)) as number[];
      first.push(times[0]!);
      later.push(...times.slice(1 + WARM_UP));
      await opened.close();
    }
    const rows = [
      ['the first in a page', first],
      ['after 50 others', later],
    ] as const;
    say(
      table(
        ['check of a proof', 'median, ms', 'p95, ms', 'checks'],
        rows.map(([what, times]) => [
          what,
          quantile(times, 0.5).toFixed(1),
          quantile(times, 0.95).toFixed(1),
          String(times.length),
        ]),
      ),
    );
    if (quantile(later, 0.5) > PROMISED) {
      say(`missed: ${PROMISED} ms were promised`);
      process.exitCode = 1;
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The proof, and the policy by which it holds. */
async function madeProof(
  hasher: Hasher,
): Promise<{ readonly proof: Uint8Array; readonly policy: Uint8Array }> {
  const log = signerOf(hasher, 'elections.example.gov/log', KeyKind.note);
  const witnesses = Array.from({ length: WITNESSES }, (_, at) =>
    signerOf(hasher, `witness-${at}.example.gov`, KeyKind.cosignature),
  );
  const names = witnesses.map((_, at) => `w${at}`);
  const policy = formatPolicy({
    logs: [{ key: log.key, address: null }],
    witnesses: witnesses.map(({ key }, at) => ({ name: names[at]!, key, address: null })),
    groups: [{ name: 'enough', k: COSIGNED, members: names }],
    quorum: 'enough',
  });
  const tiles = new Map<string, Uint8Array>();
  const tree = new GrowingTree(hasher, (tile, bytes) => void tiles.set(tilePath(tile), bytes.slice()));
  const entry = encodeText('{"type":"statement"}');
  for (let at = 0; at < ENTRIES; at++)
    tree.append(leafHash(hasher, at === 1_234 ? entry : Uint8Array.of(at)));
  tree.flush();
  const [size, root] = [BigInt(ENTRIES), tree.root()];
  const path = await inclusionProof(hasher, 1_234n, size, async (tile) => tiles.get(tilePath(tile)) ?? null);
  const text = formatCheckpoint({ origin: log.key.name, size, root });
  const time = BigInt(NOW / 1_000);
  const signers = [log, ...witnesses.slice(0, COSIGNED)];
  const signatures = await Promise.all(signers.map((signer) => signText(text, time, signer)));
  const proof = formatTlogProof({
    extra: entry,
    index: 1_234n,
    proof: path.okOrThrow(),
    note: { text, signatures },
  });
  return { proof: encodeText(proof), policy: encodeText(policy) };
}

function signerOf(hasher: Hasher, name: string, kind: KeyKind): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bare = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return {
    key: noteKey(hasher, name, kind, bare),
    sign: async (message) => Uint8Array.from(sign(null, message, privateKey)),
  };
}

/** A page with the code that checks, as a file: only there and over HTTPS a browser has Web Crypto. */
function pageIn(folder: string): string {
  const script = join(folder, 'timing.js');
  const flags = ['--bundle', '--platform=browser', '--format=iife', '--minify', '--log-level=error'];
  execFileSync(
    'node_modules/.bin/esbuild',
    ['apps/verifier/src/testing/proof-timing.ts', ...flags, `--outfile=${script}`],
    { stdio: 'inherit' },
  );
  const page = join(folder, 'page.html');
  writeFileSync(page, '<!doctype html><meta charset="utf-8"><script src="timing.js"></script>');
  return page;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
