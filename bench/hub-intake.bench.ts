/**
 * How many lines a second a hub takes in by HTTP, until they are acknowledged (on disk) and until they are judged and in
 * the account, and the memory that its process takes: beside a bare server that only syncs, and beside the engine alone.
 *
 *     npm run bench -- hub-intake [--runs=3] [--lines=N] [--no-peers] [--full]
 */
import { batchesOf } from './hub/batches.ts';
import { FLOOR_FLAG, serveFloor, startFloor } from './hub/floor.ts';
import { sendBatches } from './hub/http-load.ts';
import { accounted, makeDataFolder, removeDataFolder, startHubProcess } from './hub/hub-process.ts';
import { promise, say } from './hub/promises.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { type Input, inputOf } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { cpuOf, memoryOf } from './running/processes.ts';
import { table, times, whole } from './running/table.ts';
import { watch } from './running/watch.ts';

/** The promises: lines a second, acknowledged and in the account; MB of the hub's process. */
const AT_LEAST = 150_000;
const MOST_MEMORY = 400;

const LINES = 1_000_000;

/** The seed of the benches of `watch`: the same file serves both. */
const SEED = 41_017;

/** Senders at the same time: one that waits for each answer would measure the disk, and dozens only queue. */
const CONNECTIONS = 6;

type Measured = {
  /** Seconds until the last batch was acknowledged, and until everything was in the account. */
  readonly acknowledged: number;
  readonly accounted: number;
  /** CPU seconds of the hub's process; MB. */
  readonly cpu: number;
  readonly memory: number;
};

const [first] = process.argv.slice(2);
if (first?.startsWith(FLOOR_FLAG)) await serveFloor(first.slice(FLOOR_FLAG.length));
else await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const input = inputOf(options, 'netfilter', options.lines ?? LINES, SEED);
  const runs: Measured[] = [];
  // A run takes ten seconds and more: one by default, the median of several where there is time.
  for (let run = 0; run < (options.full ? options.runs : 1); run++) runs.push(await measureHub(input));
  const hub = runs.sort((a, b) => a.accounted - b.accounted)[runs.length >> 1]!;
  const rows = [
    ['hub, acknowledged', hub.acknowledged, hub.memory],
    ['hub, judged and in the account', hub.accounted, hub.memory],
  ] as [string, number, number][];
  if (options.peers) {
    const floor = await measureFloor(input);
    rows.push(['bare node:http, append and fsync', floor.seconds, floor.memory]);
    const { used } = watch([input.path], { cores: '0-63', runs: 1 });
    rows.push(['`bellwether watch`, the engine alone', used.wall, used.memory]);
  }
  const speed = input.lines / hub.accounted;
  const head = ['what', 'lines/s', 'MB/s', 'beside the hub', 'MB of memory'];
  const cells = rows.map(([name, seconds, memory]) => [
    name,
    whole(input.lines / seconds),
    whole(input.bytes / 1e6 / seconds),
    times(hub.accounted / seconds),
    whole(memory),
  ]);
  say(`\n${whole(input.lines)} lines of netfilter, ${CONNECTIONS} connections\n\n${table(head, cells)}`);
  say(
    `\nthe hub's process used ${hub.cpu.toFixed(1)} s of CPU, ${((1e6 * hub.cpu) / input.lines).toFixed(1)} µs a line`,
  );
  promise(speed >= AT_LEAST, `${whole(speed)} lines/s in the account, ${whole(AT_LEAST)} promised`);
  promise(hub.memory <= MOST_MEMORY, `${whole(hub.memory)} MB, ${MOST_MEMORY} promised`);
}

async function measureHub(input: Input): Promise<Measured> {
  const batches = batchesOf(input.path);
  const folder = makeDataFolder();
  const hub = await startHubProcess({ folder });
  try {
    const before = cpuOf(hub.pid);
    const began = process.hrtime.bigint();
    const target = { ...hub, path: '/api/v1/intake/29001/fw', client: 'bench' };
    const acknowledged = await sendBatches(target, batches, CONNECTIONS);
    await accounted(hub, input.lines);
    const inAccount = Number(process.hrtime.bigint() - began) / 1e9;
    return { acknowledged, accounted: inAccount, cpu: cpuOf(hub.pid) - before, memory: memoryOf(hub.pid) };
  } finally {
    await hub.stop();
    removeDataFolder(folder);
  }
}

async function measureFloor(input: Input): Promise<{ readonly seconds: number; readonly memory: number }> {
  const floor = await startFloor();
  try {
    const target = { port: floor.port, path: '/', token: 'none', client: 'bench' };
    const seconds = await sendBatches(target, batchesOf(input.path), CONNECTIONS);
    return { seconds, memory: memoryOf(floor.pid) };
  } finally {
    floor.stop();
  }
}
