import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIPv4, formatIPv6, formatIPv6Full, type Groups, isPublicIPv4, parseIPv4 } from './ip.ts';

describe('IPv6 text', () => {
  it.each([
    [[0x2001, 0xdb8, 0x4f, 1, 0, 0, 0, 0x10], '2001:db8:4f:1::10'],
    [[0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], '2001:db8::1:0:0:1'],
    [[0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], '2001:db8:0:1:1:1:1:1'],
    [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
  ] as [Groups, string][])('is spelled as RFC 5952 says: %j', (groups, text) => {
    expect(formatIPv6(groups)).toBe(text);
  });

  it('is an address whatever the groups, short and full', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 65_535 }));
    fc.assert(
      fc.property(fc.tuple(group, group, group, group, group, group, group, group), (groups) => {
        expect(isIPv6(formatIPv6(groups))).toBe(true);
        expect(formatIPv6Full(groups)).toHaveLength(39);
      }),
    );
  });
});

describe('IPv4 text', () => {
  it('reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        expect(parseIPv4(formatIPv4(value))).toBe(value);
      }),
    );
  });

  it.each(['10.1.2.3', '100.64.0.1', '127.0.0.1', '192.0.2.1', '198.18.5.5', '203.0.113.4', '224.0.0.1'])(
    'of %s is not public',
    (text) => expect(isPublicIPv4(parseIPv4(text))).toBe(false),
  );
});
