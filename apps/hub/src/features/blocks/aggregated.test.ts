import { type Cidr, formatCidr, parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregated, type Ending } from './aggregated.ts';

function net(text: string, until = 9): Ending {
  return { network: parseCidr(text).okOrThrow(), until };
}

function joinedText(...all: readonly Ending[]): string[] {
  const made = aggregated(all, (network, a, b) => ({ network, until: Math.min(a.until, b.until) }));
  return made.map(({ network, until }) => `${formatCidr(network)} ${until}`);
}

/** A network in one of two IPv4 /24. */
const someNetwork = fc
  .tuple(fc.integer({ min: 24, max: 32 }), fc.nat(511), fc.integer({ min: 1, max: 3 }))
  .map(([bits, last, until]): Ending => {
    const size = 2 ** (32 - bits);
    const address = 0xc633_6400 + Math.floor(last / size) * size;
    return { network: { family: 4, words: [0, 0, 0, address], bits } as Cidr, until };
  });

/** Addresses with the latest end of what holds them. */
function endsOf(all: readonly Ending[]): Map<number, number> {
  const ends = new Map<number, number>();
  for (const { network, until } of all) {
    for (let i = 0; i < 2 ** (32 - network.bits); i++) {
      const address = network.words[3] + i;
      ends.set(address, Math.max(until, ends.get(address) ?? 0));
    }
  }
  return ends;
}

describe('networks as few as can be', () => {
  it('joins two halves, and those with the next', () => {
    expect(joinedText(net('192.0.2.2'), net('192.0.2.1'), net('192.0.2.3'), net('192.0.2.0'))).toEqual([
      '192.0.2.0/30 9',
    ]);
  });

  it('leaves neighbours that are no halves of one network', () => {
    expect(joinedText(net('192.0.2.1'), net('192.0.2.2'))).toEqual(['192.0.2.1 9', '192.0.2.2 9']);
  });

  it('takes out what lies in another that holds as long, and keeps what holds longer', () => {
    expect(joinedText(net('192.0.2.0/24', 5), net('192.0.2.9', 5), net('192.0.2.11', 6))).toEqual([
      '192.0.2.0/24 5',
      '192.0.2.11 6',
    ]);
  });

  it('makes nothing wider than what is ever decided', () => {
    expect(joinedText(net('192.0.2.0/24'), net('192.0.3.0/24'))).toHaveLength(2);
    expect(joinedText(net('2001:db8::/48'), net('2001:db8:1::/48'))).toHaveLength(2);
  });

  it('keeps the families apart', () => {
    expect(joinedText(net('::1'), net('0.0.0.1'))).toEqual(['0.0.0.1 9', '::1 9']);
  });

  it('holds every address, none that was not there, and none longer than before', () => {
    fc.assert(
      fc.property(fc.array(someNetwork, { maxLength: 60 }), (all) => {
        const made = aggregated(all, (network, a, b) => ({ network, until: Math.min(a.until, b.until) }));
        const before = endsOf(all);
        const after = endsOf(made);
        expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
        for (const [address, until] of after) expect(until).toBeLessThanOrEqual(before.get(address)!);
        expect(made.length).toBeLessThanOrEqual(all.length);
      }),
    );
  });
});
