import { describe, expect, it } from 'vitest';
import { hashText } from './bytes.ts';
import { Clock, UTC } from './clock.ts';
import { type PlainEnvelope, readPlainEnvelope } from './envelope.reference.ts';
import { Envelope } from './envelope.ts';
import { Mutator } from './mutations.ts';

const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 9, lastMonth: 12 });

/** A header as `envelope.ts` reads it, in the words of the reference: the host as its hash. */
function read(envelope: Envelope, line: string): Omit<PlainEnvelope, 'host'> & { readonly hash: number } {
  const bytes = Buffer.from(`${line}\n`, 'latin1');
  envelope.read(bytes, 0, bytes.length - 1);
  const app = bytes.toString('latin1', envelope.appAt, envelope.appEnd);
  return {
    found: envelope.found,
    message: bytes.toString('latin1', envelope.messageAt, envelope.messageEnd),
    repeated: envelope.repeated,
    repeatsLast: envelope.repeatsLast,
    hash: envelope.found ? envelope.host : 0,
    ...(!Number.isNaN(envelope.time) ? { time: envelope.time } : {}),
    ...(envelope.found && app !== '' ? { app } : {}),
    ...(envelope.found && envelope.pid >= 0 ? { pid: envelope.pid } : {}),
  };
}

function expected(line: string): ReturnType<typeof read> {
  const { host, ...rest } = readPlainEnvelope(line, CLOCK);
  const bytes = Buffer.from(host ?? '', 'latin1');
  return { ...rest, hash: host === undefined ? 0 : hashText(bytes, 0, bytes.length) };
}

const HEADERS = [
  'Oct  9 22:33:20 fw1 kernel: [123.4] IN=eth0',
  'Oct 19 22:33:21 fw1 kernel: [123.4] IN=eth0',
  '<34>Oct 11 22:14:15 mymachine su: failed',
  'Oct  9 22:33:20 office-17 sshd[8710]: Invalid user x from 192.0.2.1 port 22',
  'Oct  9 22:33:20 office-17 sshd-session[8711]: Invalid user x from 192.0.2.1 port 22',
  'Oct  9 22:33:20 office-18 sshd[8712]: message repeated 3 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]',
  'Oct  9 22:33:20 office-18 last message repeated 5 times',
  'Oct  9 22:33:20 office-18 kernel: last message repeated 5 times',
  'Oct 09 2026 22:33:20: %ASA-4-106023: Deny tcp',
  'Oct 09 2026 22:33:20 asa1 : %ASA-4-106023: Deny tcp',
  'Oct  9 22:33:20.123 fw1 kernel: x',
  '<165>1 2026-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" a="]\\"x"][b c="d"] \u00ef\u00bb\u00bfAn event',
  '<38>1 2026-01-19T14:23:55+00:00 OPNsense.localdomain sshd 44255 - [meta sequenceId="1"] Invalid user tutu from 192.0.2.4 port 33166',
  '<134>1 2026-11-06T11:32:42.868451-05:00 firewall.lan filterlog 92653 - - 7,,,1000000102',
  '<13>1 - - - - - - no time',
  '2026-10-09T22:33:20.520012-05:00 fw1 sshd[8710]: Accepted',
  '2026-10-09 22:33:20,520 fw1 app[x]: y',
  'Dec 31 23:59:60 fw1 kernel: leap',
  'Feb 30 10:00:00 fw1 kernel: no such day',
];

describe('a syslog header', () => {
  it.each(HEADERS)('is read as the reference reads it: %s', (line) => {
    expect(read(new Envelope(CLOCK), line)).toEqual(expected(line));
  });

  it('is read the same whatever lines came before, and however it is damaged', () => {
    const envelope = new Envelope(CLOCK);
    const mutator = new Mutator(1);
    for (let i = 0; i < 20_000; i++) {
      const line = i % 3 === 0 ? HEADERS[mutator.pick(HEADERS.length)]! : mutator.line(HEADERS);
      expect(read(envelope, line), line).toEqual(expected(line));
    }
  });

  it('gives a time, a host, a program and a process id', () => {
    expect(readPlainEnvelope(HEADERS[3]!, CLOCK)).toEqual({
      found: true,
      time: Date.UTC(2026, 9, 9, 22, 33, 20),
      host: 'office-17',
      app: 'sshd',
      pid: 8710,
      message: 'Invalid user x from 192.0.2.1 port 22',
      repeated: 0,
      repeatsLast: false,
    });
    expect(readPlainEnvelope(HEADERS[11]!, CLOCK)).toMatchObject({
      time: Date.UTC(2026, 9, 11, 22, 14, 15, 3),
      host: 'mymachine.example.com',
      message: 'An event',
    });
    expect(readPlainEnvelope(HEADERS[13]!, CLOCK).time).toBe(Date.UTC(2026, 10, 6, 16, 32, 42, 868));
  });

  it('takes January behind December for the next year', () => {
    const clock = new Clock(UTC, { year: 2026, firstMonth: 12, lastMonth: 1 });
    const time = (line: string) => readPlainEnvelope(line, clock).time;
    expect(time('Dec 31 23:59:59 fw1 kernel: x')).toBe(Date.UTC(2026, 11, 31, 23, 59, 59));
    expect(time('Jan  1 00:00:00 fw1 kernel: x')).toBe(Date.UTC(2027, 0, 1));
  });
});
