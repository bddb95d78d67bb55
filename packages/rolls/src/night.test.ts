import { describe, expect, it } from 'vitest';
import { formatNight, type NightlyStatement, nightText, parseNight } from './night.ts';
import { parseEntry } from './parse-entry.ts';

const night: NightlyStatement = {
  type: 'statement',
  schema: 'bellwether/statement@1',
  day: '2026-11-02',
  at: '2026-11-03T08:20Z',
  name: 'State of Example',
  knocks: { accounted: 1_234_567, offices: [71, 116], through: 0, stillLookedAt: 12, notChecked: 0 },
  mail: null,
  registrations: {
    records: 4_300_000,
    changed: 9_870,
    authorised: 8_700,
    fromFeeds: 1_163,
    awaiting: 7,
    unauthorised: {},
    sealedAt: '2026-11-03T08:10Z',
    readBy: 'The state',
  },
  hands: { offices: [12, 116], records: [302_000, 4_300_000] },
  notChecked: ['Changes made and undone between two dumps.'],
  epoch: 41,
  root: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
};
const bad = {
  ...night,
  registrations: { ...night.registrations!, unauthorised: { '003': 12, '071': 9, '072': 0 } },
};

describe('the nightly statement', () => {
  it('is canonical JSON that reads back, and is left aside by the fold', () => {
    expect(parseNight(formatNight(night)).okOrThrow()).toEqual(night);
    expect(parseEntry(formatNight(bad)).okOrThrow()).toBe('other');
  });

  it('says a quiet night in plain sentences, each number with what it is of', () => {
    const text = nightText(night);
    expect(text).toContain('We counted 1,234,567 knocks on our computers, at 71 of 116 offices.');
    expect(text).toContain('We saw none come through. We cannot see what our sensors miss.');
    expect(text).toContain('We found no record that differs from the signed changes.');
    expect(text).toContain('9,870 of 4,300,000 records were changed');
    expect(text).toContain('Waiting for an office to sign: under 10.');
    expect(text).toContain('12 of 116 offices checked their own records');
    expect(text).toContain('Not checked: Changes made and undone between two dumps.');
    expect(text).not.toMatch(/attack/i);
  });

  it('says a bad night too, and small counts of an office as under 10', () => {
    const text = nightText(bad);
    expect(text).toContain('nobody with the right to do so signed');
    expect(text).toContain('Office 003: 12 of 4,300,000 records.');
    expect(text).toContain('Office 071: under 10 of 4,300,000 records.');
    expect(text).not.toContain('Office 072');
    expect(text).not.toContain('We found no record that differs');
  });

  it('says what was not looked at', () => {
    const text = nightText({
      ...night,
      knocks: null,
      registrations: null,
      hands: { offices: [0, 116], records: [0, 9] },
    });
    expect(text).toContain('were not counted tonight');
    expect(text).toContain('was not compared tonight. We cannot say whether it was changed.');
    expect(text).toContain('Nobody but the state');
  });

  it('says one thing that came through as one', () => {
    const text = nightText({
      ...night,
      knocks: { ...night.knocks!, through: 1, stillLookedAt: 0, notChecked: 3 },
    });
    expect(text).toContain('1 came through. We are working on it.');
    expect(text).toContain('None is still being looked at.');
    expect(text).toContain('3 log lines could not be read.');
  });

  it.each<[string, object]>([
    ['a member more', { more: 1 }],
    ['a share that is more than all', { hands: { offices: [117, 116], records: [0, 1] } }],
    ['a count below zero', { epoch: -1 }],
    ['a root that is none', { root: 'AAAA' }],
    ['a line break in a name', { name: 'State\nof Example' }],
    ['mail of which nothing is said', { mail: {} }],
    ['a time that is none', { at: '2026-11-03' }],
  ])('is refused with %s', (_what, wish) => {
    const wrong = { ...night, ...wish } as NightlyStatement;
    expect(() => formatNight(wrong)).toThrow(RangeError);
    const spelled = new TextEncoder().encode(JSON.stringify(wrong));
    expect(parseNight(spelled)).toMatchObject({ error: { code: 'ROLLS_ENTRY_MALFORMED' } });
  });
});
