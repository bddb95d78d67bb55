import type { Incident, TodayAnswer } from '@bellwether/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountOf, CALM_DAY, DAY, INCIDENTS, NOTHING } from '../../testing/day.ts';
import { scopedDay } from './scope.ts';
import { balances, sentence } from './sentence.ts';

const THROUGH = INCIDENTS[0] as Incident;

test('on a calm day every knock is accounted for, and none detected is not none', () => {
  const { lead, after, tone } = sentence(CALM_DAY);
  expect(lead).toMatch(
    /^[\d,]+ knocks came to 114 of 116 offices in the 24 hours to 5 AM CST on Wednesday, November 4; /,
  );
  expect(lead).toContain('every one is accounted for; none was detected getting through.');
  expect(after).toEqual([
    'How often we miss is not measured yet.',
    '0 of 2,880 known-good visits in 30 days were kept waiting by a block; at most 0.19 % of such visits are.',
  ]);
  expect(tone).toBe('calm');
});

test.each([
  [null, undefined],
  [{ visits: 0, kept: 0, bound: 1, unanswered: 4 }, undefined],
  [{ visits: 5, kept: 0, bound: 0.9, unanswered: 0 }, 'these are too few to say how many are'],
  [{ visits: 900, kept: 1, bound: 0.01013, unanswered: 0 }, '1 of 900 known-good visits in 30 days was kept'],
  [{ visits: 900, kept: 1, bound: 0.01013, unanswered: 0 }, 'at most 1.1 % of such visits are'],
])('how often voters are kept waiting is told as it was measured: %j', (falseBlocks, words) => {
  const measured = falseBlocks === null ? null : { days: 30, ...falseBlocks };
  const told = sentence({ ...CALM_DAY, falseBlocks: measured }).after.find((line) =>
    line.includes('known-good'),
  );
  if (words === undefined) expect(told).toBeUndefined();
  else expect(told).toContain(words);
});

test('what got through is told with its office', () => {
  const { lead, tone } = sentence(DAY);
  expect(lead).toContain('1 contact got through, at Boone County');
  expect(tone).toBe('alarm');
});

test('several places are named up to three', () => {
  const through = ['Adair County', 'Boone County', 'Cass County', 'Dade County'].map((authorityName, id) => ({
    ...THROUGH,
    id,
    authorityName,
  }));
  const { lead } = sentence({
    ...CALM_DAY,
    account: accountOf({ ...CALM_DAY.account.dispositions, through: 4 }),
    through,
  });
  expect(lead).toContain('4 contacts got through, at Adair County, Boone County, Cass County and 1 more');
});

test('what got through at the state itself is named so', () => {
  const { lead } = sentence({
    ...CALM_DAY,
    account: accountOf({ ...CALM_DAY.account.dispositions, through: 2 }),
    through: [{ ...THROUGH, authority: 'state', authorityName: null }],
  });
  expect(lead).toContain('2 contacts got through, at the state’s own systems');
});

test('what is still being looked at is counted', () => {
  const day = (unsettled: number) => ({
    ...CALM_DAY,
    account: accountOf({ ...CALM_DAY.account.dispositions, unsettled }),
  });
  expect(sentence(day(1)).lead).toContain(', and 1 contact is still being looked at.');
  expect(sentence(day(3)).lead).toContain(', and 3 contacts are still being looked at.');
  expect(sentence(day(3)).tone).toBe('care');
});

test('who did not tell everything is named, and then not everything is accounted for', () => {
  const { lead } = sentence(DAY);
  expect(lead).not.toContain('every one is accounted for');
  expect(lead).toContain(
    'what reached us is accounted for, but not everything came from the state’s own sensors, ',
  );
});

test.each<[string, Partial<TodayAnswer>, string]>([
  [
    'an office that is not complete without a name',
    { offices: { ...CALM_DAY.offices, complete: 115 } },
    '1 office with sensors did not tell everything',
  ],
  [
    'lines dropped at a sensor',
    { account: { ...CALM_DAY.account, lostAtSensor: 12 } },
    'sensors dropped 12 lines',
  ],
  [
    'lines refused on the way in',
    { refusedAtIntake: [{ port: 'syslog-udp', reason: 'flood', batches: 2, lines: 900 }] },
    '900 lines were refused on the way in',
  ],
])('%s is told', (_, change, words) => {
  const { lead, tone } = sentence({ ...CALM_DAY, ...change });
  expect(lead).toContain(`what reached us is accounted for, but ${words}; `);
  expect(tone).toBe('care');
});

test('an account that does not balance gives no number at all', () => {
  const broken = { ...DAY, account: { ...DAY.account, ignored: DAY.account.ignored + 1 } };
  expect(balances(broken)).toBe(false);
  const { lead, tone } = sentence(broken);
  expect(lead).toContain('does not balance, so do not use its numbers');
  expect(lead).not.toContain('knock');
  expect(tone).toBe('alarm');
});

test('without a line nothing is said about the knocks', () => {
  const { lead, after } = sentence({
    ...CALM_DAY,
    account: accountOf(NOTHING),
    offices: { total: 116, watched: 0, knockedAt: 0, complete: 0 },
  });
  expect(lead).toContain('nothing can be said');
  expect(after.join(' ')).toContain(
    '116 of 116 offices have no sensor; nothing is known of what came to them.',
  );
});

test('offices without a sensor are told in every case', () => {
  expect(sentence(DAY).after.join(' ')).toMatch(/\d+ of 116 offices have no sensor/);
});

test('a made-up state is said to be one', () => {
  expect(sentence(DAY).after).toContain('This is a made-up sample state. No number here is about Missouri.');
  expect(sentence(CALM_DAY).after.join(' ')).not.toContain('made-up');
});

test('what is open from before is told apart from this day', () => {
  const { lead, after } = sentence({
    ...CALM_DAY,
    through: [{ ...THROUGH, openedAt: '2026-10-01T00:00:00Z', lastAt: '2026-10-01T00:00:00Z' }],
  });
  expect(lead).toContain('none was detected getting through');
  expect(after[0]).toBe('From before, 1 case is still open, at Boone County.');
});

test('no count makes it speak of attacks, or promise that nothing got through', () => {
  const some = fc.nat(100_000);
  const counts = fc.record({
    refused: some,
    blocked: some,
    served: some,
    authorised: some,
    test: some,
    reply: some,
    through: fc.nat(3),
    unsettled: fc.nat(3),
  });
  fc.assert(
    fc.property(counts, fc.boolean(), (dispositions, calm) => {
      const { lead, after } = sentence({ ...(calm ? CALM_DAY : DAY), account: accountOf(dispositions) });
      const text = `${lead} ${after.join(' ')}`;
      expect(text).not.toMatch(/attack|zero got|nothing got through|no one got through|\b0 contacts got/i);
      expect(text.includes('none was detected getting through')).toBe(
        dispositions.through === 0 && !lead.startsWith('No sensor'),
      );
    }),
  );
});

test('a clerk hears of the own office, and of no other', () => {
  const { day, scope } = scopedDay(DAY, ['29019']);
  const { lead, after } = sentence({ ...day, through: [THROUGH], needsPerson: [] }, scope);
  expect(scope).toEqual({ of: 'office', name: 'Boone County' });
  expect(lead).toContain(' knocks came to your office, Boone County, in the 24 hours to ');
  expect(lead).toContain('1 contact got through, and ');
  expect([lead, ...after].join(' ')).not.toMatch(/116|Benton|offices/);
});

test('a clerk whose sensor is silent hears that it did not tell everything', () => {
  const { day, scope } = scopedDay(DAY, ['29015']);
  const { lead } = sentence({ ...day, needsPerson: [] }, scope);
  expect(lead).toContain('what reached us is accounted for, but your sensors did not tell everything; ');
});

test('a clerk without a sensor hears that nothing is known', () => {
  const { day, scope } = scopedDay(DAY, ['29009']);
  const nothing = { ...day, account: accountOf(NOTHING), needsPerson: [] };
  expect(sentence(nothing, scope).after).toContain(
    'Your office has no sensor; nothing is known of what came to it.',
  );
});

test('who has several offices hears how many of them', () => {
  const { day, scope } = scopedDay(DAY, ['29019', '29015', '29009']);
  const { lead, after } = sentence({ ...day, needsPerson: [] }, scope);
  expect(lead).toContain(' knocks came to 2 of your 3 offices in the 24 hours to ');
  expect(after).toContain('1 of your 3 offices has no sensor; nothing is known of what came to them.');
});
