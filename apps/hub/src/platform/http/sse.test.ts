import { connect } from 'node:net';
import type { Changed } from '@bellwether/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Routes } from './app.ts';
import { BEARER, rawConnection, testServer } from './server.fixture.ts';
import { LiveHub, type LiveRight, merged } from './sse.ts';

const NOTHING = {
  refused: 0,
  blocked: 0,
  served: 0,
  authorised: 0,
  test: 0,
  reply: 0,
  through: 0,
  unsettled: 0,
};

function change(lines: number, topics: Changed['topics'] = ['account'], second = lines): Changed {
  return {
    asOf: new Date(Date.UTC(2026, 10, 3, 12, 0, second % 60)).toISOString(),
    topics,
    added: { lines, contacts: lines, knocks: 0, dispositions: { ...NOTHING, refused: lines } },
  };
}

/** The events in what a client got. */
function eventsOf(text: string): Changed[] {
  return [...text.matchAll(/event: changed\ndata: (.*)\n\n/g)].map(
    (match) => JSON.parse(match[1]!) as Changed,
  );
}

async function setup(
  live: LiveHub,
  right: LiveRight = 'all',
  rightNow: () => Promise<LiveRight> = async () => right,
) {
  onTestFinished(() => live.close());
  const routes: Routes = (app) => {
    app.get('/live', { config: { right: 'anybody' } }, (_request, reply) => {
      reply.hijack();
      live.connect(reply.raw, { tls: false, right, rightNow });
    });
  };
  const { port } = await testServer(onTestFinished, { routes: [routes] }).open();
  const get = `GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${BEARER.authorization}\r\n\r\n`;
  return { port, get };
}

describe('live updates', () => {
  it('tell each desk what changed, merged between two sends, with nothing lost', async () => {
    const live = new LiveHub({ pause: 20 });
    const { port, get } = await setup(live);
    const desks = [rawConnection(port, onTestFinished), rawConnection(port, onTestFinished)];
    for (const { socket } of desks) socket.write(get);
    await expect.poll(() => live.clients).toBe(2);

    for (let i = 1; i <= 100; i++) live.publish(change(i));
    live.publish(change(0, ['incidents']));

    for (const { text } of desks) {
      const told = () => eventsOf(text());
      await expect.poll(() => told().reduce((sum, { added }) => sum + added.lines, 0)).toBe(5050);
      await expect.poll(() => told().flatMap(({ topics }) => topics)).toContain('incidents');
      expect(told().length).toBe(2);
      expect(text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(text()).toContain('content-type: text/event-stream');
      expect(text()).toContain('retry: 2000\n\n');
    }
  });

  it('say that they are still there while nothing changes', async () => {
    const live = new LiveHub({ heartbeat: 10 });
    const { port, get } = await setup(live);
    const { socket, text } = rawConnection(port, onTestFinished);

    socket.write(get);

    await expect.poll(() => text().split(': here\n\n').length).toBeGreaterThan(3);
  });

  it('let go of a desk that does not read, and of no other', async () => {
    const live = new LiveHub({ pause: 0, unread: 32 * 1024 });
    const { port, get } = await setup(live);
    const reading = rawConnection(port, onTestFinished);
    reading.socket.write(get);
    const deaf = connect(port, '127.0.0.1').pause();
    onTestFinished(() => void deaf.destroy());
    deaf.on('error', () => {});
    deaf.write(get);
    await expect.poll(() => live.clients).toBe(2);

    const long = 'x'.repeat(50_000);
    for (let i = 0; i < 20_000 && live.letGo === 0; i++) {
      live.publish({ ...change(1), asOf: long });
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect(live.letGo).toBe(1);
    expect(live.clients).toBe(1);
    live.publish(change(7));
    await expect.poll(() => eventsOf(reading.text()).at(-1)?.added.lines).toBe(7);
  });

  it('tell who may not see the whole state what to ask for, and no figure', async () => {
    const live = new LiveHub({ pause: 0 });
    const { port, get } = await setup(live, 'topics');
    const { socket, text } = rawConnection(port, onTestFinished);
    socket.write(get);
    await expect.poll(() => live.clients).toBe(1);

    live.publish(change(5));

    await expect.poll(() => eventsOf(text())).toEqual([{ ...change(0), asOf: change(5).asOf }]);
  });

  it('end for who may not listen any more, and for nobody else', async () => {
    const live = new LiveHub({ check: 10 });
    let right: LiveRight = 'all';
    const removed = await setup(live, 'all', async () => right);
    const other = await setup(live);
    const out = rawConnection(removed.port, onTestFinished);
    out.socket.write(removed.get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    rawConnection(other.port, onTestFinished).socket.write(other.get);
    await expect.poll(() => live.clients).toBe(2);

    right = 'no';

    await out.closed;
    expect(live.clients).toBe(1);
  });

  it('end where it cannot be known whether somebody may still listen', async () => {
    const live = new LiveHub({ check: 10 });
    const { port, get } = await setup(live, 'all', () => Promise.reject(new Error('away')));
    const { socket, closed } = rawConnection(port, onTestFinished);

    socket.write(get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));

    await closed;
    expect(live.clients).toBe(0);
  });

  it('forget a desk that went away', async () => {
    const live = new LiveHub();
    const { port, get } = await setup(live);
    const { socket } = rawConnection(port, onTestFinished);
    socket.write(get);
    await expect.poll(() => live.clients).toBe(1);

    socket.destroy();

    await expect.poll(() => live.clients).toBe(0);
  });

  it('end when the hub stops', async () => {
    const live = new LiveHub();
    const { port, get } = await setup(live);
    const { socket, closed } = rawConnection(port, onTestFinished);
    socket.write(get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await expect.poll(() => live.clients).toBe(1);

    live.close();

    await closed;
    expect(live.clients).toBe(0);
  });
});

describe('two changes', () => {
  it('are one with everything added, each topic once, and the later moment', () => {
    const a = change(2, ['account', 'offices'], 9);
    const b = change(3, ['incidents', 'account'], 4);

    expect(merged(a, b)).toEqual({
      asOf: a.asOf,
      topics: ['account', 'offices', 'incidents'],
      added: { lines: 5, contacts: 5, knocks: 0, dispositions: { ...NOTHING, refused: 5 } },
    });
  });
});
