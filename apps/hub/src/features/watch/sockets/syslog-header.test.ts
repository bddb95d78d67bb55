import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syslogHost } from './syslog-header.ts';

function hostOf(message: string): string | undefined {
  const padded = Buffer.from(`xx${message} and more behind it`, 'latin1');
  return syslogHost(padded, 2, 2 + Buffer.byteLength(message, 'latin1'));
}

describe('the host of a syslog message', () => {
  it.each([
    ['<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - failed', 'mymachine.example.com'],
    ['<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - text', '192.0.2.1'],
    ['<165>1 - FW1 myproc 8710 - - text', 'fw1'],
    ['<34>Oct 11 22:14:15 mymachine su: failed', 'mymachine'],
    ['<0>Oct  1 22:14:15 2001:db8::7 su: failed', '2001:db8::7'],
    ['<189>Oct 11 2026 22:14:15 asa-1 : %ASA-6-302013: Built', 'asa-1'],
    ['<13>2026-11-22T15:47:54.123456+00:00 fw1 sshd[7]: text', 'fw1'],
  ])('stands in %s', (message, host) => {
    expect(hostOf(message)).toBe(host);
  });

  it.each([
    ['no header', 'hello world and so on'],
    ['a priority of 192', '<192>Oct 11 22:14:15 mymachine su: failed'],
    ['no digit in the priority', '<>Oct 11 22:14:15 mymachine su: failed'],
    ['no host in RFC 5424', '<34>1 2003-10-11T22:14:15.003Z - su - - - text'],
    ['the tag where the host should be', '<134>Oct  7 01:02:03 filterlog[123]: 5,,,1000'],
    ['a tag with a colon there', '<134>Oct  7 01:02:03 sshd: text'],
    ['a month that is none', '<34>Okt 11 22:14:15 mymachine su: failed'],
    ['a host of 256 letters', `<34>1 - ${'a'.repeat(256)} su - - - text`],
    ['an end behind the host', '<34>1 - mymachine'],
    ['bytes that no host has', '<34>1 - my\u00e4machine su - - - text'],
  ])('is not made up: %s', (_, message) => {
    expect(hostOf(message)).toBeUndefined();
  });

  it('is never read from bytes outside of the message', () => {
    const whole = '<34>Oct 11 22:14:15 mymachine su: failed';
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const bytes = Buffer.from(whole);
        const host = syslogHost(bytes, 0, length);
        expect(host).toBe(length > whole.indexOf(' su') ? 'mymachine' : undefined);
      }),
    );
  });
});
