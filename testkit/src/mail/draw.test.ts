import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { Draw } from './draw.ts';

const WORDINGS = ['a', 'b', 'c', 'd', 'e'];

describe('a draw', () => {
  it('takes wordings of its own half only', () => {
    const drawn = (half: 'learn' | 'score') => {
      const draw = new Draw(new Random(1), half);
      return new Set(Array.from({ length: 200 }, () => draw.own(WORDINGS)));
    };
    expect([...drawn('learn')].sort()).toEqual(['a', 'c', 'e']);
    expect([...drawn('score')].sort()).toEqual(['b', 'd']);
  });

  it('refuses a list that has nothing for a half', () => {
    expect(() => new Draw(new Random(1), 'score').own(['alone'])).toThrow(RangeError);
  });

  it('fills in names and draws alternatives, one inside the other', () => {
    const text = new Draw(new Random(3), 'learn').fill('{Hi {given}|Hello {given}}, {a|a}', { given: 'Pat' });
    expect(text).toMatch(/^(?:Hi|Hello) Pat, a$/);
  });

  it('throws for a name that nobody gave', () => {
    expect(() => new Draw(new Random(1), 'learn').fill('{who}')).toThrow('nothing is known about {who}');
  });
});
