import { describe, expect, it } from 'vitest';
import { readText } from './harness.ts';
import { netfilter } from './netfilter.ts';

const PACKET =
  'IN=ens2 OUT= MAC= SRC=192.0.2.7 DST=198.18.0.9 LEN=44 TOS=0x00 PREC=0x00 TTL=43 ID=1 PROTO=TCP SPT=5 DPT=80 WINDOW=1 RES=0x00 SYN URGP=0';
const OTHER = PACKET.replace('192.0.2.7', '192.0.2.8');

function line(second: number, host: string, message: string): string {
  return `Oct  9 22:33:${String(second).padStart(2, '0')} ${host} ${message}`;
}

function read(lines: readonly string[]) {
  const { rows, ignored, unreadable, lost, lostUnknown } = readText(netfilter, lines.join('\n'));
  const brief = rows.map((row) => [row.source, row.repeat ?? 0, (row.time ?? 0) % 60_000]);
  return { rows: brief, ignored, unreadable, lost, lostUnknown };
}

describe('a message that rsyslog counted', () => {
  it('stands for as many contacts as it says', () => {
    expect(read([line(1, 'fw1', `kernel: message repeated 5 times: [ DROP: ${PACKET} ]`)])).toMatchObject({
      rows: [['192.0.2.7', 4, 1000]],
    });
  });

  it('may be cut, and keeps what the column cannot hold as lost', () => {
    expect(read([line(1, 'fw1', `kernel: message repeated 70000 times: [ DROP: ${PACKET}`)])).toMatchObject({
      rows: [['192.0.2.7', 65_535, 1000]],
      lost: 70_000 - 1 - 65_535,
    });
  });

  it('is unreadable if what it repeats is', () => {
    expect(
      read([line(1, 'fw1', 'kernel: message repeated 5 times: [ DROP: IN=ens2 OUT= SRC=1]')]),
    ).toMatchObject({ rows: [], unreadable: 1 });
  });

  it('that came no times is no repetition', () => {
    expect(read([line(1, 'fw1', `kernel: message repeated 0 times: [ ${PACKET}]`)]).rows).toEqual([
      ['192.0.2.7', 0, 1000],
    ]);
  });
});

describe('"last message repeated"', () => {
  it('repeats the last line of the same host, at its own time', () => {
    const lines = [
      line(1, 'fw1', `kernel: DROP: ${PACKET}`),
      line(2, 'fw2', `kernel: DROP: ${OTHER}`),
      line(3, 'fw1', 'last message repeated 3 times'),
      line(4, 'fw2', 'last message repeated 1 time'),
    ];
    expect(read(lines)).toEqual({
      rows: [
        ['192.0.2.7', 0, 1000],
        ['192.0.2.8', 0, 2000],
        ['192.0.2.7', 2, 3000],
        ['192.0.2.8', 0, 4000],
      ],
      ignored: 0,
      unreadable: 0,
      lost: 0,
      lostUnknown: false,
    });
  });

  it('repeats IPv6 contacts whole, and may follow itself', () => {
    const wide = PACKET.replace('192.0.2.7', '2001:db8::7').replace('198.18.0.9', '2001:db8:4f::9');
    const lines = [
      line(1, 'fw1', `kernel: DROP: ${wide}`),
      line(2, 'fw1', 'last message repeated 3 times'),
      line(3, 'fw1', 'last message repeated 4 times'),
    ];
    const { rows } = readText(netfilter, lines.join('\n'));
    expect(rows.map((row) => [row.source, row.destination, row.destinationPort, row.repeat ?? 0])).toEqual([
      ['2001:db8::7', '2001:db8:4f::9', 80, 0],
      ['2001:db8::7', '2001:db8:4f::9', 80, 2],
      ['2001:db8::7', '2001:db8:4f::9', 80, 3],
    ]);
  });

  it('repeats no contact where the last line was none', () => {
    const lines = [
      line(1, 'fw1', `kernel: DROP: ${PACKET}`),
      line(2, 'fw1', 'cron[7]: something else'),
      line(3, 'fw1', 'last message repeated 3 times'),
    ];
    expect(read(lines)).toMatchObject({ rows: [['192.0.2.7', 0, 1000]], ignored: 2, lostUnknown: false });
  });

  it('is a loss of unknown size where the last line cannot be seen or could not be read', () => {
    expect(read([line(3, 'fw1', 'last message repeated 3 times')])).toMatchObject({
      rows: [],
      ignored: 1,
      lostUnknown: true,
    });
    const lines = [
      line(1, 'fw1', `kernel: DROP: ${PACKET}`),
      line(2, 'fw1', 'kernel: DROP: IN=ens2 OUT= SRC=broken'),
      line(3, 'fw1', 'last message repeated 3 times'),
    ];
    expect(read(lines)).toMatchObject({ unreadable: 1, ignored: 1, lostUnknown: true });
  });
});
