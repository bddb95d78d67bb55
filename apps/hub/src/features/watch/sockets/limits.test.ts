import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceAddress } from './connections.ts';
import { FakeIntake, QUIET, until } from './fake-intake.ts';
import type { Limits } from './limits.ts';
import { isLoopback, type Listener, type ListenerConfig } from './listener.ts';
import { connectTo, type Peer, RELP_OPEN, relpFrame } from './peer.ts';
import { startRelp } from './relp.ts';
import { startSyslogStream } from './syslog-stream.ts';
import { startSyslogUdp } from './syslog-udp.ts';

const SENSOR = { authority: '29019', sensor: 'fw1' };

const STREAMS = [
  { name: 'relp', begin: `${RELP_OPEN}2 syslog 9 <13>a`, start: startRelp },
  { name: 'syslog-tcp', begin: '9 <13>a', start: startSyslogStream },
] as const;

async function open(
  start: (typeof STREAMS)[number]['start'],
  intake: FakeIntake,
  limits: Partial<Limits>,
): Promise<Listener> {
  return (await start({ host: '127.0.0.1', port: 0, sensor: SENSOR, limits }, intake, QUIET)).okOrThrow();
}

describe.each(STREAMS)('the limits of $name', ({ name, begin, start }) => {
  it('end a message that never ends, though its bytes trickle in', async () => {
    const intake = new FakeIntake();
    const listener = await open(start, intake, { messageTime: 60, firstMessageTime: 60_000 });
    const peer = await connectTo(listener.port);
    peer.send(begin);
    const trickle = setInterval(() => peer.send('b'), 25);

    await peer.gone();
    clearInterval(trickle);

    expect(intake.refused.get(`${name} slow`)).toMatchObject({ batches: 1 });
    await listener.close();
  });

  it('end a connection that never says anything', async () => {
    const intake = new FakeIntake();
    const listener = await open(start, intake, { firstMessageTime: 40 });
    const peer = await connectTo(listener.port);

    await peer.gone();

    expect(intake.refused.get(`${name} slow`)).toMatchObject({ batches: 1 });
    await listener.close();
  });

  it('end a connection that has been quiet for too long, without a complaint', async () => {
    const intake = new FakeIntake();
    const listener = await open(start, intake, { idleTime: 400 });
    const peer = await connectTo(listener.port);
    peer.send(name === 'relp' ? RELP_OPEN + relpFrame(2, 'syslog', 'a') : '<13>a\n');

    await peer.gone();

    expect(intake.lines).toHaveLength(1);
    expect(intake.refused.size).toBe(0);
    await listener.close();
  });

  it('let in so many connections, in all and of one address, and count the others', async () => {
    const intake = new FakeIntake();
    const listener = await open(start, intake, { connections: 5, connectionsOfOneAddress: 3 });
    const peers: Peer[] = [];
    for (let i = 0; i < 6; i += 1) peers.push(await connectTo(listener.port));
    await until(() => peers.filter((peer) => peer.closed()).length === 3);
    expect(intake.refused.get(`${name} too-many-connections`)).toMatchObject({ batches: 3 });

    for (const peer of peers) peer.socket.destroy();
    // There is room again, as soon as the listener has seen them go.
    while (intake.lines.length === 0) {
      const next = await connectTo(listener.port);
      next.send(name === 'relp' ? RELP_OPEN + relpFrame(2, 'syslog', 'a') : '<13>a\n');
      await until(() => next.closed() || intake.lines.length > 0);
      next.socket.destroy();
    }
    await listener.close();
  });

  it('hold against any bytes: nothing throws, and what is no message is counted', async () => {
    const intake = new FakeIntake();
    const listener = await open(start, intake, { message: 64, linger: 5 });
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((some) => Buffer.from(some)),
      fc
        .array(
          fc.constantFrom(RELP_OPEN, '2 syslog 3 abc\n', '5 <13>a', '7 ', '\n', '<13>b\n', '0', '999999999 '),
          {
            minLength: 1,
            maxLength: 12,
          },
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (some) => {
        const peer = await connectTo(listener.port);
        peer.send(some);
        peer.socket.end();
        await peer.gone();
      }),
      { numRuns: 150 },
    );
    await listener.close();

    expect(intake.lines).toHaveLength(listener.counts.messages);
    expect(intake.refused.get(`${name} malformed`)?.lines).toBeGreaterThan(0);
    expect(intake.lines.every((line) => line.length <= 64)).toBe(true);
  });
});

describe('the limits of RELP', () => {
  it('end a client that never reads its answers', async () => {
    const intake = new FakeIntake();
    const listener = await open(startRelp, intake, { unread: 1_000 });
    const socket = connect({ port: listener.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    let closed = false;
    socket.on('close', () => {
      closed = true;
    });
    socket.pause();
    socket.write(RELP_OPEN);
    const burst = Array.from({ length: 2_000 }, (_, i) => relpFrame(i + 2, 'syslog', 'a')).join('');
    while (!closed && !intake.refused.has('relp not-reading')) {
      if (socket.writableLength < 1_000_000) socket.write(burst);
      await wait(1);
    }

    expect(intake.refused.get('relp not-reading')).toMatchObject({ batches: 1 });
    socket.destroy();
    await listener.close();
  });

  it('let the client keep its messages when judging does not catch up', async () => {
    const intake = new FakeIntake();
    intake.backlog = 100;
    const listener = await open(startRelp, intake, { backlog: 50, backlogTime: 30 });
    const peer = await connectTo(listener.port);
    peer.send(RELP_OPEN + relpFrame(2, 'syslog', 'a'));
    await peer.gone();
    intake.backlog = 0;
    await listener.close();

    expect(peer.heard()).not.toContain('2 rsp');
    expect(intake.lines).toEqual([]);
  });

  it('stop reading while much is kept and not judged yet', async () => {
    const intake = new FakeIntake();
    intake.backlog = 100;
    const listener = await open(startRelp, intake, { backlog: 50 });
    const peer = await connectTo(listener.port);
    peer.send(RELP_OPEN + relpFrame(2, 'syslog', 'a'));
    await until(() => listener.counts.messages === 1);
    await wait(60);
    expect(intake.lines).toEqual([]);

    intake.backlog = 0;
    await until(() => intake.lines.length === 1);
    peer.socket.destroy();
    await listener.close();
  });
});

describe('where a way in listens', () => {
  const starts = [startRelp, startSyslogStream, startSyslogUdp];

  async function codeOf(config: Omit<ListenerConfig, 'port'> & { readonly port?: number }) {
    const all = await Promise.all(
      starts.map((start) => start({ port: 0, ...config }, new FakeIntake(), QUIET)),
    );
    return all.map((result) => (result.isErr() ? result.error.code : 'open'));
  }

  it.each(['0.0.0.0', '::', '192.0.2.7', 'localhost', ''])('is not %s', async (host) => {
    expect(new Set(await codeOf({ host, sensor: SENSOR }))).toEqual(new Set(['SOCKETS_ADDRESS_REFUSED']));
  });

  it('is nowhere without a sensor', async () => {
    expect(new Set(await codeOf({ host: '127.0.0.1', hosts: {} }))).toEqual(
      new Set(['SOCKETS_SENSOR_MISSING']),
    );
  });

  it('is no port that another has', async () => {
    const first = (
      await startRelp({ host: '127.0.0.1', port: 0, sensor: SENSOR }, new FakeIntake(), QUIET)
    ).okOrThrow();
    const second = await startRelp(
      { host: '127.0.0.1', port: first.port, sensor: SENSOR },
      new FakeIntake(),
      QUIET,
    );

    expect(second).toMatchObject({ error: { code: 'SOCKETS_ADDRESS_TAKEN' } });
    await first.close();
  });

  it('is this machine', () => {
    expect(['127.0.0.1', '127.8.9.10', '::1'].every(isLoopback)).toBe(true);
    expect(['127.0.0.1.example.org', '1127.0.0.1', '::2'].some(isLoopback)).toBe(false);
  });
});

describe('a source', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (address, source) => {
    expect(sourceAddress(address)).toBe(source);
  });
});
