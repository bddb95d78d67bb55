import { createSocket } from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { FakeIntake, QUIET, until } from './fake-intake.ts';
import type { ListenerConfig } from './listener.ts';
import { startSyslogUdp } from './syslog-udp.ts';

const SENSOR = { authority: '29019', sensor: 'fw1' };

async function listening(intake: FakeIntake, config: Partial<ListenerConfig> = {}) {
  const started = await startSyslogUdp(
    { host: '127.0.0.1', port: 0, sensor: SENSOR, ...config },
    intake,
    QUIET,
  );
  return started.okOrThrow();
}

/** Sends datagrams one after the other from an address of this machine. */
async function sendFrom(address: string, port: number, messages: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, () => resolve()));
  for (const message of messages) {
    await new Promise((resolve) => socket.send(message, port, '127.0.0.1', resolve));
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

describe('a listener of syslog over UDP', () => {
  it('takes each datagram as a line', async () => {
    const intake = new FakeIntake();
    const listener = await listening(intake);

    await sendFrom('127.0.0.1', listener.port, ['<13>a', '<13>b\n', '<13>c\nd']);
    await until(() => intake.lines.length === 3);

    expect(intake.lines).toEqual(['<13>a', '<13>b', '<13>c d']);
    expect(intake.arrivals[0]).toMatchObject({ ...SENSOR, transport: 'syslog-udp' });
    await listener.close();
  });

  it('refuses the empty and the unknown, and counts them', async () => {
    const intake = new FakeIntake();
    const listener = await startSyslogUdp(
      { host: '127.0.0.1', port: 0, hosts: { fw1: SENSOR } },
      intake,
      QUIET,
    );
    const { port, close } = listener.okOrThrow();

    await sendFrom('127.0.0.1', port, [
      '',
      '\n',
      'no header',
      '<13>1 - fw2 x - - - a',
      '<13>1 - fw1 x - - - a',
    ]);
    await until(() => intake.lines.length === 1);

    expect(intake.refused.get('syslog-udp malformed')).toMatchObject({ lines: 2 });
    expect(intake.refused.get('syslog-udp unknown-host')).toMatchObject({ lines: 2 });
    await close();
  });

  it('lets no address fill the queue, counts each datagram that finds no room, and none twice', async () => {
    const intake = new FakeIntake();
    intake.failure = 'INTAKE_BUSY';
    const listener = await listening(intake, { limits: { outstanding: 40_000 } });
    const flood = Array.from({ length: 1_000 }, (_, i) => `<13>flood ${i} ${'x'.repeat(100)}`);

    await sendFrom('127.0.0.66', listener.port, flood);
    const refused = () => intake.refused.get('syslog-udp flood')?.lines ?? 0;
    await until(() => refused() + listener.counts.messages === 1_000);
    const fromFlood = listener.counts.messages;
    expect(fromFlood).toBeLessThanOrEqual(10_000 / 164);
    expect(fromFlood).toBeGreaterThan(40);

    await sendFrom('127.0.0.7', listener.port, ['<13>a sensor that is not to blame']);
    await until(() => listener.counts.messages === fromFlood + 1);
    intake.failure = undefined;
    await until(() => intake.lines.includes('<13>a sensor that is not to blame'));

    expect(intake.lines.length + refused()).toBe(1_001);
    await sendFrom('127.0.0.66', listener.port, ['<13>there is room again']);
    await until(() => intake.lines.includes('<13>there is room again'));
    await listener.close();
  });

  it('counts what waits in vain when it closes', async () => {
    const intake = new FakeIntake();
    intake.failure = 'INTAKE_DISK_FULL';
    const listener = await listening(intake);
    await sendFrom('127.0.0.1', listener.port, ['<13>a', '<13>b']);
    await until(() => listener.counts.messages === 2);

    await listener.close();

    expect(intake.refused.get('syslog-udp not-kept')).toMatchObject({ lines: 2, bytes: 12 });
  });
});
