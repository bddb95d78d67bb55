import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { DoorService } from './door-service.ts';

/** Something else that has a port of this computer. */
async function occupied(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

function knock(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ port, path: '/door', headers: { 'bellwether-client': '192.0.2.7' }, agent: false }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    }).on('error', reject);
  });
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !isSo(); i++) await pause(20);
}

it('opens as soon as its port is free, tells whom it kept waiting, and closes', async () => {
  const { server, port } = await occupied();
  const told: string[] = [];
  const door = new DoorService({
    isJudged: () => true,
    isSpared: () => false,
    secret: new Uint8Array(32),
    appeal: null,
    phone: null,
    now: () => 1e12,
    port,
    log: (text) => void told.push(text),
    tryEvery: 20,
    tellEvery: 50,
  });
  onTestFinished(() => door.close());
  await until(() => told.length > 0);
  expect(told[0]).toContain('is not open');
  await pause(100);
  expect(told).toHaveLength(1);
  server.close();
  await until(() => told.length > 1);
  expect(told[1]).toContain(`is open at 127.0.0.1:${port}`);

  expect(await knock(port)).toBe(204);
  await pause(120);
  // Nobody was kept waiting: nothing is told.
  expect(told).toHaveLength(2);
  for (let i = 0; i < 40; i++) await knock(port);
  await until(() => told.length > 2);
  const slowed = (): number =>
    told.slice(2).reduce((sum, line) => sum + Number(/(\d+) slowed/.exec(line)?.[1] ?? 0), 0);
  await until(() => slowed() === 5);
  expect(slowed()).toBe(5);
  await door.close();
  await expect(knock(port)).rejects.toThrow('ECONNREFUSED');
});
