import { expect, test } from 'vitest';
import { TRAIL_ANSWER } from '../../testing/canned-people.ts';
import { changesOf } from './difference.ts';
import { trailFilterOf } from './queries.ts';
import { namesIn, sentenceOf } from './sentence.ts';

const { entries } = TRAIL_ANSWER;
const ZONE = 'America/Chicago';

test('entries are sentences, with the names that they or others tell', () => {
  const names = namesIn(entries, new Map([['p-4', 'Kim Novak']]));
  expect(entries.map((entry) => `${entry.name} ${sentenceOf(entry, names)}`)).toEqual([
    'Chris Walker closed incident 7',
    'Pat Miller ended the role analyst of somebody of another office',
    'Pat Miller gave Kim Novak the role vendor',
    'Dana Reyes added the passkey “Office computer”',
    'Pat Miller invited Dana Reyes as navigator',
    'Bellwether took the code of p-5, for the first sign-in',
    'Pat Miller changed the surface: it is number 12 now',
    'whoever runs the machine set how the hub is reached (HTTPS)',
  ]);
});

test('an act that is not known yet is told as it stands', () => {
  const entry = { ...entries[0]!, act: 'mail.release', about: 'message:9' };
  expect(sentenceOf(entry, new Map())).toBe('did “mail.release” on message:9');
  expect(sentenceOf({ ...entry, act: 'constructor' }, new Map())).toBe('did “constructor” on message:9');
});

test('an act on oneself says so', () => {
  const entry = { ...entries[0]!, act: 'grant.give', about: 'person:p-2', after: { role: 'deputy' } };
  expect(sentenceOf(entry, new Map())).toBe('gave themselves the role deputy');
});

test('a difference has what changed and leaves out what stayed', () => {
  const before = { grant: 4, role: 'vendor', until: '2026-12-01T05:59:59.000Z', state: 'active' };
  const after = { grant: 4, role: 'auditor', until: null, state: 'active', why: '' };
  expect(changesOf(before, after, ZONE)).toEqual([
    { name: 'Role', before: 'Vendor', after: 'Auditor' },
    { name: 'Ends', before: 'November 30, 2026', after: undefined },
  ]);
  expect(changesOf({ sha256: '9f2c'.repeat(16) }, { sha256: '81aa'.repeat(16) }, ZONE)).toEqual([
    { name: 'Fingerprint', before: '9f2c9f2c9f2c9f2c…', after: '81aa81aa81aa81aa…' },
  ]);
  expect(changesOf([{ until: '2026-12-01T05:59:59.000Z' }], { until: null }, ZONE)).toHaveLength(1);
  expect(changesOf(null, null, ZONE)).toEqual([]);
  expect(changesOf('off', 'on', ZONE)).toEqual([{ name: 'Value', before: 'off', after: 'on' }]);
});

test('filters are read from the address, and what does not fit is left out', () => {
  expect(trailFilterOf({ place: '29019', who: 'hub' })).toEqual({ place: '29019', who: 'hub' });
  expect(trailFilterOf({ place: '*', who: 'x'.repeat(65) })).toEqual({});
});
