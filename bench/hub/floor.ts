/**
 * The floor under every intake by HTTP: a bare server of Node that appends each content to a file and syncs it before it
 * answers. It checks nothing, numbers nothing and judges nothing; an intake that is as fast adds nothing to the cost.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** How a bench starts itself as the floor. */
export const FLOOR_FLAG = '--floor-into=';

/** Serves until it is killed; prints its port. */
export async function serveFloor(path: string): Promise<void> {
  const file = await open(path, 'a');
  const server = createServer((request, response) => {
    void keep(request, file).then(() => response.end('{}'));
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
}

async function keep(request: IncomingMessage, file: FileHandle): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  await file.writev(pieces);
  await file.datasync();
}

/** Starts the program of this bench as the floor; gives its port and how to end it. */
export async function startFloor(): Promise<{ readonly port: number; readonly pid: number; stop(): void }> {
  const folder = mkdtempSync(join('/var/tmp', 'bellwether-bench-floor-'));
  const child = spawn(process.execPath, [process.argv[1]!, `${FLOOR_FLAG}${join(folder, 'log')}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
    child.once('exit', () => reject(new Error('the floor did not start')));
  });
  return {
    port,
    pid: child.pid!,
    stop: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
