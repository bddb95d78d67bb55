import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIntake, QUIET, until } from './fake-intake.ts';
import { connectTo } from './peer.ts';
import { type SyslogStreamConfig, startSyslogStream } from './syslog-stream.ts';

const SENSOR = { authority: '29019', sensor: 'fw1' };

async function listening(intake: FakeIntake, config: Partial<SyslogStreamConfig> = {}) {
  const started = await startSyslogStream(
    { host: '127.0.0.1', port: 0, sensor: SENSOR, ...config },
    intake,
    QUIET,
  );
  return started.okOrThrow();
}

describe('a listener of syslog over TCP', () => {
  it('takes lines and counted messages, each connection in its own way', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake);
    const [lines, counted] = [await connectTo(listener.port), await connectTo(listener.port)];

    lines.send('<13>a\n<13>b\n<13>the last one');
    lines.socket.end();
    await until(() => intake.lines.length === 3);
    counted.send('5 <13>c7 <13>d\ne');
    await until(() => intake.lines.length === 5);

    expect(intake.lines).toEqual(['<13>a', '<13>b', '<13>the last one', '<13>c', '<13>d e']);
    expect(intake.arrivals[0]).toMatchObject({ ...SENSOR, transport: 'syslog-tcp' });
    expect(intake.refused.size).toBe(0);
    await listener.close();
    await counted.gone();
  });

  it('tries again what finds no room, and reads no further meanwhile', async () => {
    const intake = new FakeIntake();
    intake.failure = 'INTAKE_BUSY';
    const listener = await listening(intake, { limits: { outstandingOfOne: 4_096 } });
    const peer = await connectTo(listener.port);
    const all = Array.from({ length: 20_000 }, (_, i) => `<13>Nov 22 15:47:54 fw1 x: line ${i}`);

    peer.send(`${all.join('\n')}\n`);
    await until(() => listener.counts.bytes > 4_096);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const taken = listener.counts.bytes;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(listener.counts.bytes).toBe(taken);
    expect(taken).toBeLessThan(4_096 + 2 * 65_536);

    intake.failure = undefined;
    await until(() => intake.lines.length === all.length);
    expect(intake.lines).toEqual(all);
    expect(intake.refused.size).toBe(0);
    peer.socket.destroy();
    await listener.close();
  });

  it('counts what intake will never take', async () => {
    const intake = new FakeIntake();
    intake.failure = 'INTAKE_AUTHORITY_UNKNOWN';
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);

    peer.send('<13>a\n<13>b\n');
    await until(() => intake.refused.size > 0);

    expect(intake.refused.get('syslog-tcp not-kept')).toMatchObject({ lines: 2, bytes: 12 });
    peer.socket.destroy();
    await listener.close();
  });

  it('keeps what was sent before it closes, and counts what was begun', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);

    peer.send('6 <13>ab6 <13');
    await until(() => listener.counts.messages === 1);
    peer.socket.resetAndDestroy();
    await until(() => intake.refused.size > 0);
    await listener.close();

    expect(intake.lines).toEqual(['<13>ab']);
    expect(intake.refused.get('syslog-tcp malformed')).toMatchObject({ lines: 1, bytes: 5 });
  });

  it('ends a connection whose lengths are none', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake);
    const peer = await connectTo(listener.port);

    peer.send('5 <13>a99999999999 x');
    await peer.gone();

    expect(intake.refused.get('syslog-tcp malformed')).toMatchObject({ lines: 1 });
    await listener.close();
  });
});

describe('a listener of syslog over TLS', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    for (const name of ['old', 'new']) {
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          `/CN=${name}.example`,
        ].concat(['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)]),
        { stdio: 'ignore' },
      );
    }
    use('old');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const files = () => ({ key: join(folder, 'hub.key'), cert: join(folder, 'hub.pem') });

  function use(name: string): void {
    copyFileSync(join(folder, `${name}.key`), join(folder, 'hub.key'));
    copyFileSync(join(folder, `${name}.pem`), join(folder, 'hub.pem'));
  }

  async function shake(port: number, version?: 'TLSv1.1'): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connectTls({
        port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        ...(version === undefined
          ? {}
          : { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }),
      });
      socket.once('secureConnect', () => resolve(socket));
      socket.once('error', reject);
      socket.on('error', () => {});
    });
  }

  it('takes messages, with certificates that are renewed while it runs', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake, { tls: files(), renewEvery: 5 });
    const first = await shake(listener.port);
    first.write('5 <13>a');
    await until(() => intake.lines.length === 1);

    use('new');
    let second = await shake(listener.port);
    while (second.getPeerCertificate().subject.CN !== 'new.example') {
      second.destroy();
      second = await shake(listener.port);
    }
    first.write('5 <13>b');
    await until(() => intake.lines.length === 2);

    expect(intake.arrivals[0]).toMatchObject({ ...SENSOR, transport: 'syslog-tls' });
    second.destroy();
    await listener.close();
    use('old');
  });

  it('ends what is no handshake, or an old one, before it costs anything, and counts it', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake, { tls: files(), limits: { firstMessageTime: 500 } });
    const plain = await connectTo(listener.port);
    plain.send('<13>in the clear\n');
    await plain.gone();
    await expect(shake(listener.port, 'TLSv1.1')).rejects.toThrow();
    expect(intake.refused.get('syslog-tls malformed')).toMatchObject({ batches: 2 });

    const silent = await connectTo(listener.port);
    await silent.gone();
    expect(intake.refused.get('syslog-tls slow')).toMatchObject({ batches: 1 });
    expect(intake.lines).toEqual([]);
    await listener.close();
  });

  it('closes while somebody is in the middle of a handshake', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake, { tls: files() });
    const silent = await connectTo(listener.port);
    const talking = await shake(listener.port);

    await listener.close();
    await silent.gone();
    await until(() => talking.destroyed);
    expect(intake.lines).toEqual([]);
  });

  it.each([
    ['files that are not there', { key: 'none.key', cert: 'none.pem' }, 'SOCKETS_TLS_UNREADABLE'],
    ['the key of another certificate', { key: 'new.key', cert: 'old.pem' }, 'SOCKETS_TLS_INVALID'],
    ['what is no certificate', { key: 'old.key', cert: 'text' }, 'SOCKETS_TLS_INVALID'],
  ])('does not start with %s', async (_, { key, cert }, code) => {
    writeFileSync(join(folder, 'text'), 'no certificate\n');
    const tls = { key: join(folder, key), cert: join(folder, cert) };
    const started = await startSyslogStream(
      { host: '127.0.0.1', port: 0, sensor: SENSOR, tls },
      new FakeIntake(),
      QUIET,
    );

    expect(started).toMatchObject({ error: { code } });
  });
});
