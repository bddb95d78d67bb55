/**
 * From an order to blocks that were read back in the kernel, at one office, beside one plain `nft -f` of as many elements in the same
 * run. In a network namespace of its own; root is needed.
 *
 *     npm run bench -- enforce [--full]
 */
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Enforcer, orderReader, runTool } from '@bellwether/agent/enforcer';
import { formatIPv4 } from '@bellwether/basics';
import { readOptions } from './options.ts';
import { table, whole } from './running/table.ts';

/** Blocks of a plain run, and with `--full` the larger one too. */
const SIZES = [50_000];
const FULL_SIZES = [50_000, 100_000];

const HOUR = 3_600_000;
const NAMESPACE = `bwbench${process.pid % 10_000}`;

await main(readOptions(process.argv.slice(2)).full === true ? FULL_SIZES : SIZES);

async function main(sizes: readonly number[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-enforce-'));
  ip('netns', 'add', NAMESPACE);
  try {
    const rows: string[][] = [];
    for (const size of sizes) rows.push(await measured(size, folder));
    process.stdout.write(`load at the end ${loadavg()[0]!.toFixed(1)}\n`);
    process.stdout.write(
      `${table(['blocks', 'order to read-back, s', 'plain nft -f, s', 'ratio', 'one more block, ms'], rows)}\n`,
    );
  } finally {
    ip('netns', 'del', NAMESPACE);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(size: number, folder: string): Promise<string[]> {
  const keys = generateKeyPairSync('ed25519');
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  const hub = createHash('sha256').update(spki).digest('hex');
  const now = Date.now();
  const block = (i: number) => ({
    id: String(i),
    network: address(i),
    covers: 'all',
    from: now,
    until: now + HOUR,
    reason: 'scan',
  });
  const lineOf = (order: object): string => {
    const text = JSON.stringify({
      schema: 'bellwether/order@1',
      hub,
      office: '29001',
      at: now,
      spare: [],
      lift: [],
      ...order,
    });
    return JSON.stringify({
      order: text,
      signature: sign(null, Buffer.from(text), keys.privateKey).toString('base64'),
    });
  };
  const elements = Array.from({ length: size }, (_, i) => `${address(i)} timeout 1h`).join(', ');
  const began = performance.now();
  nft(
    `table inet plain {\n set s { type ipv4_addr; flags interval,timeout; elements = { ${elements} } ; }\n}\n`,
  );
  const plain = (performance.now() - began) / 1_000;
  nft('flush ruleset\n');
  const read = orderReader(spki.toString('base64'), '29001');
  const enforcer = new Enforcer({
    settings: { office: { allow: [], voters: [], public: [] }, never: [], door: null },
    folder,
    never: [],
    log: (text) => process.stderr.write(`${text}\n`),
    now: Date.now,
    run: (program, args, input) => runTool('ip', ['netns', 'exec', NAMESPACE, program, ...args], input),
  });
  const whole1 = lineOf({
    sequence: 1,
    isWhole: true,
    add: Array.from({ length: size }, (_, i) => block(i)),
  });
  const from = performance.now();
  await enforcer.take((await read(whole1)).okOrThrow());
  const took = (performance.now() - from) / 1_000;
  if (enforcer.report().enforced !== size) throw new Error(JSON.stringify(enforcer.report()).slice(0, 500));
  const more = lineOf({ sequence: 2, isWhole: false, add: [block(size)] });
  const again = performance.now();
  await enforcer.take((await read(more)).okOrThrow());
  const one = performance.now() - again;
  await enforcer.close();
  nft('flush ruleset\n');
  return [whole(size), took.toFixed(2), plain.toFixed(2), (took / plain).toFixed(1), one.toFixed(0)];
}

/** No two of them stand side by side, so that no two become one piece. */
function address(i: number): string {
  return formatIPv4(0x0b00_0001 + 2 * i);
}

function nft(text: string): void {
  const { status, stderr } = spawnSync('ip', ['netns', 'exec', NAMESPACE, 'nft', '-f', '-'], { input: text });
  if (status !== 0) throw new Error(stderr.toString());
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args);
  if (status !== 0) throw new Error(stderr.toString());
}
