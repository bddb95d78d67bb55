/**
 * What an office's computer gives up for the agent: memory and CPU of a real process that follows a file of 1,000 lines a
 * second, keeps them on disk and sends them packed to a server of this machine that says yes.
 *
 *     npm run bench -- agent-ship [--lines=N]
 */
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { promise, say } from './hub/promises.ts';
import { readOptions } from './options.ts';
import { inputOf } from './running/inputs.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { cpuOf, memoryOf } from './running/processes.ts';

/** The promises: MB of the process at most, and the part of a core, at so many lines a second. */
const MOST_MEMORY = 64;
const MOST_CPU = 0.05;
const LINES_A_SECOND = 1_000;

/** A minute and a bit: long enough for the garbage collector to come by several times. */
const LINES = 75_000;

/** Seconds at the beginning that do not count: a process compiles what it runs. They happen once a month. */
const WARM_UP = 10;

/** The seed of the benches of `watch`: the same file serves all. */
const SEED = 41_017;

/** On a disk that really syncs: /tmp is memory on many machines. */
const SCRATCH = '/var/tmp';

/** As the unit of the package starts it: most of what the agent holds is gone a second later, so little is kept for it. */
const FLAGS = ['--max-semi-space-size=1'];

const root = new URL('..', import.meta.url).pathname;
const options = readOptions(process.argv.slice(2));
say(`${describeMachine()}; load before: ${loadBefore()}`);
const total = options.lines ?? LINES;
const input = inputOf(options, 'netfilter', Math.max(total, 100_000), SEED);
const lines = readFileSync(input.path, 'latin1').split('\n').slice(0, total);
const folder = mkdtempSync(join(SCRATCH, 'bellwether-bench-agent-'));
try {
  await measureShipping();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureShipping(): Promise<void> {
  const program = join(folder, 'ship.mjs');
  const entry = join(root, 'apps/agent/src/testing/ship-process.ts');
  const esbuild = join(root, 'node_modules/.bin/esbuild');
  execFileSync(esbuild, [entry, '--bundle', '--platform=node', '--format=esm', `--outfile=${program}`], {
    stdio: 'pipe',
  });
  const log = join(folder, 'fw.log');
  const settings = join(folder, 'settings.json');
  writeFileSync(log, '');
  writeFileSync(
    settings,
    JSON.stringify({ sensors: [{ sensor: 'fw', format: 'netfilter', follow: [log] }] }),
  );

  let got = 0;
  let packed = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    packed += content.length;
    got += gunzipSync(content).toString('latin1').split('\n').length - 1;
    response.end('{"duplicate":false}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [...FLAGS, program, folder, settings, hub], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const pid = child.pid as number;

  let memory = 0;
  let cpuBefore = cpuOf(pid);
  let began = performance.now();
  const start = performance.now();
  for (let sent = 0, second = 0; sent < lines.length; second += 1) {
    if (second === WARM_UP) {
      cpuBefore = cpuOf(pid);
      began = performance.now();
    }
    // Ten times a second, as a busy firewall writes.
    for (let part = 0; part < 10 && sent < lines.length; part += 1) {
      const some = lines.slice(sent, sent + LINES_A_SECOND / 10);
      appendFileSync(log, some.map((line) => `${line}\n`).join(''), 'latin1');
      sent += some.length;
      await wait(Math.max(0, start + (second * 10 + part + 1) * 100 - performance.now()));
    }
    memory = Math.max(memory, memoryOf(pid));
  }
  const cpu = (cpuOf(pid) - cpuBefore) / ((performance.now() - began) / 1_000);
  for (let i = 0; got < lines.length && i < 200; i += 1) await wait(50);
  memory = Math.max(memory, memoryOf(pid));
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  server.close();

  const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  say(`${got} of ${lines.length} lines arrived, ${(bytes / packed).toFixed(1)} times smaller on the wire`);
  promise(got === lines.length, 'every line arrived');
  promise(memory <= MOST_MEMORY, `${memory.toFixed(0)} MB, ${MOST_MEMORY} promised`);
  promise(
    cpu <= MOST_CPU,
    `${(cpu * 100).toFixed(1)} % of a core at ${LINES_A_SECOND} lines/s, ${MOST_CPU * 100} promised`,
  );
}
