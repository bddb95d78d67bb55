/** Chains of seals (RFC 8617): hops that hold, hops that are broken in each way that 5.2 names, and hops that say one thing to two readers. */
import { describe, expect, it } from 'vitest';
import { readMessage } from '../read/read-message.ts';
import { type ArcSet, bytesOf, type Hop, type Sealed, SealersOfTest } from './arc-hops.fixture.ts';
import { authenticate } from './authenticate.ts';

const sealers = new SealersOfTest()
  .add('list.example')
  .add('second.example')
  .add('third.example')
  .add('evil.example')
  .add('short.example', 512)
  .add('edwards.example', 0)
  .add('gone.example')
  .add('revoked.example')
  .publish('gone.example', null)
  .publish('revoked.example', 'v=DKIM1; k=rsa; p=');

const PLAIN: Sealed = {
  hops: [],
  fields: [
    'From: Bulletin <news@agency.example>',
    'To: clerk@office.example',
    'Subject: Patch your  servers',
  ],
  body: 'Please read what we wrote. \r\n\r\nThe agency\r\n\r\n',
};
const SEEN = 'dkim=pass header.d=agency.example; dmarc=pass header.from=agency.example';

async function checked(message: Sealed | Buffer) {
  const bytes = Buffer.isBuffer(message) ? message : bytesOf(message);
  const envelope = { client: null, helo: '', from: null, to: [], account: null };
  const arrival = { bytes, envelope, hook: 'file', office: '29019', at: 0 } as const;
  const ground = { resolve: sealers.resolve, sealers: new Set(['list.example']), relays: [] };
  return authenticate(arrival, readMessage(bytes).okOrThrow(), ground);
}

/** A chain of hops, each as it is given, of the sealers in turn. */
function chain(...hops: readonly Partial<Hop>[]): Sealed {
  const domains = ['second.example', 'third.example', 'list.example'];
  return hops.reduce<Sealed>((message, hop, at) => {
    const usual = { instance: at + 1, cv: at === 0 ? 'none' : 'pass', domain: domains[at % 3]! };
    return sealers.seal(message, { ...usual, ...hop });
  }, PLAIN);
}

/** The message with one set of fields changed. */
function changed(message: Sealed, at: number, change: (set: ArcSet) => ArcSet): Sealed {
  return { ...message, hops: message.hops.map((set, place) => (place === at ? change(set) : set)) };
}

function many(count: number): Sealed {
  return chain(...Array.from({ length: count }, () => ({})));
}

describe('a chain that holds', () => {
  it.each([1, 2, 3, 7, 20])('of %i hops', async (hops) => {
    expect((await checked(many(hops))).arc).toBe('pass');
  });

  it.each<[string, Sealed]>([
    ['of which an earlier signature no longer fits the message', changedOnTheWay()],
    [
      'without c= in its signatures',
      chain({ signatureTags: (tags) => tags.replace('c=relaxed/relaxed; ', '') }),
    ],
    ['with a tag that nobody knows', chain({ sealTags: (tags) => tags.replace('; b=', '; x-more=1; b=') })],
    ['with folded fields', folded(many(2))],
    [
      'with blanks at the ends of lines that were taken away',
      { ...many(2), body: 'Please read what we wrote.\r\n\r\nThe agency\r\n' },
    ],
  ])('%s', async (_, message) => {
    expect((await checked(message)).arc).toBe('pass');
  });

  it('in whatever order its fields stand', async () => {
    const { hops, ...rest } = many(3);
    const fields = hops.flatMap(({ results, signature, seal }) => [results, seal, signature]);
    expect((await checked({ ...rest, hops: [], fields: [...fields, ...rest.fields] })).arc).toBe('pass');
  });

  it('is none where there is none', async () => {
    expect((await checked(PLAIN)).arc).toBe('none');
  });
});

describe('a chain that is broken', () => {
  const flip = (field: string): string =>
    `${field.slice(0, -8)}${field.at(-8) === 'A' ? 'B' : 'A'}${field.slice(-7)}`;
  const without = (name: keyof ArcSet) => (set: ArcSet) => ({ ...set, [name]: `X-Was-${set[name]}` });
  it.each<[string, Sealed]>([
    ['seal of the first hop', changed(many(2), 0, (set) => ({ ...set, seal: flip(set.seal) }))],
    ['seal of the last hop', changed(many(2), 1, (set) => ({ ...set, seal: flip(set.seal) }))],
    ['signature of the last hop', changed(many(2), 1, (set) => ({ ...set, signature: flip(set.signature) }))],
    [
      'results that were changed',
      changed(many(2), 0, (set) => ({ ...set, results: `${set.results}; dmarc=pass` })),
    ],
    ['body that was changed', { ...many(2), body: 'Please pay what we wrote.\r\n' }],
    ['subject that was changed', { ...many(1), fields: PLAIN.fields.with(2, 'Subject: Pay') }],
    ['no results', changed(many(2), 1, without('results'))],
    ['no signature', changed(many(2), 0, without('signature'))],
    ['no seal', changed(many(2), 1, without('seal'))],
    ['a hop that is missing', { ...many(3), hops: many(3).hops.toSpliced(1, 1) }],
    ['a first hop that is missing', { ...many(3), hops: many(3).hops.slice(1) }],
    ['a hop twice', { ...many(2), hops: [...many(2).hops, many(2).hops[1]!] }],
    ['hops that changed places', chain({ instance: 2 }, { instance: 1 })],
    ['a hop of which the number is none', chain({ instance: 0 })],
    ['51 hops', chain({ instance: 51 })],
    ['a first hop that says cv=pass', chain({ cv: 'pass' })],
    ['a second hop that says cv=none', chain({}, { cv: 'none' })],
    ['a first hop that says cv=fail', chain({ cv: 'fail' })],
    ['cv=fail in the middle', chain({}, { cv: 'fail', sealsOnlyItself: true }, { cv: 'pass' })],
    ['cv=fail at the end', chain({}, { cv: 'fail', sealsOnlyItself: true })],
    ['no cv=', chain({ sealTags: (tags) => tags.replace('cv=none; ', '') })],
    ['a cv= that nobody knows', chain({ cv: 'maybe' })],
    ['a seal that was worked out over its own hop alone', chain({}, { sealsOnlyItself: true })],
    ['the same, with a cv= that is written otherwise', chain({}, { cv: 'PASS', sealsOnlyItself: true })],
    ['a seal with h=', chain({ sealTags: (tags) => tags.replace('; b=', '; h=from; b=') })],
    ['a seal without d=', chain({ sealTags: (tags) => tags.replace('d=second.example; ', '') })],
    ['a seal without s=', chain({ sealTags: (tags) => tags.replace('s=s1; ', '') })],
    ['a seal without a=', chain({ sealTags: (tags) => tags.replace('a=rsa-sha256; ', '') })],
    ['a seal by SHA-1', chain({ algorithm: 'rsa-sha1' })],
    ['a seal by what nobody knows', chain({ algorithm: 'rot-13' })],
    [
      'a signature over the seals',
      chain({ signatureTags: (tags) => tags.replace('h=from', 'h=arc-seal:from') }),
    ],
    ['no key', chain({ domain: 'gone.example' })],
    ['a key that was revoked', chain({ domain: 'revoked.example' })],
    ['a key of 512 bits', chain({ domain: 'short.example' })],
    [
      'the key of somebody else',
      chain({ domain: 'evil.example', sealTags: (tags) => tags.replace('evil', 'list') }),
    ],
  ])('%s', async (_, message) => {
    expect(await checked(message)).toMatchObject({
      arc: 'fail',
      trustedSealer: null,
      sealed: null,
      author: null,
    });
  });

  it('where no more hops are looked at', async () => {
    expect((await checked(many(21))).arc).toBe('fail');
  });
});

/** What RFC 8617 lets pass and we do not: each of them fails safely, as a message without a chain. */
describe('a chain that others may let pass', () => {
  it.each<[string, Sealed]>([
    [
      'sealed with Ed25519: mailauth signs a hash and verifies without it',
      chain({ domain: 'edwards.example', algorithm: 'ed25519-sha256' }),
    ],
    ['cv=PASS: read as it is written', chain({}, { cv: 'PASS' })],
  ])('%s', async (_, message) => {
    expect(await checked(message)).toMatchObject({ arc: 'fail', trustedSealer: null });
  });
});

describe('whom a chain makes an author', () => {
  const list = { domain: 'list.example', seen: SEEN };

  it('is who the trusted sealer saw, whoever sealed before', async () => {
    expect(await checked(chain({ seen: 'dmarc=fail' }, list))).toMatchObject({
      ...{ arc: 'pass', trustedSealer: 'list.example', author: 'agency.example' },
    });
    expect(await checked(chain(list, {}))).toMatchObject({ arc: 'pass', trustedSealer: null, author: null });
  });

  it.each<[string, (tags: string) => string]>([
    ['before', (tags) => `d=list.example; ${tags}`],
    ['in front of its own', (tags) => tags.replace('d=evil', 'd=list.example; d=evil')],
    ['behind its own, as a comment', (tags) => tags.replace('; s=', '; (x; d=list.example;) s=')],
    ['in front, with a name in pieces', (tags) => `d*=utf-8''list.example; ${tags}`],
    ['in an encoded word', (tags) => tags.replace('d=evil', 'd==?utf-8?q?list.example?=; d=evil')],
  ])('is nobody where a seal names a trusted domain %s', async (_, sealTags) => {
    const forged = chain({ domain: 'evil.example', seen: SEEN, sealTags });
    expect(await checked(forged)).toMatchObject({ trustedSealer: null, sealed: null, author: null });
  });

  it.each([
    'i=1; list.example; RESULTS; i=0',
    'i=1; list.example; RESULTS; i=x',
    'i==?utf-8?q?1?=; list.example; RESULTS',
    "i*=utf-8''1; list.example; RESULTS",
    'x; i=1; (i=1); RESULTS; i=',
  ])('is nobody where results were laid beside those of the seal: %s', async (value) => {
    const { hops, fields, body } = chain({
      domain: 'list.example',
      seen: 'dmarc=fail header.from=agency.example',
    });
    const forged = `ARC-Authentication-Results: ${value.replace('RESULTS', SEEN)}`;
    for (const places of [
      [forged, ...fields],
      [...fields, forged],
    ]) {
      expect(await checked({ hops, fields: places, body })).toMatchObject({ author: null });
    }
    const above = Buffer.concat([Buffer.from(`${forged}\r\n`), bytesOf({ hops, fields, body })]);
    expect(await checked(above)).toMatchObject({ author: null });
  });
});

describe('what a trusted sealer wrote of others', () => {
  it.each([
    'spf=pass smtp.mailfrom="x; dmarc=pass header.from=agency.example "@evil.example; dmarc=fail',
    'spf=pass (of ((a) x; dmarc=pass header.from=agency.example ) y)',
    'dmarc=fail header.from=agency.example; dmarc=pass header.from=agency.example',
  ])('vouches for nobody where it was quoted, a comment, or is said both ways: %s', async (seen) => {
    const sealed = chain({ domain: 'list.example', seen });
    expect(await checked(sealed)).toMatchObject({ trustedSealer: 'list.example', author: null });
  });
});

/** A first hop that signed another body than the last one: a list that added a footer. */
function changedOnTheWay(): Sealed {
  const before = sealers.seal(PLAIN, { instance: 1, cv: 'none', domain: 'second.example' });
  const after = { ...before, body: `${before.body}-- \r\nfooter of the list\r\n` };
  return sealers.seal(after, { instance: 2, cv: 'pass', domain: 'list.example' });
}

/** Fields on several lines: where a blank stood, a line ends. */
function folded(message: Sealed): Sealed {
  const fold = (field: string): string => field.replaceAll('; ', ';\r\n\t ');
  const hops = message.hops.map(({ results, signature, seal }) => ({
    ...{ results: fold(results), signature: fold(signature), seal: fold(seal) },
  }));
  return { ...message, hops };
}
