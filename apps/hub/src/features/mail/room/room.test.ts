import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  KeptMail,
  KeptMailAnswer,
  KeptMailDetail,
  MailAnswer,
  MailCampaignAnswer,
  MailChecked,
  MailOrdersAnswer,
  ProtectedAnswer,
} from '@bellwether/api';
import { READ_LIMITS } from '@bellwether/mail';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { BEARER } from '../../../platform/http/server.fixture.ts';
import { ADAIR, BOONE, batch, data, mail, message, NOW, records, setup, useRecords } from './room.fixture.ts';
import { forgetDelivered } from './take-told.ts';

useRecords();

describe('what hooks tell', () => {
  it('is counted once, however often it is told, and adds up', async () => {
    const { ok } = setup();
    const outcomes = ['deliver', 'deliver', 'banner', 'hold', 'block', 'unchecked', 'put-off'] as const;
    const events = batch(...outcomes.map((outcome) => message({ outcome })));
    expect(await ok('POST', '/told', events)).toEqual({ fresh: 7 });
    expect(await ok('POST', '/told', events)).toEqual({ fresh: 0 });
    expect(await ok('POST', '/told', batch(...events.events, message({ office: BOONE })))).toEqual({
      fresh: 1,
    });
    const { counts, putOff, days, hooks, waiting } = await ok<MailAnswer>('GET', '');
    expect(counts).toEqual({ received: 7, delivered: 3, marked: 1, held: 1, blocked: 1, unchecked: 1 });
    expect([putOff, waiting]).toEqual([1, 1]);
    expect(days).toEqual([{ day: '2027-03-09', counts }]);
    expect(hooks.map(({ office, received, acts }) => [office, received, acts])).toEqual([
      [ADAIR, 6, 'before'],
      [BOONE, 1, 'before'],
    ]);
  });

  it('is taken whole or not at all, and only of offices that there are', async () => {
    const { ask, ok } = setup();
    const { status, body } = await ask('POST', '/told', batch(message(), message({ office: '99999' })));
    expect([status, body.code]).toEqual([422, 'MAIL_OFFICE_UNKNOWN']);
    expect((await ok<MailAnswer>('GET', '')).counts.received).toBe(0);
  });

  it('is taken from a program for its own office alone', async () => {
    const { ask, fake } = setup();
    fake.keys.set('bwk_key', { kind: 'sensor', key: '3', name: 'milter', place: ADAIR });
    const key = { ...BEARER, authorization: 'Bearer bwk_key' };
    expect((await ask('POST', '/told', batch(message()), key)).status).toBe(200);
    expect((await ask('POST', '/told', batch(message({ office: BOONE })), key)).body.code).toBe(
      'MAIL_OFFICE_UNKNOWN',
    );
    expect((await ask('GET', '', undefined, key)).status).toBe(403);
  });

  it('keeps of what was delivered neither subject nor words, and of what was held the bytes, if they are what they are said to be', async () => {
    const { ok } = setup();
    const held = message({ outcome: 'hold' });
    const forged = message({ outcome: 'hold', sha256: 'ab'.repeat(32) });
    await ok('POST', '/told', batch(message({ bytes: mail('private') }), held, forged));
    const rows = await records.db.selectFrom('mail_messages').selectAll().orderBy('id').execute();
    expect(
      rows.map(({ subject, sender_name: name, is_kept: kept, reasons }) => [subject, name, kept, reasons]),
    ).toEqual([
      ['', '', false, []],
      ['Your invoice', 'Vendor', true, held.reasons],
      ['Your invoice', 'Vendor', false, held.reasons],
    ]);
    expect(readdirSync(join(data, 'mail/kept', held.sha256.slice(0, 2)))).toEqual([`${held.sha256}.eml`]);
  });

  it('is forgotten after ninety days where it was delivered, and counted all the same', async () => {
    const { ok } = setup();
    await ok('POST', '/told', batch(message({ prints: ['link:a'] }), message({ outcome: 'hold' })));
    await forgetDelivered(records.db, NOW + 89 * 86_400_000);
    const count = async () =>
      (await sql<{ n: number }>`SELECT count(*) AS n FROM mail_messages`.execute(records.db)).rows[0]!.n;
    expect(await count()).toBe(2);
    await forgetDelivered(records.db, NOW + 91 * 86_400_000);
    expect(await count()).toBe(1);
    expect((await ok<MailAnswer>('GET', '')).counts.received).toBe(2);
  });
});

describe('a campaign', () => {
  it('joins what was held with what came before and is like it, and not what only shares a newspaper', async () => {
    const { ok } = setup();
    const lure = ['file:f1', 'link:l1', 'host:bad.example'];
    const everyday = message({ from: 'friend@home.example', prints: ['link:l1'], office: BOONE });
    const early = message({ prints: ['link:l1'], office: BOONE });
    const others = Array.from({ length: 3 }, (_, at) =>
      message({ outcome: 'hold', prints: lure, office: `2900${[1, 3, 5][at]}` }),
    );
    await ok('POST', '/told', batch(everyday, early, ...others));
    const { campaigns } = await ok<MailAnswer>('GET', '');
    expect(campaigns).toHaveLength(1);
    expect(campaigns[0]).toMatchObject({
      offices: 4,
      messages: 4,
      kept: 3,
      pulled: 0,
      subject: 'Your invoice',
    });
    const { reached } = await ok<MailCampaignAnswer>('GET', `/campaigns/${campaigns[0]!.id}`);
    expect(reached.map(({ office, messages, kept }) => [office, messages, kept])).toEqual([
      ['29001', 1, 1],
      ['29003', 1, 1],
      ['29005', 1, 1],
      [BOONE, 1, 0],
    ]);
    expect(
      await records.db.selectFrom('mail_prints').select('print').distinct().execute(),
    ).not.toContainEqual({
      print: 'link:l1',
    });
  });

  it('is seen by an office that it reached, and by no other', async () => {
    const { ok, ask, as } = setup();
    const prints = ['file:f9'];
    await ok(
      'POST',
      '/told',
      batch(message({ outcome: 'hold', prints }), message({ outcome: 'hold', prints })),
    );
    const { campaigns } = await ok<MailAnswer>('GET', '');
    const there = as(ADAIR);
    expect((await ask('GET', `/campaigns/${campaigns[0]!.id}`, undefined, there)).status).toBe(200);
    const elsewhere = as(BOONE);
    expect((await ask('GET', `/campaigns/${campaigns[0]!.id}`, undefined, elsewhere)).status).toBe(404);
    expect((await ok<MailAnswer>('GET', '', undefined, elsewhere)).campaigns).toEqual([]);
    expect((await ok<KeptMailAnswer>('GET', '/kept', undefined, elsewhere)).total).toBe(0);
    expect((await ask('GET', '/kept/1', undefined, elsewhere)).status).toBe(404);
    expect((await ask('POST', '/kept/1/release', { why: 'mine' }, elsewhere)).status).toBe(404);
  });
});

describe('a held message', () => {
  it('is let go by the clerk it was kept from, by its hook, once; the mistake is counted and learned', async () => {
    const { ok, ask, as, world } = setup();
    const held = message({ outcome: 'hold' });
    await ok('POST', '/told', batch(held));
    const clerk = as(ADAIR);
    const released = await ok<KeptMail>('POST', '/kept/1/release', { why: 'I asked for it' }, clerk);
    expect(released).toMatchObject({ state: 'releasing', released: { why: 'I asked for it' } });
    expect((await ask('POST', '/kept/1/release', { why: 'again' }, clerk)).body.code).toBe('MAIL_NOT_HELD');
    expect(world.acts.map(({ act, about, place }) => [act, about, place])).toEqual([
      ['mail.release', 'message:1', ADAIR],
    ]);
    expect(readdirSync(join(data, 'mail/labelled/ham'))).toEqual([`${held.sha256}.eml`]);

    const { orders } = await ok<MailOrdersAnswer>('GET', '/orders');
    expect(orders).toMatchObject([
      { number: 1, queueId: 'ABC123', sha256: held.sha256, from: 'billing@vendor.example', office: ADAIR },
    ]);
    expect((await ok<MailOrdersAnswer>('GET', '/orders?after=1')).orders).toEqual([]);
    await ok('POST', '/orders/1/done', { done: true, detail: '' });
    expect((await ask('POST', '/orders/1/done', { done: false, detail: '' })).body.code).toBe(
      'MAIL_ORDER_UNKNOWN',
    );
    const { mistakes, waiting } = await ok<MailAnswer>('GET', '', undefined, clerk);
    expect([mistakes, waiting]).toEqual([1, 0]);
    expect((await ok<KeptMailAnswer>('GET', '/kept?state=released', undefined, clerk)).total).toBe(1);
  });

  it('is held on where its hook could not let it go', async () => {
    const { ok } = setup();
    await ok('POST', '/told', batch(message({ outcome: 'hold' })));
    await ok('POST', '/kept/1/release', { why: 'fine' });
    await ok('POST', '/orders/1/done', { done: false, detail: 'no such queue id' });
    expect((await ok<KeptMailAnswer>('GET', '/kept')).messages).toMatchObject([
      { state: 'held', released: null, trouble: 'no such queue id' },
    ]);
  });

  it('is looked at without anything in it that could do harm', async () => {
    const { ok, ask } = setup();
    const bytes = [
      'From: a@b.example',
      'Subject: files',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<script>alert(1)</script><p>Sign in <a href="https://bad.example/x">here</a></p>',
      '--b',
      'Content-Type: text/plain; name="form.txt"',
      'Content-Disposition: attachment; filename="form.txt"',
      '',
      'words of a form',
      '--b',
      'Content-Type: application/octet-stream',
      'Content-Disposition: attachment; filename="run.exe"',
      '',
      'MZ',
      '--b--',
      '',
    ].join('\r\n');
    await ok('POST', '/told', batch(message({ outcome: 'hold', bytes })));
    const { text, links, parts } = await ok<KeptMailDetail>('GET', '/kept/1');
    expect(text).toContain('Sign in here');
    expect(text).not.toContain('alert');
    expect(links).toMatchObject([{ host: 'bad.example', url: 'https://bad.example/x' }]);
    expect(parts.map(({ number, name }) => [number, name])).toEqual([
      [1, 'form.txt'],
      [2, 'run.exe'],
    ]);
    expect(await ok('GET', '/kept/1/parts/1')).toMatchObject({ how: 'text-only', text: 'words of a form' });
    expect((await ask('GET', '/kept/1/parts/2')).body.code).toBe('MAIL_PART_NOT_SHOWN');
    expect((await ask('GET', '/kept/1/parts/3')).body.code).toBe('MAIL_PART_UNKNOWN');
    await ok('POST', '/told', batch(message({ outcome: 'hold', sha256: 'cd'.repeat(32) })));
    expect(await ok('GET', '/kept/2')).toMatchObject({ text: null, parts: [] });
    expect((await ask('GET', '/kept/2/parts/1')).body.code).toBe('MAIL_NOT_KEPT');
  });
});

describe('what was moved out of mailboxes', () => {
  const pull = (act: 'hold' | 'release', mailbox: string) => ({
    ...{
      kind: 'pull' as const,
      id: `pull-${act}-${mailbox}`,
      at: new Date(NOW).toISOString(),
      office: ADAIR,
      act,
    },
    ...{
      hook: 'imap' as const,
      campaign: 'abcabcabcabc',
      sha256: 'ee'.repeat(32),
      mailbox,
      subject: 'Bonus',
    },
    ...{ by: 'clerk@adair.example', why: 'it is fraud', exposed: 3_600 },
  });

  it('stands among what is kept from people, is no second message, and comes back', async () => {
    const { ok } = setup();
    await ok('POST', '/told', batch(pull('hold', 'a@adair.example'), pull('hold', 'b@adair.example')));
    const { counts, campaigns, hooks } = await ok<MailAnswer>('GET', '');
    expect(counts.received).toBe(0);
    expect(campaigns).toMatchObject([{ id: 'abcabcabcabc', pulled: 2, released: 0, subject: 'Bonus' }]);
    expect(hooks).toMatchObject([{ hook: 'imap', acts: 'after', exposed: { median: 3_600, most: 3_600 } }]);
    await ok('POST', '/told', batch(pull('release', 'a@adair.example')));
    const { messages } = await ok<KeptMailAnswer>('GET', '/kept');
    expect(messages.map(({ to, state }) => [to[0], state])).toEqual([
      ['b@adair.example', 'held'],
      ['a@adair.example', 'released'],
    ]);
    expect((await ok<MailCampaignAnswer>('GET', '/campaigns/abcabcabcabc')).pulls).toHaveLength(3);
  });
});

describe('a report', () => {
  it('that waits is answered once by a person, and learned from', async () => {
    const { ok, ask } = setup();
    const bytes = mail('is this real?');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const report = {
      ...{ kind: 'report' as const, id: 'report-1', at: new Date(NOW).toISOString(), office: ADAIR, sha256 },
      ...{
        reporter: 'clerk@adair.example',
        subject: 'Your invoice',
        outcome: 'waits' as const,
      },
      message: Buffer.from(bytes).toString('base64'),
    };
    await ok(
      'POST',
      '/told',
      batch(report, { ...report, id: 'report-2', outcome: 'pulled-back', seconds: 4 }),
    );
    expect(await ok<MailAnswer>('GET', '')).toMatchObject({ reportedRight: 1, reportedWrong: 0 });
    await ok('POST', '/reports/1/answer', { is: 'bad' });
    expect((await ask('POST', '/reports/1/answer', { is: 'fine' })).body.code).toBe('MAIL_REPORT_UNKNOWN');
    expect(await ok<MailAnswer>('GET', '')).toMatchObject({ reportedRight: 2, reportedWrong: 0 });
    expect(readdirSync(join(data, 'mail/labelled/phish'))).toContain(`${sha256}.eml`);
  });
});

describe('a message that somebody asks about', () => {
  it('is judged by the list in force, known by its campaign, and not kept', async () => {
    const { ok, ask } = setup();
    const text = mail(
      'Please sign in at https://verify-login.bad-host.example/county/portal today to keep your mailbox.',
    );
    const before = await ok<MailChecked>('POST', '/check', {
      message: text.replaceAll('\r\n', '\n'),
      as: 'text',
    });
    expect(before).toMatchObject({ subject: 'Your invoice', campaign: null, offices: 0 });
    expect(before.text).toContain('sign in at');
    const yaml = `own: state
offices: []
organisations:
  - { name: Vendor, kind: vendor, domains: [real-vendor.example], words: [vendor] }
`;
    const saved = await ok<ProtectedAnswer>('PUT', '/protected', { yaml, version: 0 });
    expect(saved).toMatchObject({ version: 1, organisations: 1, by: 'the machine' });
    expect((await ask('PUT', '/protected', { yaml, version: 0 })).body.code).toBe('MAIL_LIST_CHANGED');
    const wrong = await ask('PUT', '/protected', { yaml: 'own: state\npeople: 7\n', version: 1 });
    expect([wrong.body.code, wrong.body.detail]).toEqual([
      'MAIL_LIST_WRONG',
      expect.stringContaining('line 2'),
    ]);
    expect(await ok('GET', '/protected')).toMatchObject({ version: 1 });
    const after = await ok<MailChecked>('POST', '/check', {
      message: Buffer.from(text).toString('base64'),
      as: 'base64',
    });
    expect(after.score).toBeGreaterThan(before.score);
    expect((await ok<MailAnswer>('GET', '')).counts.received).toBe(0);
  });

  it('is refused where it is no message, and where it is too large', async () => {
    const { ask } = setup();
    expect((await ask('POST', '/check', { message: '\n', as: 'text' })).body.code).toBe('MAIL_NOT_READABLE');
    const large = 'x'.repeat(READ_LIMITS.messageBytes + 10_000_000);
    expect((await ask('POST', '/check', { message: large, as: 'text' })).status).toBe(413);
  });
});
