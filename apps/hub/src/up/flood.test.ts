/** More comes at once than a hub is made for: it stays alive, stays small, and accounts for every line. */
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TodayAnswer } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../platform/folder.ts';
import { freePort } from './testing/free-port.ts';
import { packets } from './testing/packets.ts';
import { RunningHub, removeFolder, scratchFolder, until } from './testing/running-hub.ts';

/** Datagrams in a second or so, one line each; and those that are sent between two breaths of the event loop. */
const DATAGRAMS = 50_000;
const AT_ONCE = 500;

/** Connections that each send one batch after the other. */
const CONNECTIONS = 64;
const BATCHES = 4;
const LINES = 1_000;

/** Largest memory of the process, bytes: what a small virtual machine can spare beside its database. */
const MOST_MEMORY = 600 * 1024 * 1024;

const scratch = scratchFolder('flood');
const data = `${scratch}/hub`;
const hub = new RunningHub({ data });
let udpPort: number;

beforeAll(async () => {
  openFolder(data).okOrThrow();
  udpPort = await freePort();
  writeFileSync(
    `${data}/bellwether.yaml`,
    `syslog: { udp: [ { port: ${udpPort}, sensor: { authority: '29001', sensor: fw-udp } } ] }\n`,
  );
  await hub.startWell();
});

afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

describe('a hub in a flood', () => {
  it('answers /livez, keeps its memory, and counts every line as taken or as refused', async () => {
    let isOver = false;
    const watching = watch(() => isOver);
    const [bytes, httpLines] = await Promise.all([datagrams(), requests()]);
    await hub.settled();
    isOver = true;
    const { asked, peak } = await watching;
    expect(asked).toBeGreaterThan(0);
    expect(peak).toBeLessThan(MOST_MEMORY);

    // By HTTP every line was acknowledged in the end, and every one is counted once.
    expect(await hub.account(httpLines, '29003')).toMatchObject({
      lines: httpLines,
      contacts: httpLines,
      balanced: true,
    });
    // By UDP: what the kernel gave us is counted or refused. What it dropped before can be in no account of ours, but it
    // tells of it as long as the socket is open.
    const dropped = droppedByKernel(udpPort);
    const refusedByUs = async (): Promise<number> => {
      const { body } = await hub.ask<TodayAnswer>(`/api/v1/today?day=${today()}`);
      const ours = body.refusedAtIntake.filter(({ port }) => port === 'syslog-udp');
      return ours.reduce((sum, { lines }) => sum + lines, 0);
    };
    let counted = 0;
    await until(async () => {
      counted = (await hub.account(0, '29001')).lines + (await refusedByUs());
      return counted + dropped >= DATAGRAMS;
    });
    expect(counted + dropped).toBe(DATAGRAMS);
    expect(counted).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(DATAGRAMS * 100);
    expect(await hub.account(0, '29001')).toMatchObject({ balanced: true });
  });
});

/** Asks whether it lives, which it answers every time (how soon, a test on a busy machine cannot tell), and looks at its memory, until it is over. */
async function watch(isOver: () => boolean) {
  let asked = 0;
  let peak = 0;
  while (!isOver()) {
    expect((await hub.ask('/livez')).status).toBe(200);
    asked++;
    const status = readFileSync(`/proc/${hub.process?.pid}/status`, 'utf8');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024);
    await sleep(50);
  }
  return { asked, peak };
}

/** Sends them all; gives their bytes. */
async function datagrams(): Promise<number> {
  const socket = createSocket('udp4');
  const lines = packets({ from: 0, count: DATAGRAMS }).trimEnd().split('\n');
  let bytes = 0;
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    const sent = lines.slice(at, at + AT_ONCE).map((line) => {
      const message = Buffer.from(`<4>${line}`);
      bytes += message.length;
      return new Promise((resolve) => socket.send(message, udpPort, '127.0.0.1', resolve));
    });
    await Promise.all(sent);
  }
  socket.close();
  return bytes;
}

/** Sends batches on all connections, each until it is acknowledged; gives the lines. */
async function requests(): Promise<number> {
  const clients = Array.from({ length: CONNECTIONS }, async (_, client) => {
    for (let batch = 0; batch < BATCHES; batch++) {
      const lines = packets({ from: 100_000 + (client * BATCHES + batch) * LINES, count: LINES });
      // Each is a sensor of its own, whose lines come in order.
      const sensor = `29003/fw-${client}`;
      while ((await hub.send(sensor, lines, `client-${client}/${batch}`)).status !== 200) await sleep(50);
    }
  });
  await Promise.all(clients);
  return CONNECTIONS * BATCHES * LINES;
}

/** Datagrams that the kernel dropped because the queue of the socket on that port was full (proc(5), net/udp). */
function droppedByKernel(port: number): number {
  const rows = readFileSync('/proc/net/udp', 'utf8').trim().split('\n').slice(1);
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = rows.map((line) => line.trim().split(/\s+/)).find((fields) => fields[1]?.endsWith(local));
  return Number(row?.at(-1));
}

/** The date in Missouri. */
function today(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' }).format(Date.now());
}
