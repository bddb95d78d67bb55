import { describe, expect, it } from 'vitest';
import { Direction, Outcome, Tcp } from '../contact.ts';
import { Clock, UTC, zoneNamed } from './clock.ts';
import { type OneLine, readEach, readText } from './harness.ts';
import { Mutator } from './mutations.ts';
import { PFIREWALL_FIELDS, readPfirewall } from './pfirewall.reference.ts';
import { PFIREWALL_SAMPLES } from './pfirewall.samples.ts';
import { pfirewall } from './pfirewall.ts';

const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });

function agrees(line: string, read: OneLine): void {
  if (line === '') return;
  const said = readPfirewall(line, PFIREWALL_FIELDS, CLOCK);
  if ('line' in said) expect([read.said, read.lost], line).toEqual([said.line, said.lost ?? 0]);
  else expect(read.row, line).toEqual(said);
}

function row(i: number) {
  return readEach(pfirewall, [PFIREWALL_SAMPLES[i]!])[0]!.row;
}

describe('a line of pfirewall.log', () => {
  it('is read as the reference reads it', () => {
    readEach(pfirewall, PFIREWALL_SAMPLES).forEach((read, i) => {
      agrees(PFIREWALL_SAMPLES[i]!, read);
    });
  });

  it('is read as the reference reads it however it is damaged', () => {
    const packets = PFIREWALL_SAMPLES.filter((line) => !line.startsWith('#'));
    const mutator = new Mutator(5);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(packets)).filter(
      (line) => !line.startsWith('#'),
    );
    readEach(pfirewall, lines).forEach((read, i) => {
      agrees(lines[i]!, read);
    });
  });

  it('names both ends, ports, flags, the direction and what the rule did', () => {
    expect(row(4)).toMatchObject({
      outcome: Outcome.denied,
      source: '192.0.2.7',
      sourcePort: 52220,
      destination: '198.18.0.9',
      destinationPort: 3389,
      tcp: Tcp.syn,
      direction: Direction.inbound,
      time: Date.UTC(2026, 9, 9, 22, 33, 20),
    });
    expect(row(5)).toMatchObject({ tcp: 0 });
    expect(row(6)).toMatchObject({ tcp: Tcp.fin | Tcp.psh | Tcp.urg });
    expect(row(7)).toMatchObject({ outcome: Outcome.accepted, direction: Direction.outbound });
    expect(row(9)).toMatchObject({ destinationPort: 8 * 256 });
    expect(row(10)).toMatchObject({ source: 'fe80::2', destination: 'ff02::fb' });
    expect(row(14)).toMatchObject({ detail: true });
  });

  it('is at the time of the zone of its sensor', () => {
    const { rows } = readText(pfirewall, PFIREWALL_SAMPLES[4]!, { zone: zoneNamed('America/Chicago')! });
    expect(rows[0]!.time).toBe(Date.UTC(2026, 9, 10, 3, 33, 20));
  });

  it('is read by the header in force, which a later block is given', () => {
    const header = '#Fields: action date time dst-port src-port dst-ip src-ip protocol';
    const line = 'DROP 2026-10-09 22:33:20 22 5000 198.18.0.9 192.0.2.7 TCP';
    const expected = {
      source: '192.0.2.7',
      destination: '198.18.0.9',
      destinationPort: 22,
      sourcePort: 5000,
    };
    const whole = readText(pfirewall, `${PFIREWALL_SAMPLES[4]}\n${header}\n${line}\n`);
    expect(whole.rows[1]).toMatchObject(expected);
    expect(readText(pfirewall, line, { header }).rows[0]).toMatchObject(expected);
    const reader = pfirewall.reader({ clock: CLOCK, header });
    expect(reader.header).toBe(header);
  });

  it('is unreadable under a header that does not name the addresses', () => {
    const read = readText(pfirewall, `#Fields: date time action\n2026-10-09 22:33:20 DROP\n`);
    expect(read).toMatchObject({ rows: [], ignored: 1, unreadable: 1 });
  });

  it('that was cut is unreadable', () => {
    const whole = PFIREWALL_SAMPLES[4]!;
    for (let end = 1; end < whole.lastIndexOf(' '); end++) {
      expect(readEach(pfirewall, [whole.slice(0, end)])[0]!.said).toBe('unreadable');
    }
  });

  it('admits lost events', () => {
    expect(readEach(pfirewall, [PFIREWALL_SAMPLES.at(-1)!])[0]).toMatchObject({ said: 'ignored', lost: 17 });
    const without = PFIREWALL_SAMPLES.at(-1)!.replace(' 17 ', ' - ');
    expect(readEach(pfirewall, [without])[0]).toMatchObject({ said: 'ignored', lost: 0, lostUnknown: true });
  });
});
