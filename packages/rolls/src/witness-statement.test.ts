import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOLD_RULES, type FoldRule } from './fold-rules.ts';
import {
  FRESH_FOR,
  formatWitnessStatement,
  isFresh,
  parseWitnessStatement,
  WITNESS_CHECKS,
  type WitnessStatement,
  witnessCheckOf,
} from './witness-statement.ts';

const statement: WitnessStatement = {
  witness: 'office-017.example.gov',
  origin: 'elections.example.gov/rolls',
  size: 20_852_163n,
  root: new Uint8Array(32).fill(7),
  time: '2026-11-03T02:31Z',
  from: 20_840_112n,
  checks: {
    signatures: 'ok',
    versions: 'ok',
    mass: { refused: 20_850_001n },
    quiet: 'ok',
    signers: 'not-checked',
  },
  rows: { count: 41_230, root: new Uint8Array(32).fill(8) },
  opened: { count: 1_997, root: new Uint8Array(32).fill(8) },
};
const text = formatWitnessStatement(statement);

describe('what a witness states', () => {
  it('is the lines that are told, and reads back', () => {
    expect(text.split('\n').slice(0, 4)).toEqual([
      'bellwether/witness@1',
      'witness office-017.example.gov',
      'origin elections.example.gov/rolls',
      'size 20852163',
    ]);
    expect(text).toContain('\nmass refused 20850001\nquiet ok\nsigners not-checked\nrows 41230 ');
    expect(parseWitnessStatement(text).okOrThrow()).toEqual(statement);
    expect(text).toContain('\nopened 1997 CAgI');
    const bare = { ...statement, rows: null, opened: null };
    expect(parseWitnessStatement(formatWitnessStatement(bare)).okOrThrow()).toEqual(bare);
  });

  it('has one spelling: any letter that is changed is refused, or states something else', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.string({ minLength: 0, maxLength: 2, unit: 'binary-ascii' }),
        (at, by) => {
          const other = text.slice(0, at) + by + text.slice(at + 1);
          const parsed = parseWitnessStatement(other);
          if (parsed.isOk()) expect(formatWitnessStatement(parsed.value)).toBe(other);
          else expect(parsed.error.code).toBe('ROLLS_ENTRY_MALFORMED');
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a line more', `${text}more\n`],
    ['a line less', text.slice(0, text.lastIndexOf('opened'))],
    [
      'lines in another order',
      text.replace('quiet ok\nsigners not-checked', 'signers not-checked\nquiet ok'),
    ],
    ['another head', text.replace('witness@1', 'witness@2')],
    ['an outcome that is none', text.replace('quiet ok', 'quiet fine')],
    ['a refusal beyond the log', text.replace('refused 20850001', 'refused 20852163')],
    ['a beginning behind the end', text.replace('from 20840112', 'from 20852164')],
    ['a time that is none', text.replace('2026-11-03T02:31Z', '2026-11-31T02:31Z')],
    ['a root that is cut off', text.replace('root BwcHBwcHBw', 'root BwcHBwc')],
    ['an opened line that is no number', text.replace('opened 1997', 'opened many')],
    ['too much', `${'x'.repeat(2_001)}`],
  ])('is refused with %s', (_what, wrong) => {
    expect(wrong).not.toBe(text);
    expect(parseWitnessStatement(wrong)).toMatchObject({ error: { code: 'ROLLS_ENTRY_MALFORMED' } });
  });

  it('is fresh for 26 hours, and not when it comes from the future', () => {
    const time = Date.parse(statement.time);
    expect(isFresh(statement, time + FRESH_FOR)).toBe(true);
    expect(isFresh(statement, time + FRESH_FOR + 1)).toBe(false);
    expect(isFresh(statement, time - 600_000)).toBe(true);
    expect(isFresh(statement, time - 600_001)).toBe(false);
  });

  it('has a line for a refusal by any rule of the fold', () => {
    for (const rule of Object.keys(FOLD_RULES) as FoldRule[])
      expect(WITNESS_CHECKS).toContain(witnessCheckOf(rule));
    expect(witnessCheckOf('leaf')).toBe('versions');
    expect(witnessCheckOf('signer')).toBe('signers');
  });
});
