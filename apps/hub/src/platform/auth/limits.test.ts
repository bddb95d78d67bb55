import { describe, expect, it } from 'vitest';
import type { Origin } from './auth-types.ts';
import { Buckets } from './buckets.ts';
import { CODE_LIFE } from './codes.ts';
import { ALLOWANCES, createLimits, MOST_KNOWN } from './limits.ts';

const MINUTE = 60_000;

/** A browser at an address. */
function at(address: string): Origin {
  return { address, agent: '', site: 'localhost', origin: 'http://localhost:8118' };
}

/** An address in another network for each number. */
function numbered(number: number): Origin {
  return at(`${10 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}.7`);
}

/** Limits with a clock that stands where it is put. */
function limitsAt(time = 1_000_000) {
  const clock = { time };
  return { clock, limits: createLimits({ now: () => clock.time }) };
}

/** How many of 10,000 guesses a minute get through while a code lives. */
function guess(from: (guess: number) => Origin): number {
  const { clock, limits } = limitsAt();
  const guesses = (10_000 * CODE_LIFE) / MINUTE;
  let through = 0;
  for (let index = 0; index < guesses; index += 1) {
    clock.time = 1_000_000 + (index * CODE_LIFE) / guesses;
    if (limits.allow('code', from(index))) through += 1;
  }
  return through;
}

describe('10,000 guesses a minute at twelve digits, while a code lives', () => {
  it('from one network: 80 at most get through', () => {
    expect(guess(() => at('203.0.113.9'))).toBe(79);
    expect(
      guess((index) => at(`2001:db8:1:${(index % 65_536).toString(16)}::1`)),
      'an IPv6 site',
    ).toBe(79);
  });

  it('from a hundred networks: a hundred times as many would, but all together get 4,800 at most', () => {
    expect(guess((index) => numbered(index % 100))).toBe(4_799);
  });

  it('from a network of their own each: not one more', () => {
    expect(guess(numbered)).toBe(4_799);
  });

  it('hit one of 116 open codes with less than one in a million', () => {
    const { burst, perMinute } = ALLOWANCES.code.all;
    expect(((burst + (perMinute * CODE_LIFE) / MINUTE) * 116) / 10 ** 12).toBeLessThan(1e-6);
  });
});

describe('who guesses', () => {
  it('from one network locks nobody else out, however often they try', () => {
    const { clock, limits } = limitsAt();
    for (let minute = 0; minute < 60; minute += 1) {
      for (let index = 0; index < 10_000; index += 1) limits.allow('code', at('203.0.113.9'));
      clock.time += MINUTE;
      expect(limits.allow('code', at('192.0.2.17'))).toBe(true);
      limits.forgive('code', at('192.0.2.17'));
    }
  });

  it('from one network locks no account', () => {
    const { clock, limits } = limitsAt();
    for (let minute = 0; minute < 60; minute += 1) {
      for (let index = 0; index < 1_000; index += 1) limits.allow('directory', at('203.0.113.9'), 'Ada');
      expect(limits.allow('directory', at('192.0.2.17'), 'Ada')).toBe(true);
      clock.time += MINUTE;
    }
  });

  it('from thousands of networks does not lock out a network from which somebody got in before', () => {
    const { limits } = limitsAt();
    limits.allow('passkey', at('192.0.2.17'));
    limits.forgive('passkey', at('192.0.2.17'));
    for (let index = 0; index < 1_000; index += 1) limits.allow('code', numbered(index));

    expect(limits.allow('code', at('198.51.100.1')), 'an unknown one has to wait').toBe(false);
    expect(limits.allow('code', at('192.0.2.200'))).toBe(true);
  });

  it('at one account from many networks is stopped there, and only there', () => {
    const { limits } = limitsAt();
    const { burst } = ALLOWANCES.code.account;
    let through = 0;
    for (let index = 0; index < 200; index += 1)
      if (limits.allow('code', numbered(index), 'Ada')) through += 1;

    expect(through).toBe(burst);
    expect(limits.allow('code', numbered(1_000), 'Bo')).toBe(true);
  });

  it('at one thing may still do the others', () => {
    const { limits } = limitsAt();
    while (limits.allow('code', at('192.0.2.17')));
    expect(limits.allow('passkey', at('192.0.2.17'))).toBe(true);
  });
});

describe('an attempt that was right', () => {
  it('counts no longer: a class of a hundred enrols behind one address', () => {
    const { limits } = limitsAt();
    for (let index = 0; index < 100; index += 1) {
      expect(limits.allow('code', at('192.0.2.17'))).toBe(true);
      limits.forgive('code', at('192.0.2.17'));
    }
  });

  it('gives back one and no more', () => {
    const { limits } = limitsAt();
    while (limits.allow('code', at('192.0.2.17')));
    limits.forgive('code', at('192.0.2.17'));

    expect(limits.allow('code', at('192.0.2.17'))).toBe(true);
    expect(limits.allow('code', at('192.0.2.17'))).toBe(false);
  });
});

describe('the clock', () => {
  it('that is set back neither opens nor closes anything for long', () => {
    const { clock, limits } = limitsAt(10 * 3_600_000);
    while (limits.allow('code', at('192.0.2.17')));
    clock.time = 0;
    expect(limits.allow('code', at('192.0.2.17'))).toBe(false);
    limits.forgive('code', at('192.0.2.17'));
    limits.allow('code', at('192.0.2.17'));
    clock.time += MINUTE;

    expect(limits.allow('code', at('192.0.2.17'))).toBe(true);
  });
});

describe('memory', () => {
  it('is bounded, whatever addresses and accounts come', () => {
    const buckets = new Buckets({ burst: 2, perMinute: 1 }, 100);
    for (let index = 0; index < 10_000; index += 1) buckets.take(`key ${index}`, 0);
    expect(buckets.size).toBe(100);
    expect(buckets.has('key 9999', 0)).toBe(true);
    buckets.take('key 9999', 0);
    expect(buckets.has('key 9999', 0), 'the newest are remembered').toBe(false);
  });

  it('of networks that are known is bounded: the longest unused one is forgotten', () => {
    const { limits } = limitsAt();
    limits.forgive('key', at('192.0.2.17'));
    for (let index = 0; index < MOST_KNOWN; index += 1) limits.forgive('key', numbered(index));
    for (let index = 0; index < 1_000; index += 1) limits.allow('code', numbered(100_000 + index));

    expect(limits.allow('code', at('192.0.2.17'))).toBe(false);
    expect(limits.allow('code', numbered(MOST_KNOWN - 1))).toBe(true);
  });
});
