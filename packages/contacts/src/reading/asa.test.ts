import { describe, expect, test } from 'vitest';
import { Direction, Kind, Outcome, Tcp } from '../contact.ts';
import { readAsa } from './asa.reference.ts';
import { ASA_CONNECTIONS, ASA_LOGINS, ASA_OTHERS, ASA_PACKETS, ASA_SAMPLES } from './asa.samples.ts';
import { asa } from './asa.ts';
import { Clock, UTC } from './clock.ts';
import { readPlainEnvelope } from './envelope.reference.ts';
import { type OneLine, readEach } from './harness.ts';
import { Mutator } from './mutations.ts';
import { type PlainLine, plainHash } from './plain.ts';

const CLOCK = new Clock(UTC, { year: 2026, firstMonth: 1, lastMonth: 12 });
const LURE = '192.0.2.66';

function reference(line: string): PlainLine {
  if (line === '') return { line: 'ignored' };
  const header = readPlainEnvelope(line, CLOCK);
  if (header.repeatsLast) return { line: 'ignored' };
  const said = readAsa(header);
  if ('line' in said || header.repeated < 2) return said;
  return { ...said, repeat: Math.min(65_535, (said.repeat ?? 0) + header.repeated - 1) };
}

function agrees(line: string, read: OneLine): void {
  const said = reference(line);
  if ('line' in said) expect(read.said, line).toBe(said.line);
  else expect(read.row, line).toEqual(said);
}

/** The row of the first sample that tells message `number`. */
function row(number: number, samples: readonly string[] = ASA_SAMPLES): OneLine['row'] {
  return readEach(asa, [samples.find((line) => line.includes(`-${number}`))!])[0]!.row;
}

describe('a message of ASA', () => {
  test('is read as the reference reads it', () => {
    readEach(asa, ASA_SAMPLES).forEach((read, i) => {
      agrees(ASA_SAMPLES[i]!, read);
    });
  });

  test('is read as the reference reads it however it is damaged', () => {
    const mutator = new Mutator(7);
    const lines = Array.from({ length: 20_000 }, () => mutator.line(ASA_SAMPLES));
    readEach(asa, lines).forEach((read, i) => {
      agrees(lines[i]!, read);
    });
  });

  test('of every documented shape is understood', () => {
    for (const line of [...ASA_PACKETS, ...ASA_LOGINS]) {
      expect([line, readEach(asa, [line])[0]!.said]).toEqual([line, 'row']);
    }
  });

  test('about a packet names both ends, ports, flags and what was done', () => {
    expect(row(106023)).toEqual({
      kind: Kind.packet,
      outcome: Outcome.denied,
      time: Date.UTC(2026, 9, 9, 22, 33, 20),
      source: '203.0.113.9',
      destination: '198.18.1.10',
      sourcePort: 50229,
      destinationPort: 22,
      protocol: 6,
    });
    expect(row(106001)).toMatchObject({ tcp: Tcp.syn, direction: Direction.inbound });
    expect(row(106015)).toMatchObject({ tcp: Tcp.fin | Tcp.psh | Tcp.ack });
    expect(row(313001)).not.toHaveProperty('destination');
    expect(row(106016)).not.toHaveProperty('source');
    expect(row(710003)).toMatchObject({ destinationPort: 443 });
  });

  test('with a count of hits is so many contacts', () => {
    const [, second] = readEach(
      asa,
      ASA_PACKETS.filter((line) => line.includes('106100')),
    );
    expect(second!.row).toMatchObject({ outcome: Outcome.accepted, repeat: 143 });
    expect(row(106100)).not.toHaveProperty('repeat');
    for (const line of ASA_OTHERS.filter((one) => one.includes('message repeated'))) {
      expect(readEach(asa, [line])[0]!.row).toMatchObject({ source: '203.0.113.9', repeat: 2 });
    }
  });

  test('about a connection says who began it, and its end is detail of it', () => {
    const reads = readEach(asa, ASA_CONNECTIONS).map((read) => read.row);
    const [, built, silent, used] = reads;
    expect(built).toMatchObject({
      direction: Direction.inbound,
      outcome: Outcome.accepted,
      source: '203.0.113.9',
    });
    expect(silent).toMatchObject({ detail: true, outcome: Outcome.noAnswer, key: built!.key, size: 0 });
    expect(used).toMatchObject({
      detail: true,
      outcome: Outcome.established,
      key: built!.key,
      size: 134_781,
    });
    expect(reads[4]).toMatchObject({ detail: true, outcome: Outcome.rejected });
    expect(reads[5]).toMatchObject({
      direction: Direction.outbound,
      source: '198.18.1.10',
      destination: '203.0.113.9',
      destinationPort: 80,
    });
  });

  test('of two devices has two keys, though both number their connections alike', () => {
    const line = ASA_CONNECTIONS[1]!;
    const [one, other] = readEach(asa, [line, line.replace('fw1', 'fw2')]);
    expect(one!.row!.key).not.toBe(other!.row!.key);
  });

  test('with a name for an address names nobody', () => {
    const named = readEach(
      asa,
      ASA_CONNECTIONS.filter((line) => line.includes('OCSP')),
    )[0]!.row;
    expect(named).toMatchObject({ destination: '198.18.1.10' });
    expect(named).not.toHaveProperty('source');
  });

  test('about a sign-in names account and outcome', () => {
    expect(row(605004)).toMatchObject({ outcome: Outcome.failed, account: plainHash('admin') });
    expect(row(605005)).toMatchObject({
      outcome: Outcome.succeeded,
      source: '203.0.113.9',
      destinationPort: 22,
    });
    expect(row(113015)).toMatchObject({ outcome: Outcome.failed, source: '2001:db8::7' });
    expect(row(113039)).toMatchObject({ outcome: Outcome.succeeded, source: '203.0.113.9' });
    expect(row(716039)).toMatchObject({ detail: true });
  });

  test('of Threat Defense is read up to what a client can write', () => {
    expect(row(430003)).toMatchObject({ source: '203.0.113.9', outcome: Outcome.established, size: 5120 });
    expect(row(430002)).toMatchObject({ outcome: Outcome.denied });
    expect(row(430001)).toMatchObject({ kind: Kind.alert, outcome: Outcome.blocked });
  });

  test('about lost messages admits a loss without a number', () => {
    const lost = readEach(
      asa,
      ASA_OTHERS.filter((line) => line.includes('414003')),
    )[0]!;
    expect(lost).toMatchObject({ said: 'ignored', lostUnknown: true });
  });
});

describe('nothing that a client sends names another one', () => {
  const head = '<164>Oct  9 2026 22:33:20 fw1 : ';
  test.each([
    `${head}%ASA-6-605004: Login denied from 203.0.113.9/1 to o:198.18.1.1/ssh for user "x" from ${LURE}/2 to o:198.18.1.1/ssh for user "y"`,
    `${head}%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : server = 198.18.0.9 : user = x : user IP = ${LURE} : user = y : user IP = 203.0.113.9`,
    `${head}%ASA-6-113039: Group <VPN> User <x> IP <${LURE}> AnyConnect parent session started. User <y> IP <203.0.113.9> AnyConnect parent session started.`,
    `${head}%ASA-6-109006: Authentication failed for user 'x' from ${LURE}/1 to 198.18.1.10/80 on interface o' from 203.0.113.9/1 to 198.18.1.10/80 on interface outside`,
    `${head}%ASA-4-106103: access-list vpn denied tcp for user x outside/${LURE}(1) -> inside/198.18.1.10(443) hit-cnt 1 outside/203.0.113.9(1) -> inside/198.18.1.10(443) hit-cnt 1 first hit [0x0, 0x0]`,
    `${head}%ASA-6-302013: Built inbound TCP connection 7 for outside:203.0.113.9/1 (203.0.113.9/1)(LOCAL\\x to y:${LURE}/1) to inside:198.18.1.10/443 (198.18.1.10/443)`,
    `${head}%FTD-1-430003: AccessControlRuleAction: Block, SrcIP: 203.0.113.9, DstIP: 198.18.1.10, SrcPort: 1, DstPort: 443, Protocol: tcp, UserAgent: x, SrcIP: ${LURE}, DstIP: ${LURE}`,
  ])('%s', (line) => {
    const { row: read } = readEach(asa, [line])[0]!;
    expect(read?.source).toBe('203.0.113.9');
    expect(read?.destination ?? '198.18.1.10').toMatch(/^198\.18\.1\.1/);
  });

  test('nor does text that another program logs', () => {
    const tag = `%ASA-4-106023: Deny tcp src x:${LURE}/1 dst y:198.18.1.10/2 by`;
    for (const line of [
      `<38>Oct  9 22:33:20 host1 sshd[7]: Invalid user ${tag} from 203.0.113.9`,
      `<38>Oct  9 22:33:20 host1 app: ${tag}`,
      `<38>Oct  9 22:33:20 host1 app: x ${tag}`,
    ]) {
      expect(readEach(asa, [line])[0]!.said).toBe('ignored');
    }
  });
});

test('the format is known by its tag', () => {
  expect(asa.sniff('%ASA-4-106023: Deny tcp', '')).toBe(2);
  expect(asa.sniff('Deny tcp', '%FTD-4-106023')).toBe(2);
  expect(asa.sniff('Invalid user %ASA-4-106023', 'sshd')).toBe(0);
});
