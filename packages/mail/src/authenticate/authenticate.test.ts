import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival, Envelope } from '../arrival.ts';
import { readMessage } from '../read/read-message.ts';
import { authenticate } from './authenticate.ts';
import { authenticationSignals } from './authentication-signals.ts';
import { ZoneOfTest } from './zone.fixture.ts';

const FILE: Envelope = { client: null, helo: '', from: null, to: [], account: null };
const zone = new ZoneOfTest().add('agency.example').add('list.example').add('evil.example', 'none');
const MESSAGE = [
  'From: Bulletin <news@agency.example>',
  'To: clerk@office.example',
  'Subject: Patch your servers',
  'Date: Tue, 3 Nov 2026 08:00:00 -0600',
  'Message-ID: <1@agency.example>',
  '',
  'Please read what we wrote.',
  '',
].join('\r\n');

const arrivalOf = (bytes: Uint8Array, envelope: Partial<Envelope> = {}): Arrival => ({
  bytes,
  envelope: { ...FILE, ...envelope },
  hook: 'file',
  office: '29019',
  at: 0,
});

async function checked(bytes: Uint8Array, envelope: Partial<Envelope> = {}, sealers: readonly string[] = []) {
  const message = readMessage(bytes).okOrThrow();
  const ground = { resolve: zone.resolve, sealers: new Set(sealers), relays: [] };
  const auth = await authenticate(arrivalOf(bytes, envelope), message, ground);
  const codes = authenticationSignals(auth, message, (host) => host === 'mx.office.example').map(
    ({ code }) => code,
  );
  return { auth, codes };
}

describe('the author of a message', () => {
  it('is the domain that signed it, where that is the From', async () => {
    const { auth, codes } = await checked(await zone.signed(MESSAGE, 'agency.example'));

    expect(auth).toMatchObject({
      ...{ dkim: 'pass', dkimDomains: ['agency.example'], dmarc: 'pass', policy: 'reject', spf: 'none' },
      author: 'agency.example',
    });
    expect(codes).toEqual([]);
  });

  it('is not who signed in another name', async () => {
    const { auth, codes } = await checked(await zone.signed(MESSAGE, 'evil.example'));

    expect(auth).toMatchObject({ dkim: 'pass', dkimDomains: ['evil.example'], dmarc: 'fail', author: null });
    expect(codes).toEqual(['dmarc-fail']);
  });

  it('is who may send for the domain, by the envelope or by the first hop that is not ours', async () => {
    const envelope = { client: '192.0.2.7', helo: 'mx.agency.example', from: 'news@agency.example' };
    expect((await checked(Buffer.from(MESSAGE), envelope)).auth).toMatchObject({
      ...{ spf: 'pass', spfDomain: 'agency.example', dmarc: 'pass', author: 'agency.example' },
    });
    expect((await checked(Buffer.from(MESSAGE), { ...envelope, client: '198.51.100.9' })).auth).toMatchObject(
      {
        ...{ spf: 'fail', dmarc: 'fail', author: null },
      },
    );
    const hops = [
      'Return-Path: <news@agency.example>',
      'Received: from filter.office.example (filter.office.example [10.1.2.3]) by mail.office.example; x',
      'Received: from mx.agency.example (mx.agency.example [192.0.2.7])',
      '\tby filter.office.example with ESMTPS; Tue, 3 Nov 2026 08:00:01 -0600',
      'Received: from laptop ([203.0.113.5]) by mx.agency.example; x',
    ].join('\r\n');
    expect((await checked(Buffer.from(`${hops}\r\n${MESSAGE}`))).auth).toMatchObject({
      spf: 'pass',
      dmarc: 'pass',
    });
  });

  it('is nobody where the end of the body was left open, or a byte was changed', async () => {
    const open = await zone.signed(MESSAGE, 'agency.example', { maxBodyLength: 6 });
    const longer = Buffer.concat([open, Buffer.from('And pay this invoice.\r\n')]);
    expect((await checked(longer)).auth.author).toBeNull();

    const signed = await zone.signed(MESSAGE, 'agency.example');
    const body = signed.indexOf('\r\n\r\n') + 4;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(signed.length - body - 3),
        fc.integer({ min: 33, max: 126 }),
        async (at, byte) => {
          fc.pre(signed[body + at] !== byte);
          const changed = Buffer.from(signed);
          changed[body + at] = byte;
          expect((await checked(changed)).auth).toMatchObject({
            dkim: expect.not.stringMatching('pass'),
            author: null,
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is who a trusted forwarder saw, though the forwarder changed the message', async () => {
    const seen = 'dkim=pass header.d=agency.example; dmarc=pass header.from=agency.example';
    const changed = Buffer.from(
      `${await zone.signed(MESSAGE, 'agency.example')}-- \r\nfooter of the list\r\n`,
    );
    const sealed = await zone.sealed(changed, 'list.example', seen);

    expect((await checked(sealed, {}, ['list.example'])).auth).toMatchObject({
      ...{
        dkim: 'fail',
        dmarc: 'fail',
        arc: 'pass',
        trustedSealer: 'list.example',
        author: 'agency.example',
      },
      sealed: { dkim: 'pass', dmarc: 'pass', spf: 'none' },
    });
    expect((await checked(sealed)).auth).toMatchObject({ arc: 'pass', trustedSealer: null, author: null });
    const forged = await zone.sealed(Buffer.from(MESSAGE), 'evil.example', seen);
    expect((await checked(forged, {}, ['list.example'])).auth).toMatchObject({ arc: 'pass', author: null });
    const broken = Buffer.concat([sealed, Buffer.from('more\r\n')]);
    expect((await checked(broken, {}, ['list.example'])).auth).toMatchObject({ arc: 'fail', author: null });
  });
});

describe('results that a message brings along', () => {
  it.each([
    ['in the name of our server', 'mx.office.example; dkim=pass header.d=agency.example; dmarc=pass'],
    [
      'in another name, against what DNS says',
      'mx.other.example; spf=pass; dmarc=pass header.from=agency.example',
    ],
  ])('%s are a forgery', async (_, value) => {
    const { auth, codes } = await checked(Buffer.from(`Authentication-Results: ${value}\r\n${MESSAGE}`));

    expect(auth).toMatchObject({ dkim: 'none', dmarc: 'fail', author: null });
    expect(codes).toEqual(['dmarc-fail', 'results-forged']);
  });

  it('are no forgery where the message is what it says', async () => {
    const signed = await zone.signed(MESSAGE, 'agency.example');
    const field = 'Authentication-Results: mx.other.example; dkim=pass header.d=agency.example\r\n';
    expect((await checked(Buffer.concat([Buffer.from(field), signed]))).codes).toEqual([]);
  });

  // Real data that may not be part of the project: the end of the suite says how many tests were not run for it.
  const corpora = process.env.BELLWETHER_CORPORA;
  const forged = corpora === undefined ? undefined : join(corpora, 'mail/auth/chatmail_dkimchecks');
  it.skipIf(forged === undefined)('make nobody of 15 real forgeries an author', async () => {
    const names = readdirSync(forged!).filter((name) => /forged/.test(name));
    const passed: string[] = [];
    for (const name of names) {
      const { auth } = await checked(readFileSync(join(forged!, name)));
      if (auth.author !== null || auth.dkim === 'pass' || auth.dmarc === 'pass') passed.push(name);
    }

    expect(names.length).toBeGreaterThanOrEqual(15);
    expect(passed).toEqual([]);
  });
});

describe('what is made to keep us busy', () => {
  it('asks nobody where a message has more signatures than any has', async () => {
    const signature = 'DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s1; bh=x; b=y; h=from\r\n';
    const before = zone.asked;
    const { auth } = await checked(Buffer.from(signature.repeat(900) + MESSAGE));

    expect(auth).toMatchObject({ dkim: 'permerror', author: null });
    expect(zone.asked).toBe(before);
  });

  it('is told apart from a failure where DNS does not answer', async () => {
    const bytes = await zone.signed(MESSAGE, 'agency.example');
    const resolve = () => Promise.reject(Object.assign(new Error('late'), { code: 'ETIMEOUT' }));
    const message = readMessage(bytes).okOrThrow();
    const auth = await authenticate(arrivalOf(bytes), message, { resolve, sealers: new Set(), relays: [] });

    expect(auth).toMatchObject({
      dkim: expect.stringMatching(/temperror|neutral/),
      dmarc: 'temperror',
      author: null,
    });
    expect(authenticationSignals(auth, message, () => false)).toEqual([]);
  });

  it.each([
    ['fields', 'X-More: y\r\n'.repeat(1_000)],
    ['bytes', `X-More: ${'y'.repeat(70_000)}\r\n`.repeat(4)],
  ])('makes nobody an author where what was signed lies behind more %s than are read', async (_, filler) => {
    const signed = await zone.signed(MESSAGE, 'agency.example');
    const shown = 'From: Secretary of State <sos@agency.example>\r\nSubject: Pay this\r\n';

    expect((await checked(signed)).auth.author).toBe('agency.example');
    expect((await checked(Buffer.concat([Buffer.from(shown + filler), signed]))).auth.author).toBeNull();
  });

  it.each(['', '\n'])('asks nobody where a header is folded without end (%j before it)', async (before) => {
    const asked = zone.asked;
    const bytes = Buffer.from(`${before}X-More: ${'\r\n '.repeat(3_000_000)}\r\n${MESSAGE}`);

    expect((await checked(bytes)).auth).toMatchObject({ dkim: 'permerror', author: null });
    expect(zone.asked).toBe(asked);
  });

  it.each([
    ['From', '=?utf-8?q? '],
    ['From', '=?utf-8?q??= '],
    ['received', 'a@b.c, '],
  ])('asks nobody where %s is longer than any (%s)', async (name, piece) => {
    const asked = zone.asked;
    const bytes = Buffer.from(`${name}: ${piece.repeat(20_000)}\r\n${MESSAGE}`);

    expect((await checked(bytes)).auth).toMatchObject({ dkim: 'permerror', author: null });
    expect(zone.asked).toBe(asked);
  });

  it('names two senders', async () => {
    const two = await checked(Buffer.from(`From: other@office.example\r\n${MESSAGE}`));
    expect([two.auth.author, two.codes]).toEqual([null, ['two-senders']]);
  });

  it('never throws, whatever the header says', async () => {
    const field = fc.constantFrom(
      'DKIM-Signature',
      'ARC-Seal',
      'ARC-Message-Signature',
      'ARC-Authentication-Results',
      'Received',
      'From',
      'Return-Path',
    );
    const value = fc.string({
      maxLength: 120,
      unit: fc.constantFrom(...'i=1;abd v@.<>[]()"\\,:=\u00e9'.split('')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, value), { maxLength: 8 }), async (fields) => {
        const head = fields.map(([name, text]) => `${name}: ${text}\r\n`).join('');
        const { auth } = await checked(Buffer.from(`${head}\r\nbody`));
        expect(auth.author === null || auth.dkim === 'pass').toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
