/**
 * How long a hub takes from its start to the line that says it is ready: on an empty folder, again after an orderly stop,
 * and after SIGKILL while lines came in, with the sample state in it and (`--full`) a year of history.
 *
 *     npm run bench -- hub-start [--runs=3] [--full]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { batchesOf } from './hub/batches.ts';
import { sendBatches } from './hub/http-load.ts';
import {
  atLeast,
  type HubProcess,
  linesInAccount,
  makeDataFolder,
  removeDataFolder,
  startHubProcess,
} from './hub/hub-process.ts';
import { promise, say } from './hub/promises.ts';
import { addYear } from './hub/year.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { inputOf } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { table } from './running/table.ts';

/** The promise: seconds until it is ready again. */
const MOST = 10;

/** Lines that are sent until the hub is killed, and by default and with `--full` how many seconds after the first. */
const LINES = 1_000_000;
const KILL_AFTER = 2;
const FULL_KILL_AFTER = 6;

const SEED = 41_017;
const CONNECTIONS = 6;

type Row = { readonly name: string; readonly seconds: readonly number[] };

await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const folder = makeDataFolder();
  const runs = options.full ? options.runs : 1;
  try {
    const empty = await startHubProcess({ folder });
    await empty.stop();
    const loading = await startHubProcess({ folder, sample: true });
    if (options.full) await addYear(options, folder);
    await loading.stop();
    const stopped = await repeated(runs, () => afterStop(folder));
    const killed = await repeated(runs, () => afterKill(options, folder));
    const rows: Row[] = [
      { name: 'empty folder (not promised)', seconds: [empty.readyAfter] },
      { name: 'after an orderly stop', seconds: stopped },
      { name: 'after SIGKILL under load', seconds: killed.map(([ready]) => ready) },
      {
        name: '... until all that was acknowledged is in the account',
        seconds: killed.map(([, all]) => all),
      },
    ];
    const cells = rows.map(({ name, seconds }) => [name, ...seconds.map((value) => value.toFixed(1))]);
    const head = ['start', ...Array.from({ length: runs }, (_, i) => `run ${i + 1}, s`)];
    say(
      `\n${options.full ? 'sample state and a year of history' : 'sample state'}\n\n${table(head, cells)}\n`,
    );
    const worst = Math.max(...stopped, ...killed.map(([ready]) => ready));
    promise(worst < MOST, `${worst.toFixed(1)} s at worst, under ${MOST} promised`);
  } finally {
    removeDataFolder(folder);
  }
}

async function repeated<T>(runs: number, measure: () => Promise<T>): Promise<T[]> {
  const measured: T[] = [];
  for (let run = 0; run < runs; run++) measured.push(await measure());
  return measured;
}

async function afterStop(folder: string): Promise<number> {
  const hub = await startHubProcess({ folder });
  await hub.stop();
  return hub.readyAfter;
}

/** Sends as fast as it can, kills, starts again; what was acknowledged has to come into the account. */
async function afterKill(options: BenchOptions, folder: string): Promise<readonly [number, number]> {
  const before = await startHubProcess({ folder });
  const known = await linesInAccount(before);
  const acknowledged = await linesUntilKilled(options, before);
  const began = process.hrtime.bigint();
  const hub = await startHubProcess({ folder });
  await atLeast(hub, known + acknowledged);
  const all = Number(process.hrtime.bigint() - began) / 1e9;
  await hub.stop();
  return [hub.readyAfter, all];
}

/** Gives how many lines were acknowledged before SIGKILL. */
async function linesUntilKilled(options: BenchOptions, hub: HubProcess): Promise<number> {
  const batches = batchesOf(inputOf(options, 'netfilter', LINES, SEED).path);
  let acknowledged = 0;
  const target = { ...hub, path: '/api/v1/intake/29001/fw', client: `until-killed-${hub.pid}` };
  const sending = sendBatches(target, batches, CONNECTIONS, ({ lines }) => {
    acknowledged += lines;
  }).catch(() => undefined);
  await wait(1_000 * (options.full ? FULL_KILL_AFTER : KILL_AFTER));
  await hub.kill();
  await sending;
  return acknowledged;
}
