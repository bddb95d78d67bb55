import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { MailAddress, Message } from '../message.ts';
import { compileList } from './compile-list.ts';
import { identify } from './identify.ts';
import type { ProtectedList } from './protected.ts';
import { IDENTIFY_SIGNALS } from './signals.ts';

const LIST: ProtectedList = {
  own: '29019',
  offices: [
    {
      office: '29019',
      name: 'Boone County Clerk',
      domains: ['boonecountymo.gov'],
      publicMailboxes: ['elections@boonecountymo.gov'],
      addresses: [],
    },
    {
      office: '29027',
      name: 'Callaway County Clerk',
      domains: ['callawayclerk.org'],
      publicMailboxes: [],
      addresses: ['callawaycountyclerk@gmail.com'],
    },
  ],
  people: [
    {
      name: 'Robert Alder',
      title: 'Secretary of State',
      addresses: ['robert.alder@sos.mo.gov', 'bobalder77@aol.com'],
    },
    { name: 'Núria Selby-Vance', title: 'Director of Elections', addresses: ['nuria.vance@sos.mo.gov'] },
    {
      name: 'Pam Forsythe',
      title: 'County Clerk, Callaway County',
      addresses: ['pam.forsythe@callawayclerk.org'],
    },
  ],
  organisations: [
    { name: 'Ballotline Systems', kind: 'vendor', domains: ['ballotlinesystems.com'], words: ['Ballotline'] },
    { name: 'Cardinal Election Services', kind: 'vendor', domains: ['cardinalelection.com'], words: ['CES'] },
    { name: 'MS-ISAC', kind: 'agency', domains: ['cisecurity.org'], words: ['MS-ISAC', 'EI-ISAC'] },
    {
      name: 'Missouri Secretary of State',
      kind: 'agency',
      domains: ['sos.mo.gov'],
      words: ['Secretary of State'],
    },
  ],
  correspondents: ['robert.alder@farmcoop.example'],
  sealers: [],
  relays: [],
};

const INDEX = compileList(LIST);

type Sent = {
  readonly from: string;
  readonly name?: string;
  readonly replyTo?: string;
  readonly to?: string;
  readonly text?: string;
  readonly html?: string;
  readonly listId?: string;
  /** Who vouches for it; by default the organisation of the From. Null: nobody does, and it was asked. */
  readonly author?: string | null;
  readonly auth?: Partial<Authenticated>;
};

function identified({
  from,
  name = '',
  replyTo,
  to = 'jo@boonecountymo.gov',
  text = '',
  html = '',
  listId,
  author,
  auth,
}: Sent) {
  const mailbox = (address: string): MailAddress => ({ name: '', address });
  const message: Message = {
    ...{
      size: 1,
      headers: [],
      sender: null,
      cc: [],
      subject: '',
      messageId: null,
      inReplyTo: [],
      references: [],
    },
    ...{ date: null, parts: [], enclosed: [], cut: [], text, html },
    from: [{ name, address: from }],
    replyTo: replyTo === undefined ? [] : [mailbox(replyTo)],
    to: [mailbox(to)],
    listId: listId ?? null,
  };
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const vouched = author === undefined ? domain.split('.').slice(-2).join('.') : author;
  const told: Authenticated = {
    ...{
      spf: 'pass',
      spfDomain: 'delivered.example',
      dkim: 'none',
      dkimDomains: [],
      dmarc: 'none',
      policy: null,
    },
    ...{ arc: 'none', trustedSealer: null, sealed: null, author: vouched, ...auth },
  };
  return identify(message, told, INDEX);
}

const codesOf = (sent: Sent): string[] => identified(sent).signals.map(({ code }) => code);

describe('whose address it is', () => {
  test.each([
    ['an office', 'jo@mail.boonecountymo.gov', 'Boone County Clerk'],
    ['an office that has free mail', 'callawaycountyclerk@gmail.com', 'Callaway County Clerk'],
    ['an official at home', 'BobAlder77@aol.com', 'Robert Alder'],
    ['an official', 'robert.alder@sos.mo.gov', 'Robert Alder'],
    ['a vendor', 'kim@ballotlinesystems.com', 'Ballotline Systems'],
  ])('%s', (_, from, name) => {
    const { is, pretends } = identified({ from, name: 'Robert Alder' }).identified;
    expect(is?.name).toBe(name);
    expect(pretends).toEqual([]);
  });

  test('nobody’s, with all that is told of an address', () => {
    expect(identified({ from: 'Somebody@Mail.Example.org' }).identified).toEqual({
      address: 'somebody@mail.example.org',
      domain: 'mail.example.org',
      organisation: 'example.org',
      is: null,
      pretends: [],
      isFreemail: false,
    });
    expect(identified({ from: 'x@gmail.com' }).identified.isFreemail).toBe(true);
  });

  test('a message without a sender is nobody’s, and breaks nothing', () => {
    expect(identified({ from: '' }).identified.is).toBeNull();
  });
});

describe('what is proven', () => {
  test('mail of those on the list is really theirs where somebody vouches for it', () => {
    expect(codesOf({ from: 'kim@ballotlinesystems.com' })).toEqual(['really-theirs']);
    expect(codesOf({ from: 'bobalder77@aol.com', name: 'Robert Alder' })).toEqual(['really-theirs']);
  });

  test('another office’s account speaks for nothing, as accounts are taken over', () => {
    expect(codesOf({ from: 'pam.forsythe@callawayclerk.org', name: 'Pam Forsythe' })).toEqual([]);
  });

  test('where nobody vouches it is told, in whose name', () => {
    const { identified: who, signals } = identified({ from: 'robert.alder@sos.mo.gov', author: null });
    expect(signals.map(({ code }) => code)).toEqual(['not-proven']);
    expect(who.pretends).toEqual([{ kind: 'person', name: 'Robert Alder' }]);
  });

  test('where nothing could be asked, nothing is told', () => {
    expect(
      codesOf({ from: 'kim@ballotlinesystems.com', author: null, auth: { spf: 'none', spfDomain: '' } }),
    ).toEqual([]);
    expect(
      codesOf({ from: 'kim@ballotlinesystems.com', author: null, auth: { dmarc: 'temperror' } }),
    ).toEqual([]);
  });

  test('a list that is known breaks signatures, and its own holds', () => {
    const through = {
      from: 'pam.forsythe@callawayclerk.org',
      author: null,
      listId: 'clerks.lists.sos.mo.gov',
    };
    expect(codesOf({ ...through, auth: { dkim: 'pass', dkimDomains: ['lists.sos.mo.gov'] } })).toEqual([]);
    expect(codesOf(through)).toEqual(['not-proven']);
    expect(
      codesOf({ ...through, listId: 'clerks.evil.example', auth: { dkimDomains: ['evil.example'] } }),
    ).toEqual(['not-proven']);
  });

  test('a form on the office’s own pages writes to its public mailbox; to anybody else it has to be proven', () => {
    const form = { from: 'website@boonecountymo.gov', author: null, replyTo: 'voter@gmail.com' };
    expect(codesOf({ ...form, to: 'elections@boonecountymo.gov' })).toEqual([]);
    expect(codesOf(form)).toEqual(['not-proven', 'answer-goes-elsewhere']);
  });
});

describe('lookalikes of domains', () => {
  test.each([
    ['rn for m', 'kim@ballotlinesysterns.com', 'lookalike-letters'],
    ['a whole domain inside', 'jo@boonecountymo.gov.login.example', 'lookalike-inside'],
    ['a swap', 'kim@balltolinesystems.com', 'lookalike-edit'],
    ['another ending', 'jo@boonecountymo.org', 'lookalike-ending'],
    ['words beside', 'kim@ballotline-support.com', 'lookalike-words'],
    ['a rare name', 'kim@ballotlinepartners.com', 'lookalike-part'],
  ])('%s', (_, from, code) => {
    const { signals, identified: who } = identified({ from });
    expect(signals.map((signal) => signal.code)).toEqual([code]);
    expect(who.is).toBeNull();
    expect(who.pretends).toHaveLength(1);
  });

  test('a neighbour that governments alone can be is no lookalike while it is proven', () => {
    expect(codesOf({ from: 'x@boonecountymoo.gov' })).toEqual([]);
    expect(codesOf({ from: 'x@boonecountymoo.gov', author: null })).toEqual(['lookalike-edit']);
  });
});

describe('names of people', () => {
  test.each([
    'Robert Alder',
    'Alder, Robert',
    'Bob Alder',
    'Hon. Robert J. Alder, Jr.',
    'ROBERT ALDER',
    'Rоbert Аlder',
    'Núria Selby-Vance',
    'Nuria Vance',
    'R0bert AIder',
    `${'\u200b\u3164 '.repeat(400)}Robert Alder`,
  ])('%s, from an address that is not theirs', (name) => {
    expect(codesOf({ name, from: 'desk.4711@gmail.com' })).toContain('person-elsewhere');
  });

  test.each(['Robert Adler', 'Alder', 'Robert', 'Roberta Alderman', 'Robert Smith & Jane Aldersgate', ''])(
    '%s is somebody else',
    (name) => {
      expect(codesOf({ name, from: 'desk.4711@gmail.com' })).toEqual([]);
    },
  );

  test('a title tells more than a name that people share', () => {
    const expected = ['person-elsewhere', 'person-with-role'];
    const from = 'desk.4711@gmail.com';
    expect(
      codesOf({ from, name: 'Robert Alder', text: 'Call me.\n\nRobert Alder\nSecretary of State' }),
    ).toEqual(expected);
    expect(
      codesOf({ from, name: 'Robert Alder', html: '<p>Hi</p><p>Robert Alder<br>Secretary of State</p>' }),
    ).toEqual(expected);
    expect(codesOf({ from, name: 'Office of Robert Alder' })).toEqual(expected);
    expect(codesOf({ from: 'robert.alder.sos@gmail.com', name: 'Robert Alder' })).toEqual(expected);
    expect(codesOf({ from, name: 'R. Alder, Secretary of State' })).toContain('person-with-role');
  });

  test('a voter may have the name of an official', () => {
    const voter = { name: 'Robert Alder', from: 'raldr@gmail.com', to: 'elections@boonecountymo.gov' };
    expect(codesOf(voter)).toEqual(['namesake']);
    expect(codesOf({ ...voter, text: 'Robert Alder\nSecretary of State' })).toContain('person-with-role');
  });

  test('somebody whom the office writes with is no pretender, while it is really from there', () => {
    const known = { name: 'Robert Alder', from: 'robert.alder@farmcoop.example' };
    expect(codesOf({ ...known, author: 'farmcoop.example' })).toEqual([]);
    expect(codesOf({ ...known, author: null })).toEqual(['person-elsewhere']);
  });

  test('a service that says for whom it sends is told mildly, and only while it is the one it names', () => {
    expect(codesOf({ name: 'Robert Alder via DocuSign', from: 'dse@docusign.net' })).toEqual(['namesake']);
    expect(codesOf({ name: 'Robert Alder via DocuSign', from: 'dse@evil.example' })).toContain(
      'person-elsewhere',
    );
    expect(codesOf({ name: 'Robert Alder via DocuSign', from: 'dse@docusign.net', author: null })).toContain(
      'person-elsewhere',
    );
  });

  test('a name and an office in the mailbox alone', () => {
    expect(codesOf({ from: 'alder.robert.sos@gmail.com' })).toEqual(['mailbox-named-after']);
    expect(codesOf({ from: 'alder.robert@gmail.com' })).toEqual([]);
  });
});

describe('names of firms, agencies and offices', () => {
  test.each([
    ['Ballotline Support', 'ballotline.manuals@gmail.com', ['organisation-elsewhere', 'mailbox-named-after']],
    ['Ballotline Systems Kim Weber', 'kim@harbor.example', ['organisation-elsewhere']],
    ['BaIIotline Supp\u200bort', 'x@harbor.example', ['organisation-elsewhere']],
    ['MS-ISAC Alerts', 'x@harbor.example', ['organisation-elsewhere']],
    ['Boone County Help Desk', 'x@outlook.com', ['organisation-elsewhere']],
    ['Mail Administrator boonecountymo.gov', 'x@harbor.example', ['organisation-elsewhere']],
    ['Missouri Secretary of State', 'x@harbor.example', ['organisation-elsewhere']],
    ['CES Billing', 'x@harbor.example', ['organisation-elsewhere']],
    ['News about Ballotline', 'x@harbor.example', ['organisation-word-elsewhere']],
    ['Kansas Secretary of State', 'x@harbor.example', ['organisation-word-elsewhere']],
    ['Boone County Journal', 'x@harbor.example', []],
    ['ces amis', 'x@harbor.example', []],
    ['Elections Support', 'x@harbor.example', []],
  ])('%s from %s', (name, from, codes) => {
    expect(codesOf({ name, from })).toEqual(codes);
  });

  test('another state’s office, proven, is named mildly', () => {
    expect(codesOf({ name: 'Secretary of State', from: 'x@sos.ks.gov', author: 'ks.gov' })).toEqual([
      'organisation-word-elsewhere',
    ]);
  });

  test('those on the list name each other', () => {
    expect(codesOf({ name: 'MS-ISAC and Ballotline', from: 'x@cisecurity.org' })).toEqual(['really-theirs']);
  });
});

describe('an address in the shown name', () => {
  test.each([
    ['robert.alder@sos.mo.gov', 'x@evil.example', 'protected-in-name'],
    ['"jo@boonecountymo.gov" Jo', 'x@evil.example', 'protected-in-name'],
    ['ceo@firm.example', 'x@evil.example', 'address-in-name'],
  ])('%s over %s', (name, from, code) => {
    expect(codesOf({ name, from })).toContain(code);
  });

  test.each([
    ['x@evil.example', 'x@evil.example'],
    ['sales@firm.example', 'x@firm.example'],
    ["'jo@firm.example' via Clerks", 'clerks@groups.example'],
  ])('%s over %s is nothing', (name, from) => {
    expect(codesOf({ name, from })).toEqual([]);
  });
});

describe('where an answer would go', () => {
  test.each([
    [
      'a lookalike',
      { from: 'x@harbor.example', replyTo: 'kim@ballotlinesysterns.com' },
      ['answer-to-lookalike'],
    ],
    [
      'free mail, from a firm',
      { from: 'x@harbor.example', replyTo: 'desk@gmail.com' },
      ['answer-to-freemail'],
    ],
    [
      'free mail, from somebody on the list',
      { from: 'kim@ballotlinesystems.com', replyTo: 'kim@gmail.com' },
      ['really-theirs', 'answer-goes-elsewhere'],
    ],
    [
      'free mail, from a pretender',
      { name: 'Robert Alder', from: 'x@harbor.example', replyTo: 'desk@gmail.com' },
      ['person-elsewhere', 'answer-goes-elsewhere'],
    ],
    [
      'a ticket system of a vendor',
      { from: 'kim@ballotlinesystems.com', replyTo: 'b@tickets.example' },
      ['really-theirs'],
    ],
    ['the same firm', { from: 'x@harbor.example', replyTo: 'y@mail.harbor.example' }, []],
    ['another firm', { from: 'x@harbor.example', replyTo: 'y@crm.example' }, []],
    ['somebody on the list', { from: 'x@harbor.example', replyTo: 'jo@boonecountymo.gov' }, []],
    [
      'a member of a list',
      { from: 'list@harbor.example', replyTo: 'y@gmail.com', listId: 'l.harbor.example' },
      [],
    ],
  ])('%s', (_, sent, codes) => {
    expect(codesOf(sent)).toEqual(codes);
  });
});

test('whatever stands in a message, values are bounded, of one line, and each code has a row and stands there once', () => {
  const text = fc
    .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 300 })
    .map((codes) => String.fromCodePoint(...codes));
  const host = fc.constantFrom(
    'gmail.com',
    'sos.mo.gov',
    'ballotline-support.com',
    'xn--ss-fmc.mo.gov',
    'évil.example',
  );
  const shown = fc.oneof(
    text,
    fc.constantFrom('Robert Alder\u202e', 'Ballotline\nSupport', 'a@sos.mo.gov '.repeat(60)),
  );
  fc.assert(
    fc.property(shown, text, host, host, text, (name, mailbox, domain, other, body) => {
      const { signals } = identified({
        name,
        from: `${mailbox}@${domain}`,
        replyTo: `x${mailbox}@${other}`,
        text: body,
        author: null,
      });
      const codes = signals.map(({ code }) => code);
      expect(new Set(codes).size).toBe(codes.length);
      for (const { code, values = {} } of signals) {
        expect(Object.keys(IDENTIFY_SIGNALS)).toContain(code);
        for (const value of Object.values(values)) expect(value).toMatch(/^[^\p{Cc}\p{Cf}]{1,121}$/u);
      }
    }),
  );
});

test('every place in a sentence is filled', () => {
  const all: Sent[] = [
    { from: 'kim@ballotline-support.com', name: 'Robert Alder, Secretary of State', replyTo: 'x@gmail.com' },
    { from: 'ballotline.help@gmail.com', name: 'Ballotline', replyTo: 'kim@ballotlinesysterns.com' },
    { from: 'robert.alder@sos.mo.gov', author: null, name: 'jo@boonecountymo.gov' },
  ];
  for (const { code, values = {} } of all.flatMap((sent) => identified(sent).signals)) {
    const { text } = IDENTIFY_SIGNALS[code as keyof typeof IDENTIFY_SIGNALS];
    for (const [, place] of text.matchAll(/\{([a-z]+)\}/g))
      expect(values, `${code} ${place}`).toHaveProperty(place!);
  }
});
