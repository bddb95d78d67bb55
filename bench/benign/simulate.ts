/** Runs a world of benign sources through `bellwether watch`, by its standard input, and counts what it does to them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@bellwether/testkit';
import { BELLWETHER } from '../running/inputs.ts';
import type { Account } from '../running/watch.ts';
import { addressesOf, contactsOf } from './sources.ts';
import { Ending, type World } from './worlds.ts';

/** θ0 of the benign model: a first contact fails with this probability, whatever came before. */
export const FAILS = 0.2;

/** The run: seven days from the registration deadline. */
const START = Date.parse('2026-10-07T00:00:00Z');
const SPAN = 7 * 86_400_000;

/** Our service is down for an hour at noon of the fourth day. */
const OUTAGE = [START + 3.5 * 86_400_000, START + 3.5 * 86_400_000 + 3_600_000] as const;

/** Share of the sources that a stale record sends to three targets which are gone. */
const STALE = 0.05;

/** What goes wrong for many at once. */
export type Trouble = { readonly outage: boolean; readonly stale: boolean };

/** What became of benign sources. */
export type Harm = {
  readonly account: Account;
  readonly seconds: number;
  /** Sources labelled, and blocks by their alpha. */
  readonly labelled: number;
  readonly blocks: ReadonlyMap<number | null, number>;
};

/** Simulates a world and gives what became of its sources. */
export async function simulate(world: World, sources: number, seed: number, trouble: Trouble): Promise<Harm> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-benign-'));
  const surface = join(folder, 'surface.yaml');
  const decisions = join(folder, 'decisions.ndjson');
  writeFileSync(surface, world.surface);
  try {
    const files = ['--surface', surface, '--decisions', decisions];
    const began = performance.now();
    const child = spawn(process.execPath, [BELLWETHER, 'watch', '--json', ...files, ...world.args, '-'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const closed = once(child, 'close');
    // A watch that refuses its input closes the pipe; its exit code then tells why.
    child.stdin.on('error', () => undefined);
    for (const block of linesOf(world, sources, seed, trouble)) {
      if (child.exitCode !== null) break;
      if (!child.stdin.write(block)) await Promise.race([once(child.stdin, 'drain'), closed]);
    }
    child.stdin.end();
    const [status] = (await closed) as [number];
    if (status !== 0 && status !== 3) throw new Error(`watch ended with ${status}`);
    const account = JSON.parse(output) as Account;
    const { unknown: _, ...known } = account.verdicts;
    const labelled = Object.values(known).reduce((sum, count) => sum + count, 0);
    return { account, seconds: (performance.now() - began) / 1000, labelled, blocks: countBlocks(decisions) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countBlocks(path: string): ReadonlyMap<number | null, number> {
  const blocks = new Map<number | null, number>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const { alpha } = JSON.parse(line) as { alpha: number | null };
    blocks.set(alpha, (blocks.get(alpha) ?? 0) + 1);
  }
  return blocks;
}

/** About a megabyte of lines at a time. */
const BLOCK = 1 << 20;

function* linesOf(world: World, sources: number, seed: number, trouble: Trouble): Generator<string> {
  const random = new Random(seed);
  const addresses = addressesOf(sources);
  const contacts = contactsOf(sources, random.fork('contacts'));
  // A stale record is in a resolver's cache for a while: the three dead targets come right after an ordinary contact.
  const isStale = new Uint8Array(sources);
  if (trouble.stale)
    for (let source = 0; source < sources; source++) isStale[source] = random.chance(STALE) ? 1 : 0;
  let text = world.head;
  let number = 0;
  for (let k = 0; k < contacts.length; k++) {
    const time = START + Math.floor((k * SPAN) / contacts.length);
    const source = contacts[k]!;
    const address = addresses[source]!;
    const from = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
    const down = trouble.outage && time >= OUTAGE[0] && time < OUTAGE[1];
    const ending = random.chance(FAILS) ? Ending.failure : down ? Ending.ourFault : Ending.success;
    text += world.line(time, from, ending, number++, random);
    if (isStale[source] === 1) {
      isStale[source] = 0;
      for (let which = 0; which < 3; which++) text += world.dead(time, from, which, number++);
    }
    if (text.length < BLOCK) continue;
    yield text;
    text = '';
  }
  yield text;
}
