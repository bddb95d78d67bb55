import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { until } from './sources/feed.fixture.ts';

const ESBUILD = new URL('../../../../node_modules/.bin/esbuild', import.meta.url).pathname;
const PROGRAM = new URL('../testing/ship-process.ts', import.meta.url).pathname;

/** A hub that keeps a batch once, and now and then cuts the answer off. */
async function smallHub(lines: string[]): Promise<string> {
  const known = new Map<string, string>();
  let answers = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return;
    }
    const name = String(request.headers['bellwether-batch']);
    const text = gunzipSync(Buffer.concat(chunks)).toString();
    const before = known.get(name);
    if (before !== undefined && before !== text) throw new Error(`${name} came with other lines`);
    if (before === undefined) lines.push(...text.split('\n').slice(0, -1));
    known.set(name, text);
    answers += 1;
    if (answers % 4 === 0) response.writeHead(200, { 'content-length': 100 }).write('half');
    if (answers % 4 === 0) setTimeout(() => request.socket.destroy(), 5);
    else response.end(JSON.stringify({ duplicate: before !== undefined }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an agent that is killed', () => {
  it('has brought each line to the hub once and in order in the end, whenever it is killed', async () => {
    const folder = folderForTest();
    const program = join(folder, 'ship-process.mjs');
    execFileSync(ESBUILD, [PROGRAM, '--bundle', '--platform=node', '--format=esm', `--outfile=${program}`], {
      stdio: 'pipe',
    });
    const log = join(folder, 'fw.log');
    const settings = join(folder, 'settings.json');
    writeFileSync(settings, JSON.stringify({ sensors: [{ sensor: 'fw', follow: [log] }] }));
    const got: string[] = [];
    const hub = await smallHub(got);
    const written: string[] = [];
    const write = () => {
      const lines = Array.from({ length: 20 }, (_, i) => `line ${written.length + i}`);
      written.push(...lines);
      appendFileSync(log, lines.map((line) => `${line}\n`).join(''));
    };
    write();
    let child: ChildProcess | undefined;
    onTestFinished(() => void child?.kill('SIGKILL'));
    const start = async () => {
      const started = spawn(process.execPath, [program, folder, settings, hub], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      await new Promise((resolve) => started.stdout.once('data', resolve));
    };
    for (let round = 0; round < 6; round += 1) {
      await start();
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      for (let i = 0; i < 3; i += 1) {
        write();
        await after(Math.random() * 500);
      }
      if (round === 3) {
        // With quiet moments before and behind it, as a logrotate at night has them.
        await until(() => got.length === written.length);
        if (!existsSync(`${log}.1`)) renameSync(log, `${log}.1`);
        write();
      }
      child?.kill('SIGKILL');
      await ended;
      write();
    }
    await start();
    await until(() => got.length >= written.length);
    await after(100);
    expect(got).toEqual(written);
    child?.kill('SIGTERM');
  });
});
