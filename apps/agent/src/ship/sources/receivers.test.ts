import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../../testing/folder.ts';
import { Room } from '../room.ts';
import { type FeedTest, feedIn, until } from './feed.fixture.ts';
import { GATHERED_BYTES, Gatherer } from './gatherer.ts';
import { listenLines } from './line-streams.ts';
import { type Listening, readHostPort } from './listening.ts';
import { listenNxlogHttp } from './nxlog-http.ts';
import { runRsyslog } from './rsyslog.fixture.ts';
import { listenSyslogUdp } from './syslog-udp.ts';
import { dropsIn } from './udp-drops.ts';
import { listenWinlogbeat } from './winlogbeat.ts';

const ANY = { host: '127.0.0.1', port: 0 };

async function opened<T extends Listening>(opening: Promise<{ okOrThrow(): T }>): Promise<T> {
  const listening = (await opening).okOrThrow();
  onTestFinished(() => listening.close());
  return listening;
}

async function peerOf(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return socket;
}

describe('lines over TCP', () => {
  it('are taken with octet counting and by line ends, also a last one without an end', async () => {
    const { lane, feed, taken } = await feedIn(folderForTest());
    const { port } = await opened(listenLines('syslog-tcp', ANY, feed));
    (await peerOf(port)).write('8 <13>one\n9 <13>two\nx');
    await until(() => lane.state.lines === 2);
    (await peerOf(port)).end('<13>three\n\n<13>four');
    await until(() => lane.state.lines === 4);
    expect(await taken()).toEqual(['<13>one', '<13>two x', '<13>three', '<13>four']);
  });

  it('make their sender wait while there is no room, and are all there in the end', async () => {
    const room = new Room(300_000);
    const { lane, feed, taken } = await feedIn(folderForTest(), { room });
    const { port } = await opened(listenLines('nxlog-tcp', ANY, feed));
    const lines = Array.from({ length: 400 }, (_, i) => `{"EventID":${i},"x":"${'x'.repeat(30_000)}"}`);
    const peer = await peerOf(port);
    let isSent = false;
    peer.write(lines.map((line) => `${line}\n`).join(''), () => {
      isSent = true;
    });
    await until(() => lane.state.lines > 3);
    expect(isSent).toBe(false);
    const got: string[] = [];
    while (got.length < lines.length) {
      got.push(...(await taken()));
      await until(() => lane.state.lines > 0 || got.length === lines.length);
    }
    expect(got).toEqual(lines);
  });

  it('end what is no syslog, and tell what was cut off', async () => {
    const { feed, told } = await feedIn(folderForTest());
    const { port } = await opened(listenLines('syslog-tcp', ANY, feed));
    (await peerOf(port)).write('12x<13>a');
    await until(() => told.some((text) => text.includes('no syslog')));
    (await peerOf(port)).end('100 <13>half');
    await until(() => told.some((text) => text.includes('cut off')));
  });
});

describe('syslog over UDP', () => {
  async function send(port: number, ...messages: string[]): Promise<void> {
    const socket = createSocket('udp4');
    for (const message of messages)
      await new Promise((resolve) => socket.send(message, port, '127.0.0.1', resolve));
    socket.close();
  }

  it('is a line for each datagram', async () => {
    const { lane, feed, taken } = await feedIn(folderForTest());
    const { port } = await opened(listenSyslogUdp(ANY, feed));
    await send(port, '<13>one', '<13>two\n', '\n', '<13>thr\nee');
    await until(() => lane.state.lines === 3);
    expect(await taken()).toEqual(['<13>one', '<13>two', '<13>thr ee']);
  });

  it('counts in a flood each line that is kept, or told to the hub as lost', async () => {
    const room = new Room(2_000_000);
    const { lane, feed, taken, told } = await feedIn(folderForTest(), { room });
    const listening = (await listenSyslogUdp(ANY, feed)).okOrThrow();
    const sent = 12_000;
    const message = `<13>${'x'.repeat(1_000)}`;
    for (let i = 0; i < sent / 1_000; i += 1)
      await send(listening.port, ...Array.from({ length: 1_000 }, () => message));
    await until(() => told.some((text) => text.includes('lost')));
    const lines: string[] = [];
    const closing = listening.close().then(() => true);
    for (let isClosed = false; !isClosed; ) {
      lines.push(...(await taken()));
      isClosed = await Promise.race([
        closing,
        new Promise<false>((resolve) => setTimeout(resolve, 20, false)),
      ]);
    }
    feed.end();
    await feed.lastWords();
    lines.push(...(await taken()));
    const kept = lines.filter((line) => line === message).length;
    const lost = lines.flatMap((line) =>
      Number(/ bellwether-agent - - - the agent lost (\d+) messages: /.exec(line)?.[1] ?? 0),
    );
    expect(lost.some((count) => count > 0)).toBe(true);
    expect(kept + lost.reduce((sum, count) => sum + count, 0)).toBe(sent);
    expect(lane.state.lines).toBe(0);
  });

  it('leaves room for others beside a flood of one sender', async () => {
    const { feed } = await feedIn(folderForTest(), { room: new Room(0) });
    const gatherer = new Gatherer(feed, 'test');
    const message = Buffer.alloc(1_000, 'x');
    let taken = 0;
    while (gatherer.put(message, 0, message.length, '192.0.2.1')) taken += 1;
    expect(taken).toBeGreaterThan(GATHERED_BYTES / 5_000);
    expect(gatherer.put(message, 0, message.length, '192.0.2.2')).toBe(true);
    feed.end();
    await gatherer.drain();
    expect(gatherer.put(message, 0, message.length, '192.0.2.1')).toBe(true);
  });

  it('finds what the kernel dropped at a port', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  10: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 17
  11: 0100007F:1202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 5
`;
    expect(dropsIn(table, 514)).toBe(17);
    expect(dropsIn(table, 1)).toBe(0);
  });

  it.each(['514', ':514', 'x:99999', '::1:514', 'a:b'])('knows that %s is no address', (text) => {
    expect(readHostPort(text)).toBeUndefined();
  });
});

describe('a real rsyslogd', () => {
  it.each([
    ['udp', listenSyslogUdp, 'template="whole"'],
    [
      'tcp',
      (address: typeof ANY, feed: FeedTest['feed']) => listenLines('syslog-tcp', address, feed),
      'template="whole"',
    ],
    [
      'tcp',
      (address: typeof ANY, feed: FeedTest['feed']) => listenLines('syslog-tcp', address, feed),
      'template="whole" TCP_Framing="octet-counted"',
    ],
  ] as const)('ships its lines by %s (%#)', async (protocol, listen, how) => {
    const folder = folderForTest();
    const { lane, feed, taken } = await feedIn(join(folder, 'spool'));
    const { port } = await opened(listen(ANY, feed));
    const log = join(folder, 'in.log');
    const lines = Array.from({ length: 500 }, (_, i) => `<13>Nov 22 12:00:00 fw1 kernel: line ${i}`);
    writeFileSync(log, lines.map((line) => `${line}\n`).join(''));
    const action = `action(type="omfwd" target="127.0.0.1" port="${port}" protocol="${protocol}" ${how})`;
    const stop = runRsyslog(folder, log, action);
    await until(() => lane.state.lines >= lines.length);
    await stop();
    expect(await taken()).toEqual(lines);
  });
});

describe('Windows events', () => {
  const post = (port: number, path: string, body: string | Uint8Array, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers });

  it('of NXLog by HTTP are answered when they are on disk', async () => {
    const { lane, feed, taken } = await feedIn(folderForTest());
    const { port } = await opened(listenNxlogHttp(ANY, feed));
    const one = await post(port, '/', '{"EventID":4625,\n"IpAddress":"203.0.113.9"}');
    expect(one.status).toBe(200);
    expect(lane.state.lines).toBe(1);
    expect((await post(port, '/', '{"EventID":1}\r\n{"EventID":2}\n')).status).toBe(200);
    expect((await post(port, '/', 'EventID=1')).status).toBe(400);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(405);
    expect(await taken()).toEqual([
      '{"EventID":4625,"IpAddress":"203.0.113.9"}',
      '{"EventID":1}',
      '{"EventID":2}',
    ]);
  });

  it('of Winlogbeat come by the interface of Elasticsearch that it asks for', async () => {
    const { lane, feed, taken } = await feedIn(folderForTest());
    const { port } = await opened(listenWinlogbeat(ANY, feed));
    const root = await fetch(`http://127.0.0.1:${port}/`);
    expect(root.headers.get('x-elastic-product')).toBe('Elasticsearch');
    expect(((await root.json()) as { version: { number: string } }).version.number).toMatch(
      /^\d+\.\d+\.\d+$/,
    );
    const license = (await (await fetch(`http://127.0.0.1:${port}/_license?human=false`)).json()) as object;
    expect(license).toMatchObject({ license: { status: 'active' } });
    const template = `http://127.0.0.1:${port}/_index_template/winlogbeat-8.15.0`;
    expect((await fetch(template, { method: 'HEAD' })).status).toBe(200);
    expect(await (await fetch(template, { method: 'PUT', body: '{}' })).json()).toEqual({
      acknowledged: true,
    });

    const event = (id: number) => `{"@timestamp":"2026-10-09T10:00:00.250Z","winlog":{"event_id":"${id}"}}`;
    const content = [4625, 4624]
      .map((id) => `{"create":{"_index":"winlogbeat-8.15.0"}}\n${event(id)}\n`)
      .join('');
    const answer = await post(port, '/_bulk?filter_path=errors', gzipSync(content), {
      'content-encoding': 'gzip',
    });
    const body = (await answer.json()) as { errors: boolean; items: { create: { status: number } }[] };
    expect(body.errors).toBe(false);
    expect(body.items.map(({ create }) => create.status)).toEqual([201, 201]);
    expect(lane.state.lines).toBe(2);
    expect(await taken()).toEqual([event(4625), event(4624)]);
  });

  it('are refused one by one, as a whole, or for later, as Winlogbeat understands it', async () => {
    const { feed, told } = await feedIn(folderForTest());
    const { port } = await opened(listenWinlogbeat(ANY, feed));
    const long = `{"x":"${'x'.repeat(300_000)}"}`;
    const one = await post(
      port,
      '/winlogbeat/_bulk',
      `{"index":{"_index":"w"}}\n${long}\n{"index":{}}\n{"a":1}\n`,
    );
    const { errors, items } = (await one.json()) as {
      errors: boolean;
      items: { index: { status: number } }[];
    };
    expect([errors, ...items.map(({ index }) => index.status)]).toEqual([true, 400, 201]);
    expect(told.join()).toMatch(/1 lines lost: .*too long/);
    expect((await post(port, '/_bulk', '{"create":{}}\n')).status).toBe(400);
    expect((await post(port, '/_bulk', 'x', { 'content-encoding': 'gzip' })).status).toBe(400);
    const bomb = gzipSync(Buffer.alloc(20_000_000, '\n'));
    expect((await post(port, '/_bulk', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await post(port, '/_search', '{}')).status).toBe(404);
    feed.end();
    expect((await post(port, '/_bulk', '{"create":{}}\n{"a":1}\n')).status).toBe(503);
  });
});
