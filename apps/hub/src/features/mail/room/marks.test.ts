/** What is known to be bad, hunts, and what hooks are told of both. */
import { createHash } from 'node:crypto';
import type {
  KeptMailAnswer,
  MailAnswer,
  MailOrdersAnswer,
  MailStandingAnswer,
  ToldReport,
} from '@bellwether/api';
import { describe, expect, it } from 'vitest';
import { BEARER } from '../../../platform/http/server.fixture.ts';
import { ADAIR, BOONE, batch, mail, message, NOW, setup, useRecords } from './room.fixture.ts';

useRecords();

const AT = new Date(NOW).toISOString();
const LURE = mail('Sign in at https://account-portal.example/owa/signin now, or lose your mail.');
const SHA256 = createHash('sha256').update(LURE).digest('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const report = (outcome: ToldReport['outcome'], more: Partial<ToldReport> = {}): ToldReport => ({
  ...{ kind: 'report', id: `report-${outcome}`, at: AT, office: ADAIR, sha256: SHA256, outcome },
  ...{ reporter: 'clerk@adair.example', subject: 'Your invoice', message: base64(LURE), ...more },
});

type Ok = ReturnType<typeof setup>['ok'];
const standing = async (ok: Ok, marks = 0): Promise<MailStandingAnswer> =>
  await ok<MailStandingAnswer>('GET', `/standing?marks=${marks}`);

describe('what hooks stand on', () => {
  it('is what a pulled-back report is known by, and nothing that only stood in what people got', async () => {
    const { ok } = setup();
    expect(await standing(ok)).toEqual({ marks: [], last: 0 });
    await ok('POST', '/told', batch(report('pulled-back', { seconds: 4 })));
    const { marks, last } = await standing(ok);
    expect(marks).toMatchObject([
      { kind: 'print', list: SHA256.slice(0, 12), isConfirmed: true, isEnded: false },
    ]);
    expect(marks[0]!.value).toMatch(/^link:[0-9a-f]{32}$/);
    expect(await standing(ok, last)).toEqual({ marks: [], last });
    const { standing: known } = await ok<MailOrdersAnswer>('GET', '/orders');
    expect(known).toEqual({ list: 0, marks: last });
  });

  it('is told apart where nobody has looked at it, without what everyday mail has', async () => {
    const { ok } = setup();
    await ok('POST', '/told', batch(message({ prints: ['link:newspaper', 'near:1'] })));
    const held = message({
      outcome: 'hold',
      prints: ['link:newspaper', 'file:lure', 'host:a.example', 'near:2'],
    });
    await ok('POST', '/told', batch(held));
    expect((await standing(ok)).marks).toMatchObject([{ value: 'file:lure', isConfirmed: false }]);
    await ok('POST', '/told', batch(message({ outcome: 'hold', prints: ['file:lure'] })));
    expect((await standing(ok)).marks).toHaveLength(1);
  });

  it('ends when a person lets go what was held for it, and comes back when somebody else confirms it', async () => {
    const { ok } = setup();
    await ok('POST', '/told', batch(report('pulled-back')));
    const { marks, last } = await standing(ok);
    const { value, list } = marks[0]!;
    const reasons = [{ code: 'known-bad', text: 'It carries what is known from an attack.' }];
    await ok('POST', '/told', batch(message({ outcome: 'hold', prints: [value], reasons })));
    const { messages } = await ok<KeptMailAnswer>('GET', '/kept');
    await ok('POST', `/kept/${messages[0]!.id}/release`, { why: 'it is our own form' });
    const after = await standing(ok, last);
    expect(after.marks).toEqual([{ kind: 'print', value, list, isConfirmed: true, isEnded: true }]);
    await ok('POST', '/told', batch(report('pulled-back', { id: 'report-again' })));
    expect((await standing(ok, after.last)).marks).toMatchObject([{ value, isEnded: false }]);
  });

  it('is the list of the state, when it is newer', async () => {
    const { ok } = setup();
    const yaml = 'own: state\noffices: []\npeople: []\norganisations: []\n';
    await ok('PUT', '/protected', { yaml, version: 0 });
    expect((await standing(ok)).list).toEqual({ version: 1, yaml });
    expect((await ok<MailStandingAnswer>('GET', '/standing?list=1')).list).toBeUndefined();
  });
});

describe('a hunt', () => {
  it('is ordered when somebody of the state calls a reported message fraud', async () => {
    const { ok, ask } = setup();
    await ok('POST', '/told', batch(report('waits')));
    await ok('POST', '/reports/1/answer', { is: 'bad' });
    const { orders } = await ok<MailOrdersAnswer>('GET', '/orders');
    expect(orders).toMatchObject([
      {
        number: 1,
        act: 'pull',
        office: ADAIR,
        sha256: SHA256,
        campaign: SHA256.slice(0, 12),
        told: '',
        to: [],
      },
    ]);
    expect((await standing(ok)).marks).toMatchObject([{ isConfirmed: true }]);
    expect(await ok('GET', '/orders/1/message')).toEqual({ message: base64(LURE) });
    expect((await ask('GET', '/orders/2/message')).body.code).toBe('MAIL_ORDER_UNKNOWN');
    await ok('POST', '/orders/1/done', { done: true, detail: '3 messages' });
    expect((await ask('POST', '/orders/1/done', { done: true, detail: '' })).body.code).toBe(
      'MAIL_ORDER_UNKNOWN',
    );
  });

  it('is not what an office may order for all, nor read of another', async () => {
    const { ok, ask, as, fake } = setup();
    await ok('POST', '/told', batch(report('waits'), report('waits', { id: 'report-2', office: BOONE })));
    fake.keys.set('bwk_key', { kind: 'sensor', key: '3', name: 'reports', place: BOONE });
    const key = { ...BEARER, authorization: 'Bearer bwk_key' };
    await ok('POST', '/reports/1/answer', { is: 'bad' });
    expect((await ask('GET', '/orders', undefined, key)).body.orders).toEqual([]);
    expect((await ask('GET', '/orders/1/message', undefined, key)).body.code).toBe('MAIL_ORDER_UNKNOWN');
    const clerk = as(BOONE);
    expect((await ask('POST', '/reports/2/answer', { is: 'bad' }, clerk)).body.code).toBe(
      'MAIL_REPORT_OF_STATE',
    );
    expect((await ask('POST', '/reports/2/answer', { is: 'fine' }, clerk)).status).toBe(204);
    fake.alone = true;
    expect((await ok<MailOrdersAnswer>('GET', '/orders')).orders).toHaveLength(1);
  });

  it('is ordered for a link or a file of which somebody warned, and not for what tells nothing', async () => {
    const { ok, ask, as, world } = setup();
    const why = 'the vendor warned of it on Monday.';
    const value = 'https://account-portal.example/owa/signin';
    await ok('POST', '/indicators', { kind: 'link', value, why });
    const [order] = (await ok<MailOrdersAnswer>('GET', '/orders')).orders;
    expect(order).toMatchObject({
      act: 'pull',
      office: 'state',
      why,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await standing(ok)).marks.map((mark) => mark.value)).toEqual(order!.prints);
    expect(world.acts.at(-1)).toMatchObject({ act: 'mail.indicator', after: { kind: 'link', value } });
    await ok('POST', '/told', batch(report('pulled-back')));
    expect((await standing(ok)).marks).toHaveLength(1);
    await ok('POST', '/indicators', { kind: 'file', value: 'ab'.repeat(32), why });
    expect((await standing(ok)).marks).toHaveLength(2);
    for (const wrong of ['https://account-portal.example/', 'no link'])
      expect((await ask('POST', '/indicators', { kind: 'link', value: wrong, why })).body.code).toBe(
        'MAIL_INDICATOR_WRONG',
      );
    const yaml =
      'own: state\noffices: []\npeople: []\norganisations:\n  - { name: Poll Pads, kind: vendor, domains: [poll-pads.example], words: [] }\n';
    await ok('PUT', '/protected', { yaml, version: 0 });
    const known = { kind: 'link', value: 'https://care.poll-pads.example/form/1', why };
    expect((await ask('POST', '/indicators', known)).body.code).toBe('MAIL_INDICATOR_WRONG');
    expect((await ask('POST', '/indicators', { kind: 'link', value, why }, as(ADAIR))).status).toBe(403);
  });

  it('is ordered for what was delivered unchecked and should not have been, once', async () => {
    const { ok } = setup();
    const [one, other] = [message({ outcome: 'unchecked', bytes: LURE }), message({ outcome: 'unchecked' })];
    const recheck = (of: typeof one, id: string, outcome: 'hold' | 'deliver') => ({
      ...{ kind: 'recheck' as const, id, at: AT, office: ADAIR, hook: 'milter' as const, sha256: of.sha256 },
      ...{ outcome, prints: ['link:x'], reasons: [{ code: 'x', text: 'It asks for a password.' }] },
      ...(outcome === 'hold' ? { message: base64(LURE) } : {}),
    });
    await ok('POST', '/told', batch(one, other));
    const events = batch(recheck(one, 'recheck-1', 'hold'), recheck(other, 'recheck-2', 'deliver'));
    await ok('POST', '/told', events);
    await ok('POST', '/told', events);
    const { counts, rechecked } = await ok<MailAnswer>('GET', '');
    expect([counts.received, counts.unchecked, rechecked]).toEqual([2, 2, 2]);
    const { orders } = await ok<MailOrdersAnswer>('GET', '/orders');
    expect(orders).toMatchObject([{ act: 'pull', sha256: SHA256, why: expect.stringContaining('password') }]);
    expect((await standing(ok)).marks).toMatchObject([{ value: 'link:x', isConfirmed: true }]);
  });
});
