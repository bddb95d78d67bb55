import { expect, test } from 'vitest';
import { clockOf, groupsOf, saidOf, spokenDigits } from './code-clock.ts';

test('the clock counts whole seconds, and stops at none', () => {
  expect([900_000, 845_001, 60_000, 999, 0, -5000].map(clockOf)).toEqual([
    '15:00',
    '14:06',
    '1:00',
    '0:01',
    '0:00',
    '0:00',
  ]);
});

test('what is said changes five times in fifteen minutes, and no more', () => {
  const said = Array.from({ length: 901 }, (_, second) => saidOf((900 - second) * 1000));
  expect([...new Set(said)]).toEqual([
    '',
    'The code works for 10 more minutes.',
    'The code works for 5 more minutes.',
    'The code works for 2 more minutes.',
    'The code works for 1 more minute.',
    'The code works no longer.',
  ]);
});

test('a code is shown in groups and said digit by digit', () => {
  expect(groupsOf('4071-0093-5528')).toEqual(['4071', '0093', '5528']);
  expect(spokenDigits('4071-0093-5528')).toBe('4 0 7 1, 0 0 9 3, 5 5 2 8');
});
