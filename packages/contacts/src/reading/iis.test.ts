import { describe, expect, test } from 'vitest';
import { Content, Kind, Outcome } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { type OneLine, readEach, readText } from './harness.ts';
import { PlainIis } from './iis.reference.ts';
import { HTTPERR_SAMPLES, IIS_FARM_SAMPLES, IIS_SAMPLES, W3C_SAMPLES } from './iis.samples.ts';
import { iis } from './iis.ts';
import { Mutator } from './mutations.ts';
import { plainHash } from './plain.ts';

const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });
const FILES = [IIS_SAMPLES, IIS_FARM_SAMPLES, W3C_SAMPLES, HTTPERR_SAMPLES];

function agrees(lines: readonly string[], reads: readonly OneLine[]): void {
  const plain = new PlainIis();
  reads.forEach((read, i) => {
    const line = lines[i]!;
    const said = line === '' ? ({ line: 'ignored' } as const) : plain.read(line, CLOCK);
    if ('line' in said) expect(read.said, line).toBe(said.line);
    else expect(read.row, line).toEqual(said);
  });
}

describe('a W3C extended log', () => {
  test.each(FILES)('is read as the reference reads it: %s', (...lines) => {
    agrees(lines, readEach(iis, lines));
  });

  test('is read as the reference reads it however it is damaged', () => {
    const mutator = new Mutator(3);
    for (const file of FILES) {
      const lines = Array.from({ length: 5000 }, () => mutator.line(file));
      agrees(lines, readEach(iis, lines));
    }
  });

  test('names both ends, what was asked for and how it was answered', () => {
    const { row, text } = readEach(iis, IIS_SAMPLES)[4]!;
    expect(row).toEqual({
      kind: Kind.web,
      outcome: Outcome.answered,
      time: Date.UTC(2026, 9, 9, 22, 33, 20),
      source: '203.0.113.9',
      destination: '198.18.1.10',
      destinationPort: 443,
      protocol: 6,
      status: 200,
      millis: 46,
    });
    expect(text).toBe('/lookup county=boone&year=2026');
  });

  test('tells a sign-in that Windows refused from an answer on the way of NTLM', () => {
    const reads = readEach(iis, IIS_SAMPLES);
    expect(reads[6]!.row).toMatchObject({
      kind: Kind.login,
      outcome: Outcome.failed,
      account: plainHash('EXAMPLE\\frank'),
    });
    expect(reads[6]!.text).toBe('EXAMPLE\\frank');
    expect(reads[7]!.row).toMatchObject({ kind: Kind.web, status: 401 });
    expect(reads[8]!.row).toMatchObject({ kind: Kind.web, account: plainHash('EXAMPLE\\frank') });
  });

  test('finds attacks in the query of its own field', () => {
    const reads = readEach(iis, IIS_SAMPLES);
    expect(reads[9]!.row!.content).toBe(Content.sqlInjection | Content.scannerAgent);
    expect(reads[13]!.row!.content! & Content.codeExecution).toBe(Content.codeExecution);
    expect(readEach(iis, HTTPERR_SAMPLES)[1]!.row!.content! & Content.traversal).toBe(Content.traversal);
  });

  test('has IPv6, zones, and a server named by the other family', () => {
    const reads = readEach(iis, IIS_SAMPLES);
    expect(reads[10]!.row).toMatchObject({ source: '2001:db8::7', destination: '2001:db8:4f::10' });
    expect(reads[11]!.row).not.toHaveProperty('destination');
    expect(reads[12]!.row).toMatchObject({ source: 'fe80::1', destination: '::1' });
  });

  test('points at the forwarding header, whatever the surface calls it', () => {
    expect(readEach(iis, IIS_FARM_SAMPLES)[1]!.row).toMatchObject({
      source: '198.18.0.2',
      forwarded: '203.0.113.9,+198.51.100.4',
    });
    const other = IIS_FARM_SAMPLES.map((line) => line.replace('X-Forwarded-For', 'cs(True-Client-IP)'));
    expect(readEach(iis, other, { forwardedHeader: 'true-client-ip' })[1]!.row).toMatchObject({
      forwarded: '203.0.113.9,+198.51.100.4',
    });
    expect(readEach(iis, other)[1]!.row).not.toHaveProperty('forwarded');
  });

  test('that begins in the middle is read by the header handed on', () => {
    const reader = iis.reader({ clock: CLOCK });
    for (const line of W3C_SAMPLES.slice(0, 2)) readEach({ ...iis, reader: () => reader }, [line]);
    const { header } = reader;
    expect(readText(iis, W3C_SAMPLES[2]!, { header: header! }).rows[0]).toMatchObject({
      source: '203.0.113.9',
      time: Date.UTC(2026, 9, 9, 22, 33, 21),
    });
    expect(readText(iis, W3C_SAMPLES[2]!).unreadable).toBe(1);
  });

  test('whose header was cut off is read by the usual one', () => {
    expect(readText(iis, IIS_SAMPLES[4]!).rows[0]).toMatchObject({ source: '203.0.113.9' });
  });

  test('with a word too many or too few names nobody', () => {
    const line = IIS_SAMPLES[4]!;
    const lines = [
      line.replace('/lookup', '/look up'),
      line.replace(' - 203', ' - 192.0.2.66 203'),
      line.replace(' 443', ''),
      line.replace('boone', 'boone 443 - 192.0.2.66 x - 200 0 0 46'),
    ];
    for (const read of readEach(iis, lines)) expect(read.said).toBe('unreadable');
  });

  test('is known by its header and by its lines', () => {
    for (const file of FILES) expect(file.some((line) => iis.sniff(line, '') === 2)).toBe(true);
    expect(iis.sniff(IIS_SAMPLES[4]!, '')).toBe(2);
    expect(iis.sniff('#Fields: date time action protocol src-ip dst-ip src-port dst-port size', '')).toBe(0);
  });
});
