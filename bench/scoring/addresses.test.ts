import { describe, expect, it } from 'vitest';
import { Cover, readPrefix } from './addresses.ts';

describe('a cover', () => {
  it('covers an address by itself, by its prefix, and by nothing else', () => {
    const cover = new Cover();
    cover.add(readPrefix('20.1.2.3'));
    cover.add(readPrefix('20.1.9.0/24'));
    cover.add(readPrefix('2001:db8:1:2::/64'));

    const asked = ['20.1.2.3', '20.1.2.3/32', '20.1.9.200', '2001:db8:1:2::99', '2001:db8:1:2::/64'];
    expect(asked.map((text) => cover.covers(readPrefix(text)))).toEqual([true, true, true, true, true]);
    const others = ['20.1.2.4', '20.1.8.200', '2001:db8:1:3::/64', '2001:db8:1::/48'];
    expect(others.map((text) => cover.covers(readPrefix(text)))).toEqual([false, false, false, false]);
  });

  it('tells IPv4 from IPv6 where their bits are the same', () => {
    const cover = new Cover();
    cover.add(readPrefix('32.1.13.184'));

    expect(cover.covers(readPrefix('2001:db8::1'))).toBe(false);
  });
});

describe('a prefix', () => {
  it('is the same in every spelling', () => {
    expect(readPrefix('2001:db8::/48')).toEqual(readPrefix('2001:0db8:0:0:0:0:0:0/48'));
    expect(readPrefix('10.0.0.1')).toEqual(readPrefix('10.0.0.1/32'));
  });

  it.each(['', '1.2.3', '2001:db8', 'host.example'])('is not %j', (text) => {
    expect(() => readPrefix(text)).toThrow();
  });
});
