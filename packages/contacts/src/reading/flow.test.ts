import { describe, expect, it } from 'vitest';
import { Direction, Outcome, Tcp } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { readAwsFlow, readNfdump } from './flow.reference.ts';
import { AWS_CUSTOM_SAMPLES, AWS_SAMPLES, NFDUMP_SAMPLES } from './flow.samples.ts';
import { flow } from './flow.ts';
import { type OneLine, readEach, readText } from './harness.ts';
import { Mutator } from './mutations.ts';
import type { PlainLine } from './plain.ts';

const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });
const nfdump = (line: string): PlainLine => readNfdump(line, NFDUMP_SAMPLES[0]!, CLOCK);
const aws = (line: string): PlainLine => readAwsFlow(line, AWS_SAMPLES[0]!);
const custom = (line: string): PlainLine => readAwsFlow(line, AWS_CUSTOM_SAMPLES[0]!);

const KINDS: ReadonlyArray<readonly [string, readonly string[], (line: string) => PlainLine]> = [
  ['AWS with the default fields', AWS_SAMPLES, aws],
  ['AWS with custom fields', AWS_CUSTOM_SAMPLES, custom],
  ["nfdump's CSV", NFDUMP_SAMPLES, nfdump],
];

function agrees(line: string, read: OneLine, reference: (line: string) => PlainLine): void {
  // What looks like a header is one, and damaged lines seldom do.
  if (line === '' || /^[a-z]/.test(line)) return;
  const said = reference(line);
  if ('line' in said) expect(read.said, line).toBe(said.line);
  // The reference knows that there is a key, not what is in it.
  else
    expect(read.row, line).toEqual(said.key === undefined ? said : { ...said, key: read.row?.key ?? 'none' });
}

function rowsOf(lines: readonly string[]) {
  return readText(flow, lines.join('\n')).rows;
}

describe.each(KINDS)('a record of %s', (_, samples, reference) => {
  it('is read as the reference reads it', () => {
    readEach(flow, samples).forEach((read, i) => {
      if (i > 0) agrees(samples[i]!, read, reference);
    });
  });

  it('is read as the reference reads it however it is damaged', () => {
    const mutator = new Mutator(6);
    const lines = Array.from({ length: 7_000 }, () => mutator.line(samples.slice(1))).filter(
      (line) => !/^[a-z]/.test(line),
    );
    readEach(flow, lines, { header: samples[0]! }).forEach((read, i) => {
      agrees(lines[i]!, read, reference);
    });
  });

  it('is unreadable when it was cut', () => {
    const record = samples[1]!;
    for (let end = 1; end < record.length - 26; end++) {
      const read = readEach(flow, [record.slice(0, end)], { header: samples[0]! })[0]!;
      expect(read.said, record.slice(0, end)).toBe('unreadable');
    }
  });
});

describe('a record of AWS', () => {
  it('says what was let in and what was not', () => {
    const [accepted, rejected, six, ping] = rowsOf(AWS_SAMPLES);
    expect(accepted).toMatchObject({
      outcome: Outcome.accepted,
      source: '192.0.2.7',
      sourcePort: 20641,
      destination: '198.18.0.9',
      destinationPort: 22,
      protocol: 6,
      time: 1791584000000,
    });
    expect(rejected).toMatchObject({ outcome: Outcome.denied, destinationPort: 3389 });
    expect(six).toMatchObject({ source: '2001:db8::7' });
    expect(ping).not.toHaveProperty('key');
  });

  it('that was skipped is a loss of unknown size; an interval without traffic is none', () => {
    const [none, skipped] = readEach(flow, AWS_SAMPLES.slice(-2));
    expect(none).toMatchObject({ said: 'ignored', lostUnknown: false });
    expect(skipped).toMatchObject({ said: 'ignored', lostUnknown: true });
  });

  it('with SYN and ACK is the answer: its ends change places, and it shares the key of the request', () => {
    const [request, answer, denied, later, reset] = rowsOf(AWS_CUSTOM_SAMPLES);
    expect(request).toMatchObject({
      outcome: Outcome.accepted,
      tcp: Tcp.syn | Tcp.fin,
      direction: Direction.inbound,
    });
    expect(answer).toMatchObject({
      outcome: Outcome.established,
      source: '192.0.2.7',
      sourcePort: 52221,
      destinationPort: 443,
      direction: Direction.inbound,
      size: 14249,
      key: request!.key!,
    });
    expect(denied!.key).not.toBe(request!.key);
    expect(later).not.toHaveProperty('tcp');
    expect(reset).not.toHaveProperty('tcp');
  });

  it('may come from an export of CloudWatch, with the time of delivery and no header', () => {
    const line = `2026-10-09T22:14:20.000Z ${AWS_SAMPLES[1]}`;
    expect(readEach(flow, [line])[0]!.row).toEqual(readEach(flow, [AWS_SAMPLES[1]!])[0]!.row);
  });
});

describe("a record of nfdump's CSV", () => {
  it('says what the flags and the answers prove', () => {
    const outcomes = rowsOf(NFDUMP_SAMPLES).map((row) => [row.destinationPort, row.outcome]);
    expect(outcomes).toEqual([
      [80, Outcome.established],
      [5000, Outcome.oneSided],
      [80, Outcome.established],
      [22, Outcome.noAnswer],
      [23, Outcome.rejected],
      [25, Outcome.accepted],
      [443, Outcome.oneSided],
      [444, Outcome.oneSided],
      [53, Outcome.established],
      [161, Outcome.noAnswer],
      [2048, Outcome.noAnswer],
      [2048, Outcome.noAnswer],
      [22, Outcome.noAnswer],
      [32768, Outcome.noAnswer],
      [445, Outcome.denied],
    ]);
  });

  it('shares its key with the record of the other direction', () => {
    const [both, back, there, other] = rowsOf(NFDUMP_SAMPLES);
    expect(back!.key).toBe(both!.key);
    expect(there!.key).toBe(both!.key);
    expect(other!.key).not.toBe(both!.key);
  });

  it('is read by the header that a later block is given', () => {
    const record = NFDUMP_SAMPLES[4]!;
    expect(readEach(flow, [record])[0]!.said).toBe('unreadable');
    expect(readEach(flow, [record], { header: NFDUMP_SAMPLES[0]! })[0]!.said).toBe('row');
    const short = 'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps,bpp,flows';
    const line = '2026-10-09 22:13:20.120,0.060,TCP,192.0.2.7,5000,198.18.0.9,80,4,160,1,40,1';
    expect(rowsOf([short, line])[0]).toMatchObject({
      source: '192.0.2.7',
      destinationPort: 80,
      time: Date.UTC(2026, 9, 9, 22, 13, 20, 120),
      millis: 60,
    });
  });

  it('under a header without addresses is unreadable', () => {
    const { rows, unreadable } = readText(flow, `ts,te,sa,pr\n${NFDUMP_SAMPLES[1]}\n`);
    expect([rows.length, unreadable]).toEqual([0, 1]);
  });
});
