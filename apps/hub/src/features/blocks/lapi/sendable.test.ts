import { formatCidr } from '@bellwether/basics';
import { describe, expect, it } from 'vitest';
import { type KeptDecision, sendableOf } from './sendable.ts';

const NOW = Date.UTC(2026, 10, 3, 18);
const GOOD: KeptDecision = {
  ...{ id: 7, value: '198.51.100.7/32', reason: 'scan', covers: 'all', seen: 'packets' },
  ...{ from: NOW, until: NOW + 3_600_000 },
};

describe('what firewalls of others are told', () => {
  it('is a decision that can be read', () => {
    const block = sendableOf(GOOD)!;
    expect({ ...block, network: formatCidr(block.network) }).toEqual({
      ...{ id: '7', network: '198.51.100.7', covers: 'all', seen: 'packets', reason: 'scan' },
      ...{ from: NOW, until: NOW + 3_600_000 },
    });
  });

  it.each<[string, Partial<KeptDecision>]>([
    ['no network', { value: 'nonsense' }],
    ['a network with bits behind its length', { value: '198.51.100.7/24' }],
    ['everybody', { value: '0.0.0.0/0' }],
    ['more than 256 addresses', { value: '198.51.0.0/23' }],
    ['more than an IPv6 /48', { value: '2001:db8::/47' }],
    ['one without an end', { until: Number.POSITIVE_INFINITY }],
    ['one that lasts for months', { until: NOW + 31 * 86_400_000 }],
    ['one of no time', { until: Number.NaN }],
    ['one that covers what nobody knows', { covers: 'everything' }],
    ['one that is seen nobody knows where', { seen: 'somewhere' }],
    ['one whose number is none', { id: 2 ** 53 }],
  ])('is never %s', (_what, wrong) => {
    expect(sendableOf({ ...GOOD, ...wrong })).toBeUndefined();
  });

  it('is told with a reason that can be written anywhere', () => {
    expect(sendableOf({ ...GOOD, reason: '","type":"captcha' })!.reason).toBe('other');
  });

  it.each(['198.51.100.0/24', '2001:db8::/48'])('is a network as wide as is decided: %s', (value) => {
    expect(formatCidr(sendableOf({ ...GOOD, value })!.network)).toBe(value);
  });
});
