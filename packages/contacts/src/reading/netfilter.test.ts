import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Direction, Kind, Outcome, Tcp } from '../contact.ts';
import { Clock, UTC } from './clock.ts';
import { readPlainEnvelope } from './envelope.reference.ts';
import { type OneLine, readEach, readText } from './harness.ts';
import { Mutator } from './mutations.ts';
import { readNetfilter } from './netfilter.reference.ts';
import { NETFILTER_SAMPLES } from './netfilter.samples.ts';
import { netfilter } from './netfilter.ts';
import type { PlainLine } from './plain.ts';

const hub = join(process.env.BELLWETHER_CORPORA ?? '', 'contacts/crowdsec-hub');
const noCorpora = process.env.BELLWETHER_CORPORA === undefined;
const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });

/** What the reference says of a whole line, header and repetition included. */
function reference(line: string): PlainLine {
  if (line === '') return { line: 'ignored' };
  const header = readPlainEnvelope(line, CLOCK);
  if (header.repeatsLast) return { line: 'ignored' };
  const said = readNetfilter(header.message, header);
  if ('line' in said || header.repeated < 2) return said;
  return { ...said, repeat: Math.min(65_535, header.repeated - 1) };
}

function agrees(line: string, read: OneLine): void {
  const said = reference(line);
  if ('line' in said) expect(read.said, line).toBe(said.line);
  else expect(read.row, line).toEqual(said);
}

function rows(text: string) {
  return readText(netfilter, text).rows.map(({ lineNumber: _, text: __, ...row }) => row);
}

/** Lines of a folder of crowdsecurity/hub, and what its parser is expected to find in them. */
function hubLines(folder: string, file: string): string[] {
  return readFileSync(join(hub, folder, file), 'latin1')
    .split('\n')
    .filter(Boolean);
}

describe('a line of netfilter', () => {
  it('is read as the reference reads it', () => {
    readEach(netfilter, NETFILTER_SAMPLES).forEach((read, i) => {
      agrees(NETFILTER_SAMPLES[i]!, read);
    });
  });

  it('is read as the reference reads it however it is damaged', () => {
    const mutator = new Mutator(2);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(NETFILTER_SAMPLES));
    readEach(netfilter, lines).forEach((read, i) => {
      agrees(lines[i]!, read);
    });
  });

  it('names both ends, ports, flags and what was done', () => {
    expect(rows(NETFILTER_SAMPLES[0]!)).toEqual([
      {
        kind: Kind.packet,
        outcome: Outcome.denied,
        time: Date.UTC(2026, 9, 9, 22, 33, 20),
        source: '192.0.2.7',
        destination: '198.18.0.9',
        sourcePort: 52220,
        destinationPort: 80,
        protocol: 6,
        direction: Direction.inbound,
        tcp: Tcp.syn,
      },
    ]);
    const [allowed, forwarded] = rows(NETFILTER_SAMPLES.slice(2, 4).join('\n'));
    expect(allowed).toMatchObject({ outcome: Outcome.accepted, tcp: Tcp.syn });
    expect(forwarded).toMatchObject({ tcp: Tcp.ack | Tcp.fin });
    expect(forwarded).not.toHaveProperty('direction');
  });

  it('tells a packet without flags (NULL scan) from one whose flags were cut off', () => {
    const [whole, xmas] = rows(NETFILTER_SAMPLES.slice(4, 6).join('\n'));
    expect(whole).toMatchObject({ tcp: 0 });
    expect(xmas).toMatchObject({ tcp: Tcp.urg | Tcp.psh | Tcp.fin });
    const cut = NETFILTER_SAMPLES[5]!.replace(/ FIN URGP=0.*/, '');
    expect(rows(cut)[0]).not.toHaveProperty('tcp');
  });

  it('reads IPv6, and IPv4 written as IPv6', () => {
    expect(rows(NETFILTER_SAMPLES[13]!)[0]).toMatchObject({
      source: '2001:db8::7',
      destination: '2001:db8:4f::10',
      destinationPort: 443,
    });
    const mapped = NETFILTER_SAMPLES[13]!
      .replace(/SRC=\S+/, 'SRC=::ffff:192.0.2.7')
      .replace(/DST=\S+/, 'DST=0000:0000:0000:0000:0000:ffff:c612:0009');
    expect(rows(mapped)[0]).toMatchObject({ source: '192.0.2.7', destination: '198.18.0.9' });
  });

  it('never takes the packet that an ICMP error quotes for the packet itself', () => {
    expect(rows(NETFILTER_SAMPLES[8]!)[0]).toMatchObject({
      source: '192.0.2.15',
      destination: '198.18.0.9',
      protocol: 1,
      destinationPort: 3 * 256 + 1,
    });
  });

  it('is believed of the kernel only: other programs log what strangers write', () => {
    const packet = /IN=.*/.exec(NETFILTER_SAMPLES[0]!)![0];
    const lines = [
      `Oct  9 22:33:20 fw1 sshd[7]: Invalid user ${packet} from 203.0.113.9 port 22`,
      `Oct  9 22:33:20 fw1 sshd[7]: ${packet}`,
      `Oct  9 22:33:20 fw1 su: FAILED SU (to ${packet}) x on pts/1`,
      `Oct  9 22:33:20 fw1 DROP: ${packet}`,
      `Oct  9 22:33:20 fw1 [WAN_LOCAL-default-D]${packet}`,
      `Oct  9 22:33:20 fw1 kernel: x=${packet}`,
    ];
    expect(readEach(netfilter, lines).map((read) => read.row?.source ?? read.said)).toEqual([
      'ignored',
      'ignored',
      'ignored',
      '192.0.2.7',
      '192.0.2.7',
      '192.0.2.7',
    ]);
  });

  it('that was cut within a port or an address is unreadable, not another port or address', () => {
    const whole = NETFILTER_SAMPLES[0]!;
    const at = whole.indexOf('DPT=80') + 'DPT=80'.length;
    for (let end = whole.indexOf('IN=') + 3; end <= at; end++) {
      const cut = readEach(netfilter, [whole.slice(0, end)])[0]!;
      // From PROTO=TCP on a cut line looks like a fragment; its addresses are whole all the same.
      if (cut.said === 'row') expect(cut.row, whole.slice(0, end)).not.toHaveProperty('destinationPort');
      else expect(cut.said).toBe('unreadable');
    }
  });

  it('of a sensor with prefixes of its own means what the surface says', () => {
    const prefixes = [
      { text: 'DROP: ', outcome: Outcome.blocked },
      { text: 'DROP', outcome: Outcome.accepted },
    ];
    const { rows: read } = readText(netfilter, NETFILTER_SAMPLES.slice(0, 3).join('\n'), { prefixes });
    expect(read.map((row) => row.outcome)).toEqual([Outcome.blocked, Outcome.denied, Outcome.accepted]);
  });

  it('of Proxmox VE has its own time, and the direction of its chain', () => {
    const [rejected, dropped, logged] = rows(NETFILTER_SAMPLES.slice(-3).join('\n'));
    expect(rejected).toMatchObject({
      time: Date.UTC(2026, 5, 20, 11, 12, 46),
      direction: Direction.inbound,
      outcome: Outcome.denied,
      tcp: Tcp.syn,
    });
    expect(dropped).toMatchObject({ direction: Direction.outbound, source: '198.18.94.12', tcp: Tcp.syn });
    expect(logged).toMatchObject({ outcome: Outcome.unknown, source: '2001:db8::a' });
  });
});

describe.skipIf(noCorpora)('real lines of crowdsecurity/hub', () => {
  it('are there', () => {
    expect(existsSync(hub)).toBe(true);
  });

  it('of iptables are all read, with the sources of its scenario', () => {
    const lines = hubLines('iptables-scan-multi-port', 'iptables-scan-multi-port.log');
    const read = readEach(netfilter, lines);
    read.forEach((one, i) => {
      agrees(lines[i]!, one);
    });
    expect(read.map((one) => one.said)).toEqual(lines.map(() => 'row'));
    const expected = readFileSync(join(hub, 'iptables-scan-multi-port/scenario.assert'), 'utf8');
    const sources = new Set([...expected.matchAll(/\.IP == "([^"]+)"/g)].map((match) => match[1]));
    expect(sources.size).toBeGreaterThan(0);
    for (const source of sources) expect(read.some((one) => one.row?.source === source)).toBe(true);
  });

  it('of Proxmox VE are all read, with the fields that its parser finds', () => {
    const lines = hubLines('proxmox-iptables-logs', 'proxmox-iptables.log');
    const read = readEach(netfilter, lines);
    expect(read.map((one) => one.said)).toEqual(lines.map(() => 'row'));
    const expected = readFileSync(join(hub, 'proxmox-iptables-logs/parser.assert'), 'utf8');
    const field = /s01-parse"\]\["[^"]+"\]\[(\d+)\]\.Evt\.(?:Parsed|Meta)\["(\w+)"\] == "([^"]*)"/g;
    const found = [...expected.matchAll(field)].filter(([, , name]) => name! in PROXMOX_FIELDS);
    expect(found.length).toBeGreaterThanOrEqual(30);
    for (const [, line, name, value] of found) {
      const row = read[Number(line)]!.row!;
      expect(PROXMOX_FIELDS[name!]!(row), `${name} of line ${line}`).toBe(value);
    }
  });
});

const PROXMOX_FIELDS: Readonly<Record<string, (row: NonNullable<OneLine['row']>) => string | undefined>> = {
  source_ip: (row) => row.source,
  dst_ip: (row) => row.destination,
  src_port: (row) => String(row.sourcePort),
  dst_port: (row) => String(row.destinationPort),
  proto: (row) => (row.protocol === 6 ? 'TCP' : 'UDP'),
  log_type: (row) => (row.outcome === Outcome.denied ? 'iptables_drop' : ''),
};
