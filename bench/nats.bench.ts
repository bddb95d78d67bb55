/**
 * How many lines a second a hub of several processes takes in over NATS, beside a hub of one process in the same run: from
 * HTTP to the account, and what each process spends on a line. One process takes in lines, one judges, one stands by.
 *
 *     npm run bench -- nats [--lines=N] [--runs=3] [--full]
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { batchesOf } from './hub/batches.ts';
import { sendBatches } from './hub/http-load.ts';
import {
  accounted,
  type HubProcess,
  makeDataFolder,
  removeDataFolder,
  startHubProcess,
} from './hub/hub-process.ts';
import { promise, say } from './hub/promises.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { type Input, inputOf } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { cpuOf } from './running/processes.ts';
import { table, whole } from './running/table.ts';

/** The promise: this share of the rate of one process. */
const AT_LEAST = 0.5;

const LINES = 500_000;

/** The seed of the other benches: the same file serves all. */
const SEED = 41_017;

/** As in the bench of the hub's intake, which this one is compared with. */
const CONNECTIONS = 6;

type Measured = {
  /** Seconds until all was acknowledged, and until all was in the account. */
  readonly acknowledged: number;
  readonly accounted: number;
  /** CPU seconds by process. */
  readonly cpu: Readonly<Record<string, number>>;
};

await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const input = inputOf(options, 'netfilter', options.lines ?? LINES, SEED);
  const runs = options.full ? options.runs : 1;
  const alone: Measured[] = [];
  const spread: Measured[] = [];
  // One after the other, so that what else the machine does meets both.
  for (let run = 0; run < runs; run++) {
    alone.push(await measureAlone(input));
    spread.push(await measureSpread(options, input));
  }
  const [one, many] = [middle(alone), middle(spread)];
  const rows = [
    ['one process', one],
    ['over NATS: intake, judge, one that stands by', many],
  ] as const;
  const cells = rows.map(([name, { acknowledged, accounted: counted }]) => [
    name,
    whole(input.lines / acknowledged),
    whole(input.lines / counted),
  ]);
  say(
    `\n${whole(input.lines)} lines of netfilter, ${CONNECTIONS} connections\n\n${table(['what', 'acknowledged/s', 'in the account/s'], cells)}\n`,
  );
  for (const [name, { cpu }] of rows) {
    const each = Object.entries(cpu).map(([part, seconds]) => `${part} ${micros(seconds, input)}`);
    const sum = Object.values(cpu).reduce((total, seconds) => total + seconds, 0);
    say(`CPU, µs a line, ${name}: ${each.join(', ')}; in all ${micros(sum, input)}`);
  }
  const ratio = one.accounted / many.accounted;
  promise(ratio >= AT_LEAST, `${ratio.toFixed(2)} of the rate of one process, ${AT_LEAST} promised`);
}

async function measureAlone(input: Input): Promise<Measured> {
  const folder = makeDataFolder();
  const hub = await startHubProcess({ folder });
  try {
    return await load(input, hub, hub, { hub: hub.pid });
  } finally {
    await hub.stop();
    removeDataFolder(folder);
  }
}

async function measureSpread(options: BenchOptions, input: Input): Promise<Measured> {
  const root = makeDataFolder();
  // PostgreSQL runs as a user of its own, who has to get through it.
  chmodSync(root, 0o711);
  const neighbours = await startNeighbours(options, root);
  const { databaseUrl, nats, natsPid } = neighbours;
  const member = (name: string, role: string): Promise<HubProcess> =>
    startHubProcess({ folder: join(root, name), databaseUrl, args: ['--nats', nats, '--role', role] });
  const members: HubProcess[] = [];
  try {
    const intake = await member('intake', 'intake');
    members.push(intake);
    const judge = await member('judge', 'judge');
    members.push(judge);
    const standing = member('standing', 'judge');
    const measured = await load(input, intake, judge, {
      intake: intake.pid,
      judge: judge.pid,
      nats: natsPid,
    });
    await judge.stop();
    members.push(await standing);
    return measured;
  } finally {
    for (const one of members.toReversed()) await one.stop();
    await neighbours.end();
    removeDataFolder(root);
  }
}

/** Sends everything to one and waits for the account of the other. */
async function load(
  input: Input,
  taker: HubProcess,
  teller: HubProcess,
  pids: Readonly<Record<string, number>>,
): Promise<Measured> {
  const batches = batchesOf(input.path);
  const used = (): number[] => Object.values(pids).map(cpuOf);
  const before = used();
  const began = process.hrtime.bigint();
  const target = { ...taker, path: '/api/v1/intake/29001/fw', client: 'bench' };
  const acknowledged = await sendBatches(target, batches, CONNECTIONS);
  await accounted(teller, input.lines);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const after = used();
  const cpu = Object.fromEntries(Object.keys(pids).map((name, i) => [name, after[i]! - before[i]!]));
  return { acknowledged, accounted: seconds, cpu };
}

type Neighbours = {
  readonly databaseUrl: string;
  readonly nats: string;
  readonly natsPid: number;
  end(): Promise<void>;
};

/** PostgreSQL and NATS, in a process that ends them when it is told to. */
async function startNeighbours(options: BenchOptions, root: string): Promise<Neighbours> {
  const program = join(options.cache, 'neighbours.mjs');
  mkdirSync(options.cache, { recursive: true });
  const require =
    "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);";
  execFileSync(
    'node_modules/.bin/esbuild',
    [
      'apps/hub/src/up/testing/neighbours.ts',
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--log-level=error',
      '--external:pg-native',
      `--banner:js=${require}`,
      `--outfile=${program}`,
    ],
    { stdio: 'inherit' },
  );
  const child = spawn(process.execPath, [program, join(root, 'neighbours')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = await lines.next();
  if (said.done === true) throw new Error('PostgreSQL and NATS did not start');
  return {
    ...(JSON.parse(said.value) as Omit<Neighbours, 'end'>),
    end: async () => {
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

function middle(runs: readonly Measured[]): Measured {
  return runs.toSorted((a, b) => a.accounted - b.accounted)[runs.length >> 1]!;
}

function micros(seconds: number, { lines }: Input): string {
  return ((1e6 * seconds) / lines).toFixed(1);
}
