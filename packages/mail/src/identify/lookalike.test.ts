import { readFileSync } from 'node:fs';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileList } from './compile-list.ts';
import type { ProtectedList } from './protected.ts';

const LIST: ProtectedList = {
  own: '29019',
  offices: [
    office('29019', 'Boone County Clerk', 'boonecountymo.gov'),
    office('29031', 'Cape Girardeau County Clerk', 'co.girardeau.mo.us'),
    office('29047', 'Clay County Election Board', 'voteclaycountymo.gov'),
    office('29177', 'Ray County Clerk', 'raycountymo.gov'),
  ],
  people: [],
  organisations: [
    {
      name: 'Ballotline Systems',
      kind: 'vendor',
      domains: ['ballotlinesystems.com', 'ballotline.net'],
      words: ['Ballotline', 'BallotPoint'],
    },
    {
      name: 'Meridian Tabulation',
      kind: 'vendor',
      domains: ['meridiantab.com'],
      words: ['Meridian', 'CentralCount'],
    },
    {
      name: 'Missouri Secretary of State',
      kind: 'agency',
      domains: ['sos.mo.gov'],
      words: ['Secretary of State', 'SOS Elections'],
    },
    { name: 'CISA', kind: 'agency', domains: ['cisa.gov', 'cisa.dhs.gov'], words: ['CISA'] },
    { name: 'FBI', kind: 'agency', domains: ['fbi.gov'], words: ['FBI'] },
  ],
  correspondents: ['kim@boonecountymo-print.com', 'somebody@gmail.com'],
  sealers: [],
  relays: [],
};

function office(id: string, name: string, domain: string): ProtectedList['offices'][number] {
  return { office: id, name, domains: [domain], publicMailboxes: [], addresses: [] };
}

const INDEX = compileList(LIST);

const ANY_TEXT = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 300 })
  .map((codes) => String.fromCodePoint(...codes));

describe.each([
  [
    'letters that look the same',
    'letters',
    [
      'ballotlinesysterns.com',
      'bal1otlinesystems.com',
      'ba11otline.net',
      'boonecountyrno.com',
      'boonecountymо.gov',
      'sоs.mo.gov',
      'baIIotline.net',
      'ballotlíne.net',
      'meridiantаb.com',
    ],
  ],
  [
    'a whole domain inside of another',
    'inside',
    [
      'boonecountymo.gov.login.example',
      'boonecountymo-gov.us',
      'mail.boonecountymo.gov-secure.com',
      'co-girardeau-mo.us',
      'ballotline.net-us.org',
      'cisagov.us',
      'fbi.gov-notice.com',
      'sos-mo-gov.com',
      'sos-mo.gov-alerts.com',
      'portal-ballotlinesystemscom.net',
    ],
  ],
  [
    'a slip of the hand',
    'edit',
    [
      'balltolinesystems.com',
      'ballotlinesystem.com',
      'ballotline-systems.com',
      'ballotlinnesystems.com',
      'ballotlinessystms.com',
      'boonecountmo.gov',
      'boonecountymoo.gov',
      'ballotlines.com',
    ],
  ],
  [
    'another ending',
    'ending',
    [
      'ballotlinesystems.co',
      'ballotline.io',
      'boonecountymo.org',
      'boonecountymo.us',
      'boonecounty-mo.com',
      'sosmo.org',
      'boonecountymo.web.app',
    ],
  ],
  [
    'words that attackers put beside a name',
    'words',
    [
      'ballotline-support.com',
      'secure-ballotline.net',
      'ballotlinehelpdesk.com',
      'ballotline2026.com',
      'boonecountyclerk.com',
      'elections-boonecounty.org',
      'cisa-alerts.org',
      'fbi-elections.org',
      'centralcount-portal.com',
      'ballotline.secure-login.net',
      'boone-co-mo.com',
      'sos-missouri.com',
      'mosos.net',
    ],
  ],
  [
    'a rare name beside other words',
    'part',
    ['ballotlinepartners.com', 'boonemo.org', 'theballotlinepost.org'],
  ],
] as const)('%s', (_, kind, hosts) => {
  test.each(hosts)('%s', (host) => {
    expect(INDEX.lookalikeOf(domainToASCII(host))?.kind).toBe(kind);
  });
});

describe('what is nobody’s lookalike', () => {
  test.each([
    ['is on the list', 'ballotline.net'],
    ['stands below one that is on the list', 'mail.boonecountymo.gov'],
    ['is of the same government', 'oa.mo.gov'],
    ['is of somebody whom the office writes with', 'boonecountymo-print.com'],
    ['is free mail', 'gmail.com'],
    ['is another county', 'stonecountymo.gov'],
    ['is another county with a short name', 'daycountymo.org'],
    ['is a paper', 'boonecountyjournal.com'],
    ['is a fair', 'boonecountyfair.org'],
    ['is a vendor’s everyday word with another trade', 'meridianplumbing.com'],
    ['is a short name of somebody else', 'fbi.com'],
    ['has a short name inside of a word', 'precisalerts.org'],
    ['is made of everyday words', 'election-alerts.org'],
    ['is well known', 'microsoft.com'],
    ['is a tenant of a help desk', 'ballotlinesystems.zendesk.com'],
    ['is nothing', ''],
    ['is no name', 'localhost'],
  ])('%s: %s', (_, host) => {
    expect(INDEX.lookalikeOf(host)).toBeNull();
  });
});

test('it tells whom, and which of their domains', () => {
  expect(INDEX.lookalikeOf('ballotiine.com')).toEqual({
    kind: 'letters',
    real: 'ballotline.net',
    claimed: { kind: 'vendor', name: 'Ballotline Systems' },
  });
});

test('every single edit of a name of six letters and more is found', () => {
  const listed = [...LIST.offices, ...LIST.organisations].flatMap(({ domains }) => domains);
  const real = fc.constantFrom(...listed.filter((domain) => /^[a-z]{6,}\.[a-z]+$/.test(domain)));
  fc.assert(
    fc.property(
      real,
      fc.nat(),
      fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'),
      fc.constantFrom('change', 'add', 'leave', 'swap'),
      (domain, place, letter, how) => {
        const host = edited(domain, place, letter, how);
        if (listed.includes(host)) return;
        expect(INDEX.lookalikeOf(host), host).not.toBeNull();
      },
    ),
    { numRuns: 2_000 },
  );
});

function edited(domain: string, place: number, letter: string, how: string): string {
  const dot = domain.indexOf('.');
  const at = place % dot;
  const [head, one, tail] = [domain.slice(0, at), domain[at]!, domain.slice(at + 1)];
  if (how === 'change') return head + letter + tail;
  if (how === 'add') return head + letter + one + tail;
  if (how === 'leave') return head + tail;
  return at + 1 < dot ? head + tail[0] + one + tail.slice(1) : domain;
}

test('random words look like nobody', () => {
  const letters = fc.stringMatching(/^[bdfghjkpqtvwxz][aeu][bdfghjkpqtvwxz][aeu][bdfghjkpqtvwxz]{1,3}$/);
  fc.assert(
    fc.property(letters, fc.constantFrom('com', 'org', 'net'), (name, ending) => {
      expect(INDEX.lookalikeOf(`${name}.${ending}`)).toBeNull();
    }),
  );
});

test('whatever the host is, it ends, and the answer is one', () => {
  fc.assert(fc.property(ANY_TEXT, (host) => INDEX.lookalikeOf(host) !== undefined));
});

describe('the .gov names of Missouri', () => {
  const names = readFileSync(new URL('../../../../testdata/mail/missouri-gov.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const listing = (domains: readonly string[]) =>
    compileList({
      ...LIST,
      organisations: [],
      offices: domains.map((domain) => office(domain, domain, domain)),
    });

  test('none of them is a lookalike of another where all are listed', () => {
    const index = listing(names);
    expect(names.length).toBeGreaterThan(300);
    expect(names.filter((name) => index.lookalikeOf(name) !== null)).toEqual([]);
  });

  test('where only counties are listed, no other name is, but those that carry the name of a listed county', () => {
    const counties = names.filter(
      (name) => /count(?:y|ies)/.test(name) && !/911|sheriff|health|votes/.test(name),
    );
    const index = listing(counties);
    const found = names.filter((name) => index.lookalikeOf(name) !== null);
    expect(found.length).toBeLessThan(20);
    for (const name of found) {
      const { real } = index.lookalikeOf(name)!;
      expect(
        name.slice(0, 4) === real.slice(0, 4) || name.includes(real.slice(0, 4)),
        `${name} and ${real}`,
      ).toBe(true);
    }
  });
});
