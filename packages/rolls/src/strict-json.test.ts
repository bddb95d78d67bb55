import { canonicalJson } from '@bellwether/basics';
import { encodeText } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, readCanonical } from './strict-json.ts';

const ENOUGH = 1_000_000;

/** As the standard says it: what is read is spelled again, and compared. */
function isCanonical(text: string): boolean {
  try {
    const spelled = canonicalJson(JSON.parse(text));
    return spelled.isOk() && spelled.value === text;
  } catch {
    return false;
  }
}

describe('canonical JSON', () => {
  it('is taken in its one spelling and in no other, as spelling it again would tell', () => {
    const name = fc.constantFrom('a', 'b', 'aa', '9', '10', '001', 'é', '\u0001', '"', '__proto__', '\ud800');
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null), name),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.array(fc.tuple(name, tie('any')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
      ),
    })).any;
    fc.assert(
      fc.property(value, fc.nat(3), (made, how) => {
        const spelled = canonicalJson(made);
        const text =
          spelled.isOk() && how > 0 ? spelled.value : JSON.stringify(made, null, how === 1 ? 1 : undefined);
        expect(readCanonical(encodeText(text), ENOUGH).isOk()).toBe(isCanonical(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['members out of order', '{"b":1,"a":2}'],
    ['a member twice', '{"a":1,"a":1}'],
    ['half a character', '"\\ud800"'],
    ['a space', '{"a": 1}'],
    ['a number spelled otherwise', '[1.0]'],
    ['members out of order, deep down', `${'[{"a":'.repeat(6)}{"b":1,"a":2}${'}]'.repeat(6)}`],
    ['no JSON', '{'],
  ])('refuses %s', (_what, text) => {
    expect(readCanonical(encodeText(text), ENOUGH).isErr()).toBe(true);
  });

  it('takes names that are numbers in the order of their letters', () => {
    expect(readCanonical(encodeText('{"10":1,"9":2}'), ENOUGH).isOk()).toBe(true);
    expect(readCanonical(encodeText('{"9":2,"10":1}'), ENOUGH).isErr()).toBe(true);
  });
});

describe('a day', () => {
  it.each([
    ['2028-02-29', null],
    ['2026-02-29', 'at is no day'],
    ['2026-02-30', 'at is no day'],
    ['2026-04-31', 'at is no day'],
    ['2026-13-01', 'at is no day'],
    ['2026-00-01', 'at is no day'],
    ['2026-01-00', 'at is no day'],
    ['2026-12-31', null],
  ])('%s is one of the calendar, or none', (spelled, said) => {
    expect(day(spelled, 'at')).toBe(said);
  });
});
