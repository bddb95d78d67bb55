/** XFORWARD as Postfix writes it, and as nobody should. */
import { describe, expect, it } from 'vitest';
import { clientOf, forwardedOf, heloOf, readXforward, xforwardLine } from './origin.ts';
import { pathIn } from './path.ts';

describe('XFORWARD', () => {
  it('says who sent it, in whatever case, and what it leaves open stays so', () => {
    const said = readXforward('XFORWARD name=mail.sender.example ADDR=IPV6:2001:db8::1 HELO=a+2Db')!;
    expect([clientOf(said), heloOf(said)]).toEqual(['2001:db8::1', 'a-b']);
    const unknown = readXforward('XFORWARD ADDR=[UNAVAILABLE] HELO=[TEMPUNAVAIL]')!;
    expect([clientOf(unknown), heloOf(unknown)]).toEqual([null, '']);
  });

  it.each([
    'XFORWARD',
    'XFORWARD ADDR=',
    'XFORWARD ADDR=not-an-address',
    'XFORWARD LOGIN=pat',
    'XFORWARD ADDR=192.0.2.1 nonsense',
    `XFORWARD NAME=${'x'.repeat(256)}`,
  ])('is refused where it makes no sense: %s', (line) => {
    expect(readXforward(line)).toBeNull();
  });

  it('gives no line ends to a judge or a next hop', () => {
    const said = readXforward('XFORWARD HELO=a+0D+0AX:')!;
    expect(heloOf(said)).toBe('a??X:');
    expect(xforwardLine(forwardedOf('192.0.2.1', 'a b\r\n+'), 'NAME ADDR HELO')).toBe(
      'XFORWARD ADDR=192.0.2.1 HELO=a+20b+0D+0A+2B',
    );
    expect(xforwardLine(said, 'ADDR')).toBeNull();
  });
});

describe('a path', () => {
  it.each([
    ['MAIL FROM:<>', 'MAIL FROM', ''],
    ['mail from: <a@b.example> SIZE=1', 'MAIL FROM', 'a@b.example'],
    ['RCPT TO:<"a>b@c"@d.example>', 'RCPT TO', '"a>b@c"@d.example'],
    ['RCPT TO:a@b.example', 'RCPT TO', null],
    ['RCPT TO:<a@b.example>SIZE', 'RCPT TO', null],
    ['RCPT TO:<a<b>', 'RCPT TO', null],
    ['MAIL <a@b.example>', 'MAIL FROM', null],
  ])('of %s', (line, command, path) => {
    expect(pathIn(line, command)).toBe(path);
  });

  it('is one in any script', () => {
    const line = Buffer.from('RCPT TO:<señor@b.example>').toString('latin1');
    expect(pathIn(line, 'RCPT TO')).toBe('señor@b.example');
  });
});
