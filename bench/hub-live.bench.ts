/**
 * How long it takes from a line's arrival to a desk that listens, and what a hub costs that has nothing to do: both with
 * the sample state in it.
 *
 *     npm run bench -- hub-live [--full]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { batchesOf } from './hub/batches.ts';
import { sendBatches } from './hub/http-load.ts';
import { type HubProcess, makeDataFolder, removeDataFolder, startHubProcess } from './hub/hub-process.ts';
import { Desk } from './hub/live-events.ts';
import { promise, say } from './hub/promises.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { inputOf } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { cpuOf, memoryOf } from './running/processes.ts';
import { percent, table, whole } from './running/table.ts';

/** The promises: ms from arrival to desk, and the share of a core of a hub with nothing to do. */
const MOST_LATENCY = 1_000;
const MOST_IDLE = 0.01;

/** Batches that are sent one after the other, by default and with `--full`. */
const TRIES = 30;
const FULL_TRIES = 200;

/** A batch of light load, bytes: some ten lines. */
const SMALL_BATCH = 2_500;

/** Pauses between tries go from nothing to this, ms, so that they meet every phase of the hub's clock. */
const LONGEST_PAUSE = 350;

/** Seconds of idleness that are measured, by default and with `--full`, after the hub has had time to settle: to collect its garbage. */
const IDLE = 10;
const FULL_IDLE = 60;
const SETTLE = 20;

const SEED = 41_017;
const LINES = 20_000;

await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const folder = makeDataFolder();
  try {
    const loading = await startHubProcess({ folder, sample: true });
    say(`\nready with the sample loaded after ${loading.readyAfter.toFixed(1)} s`);
    await loading.stop();
    const hub = await startHubProcess({ folder });
    await measureLatency(options, hub);
    await measureIdle(options, hub);
    await hub.stop();
  } finally {
    removeDataFolder(folder);
  }
}

async function measureLatency(options: BenchOptions, hub: HubProcess): Promise<void> {
  const desk = await Desk.connect(hub);
  const tries = options.full ? FULL_TRIES : TRIES;
  const batches = batchesOf(inputOf(options, 'netfilter', LINES, SEED).path, SMALL_BATCH).slice(0, tries);
  const fromSent: number[] = [];
  const fromAnswered: number[] = [];
  let lines = desk.lines;
  for (const [i, batch] of batches.entries()) {
    lines += batch.lines;
    const told = desk.told(lines).then(() => performance.now());
    const sent = performance.now();
    await sendBatches({ ...hub, path: '/api/v1/intake/29001/fw', client: `try-${i}` }, [batch], 1);
    const answered = performance.now();
    const shown = await told;
    fromSent.push(shown - sent);
    fromAnswered.push(Math.max(0, shown - answered));
    await wait((LONGEST_PAUSE * ((i * 7) % tries)) / tries);
  }
  desk.close();
  const rows = [
    ['from the beginning of the POST', fromSent],
    ['from its answer', fromAnswered],
  ] as const;
  const cells = rows.map(([name, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number) =>
      whole(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
    return [name, at(0.5), at(0.95), at(1)];
  });
  say(`\n${tries} batches\n\n${table(['until a desk is told', 'p50, ms', 'p95, ms', 'max, ms'], cells)}\n`);
  const worst = Math.max(...fromSent);
  promise(worst < MOST_LATENCY, `${whole(worst)} ms at worst, under ${whole(MOST_LATENCY)} promised`);
}

async function measureIdle({ full }: BenchOptions, hub: HubProcess): Promise<void> {
  await wait(SETTLE * 1_000);
  const seconds = full ? FULL_IDLE : IDLE;
  const before = cpuOf(hub.pid);
  await wait(seconds * 1_000);
  const share = (cpuOf(hub.pid) - before) / seconds;
  say(
    `\nidle for ${seconds} s: ${percent(share, 1)} of a core, largest memory so far ${whole(memoryOf(hub.pid))} MB`,
  );
  promise(
    share < MOST_IDLE,
    `${percent(share, 1)} of a core when idle, under ${percent(MOST_IDLE, 1)} promised`,
  );
}
