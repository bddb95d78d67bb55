import { expect, test } from 'vitest';
import { readProtected } from './protected-file.ts';

const FILE = `own: "29019"
offices:
  - { office: "29019", name: Boone County Clerk, domains: [BooneCountyMo.gov], publicMailboxes: [elections@boonecountymo.gov] }
  - office: 29027
    name: Callaway County Clerk
    addresses: [callawayclerk@gmail.com]
people:
  - { name: Jay Alder, title: Secretary of State, addresses: [jay.alder@sos.mo.gov, JayAlder77@aol.com] }
organisations:
  - { name: Ballotline Systems, kind: vendor, domains: [ballotlinesystems.com], words: [Ballotline] }
correspondents: [kim@ballotlinesystems.com]
sealers: [lists.sos.mo.gov]
relays: [198.51.100.0/28]
`;

const problemsOf = (text: string): string => {
  const read = readProtected(text);
  if (read.isOk()) return 'none';
  expect(read.error.code).toBe('MAIL_OFFICE_UNREADABLE');
  return read.error.detail;
};

test('a file is read as it is meant: names in lower case, numbers as they are spelled, and what is missing is empty', () => {
  const list = readProtected(FILE).okOrThrow();
  expect(list.own).toBe('29019');
  expect(list.offices[0]?.domains).toEqual(['boonecountymo.gov']);
  expect(list.offices[1]).toEqual({
    office: '29027',
    name: 'Callaway County Clerk',
    domains: [],
    publicMailboxes: [],
    addresses: ['callawayclerk@gmail.com'],
  });
  expect(list.people[0]?.addresses).toEqual(['jay.alder@sos.mo.gov', 'jayalder77@aol.com']);
  expect(list.organisations[0]?.kind).toBe('vendor');
  expect(list.relays).toEqual(['198.51.100.0/28']);
});

test('everything but the offices may be left out', () => {
  const list = readProtected('own: "1"\noffices: [{ office: "1", name: One }]').okOrThrow();
  expect([list.people, list.organisations, list.correspondents, list.sealers, list.relays]).toEqual([
    [],
    [],
    [],
    [],
    [],
  ]);
});

test('every mistake is told at once, each with its line', () => {
  const told = problemsOf(`own: "3"
offices:
  - { office: "1", name: One, domain: [one.example] }
  - { office: "1", domains: [no domain] }
people:
  - { name: "", addresses: [nobody] }
organisations:
  - { name: X, kind: friend }
relays: [300.1.1.1]
`);
  expect(told).toContain('line 1: "own" is "3"');
  expect(told).toContain('line 3: an office has no "domain"');
  expect(told).toContain('line 4: an office has to have "name"');
  expect(told).toContain('line 4: "no domain" is no domain');
  expect(told).toContain('two offices have the same "office"');
  expect(told).toContain('line 6: "name" has to be a text');
  expect(told).toContain('line 6: "nobody" is no address');
  expect(told).toContain('line 8: "kind" is "vendor" or "agency", not "friend"');
  expect(told).toContain('line 9: "300.1.1.1" is no network');
});

test.each([
  ['nothing', '', 'the file is empty'],
  ['a text', 'hello', 'key: value'],
  ['no offices', 'own: "1"', 'has to have "offices"'],
  ['what is no YAML', 'own: [', 'line 1'],
  ['one key twice', 'own: "1"\nown: "2"\noffices: []', 'line 2: "own" stands here a second time'],
  ['references', 'own: &a "1"\noffices: [*a]', 'key: value'],
  [
    'a domain that is everybody’s',
    'own: state\noffices: [{ office: 1, name: One, domains: [mo.us] }]',
    'below "mo.us"',
  ],
  ['deep nesting', `own: ${'['.repeat(40)}`, 'nest too deep'],
  ['more values than a list has', `own: "1"\n${'a:\n'.repeat(80_000)}`, 'more than 80000 values'],
  ['too long a text', `own: "1"\n${'#'.repeat(1_048_576)}`, 'longer than'],
])('it refuses %s, and says so', (_, text, told) => {
  expect(problemsOf(text)).toContain(told);
});

test('what is told is bounded, and holds no control characters', () => {
  const told = problemsOf(`own: "state"\noffices:\n${'  - { "\\u0007x": 1 }\n'.repeat(500)}`);
  expect(told.length).toBeLessThan(6_000);
  expect(told).not.toContain('\u0007');
  expect(told).toContain('more');
});
