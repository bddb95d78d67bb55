import { describe, expect, it } from 'vitest';
import { mutateLine } from './mutate.ts';
import { Random } from './random.ts';

const LINE = Buffer.from(
  'Oct  7 00:00:01 bastion sshd[12]: Failed password for root from 203.0.113.9 port 22 ssh2',
);

describe('a mutated line', () => {
  it('never has a line feed: it stays one line', () => {
    const random = new Random(1);
    for (let round = 0; round < 20_000; round++) expect(mutateLine(LINE, random).includes(0x0a)).toBe(false);
  });

  it('is cut, grown, changed, and now and then longer than a megabyte', () => {
    const random = new Random(2);
    const lengths = Array.from({ length: 20_000 }, () => mutateLine(LINE, random).length);
    expect(lengths.some((length) => length < LINE.length / 4)).toBe(true);
    expect(lengths.some((length) => length > LINE.length && length < 1_000)).toBe(true);
    expect(lengths.some((length) => length > 1_000_000)).toBe(true);
  });

  it('is the same for the same random numbers, and leaves the original alone', () => {
    const before = LINE.toString();
    const one = mutateLine(LINE, new Random(3));
    const two = mutateLine(LINE, new Random(3));
    expect(Buffer.from(one).equals(two)).toBe(true);
    expect(LINE.toString()).toBe(before);
  });
});
