import { parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch, Direction, Flag, Kind, Outcome, Tcp } from '../contact.ts';
import { ascii } from '../reading/bytes.ts';
import { compileSurface } from './compile.ts';
import type { ServedContact } from './draft.ts';
import { parseSurface } from './parse.ts';
import { addServedRows } from './served.ts';
import { SurfaceDraft } from './suggest.ts';

const START = Date.UTC(2026, 10, 3, 7);
const HOUR = 3_600_000;
const v4 = (text: string): number => parseCidr(text).okOrThrow().words[3];

const VISIT: ServedContact = {
  destination: '198.18.1.10',
  sensor: 'conn.log',
  port: 443,
  protocol: 6,
  source: '203.0.113.7',
  client: null,
  seen: 'traffic',
  time: START,
};

/** A draft of contacts, each changed from `VISIT`. */
function draftOf(contacts: Iterable<Partial<ServedContact>>): string {
  const draft = new SurfaceDraft();
  for (const contact of contacts) draft.add({ ...VISIT, ...contact });
  return draft.toYaml();
}

/** Visits from as many sources, each in a /16 of its own, a minute apart. */
function visitsFrom(count: number, visit: Partial<ServedContact> = {}): Partial<ServedContact>[] {
  return Array.from({ length: count }, (_, i) => ({
    source: 0x0b00_0001 + i * 65_536,
    time: START + i * 60_000,
    ...visit,
  }));
}

describe('a draft of a surface', () => {
  it('says of each line how often, by how many and when it was seen, to be confirmed', () => {
    const draft = draftOf([
      ...visitsFrom(30),
      { destination: '198.18.1.22', port: 22, source: '203.0.113.7' },
      { destination: '198.18.1.22', port: 22, source: '203.0.113.8', time: START + HOUR },
    ]);

    expect(draft.split('\n')).toEqual([
      '# Draft of a surface from 32 contacts that were served, 2026-11-03T07:00Z..2026-11-03T08:00Z.',
      '# It shows what is, not what ought to be: confirm or correct each line, and take out what should not be there.',
      'networks:',
      '  - 198.18.1.0/24 # confirm: seen 32 times at 2 places, 2026-11-03T07:00Z..2026-11-03T08:00Z',
      'services:',
      '  - { name: https-198-18-1-10, address: "198.18.1.10", port: 443, protocol: tcp, audience: public } # confirm: seen 30 times from about 29 sources, 2026-11-03T07:00Z..2026-11-03T07:29Z',
      '  - { name: ssh-198-18-1-22, address: "198.18.1.22", port: 22, protocol: tcp, audience: staff } # confirm: seen 2 times from 2 sources, 2026-11-03T07:00Z..2026-11-03T08:00Z',
      '',
    ]);
  });

  it('is a surface in which everything that was served is listed', () => {
    const address = fc.oneof(
      fc.nat(0xffff_ffff),
      fc.nat(0xffff).map((low) => `2001:db8:4f:${low.toString(16)}::1`),
    );
    const contact: fc.Arbitrary<ServedContact> = fc.record({
      destination: fc.oneof(address, fc.constant(null)),
      sensor: fc.oneof(
        fc.constantFrom('access.log', 'true', '*', ''),
        fc.string({ unit: 'binary', maxLength: 90 }),
      ),
      port: fc.oneof(fc.constantFrom(0, 22, 443), fc.nat(65_535)),
      protocol: fc.constantFrom(6, 17, 1, 58, 50, 200),
      source: address,
      client: fc.oneof(fc.constant(null), address),
      seen: fc.constantFrom('web', 'login', 'traffic'),
      time: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 4e12 })),
    });
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 20 }), (contacts) => {
        const parsed = parseSurface(draftOf(contacts));
        const surface = compileSurface(parsed.okOrThrow());
        for (const { destination, port, protocol } of contacts) {
          if (protocol === 200 || destination === null || (port === 0 && protocol !== 1)) continue;
          if (typeof destination === 'number') {
            expect(surface.ours(destination)).toBe(true);
            expect(surface.service(destination, port, protocol, 0)).not.toBe(-1);
          } else {
            const { words } = parseCidr(destination).okOrThrow();
            expect(surface.oursWide(words, 0)).toBe(true);
            expect(surface.serviceWide(words, 0, port, protocol, 0)).not.toBe(-1);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is a surface without networks where nothing was served', () => {
    for (const draft of [draftOf([]), draftOf([{ protocol: 200 }])]) {
      expect(draft).toMatch(/^networks: \[\] # nothing was served/m);
      expect(parseSurface(draft).okOrThrow()).toMatchObject({ networks: [], services: [], sensors: [] });
    }
  });

  it('takes what many use for public only on ports for the public, and doubts the rest', () => {
    const draft = draftOf([
      ...visitsFrom(30),
      ...visitsFrom(30, { port: 3389 }),
      ...visitsFrom(30, { port: 22, seen: 'login' }),
      ...visitsFrom(30, { port: 8081, seen: 'web' }),
    ]);

    expect(draft).toMatch(/port: 443, .*audience: public/);
    expect(draft).toMatch(/port: 3389, .*audience: staff .*stand open\?$/m);
    expect(draft).toMatch(/port: 22, .*audience: staff .*Z$/m);
    expect(draft).toMatch(/port: 8081, .*audience: public/);
  });

  it('puts places for staff on one port into one line, and joins networks that touch', () => {
    const offices = Array.from({ length: 30 }, (_, i) => ({ destination: 0xc612_4001 + i * 256, port: 22 }));
    const surface = parseSurface(draftOf(offices)).okOrThrow();

    expect(surface.services.map(({ name, addresses }) => [name, addresses.length])).toEqual([
      ['ssh-staff', 24],
      ['ssh-staff-2', 6],
    ]);
    expect(surface.networks.map(({ bits }) => bits).sort()).toEqual([20, 21, 22, 23]);
  });

  it('names the sensor where lines name no destination', () => {
    const draft = draftOf([
      ...visitsFrom(25, { destination: null, sensor: 'www-access.log', port: 0, seen: 'web' }),
      { destination: null, sensor: 'auth.log', port: 22, seen: 'login' },
    ]);
    const parsed = parseSurface(draft).okOrThrow();
    const surface = compileSurface(parsed);

    expect(parsed.services.map(({ sensor, audience }) => [sensor, audience])).toEqual([
      ['auth.log', 'staff'],
      ['www-access.log', 'public'],
    ]);
    expect(surface.sensorService(surface.sensorOf('www-access.log.2.gz'), 0, 6, 0)).toBe(1);
    expect(surface.sensorService(surface.sensorOf('auth.log'), 22, 6, 0)).toBe(0);
  });

  it('leaves out what we used outside, where nobody said the direction', () => {
    const draft = draftOf([
      ...visitsFrom(30),
      ...visitsFrom(30, { source: '198.18.7.7', destination: '8.8.8.8', port: 53, protocol: 17 }),
      { source: '203.0.113.9', destination: '198.18.9.9', port: 22 },
    ]);

    expect(draft).toContain('# 1 place outside, used from inside, left out.');
    expect(draft).not.toContain('8.8.8.8');
    expect(draft).toContain('"198.18.9.9"');
  });

  it('only hints at proxies and monitoring, because both can be feigned', () => {
    const draft = draftOf([
      ...visitsFrom(25).map((visit) => ({
        ...visit,
        source: '192.0.2.200',
        client: visit.source!,
        seen: 'web' as const,
      })),
      ...Array.from({ length: 24 }, (_, i) => ({ source: '2001:DB8::53', time: START + i * HOUR })),
    ]);
    const surface = parseSurface(draft).okOrThrow();

    expect([surface.proxies, surface.neverBlock]).toEqual([[], []]);
    expect(draft).toMatch(/^# {3}- \{ networks: \["192\.0\.2\.200"\].*for 20 clients or more/m);
    expect(draft).toMatch(/^# {3}- "2001:db8::53" # confirm: seen 24 times in 24 hours at 1 place/m);
    const confirmed = draft.replaceAll(/^# {3}- /gm, '  - ').replaceAll(/^# (proxies|never_block):/gm, '$1:');
    expect(parseSurface(confirmed).okOrThrow()).toMatchObject({
      proxies: [{ hops: 1 }],
      neverBlock: [{ bits: 128 }],
    });
  });

  it('stays within its bounds, and says what did not fit', () => {
    const draft = new SurfaceDraft({ places: 100, visitors: 2_000 });
    for (let i = 0; i < 105; i++) draft.add({ ...VISIT, destination: i, source: 1 });
    for (let i = 0; i < 2_006; i++) draft.add({ ...VISIT, destination: 0, source: i + 2 });
    const collected = draft.collected();

    expect(collected.places).toHaveLength(100);
    expect(collected.visitors).toHaveLength(2_000);
    expect([collected.placesLeftOut, collected.visitorsLeftOut]).toEqual([5, 7]);
    const yaml = draft.toYaml();
    expect(yaml).toContain('# 5 contacts left out: more than 100 places were reached.');
    expect(yaml).toContain('# 7 contacts of sources beyond the first 2000 not looked at');
    const { sources } = collected.places[0]!;
    expect(Math.abs(sources / 2_000 - 1)).toBeLessThan(0.2);
  });

  it('knows more places than it has room for at first', () => {
    const draft = new SurfaceDraft();
    for (let i = 0; i < 3_000; i++) draft.add({ ...VISIT, destination: i });

    expect(draft.collected().places.every(({ sources }) => sources === 1)).toBe(true);
  });
});

describe('rows that show something served', () => {
  it.each<[string, Partial<Record<keyof Batch, number>>, boolean]>([
    ['a completed handshake', { kind: Kind.flow, outcome: Outcome.established }, true],
    [
      'a SYN let in',
      { kind: Kind.packet, outcome: Outcome.accepted, flags: Flag.tcpKnown, tcp: Tcp.syn },
      true,
    ],
    [
      'an answer let in',
      { kind: Kind.packet, outcome: Outcome.accepted, flags: Flag.tcpKnown, tcp: Tcp.syn | Tcp.ack },
      false,
    ],
    [
      'a datagram to a port of a client',
      { kind: Kind.packet, outcome: Outcome.accepted, protocol: 17, dport: 40_000 },
      false,
    ],
    [
      'a datagram to a port of a service',
      { kind: Kind.packet, outcome: Outcome.accepted, protocol: 17, dport: 53 },
      true,
    ],
    ['an echo request', { kind: Kind.packet, outcome: Outcome.accepted, protocol: 1, dport: 8 * 256 }, true],
    ['an echo reply', { kind: Kind.packet, outcome: Outcome.accepted, protocol: 1, dport: 0 }, false],
    ['a denial', { kind: Kind.packet, outcome: Outcome.denied }, false],
    [
      'what goes out',
      { kind: Kind.flow, outcome: Outcome.established, direction: Direction.outbound },
      false,
    ],
    ['a detail', { kind: Kind.flow, outcome: Outcome.established, flags: Flag.detail }, false],
    ['a page', { kind: Kind.web, outcome: Outcome.answered, status: 200 }, true],
    ['a page that is not there', { kind: Kind.web, outcome: Outcome.answered, status: 404 }, false],
    ['a login', { kind: Kind.login, outcome: Outcome.succeeded }, true],
    ['a refused login', { kind: Kind.login, outcome: Outcome.failed }, false],
    ['an alert', { kind: Kind.alert, outcome: Outcome.unknown }, false],
  ])('%s', (_, row, served) => {
    const batch = new Batch();
    batch.begin(0, row.kind as Kind);
    batch.time[0] = START;
    batch.protocol[0] = 6;
    batch.dport[0] = 443;
    for (const [column, value] of Object.entries(row)) {
      (batch[column as 'kind'] as Uint8Array)[0] = value;
    }
    batch.count = 1;
    const draft = new SurfaceDraft();
    addServedRows(draft, batch, new Uint8Array(0), 'log');

    expect(draft.collected().contacts.count).toBe(served ? 1 : 0);
  });

  it('tell addresses of both families, and the client that the last proxy names', () => {
    const header = '"10.1.1.1, 203.0.113.5"';
    const batch = new Batch();
    for (const [i, flags] of [Flag.forwarded, Flag.v6 | Flag.noDestination].entries()) {
      batch.begin(i, Kind.web);
      batch.time[i] = START;
      batch.protocol[i] = 6;
      batch.outcome[i] = Outcome.answered;
      batch.status[i] = 200;
      batch.flags[i] = flags;
    }
    batch.src[0] = v4('192.0.2.200');
    batch.dst[0] = v4('198.18.1.10');
    batch.forwardedAt[0] = 0;
    batch.forwardedLength[0] = header.length;
    batch.wide.set(parseCidr('2001:db8::7').okOrThrow().words, 8);
    batch.count = 2;
    const draft = new SurfaceDraft();
    addServedRows(draft, batch, ascii(header), 'access.log');

    const { places, visitors } = draft.collected();
    expect(places.map(({ destination }) => destination)).toEqual([v4('198.18.1.10'), null]);
    expect(visitors.map(({ source }) => source)).toEqual([v4('192.0.2.200'), '2001:db8::7']);
    expect([...visitors[0]!.clients]).toEqual([v4('203.0.113.5')]);
  });
});
