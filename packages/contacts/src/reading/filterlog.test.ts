import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Direction, Outcome, Tcp } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { readPlainEnvelope } from './envelope.reference.ts';
import { readFilterlog } from './filterlog.reference.ts';
import { FILTERLOG_SAMPLES } from './filterlog.samples.ts';
import { filterlog } from './filterlog.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import type { PlainLine } from './plain.ts';

const hub = join(process.env.BELLWETHER_CORPORA ?? '', 'contacts/crowdsec-hub');
const noCorpora = process.env.BELLWETHER_CORPORA === undefined;
const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });

function reference(line: string): PlainLine {
  if (line === '') return { line: 'ignored' };
  const header = readPlainEnvelope(line, CLOCK);
  if (header.repeatsLast) return { line: 'ignored' };
  const said = readFilterlog(header.message, header);
  if ('line' in said || header.repeated < 2) return said;
  return { ...said, repeat: Math.min(65_535, header.repeated - 1) };
}

function agrees(line: string, read: OneLine): void {
  const said = reference(line);
  if ('line' in said) expect(read.said, line).toBe(said.line);
  else expect(read.row, line).toEqual(said);
}

function row(i: number): OneLine['row'] {
  return readEach(filterlog, [FILTERLOG_SAMPLES[i]!])[0]!.row;
}

describe('a line of filterlog', () => {
  it('is read as the reference reads it', () => {
    readEach(filterlog, FILTERLOG_SAMPLES).forEach((read, i) => {
      agrees(FILTERLOG_SAMPLES[i]!, read);
    });
  });

  it('is read as the reference reads it however it is damaged', () => {
    const mutator = new Mutator(4);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(FILTERLOG_SAMPLES));
    readEach(filterlog, lines).forEach((read, i) => {
      agrees(lines[i]!, read);
    });
  });

  it('names both ends, ports, flags, the direction and what the rule did', () => {
    expect(row(0)).toMatchObject({
      outcome: Outcome.denied,
      direction: Direction.inbound,
      source: '192.0.2.2',
      sourcePort: 59576,
      destination: '198.18.2.15',
      destinationPort: 22,
      tcp: Tcp.syn,
      protocol: 6,
    });
    expect(row(2)).toMatchObject({ outcome: Outcome.accepted, direction: Direction.outbound });
    expect(row(3)).toMatchObject({ tcp: Tcp.fin | Tcp.psh | Tcp.urg });
    expect(row(4)).toMatchObject({ tcp: 0 });
    expect(row(7)).toMatchObject({ source: 'fe80::146c:4c5b:1204:bb14', destination: 'ff02::fb' });
    expect(row(13)).toMatchObject({ destinationPort: 8 * 256 });
    expect(row(15)).toMatchObject({ protocol: 112, source: '198.18.0.2' });
  });

  it("of a block list's anchor is blocked, of a rule that does not decide is unknown", () => {
    expect(row(16)).toMatchObject({ outcome: Outcome.blocked });
    expect(row(17)).toMatchObject({ outcome: Outcome.unknown });
    const prefixes = [{ text: ',1000102631,', outcome: Outcome.blocked }];
    expect(readEach(filterlog, [FILTERLOG_SAMPLES[0]!], { prefixes })[0]!.row?.outcome).toBe(Outcome.blocked);
  });

  it('that was cut within an address or a port is unreadable', () => {
    const whole = FILTERLOG_SAMPLES[0]!;
    const end = whole.indexOf(',22,') + ',22'.length;
    for (let i = whole.indexOf('53,,'); i <= end; i++) {
      expect(readEach(filterlog, [whole.slice(0, i)])[0]!.said, whole.slice(0, i)).toBe('unreadable');
    }
  });

  it('is believed of filterlog only', () => {
    const line = FILTERLOG_SAMPLES[0]!.replace('filterlog:', 'sshd[7]:');
    expect(readEach(filterlog, [line])[0]!.said).toBe('ignored');
  });
});

describe.skipIf(noCorpora)('real lines of crowdsecurity/hub', () => {
  it('of pfSense are all read, with the source of its scenario', () => {
    const folder = join(hub, 'pf-scan-multi-port');
    const lines = readFileSync(join(folder, 'pf-scan-multi-port.log'), 'latin1').split('\n').filter(Boolean);
    const read = readEach(filterlog, lines);
    read.forEach((one, i) => {
      agrees(lines[i]!, one);
    });
    expect(read.map((one) => one.said)).toEqual(lines.map(() => 'row'));
    const expected = readFileSync(join(folder, 'scenario.assert'), 'utf8');
    const sources = [...expected.matchAll(/GetMeta\("source_ip"\) == "([^"]+)"/g)].map((match) => match[1]);
    expect(sources.length).toBeGreaterThan(0);
    expect(new Set(read.map((one) => one.row?.source))).toEqual(new Set(sources));
  });

  it('of pfSense by RFC 5424 are all read', () => {
    const folder = join(hub, 'pfsense-rfc5424-filterlog');
    const lines = readFileSync(join(folder, 'pfsense-rfc5424-filterlog.log'), 'latin1')
      .split('\n')
      .filter(Boolean);
    const read = readEach(filterlog, lines);
    expect(read.map((one) => one.said)).toEqual(lines.map(() => 'row'));
    read.forEach((one, i) => {
      agrees(lines[i]!, one);
    });
  });
});
