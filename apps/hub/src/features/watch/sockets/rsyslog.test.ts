import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeIntake, QUIET, until } from './fake-intake.ts';
import { startRelp } from './relp.ts';
import { hasRsyslog, startRsyslog } from './rsyslog.ts';
import { startSyslogStream } from './syslog-stream.ts';

const NIGHT = new URL('../../../../../../testdata/contacts/a-night/netfilter.log', import.meta.url);
const SENSOR = { authority: '29019', sensor: 'fw1' };
const LINES = 4_000;

let folder: string;

/** Real lines, each with a number of its own so that none can stand for another. */
const lines = numbered(readFileSync(NIGHT, 'latin1').trimEnd().split('\n'));

function numbered(real: readonly string[]): string[] {
  return Array.from({ length: LINES }, (_, i) => `${real[i % real.length]?.trimEnd()} N=${i}`);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shipped-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!hasRsyslog('omrelp'))('rsyslog from Debian over RELP', () => {
  const relp = (port: number) =>
    `action(type="omrelp" target="127.0.0.1" port="${port}" template="whole" timeout="10"
      action.resumeInterval="1" action.resumeRetryCount="-1")`;

  it('ships every line once, also when the listener is closed and opened again in the middle', async () => {
    const log = join(folder, 'fw.log');
    writeFileSync(log, '');
    const intake = new FakeIntake();
    let listener = (
      await startRelp({ host: '127.0.0.1', port: 0, sensor: SENSOR }, intake, QUIET)
    ).okOrThrow();
    const { port } = listener;
    const daemon = startRsyslog(log, 'module(load="omrelp")', relp(port));

    for (let third = 0; third < 3; third += 1) {
      const from = Math.floor((third * LINES) / 3);
      const to = Math.floor(((third + 1) * LINES) / 3);
      appendFileSync(log, `${lines.slice(from, to).join('\n')}\n`);
      await until(() => listener.counts.messages > 200);
      await listener.close();
      listener = (await startRelp({ host: '127.0.0.1', port, sensor: SENSOR }, intake, QUIET)).okOrThrow();
    }
    await until(() => new Set(intake.lines).size === LINES);
    await daemon.stop();
    await listener.close();

    expect(intake.lines.length).toBe(LINES);
    expect(intake.lines).toEqual(lines);
  });
});

describe.skipIf(!hasRsyslog('lmnsd_gtls'))('rsyslog from Debian over TCP', () => {
  it('ships every line with octet counting inside TLS', async () => {
    const log = join(folder, 'fw.log');
    writeFileSync(log, `${lines.join('\n')}\n`);
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=hub.example'].concat([
        '-addext',
        'subjectAltName=DNS:hub.example',
        '-keyout',
        key,
        '-out',
        cert,
      ]),
      { stdio: 'ignore' },
    );
    const intake = new FakeIntake();
    const listener = (
      await startSyslogStream(
        { host: '127.0.0.1', port: 0, sensor: SENSOR, tls: { key, cert } },
        intake,
        QUIET,
      )
    ).okOrThrow();
    const daemon = startRsyslog(
      log,
      `global(defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="${cert}")`,
      `action(type="omfwd" target="127.0.0.1" port="${listener.port}" protocol="tcp" template="whole"
        tcp_framing="octet-counted" streamDriver="gtls" streamDriverMode="1" streamDriverAuthMode="x509/name"
        streamDriverPermittedPeers="hub.example" action.resumeInterval="1" action.resumeRetryCount="-1")`,
    );

    await until(() => intake.lines.length >= LINES);
    await daemon.stop();
    await listener.close();

    expect(intake.lines).toEqual(lines);
    expect(intake.arrivals[0]?.transport).toBe('syslog-tls');
  });
});
