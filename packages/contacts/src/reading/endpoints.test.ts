import { describe, expect, it } from 'vitest';
import { Batch, Flag, Kind } from '../contact.ts';
import { ascii } from './bytes.ts';
import { Endpoints, isHostName } from './endpoints.ts';
import { plainRow } from './plain.ts';
import { plainAddress } from './plain-fields.ts';

function endpoints(
  source: string,
  destination: string,
): { flags: number; source?: string; destination?: string } {
  const batch = new Batch();
  batch.begin(0, Kind.packet);
  const pair = new Endpoints();
  const [a, b] = [ascii(source), ascii(destination)];
  if (!pair.takeSource(a, 0, a.length) || !pair.takeDestination(b, 0, b.length)) return { flags: -2 };
  const flags = pair.write(batch, 0);
  batch.flags[0] = Math.max(0, flags);
  const row = plainRow(batch, 0);
  return {
    flags,
    ...(row.source ? { source: row.source } : {}),
    ...(row.destination ? { destination: row.destination } : {}),
  };
}

describe('the addresses of a line', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:DB8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['fe80::1%12', 'fe80::1'],
  ])('%s is read', (spelled, address) => {
    const other = address.includes(':') ? '2001:db8::9' : '198.18.0.1';
    expect(endpoints(spelled, other)).toMatchObject({ source: address, destination: other });
    expect(endpoints(other, spelled)).toMatchObject({ source: other, destination: address });
    expect(plainAddress(spelled)).toBe(address);
  });

  it.each(['', '-', '0.0.0.0', '::', '[::]', '::ffff:0.0.0.0'])('%s names nobody', (spelled) => {
    expect(endpoints(spelled, '198.18.0.1')).toEqual({ flags: Flag.noSource, destination: '198.18.0.1' });
    expect(endpoints('2001:db8::9', spelled)).toEqual({
      flags: Flag.noDestination | Flag.v6,
      source: '2001:db8::9',
    });
    expect(plainAddress(spelled)).toBe('');
  });

  it.each([
    '203.0.113.7x',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.07',
    '2001:db8::7%',
    '203.0.113.7%1',
    '[1.2.3.4',
    'a',
  ])('%s is damage', (spelled) => {
    expect(endpoints(spelled, '198.18.0.1').flags).toBe(-2);
    expect(plainAddress(spelled)).toBeUndefined();
  });

  it('of two families are damage', () => {
    expect(endpoints('203.0.113.7', '2001:db8::9').flags).toBe(-1);
  });

  it('may be host names, which have a letter that no address has', () => {
    const is = (word: string) => isHostName(ascii(word), 0, word.length);
    expect(['gateway', 'vpn.example.org', 'X'].every(is)).toBe(true);
    expect(['203.0.113.7', 'dead:beef', '203_0', ''].some(is)).toBe(false);
  });
});
