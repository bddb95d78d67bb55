/**
 * How many lines a second a hub takes in by RELP, every one acknowledged when it is on disk: from a simple client with
 * windows of several sizes and from Debian's rsyslogd, beside rsyslogd as the server, which writes the same lines to a
 * file and acknowledges them before they are on disk.
 *
 *     npm run bench -- hub-relp [--lines=N] [--no-peers] [--full]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { linesOf } from './hub/batches.ts';
import {
  accounted,
  type HubProcess,
  linesInAccount,
  makeDataFolder,
  removeDataFolder,
  startHubProcess,
} from './hub/hub-process.ts';
import { promise, say } from './hub/promises.ts';
import { RSYSLOG_WINDOW, sendByRelp } from './hub/relp-load.ts';
import {
  AS_IT_COMES,
  filled,
  freePort,
  hasRsyslog,
  type Shipping,
  startReceiver,
  startShipper,
  WIDE,
} from './hub/rsyslog.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { type Input, inputOf } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { cpuOf } from './running/processes.ts';
import { table, times, whole } from './running/table.ts';

/** The promise: lines a second, acknowledged and in the account. */
const AT_LEAST = 50_000;

/** Each way of sending sends them all once. */
const LINES = 100_000;
const FULL_LINES = 1_000_000;

/** rsyslogd as it comes is so slow that fewer lines have to do. */
const FEW_LINES = 5_000;

const SEED = 41_017;

/** Windows and connections of the simple client: what rsyslogd has where nobody says anything, and a larger one. */
const CASES = [
  { window: RSYSLOG_WINDOW, connections: 1 },
  { window: RSYSLOG_WINDOW, connections: 8 },
  { window: 1_000, connections: 1 },
] as const;

/** Between two looks at the account, ms. */
const LOOK = 50;

type Row = {
  readonly name: string;
  readonly lines: number;
  readonly acknowledged: number;
  readonly accounted: number;
  readonly cpu: number;
  readonly peer: number | undefined;
};

type Measured = Pick<Row, 'acknowledged' | 'accounted' | 'cpu'>;

await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const input = inputOf(options, 'netfilter', options.lines ?? (options.full ? FULL_LINES : LINES), SEED);
  const lines = linesOf(input.path);
  const beside = options.peers && hasRsyslog();
  const rows: Row[] = [];
  for (const { window, connections } of CASES) {
    const name = `window ${window}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`;
    const measured = await withHub((hub, port) =>
      timed(hub, input, () => sendByRelp(port, lines, window, connections)),
    );
    const peer = beside ? await peerByClient(lines, window, connections) : undefined;
    rows.push({ name, lines: input.lines, ...measured, peer });
  }
  if (beside) {
    const few = inputOf(options, 'netfilter', FEW_LINES, SEED);
    rows.push(await rowOfRsyslog('rsyslogd (omrelp) as it comes', few, AS_IT_COMES));
    rows.push(await rowOfRsyslog(`rsyslogd, window ${WIDE.window}`, input, WIDE));
  } else say('no figure of rsyslogd: it is not installed, or peers were not asked for');
  const head = [
    'client',
    'lines',
    'acknowledged/s',
    'in the account/s',
    'CPU, µs a line',
    'rsyslogd as the server/s',
    'ratio',
  ];
  const cells = rows.map(({ name, lines: sent, acknowledged, accounted: inAccount, cpu, peer }) => [
    name,
    whole(sent),
    whole(sent / acknowledged),
    whole(sent / inAccount),
    ((1e6 * cpu) / sent).toFixed(1),
    peer === undefined ? '—' : whole(sent / peer),
    peer === undefined ? '—' : times(peer / acknowledged),
  ]);
  say(`\n${table(head, cells)}\n`);
  const best = Math.max(...rows.map(({ lines: sent, accounted: inAccount }) => sent / inAccount));
  promise(best >= AT_LEAST, `${whole(best)} lines/s in the account, ${whole(AT_LEAST)} promised`);
}

async function withHub<T>(measure: (hub: HubProcess, port: number) => Promise<T>): Promise<T> {
  const port = await freePort();
  const folder = makeDataFolder(`relp:\n  - { port: ${port}, sensor: { authority: '29001', sensor: fw } }\n`);
  const hub = await startHubProcess({ folder });
  try {
    return await measure(hub, port);
  } finally {
    await hub.stop();
    removeDataFolder(folder);
  }
}

async function timed(hub: HubProcess, input: Input, send: () => Promise<number>): Promise<Measured> {
  const before = cpuOf(hub.pid);
  const began = process.hrtime.bigint();
  const acknowledged = await send();
  await accounted(hub, input.lines);
  const inAccount = Number(process.hrtime.bigint() - began) / 1e9;
  return { acknowledged, accounted: inAccount, cpu: cpuOf(hub.pid) - before };
}

async function rowOfRsyslog(name: string, input: Input, shipping: Shipping): Promise<Row> {
  const measured = await shipped(input, shipping);
  return { name, lines: input.lines, ...measured, peer: await peerShipped(input, shipping) };
}

/** rsyslogd as the client. When it has its last answer is not seen from outside: the account tells of both. */
function shipped(input: Input, shipping: Shipping): Promise<Measured> {
  return withHub((hub, port) =>
    timed(hub, input, async () => {
      const began = process.hrtime.bigint();
      const shipper = startShipper(input.path, port, shipping);
      while ((await linesInAccount(hub)) < input.lines) await wait(LOOK);
      await shipper.stop();
      return Number(process.hrtime.bigint() - began) / 1e9;
    }),
  );
}

/** Seconds until rsyslogd has answered everything. */
async function peerByClient(lines: readonly Buffer[], window: number, connections: number): Promise<number> {
  const receiver = await startReceiver();
  try {
    return await sendByRelp(receiver.port, lines, window, connections);
  } finally {
    await receiver.stop();
  }
}

/** Seconds until what one rsyslogd ships is in the file of the other, but for what its buffer holds back. */
async function peerShipped(input: Input, shipping: Shipping): Promise<number> {
  const receiver = await startReceiver();
  const shipper = startShipper(input.path, receiver.port, shipping);
  try {
    return await filled(receiver.file, 0.99 * input.bytes);
  } finally {
    await shipper.stop();
    await receiver.stop();
  }
}
