import { expect, test } from 'vitest';
import { may } from '../api/me.ts';
import { ADMINISTRATOR, clerkOf, MACHINE, STRANGER } from '../testing/me.ts';
import { isIn, officesOf, pagesFor } from './pages.ts';

const namesFor = (me: Parameters<typeof pagesFor>[0]) => pagesFor(me).map(({ name }) => name);

test('an administrator finds every page', () => {
  expect(namesFor(ADMINISTRATOR)).toEqual([
    ...[
      'Today',
      'Incidents',
      'Contacts',
      'Offices',
      'Blocks',
      'Agents',
      'Appeals',
      'Drills',
      'Mail',
      'Surface',
      'Rolls',
      'Evidence',
      'People',
      'Who looked',
      'Trail',
    ],
  ]);
});

test('who may do nothing finds no page', () => {
  expect(pagesFor(STRANGER)).toEqual([]);
});

test('who may not read something does not find its page', () => {
  const observer = { rights: { 'account.read': 'all' as const } };
  expect(namesFor(observer)).toEqual(['Today', 'Offices']);
  expect(namesFor({ rights: { ...observer.rights, 'people.read': [] } })).toEqual(['Today', 'Offices']);
});

test('who signs sheets finds them, and nobody else', () => {
  expect(namesFor(clerkOf('29019'))).toContain('Sheets');
  expect(namesFor(ADMINISTRATOR)).not.toContain('Sheets');
});

test('a clerk goes straight to the one office, who has several finds a list', () => {
  expect(pagesFor(clerkOf('29019'))).toContainEqual({ to: '/offices/29019', name: 'My office' });
  expect(pagesFor(clerkOf('29019', '29025'))).toContainEqual({ to: '/offices', name: 'My offices' });
  expect(officesOf({ rights: { 'account.read': ['state', '29019'] } })).toEqual(['29019']);
});

test('rights hold at their places, and names of objects are no verbs', () => {
  const clerk = clerkOf('29019');
  expect(may(clerk, 'surface.answer', '29019')).toBe(true);
  expect(may(clerk, 'surface.answer', '29025')).toBe(false);
  expect(may(clerk, 'surface.answer')).toBe(true);
  expect(may(clerk, 'surface.write')).toBe(false);
  expect(may(clerk, 'constructor')).toBe(false);
});

test('the token lets somebody in only until there is an administrator', () => {
  expect(isIn(MACHINE)).toBe(true);
  expect(isIn({ ...MACHINE, needsSetUp: false })).toBe(false);
  expect(isIn(STRANGER)).toBe(false);
  expect(isIn(ADMINISTRATOR)).toBe(true);
});
