import { expect, test } from 'vitest';
import { PEOPLE_ANSWER } from '../../testing/canned-people.ts';
import {
  type Fields,
  invitationOf,
  lastDay,
  mayGiveAll,
  offersAt,
  roleOf,
  wrongFields,
} from './role-wish.ts';

const { mayGive } = PEOPLE_ANSWER;
const ZONE = 'America/Chicago';
const NOW = Date.parse('2026-11-03T18:00:00Z');

const CLERK: Fields = {
  ...{ name: ' Dana Reyes ', phone: '', place: '29019', role: 'clerk', until: '', why: '' },
};
const VENDOR: Fields = { ...CLERK, role: 'vendor', until: '2026-12-24', why: 'Scanners.' };

function wrong(fields: Fields, invites = true) {
  return Object.fromEntries(wrongFields(fields, { mayGive, invites, zone: ZONE, now: NOW }));
}

test('roles are those of the place: of the state at the state, of an office at an office', () => {
  expect(offersAt(mayGive, 'state').map(({ role }) => role)).toContain('analyst');
  expect(offersAt(mayGive, '29019').map(({ role }) => role)).not.toContain('analyst');
  expect(offersAt(mayGive, '')).toEqual([]);
});

test('who works here is invited without an end or a reason, and their name is trimmed', () => {
  expect(wrong(CLERK)).toEqual({});
  expect(invitationOf(CLERK, ZONE)).toEqual({ name: 'Dana Reyes', role: 'clerk', place: '29019' });
});

test('who is from outside needs an end within three months, and a reason', () => {
  expect(wrong({ ...VENDOR, until: '', why: '' })).toEqual({ until: 'missing', why: 'missing' });
  expect(wrong({ ...VENDOR, until: '2026-11-02' })).toEqual({ until: 'past' });
  expect(wrong({ ...VENDOR, until: '2027-11-03' })).toEqual({ until: 'far' });
  expect(wrong({ ...VENDOR, until: lastDay(NOW, ZONE) })).toEqual({});
  expect(invitationOf(VENDOR, ZONE)).toEqual({
    ...{ name: 'Dana Reyes', role: 'vendor', place: '29019', why: 'Scanners.' },
    until: '2026-12-25T05:59:59.000Z',
  });
});

test('the last day that is offered ends within the 92 days that the hub allows', () => {
  const until = Date.parse(invitationOf({ ...VENDOR, until: lastDay(NOW, ZONE) }, ZONE).until ?? '');
  expect(until - NOW).toBeLessThanOrEqual(92 * 86_400_000);
});

test('a role of another kind of place is no role, and today is not over yet', () => {
  expect(wrong({ ...CLERK, place: 'state' })).toEqual({ role: 'missing' });
  expect(wrong({ ...CLERK, until: '2026-11-03' })).toEqual({});
  expect(wrong({ ...CLERK, name: ' ', place: '' })).toEqual({
    ...{ name: 'missing', place: 'missing', role: 'missing' },
  });
});

test('a further role always needs a reason, and no name', () => {
  expect(wrong({ ...CLERK, name: '' }, false)).toEqual({ why: 'missing' });
  expect(wrong({ ...CLERK, name: '', why: 'ok' }, false)).toEqual({ why: 'short' });
  expect(roleOf({ ...CLERK, why: ' Helps out. ' }, ZONE)).toEqual({
    ...{ role: 'clerk', place: '29019', why: 'Helps out.' },
  });
});

test('a code may be made by who could give all the roles of a person', () => {
  const clerksGifts = [{ role: 'deputy', at: 'office' as const, mustEnd: false }];
  expect(mayGiveAll(clerksGifts, [{ role: 'deputy', place: '29019' }])).toBe(true);
  expect(mayGiveAll(clerksGifts, [{ role: 'clerk', place: '29019' }])).toBe(false);
});
