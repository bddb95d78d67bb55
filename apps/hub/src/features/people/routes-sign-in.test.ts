import type { CeremonyOptions, OwnAnswer, SignedIn } from '@bellwether/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { HOUR, MINUTE, startPeople, type TestPeople } from '../../platform/auth/records.fixture.ts';
import { Authenticator } from '../../platform/auth/testing/authenticator.ts';
import { outcomeOf, PAGE, testHub } from './people.fixture.ts';

let records: TestPeople;
beforeAll(async () => {
  records = await startPeople();
});
beforeEach(() => records.empty());
afterAll(() => records.stop());

const setup = () => testHub(records, onTestFinished);

describe('signing in with a passkey', () => {
  it('gives a session in a cookie that no script reads and no other site has sent along', async () => {
    const hub = setup();
    const { device } = await hub.newcomer('clerk', '29001');
    const browser = hub.browser();

    const answer = await browser.signIn(device);

    expect(answer.json()).toEqual({
      name: 'clerk 1',
      until: new Date(records.time + 12 * HOUR).toISOString(),
    } satisfies SignedIn);
    const cookie = answer.cookies.find(({ name }) => name === 'bellwether-session');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(cookie).not.toHaveProperty('domain');
    expect(cookie?.value).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(outcomeOf(await browser.get('own'))).toBe('200');
  });

  it('never goes on with a session that came along: the cookie is new, and the old one opens nothing', async () => {
    const hub = setup();
    const clerk = await hub.newcomer('clerk', '29001');
    const attacker = await hub.newcomer('deputy', '29380');
    const planted = attacker.browser.session as string;
    const victim = hub.browser();
    victim.cookies.set('bellwether-session', planted);

    expect(outcomeOf(await victim.signIn(clerk.device))).toBe('200');

    expect(victim.session).not.toBe(planted);
    expect(outcomeOf(await attacker.browser.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    const first = victim.session as string;
    await victim.signIn(clerk.device);
    expect(victim.session).not.toBe(first);
    const copy = hub.browser();
    copy.cookies.set('bellwether-session', first);
    expect(outcomeOf(await copy.get('own'))).toBe('401 AUTH_SESSION_ENDED');
  });

  it('is not done with a cookie that somebody thought of', async () => {
    const hub = setup();
    const clerk = await hub.newcomer('clerk', '29001');
    const browser = hub.browser();
    browser.cookies.set('bellwether-session', 'A'.repeat(43));

    await browser.signIn(clerk.device);

    expect(browser.session).not.toBe('A'.repeat(43));
    expect(outcomeOf(await browser.get('own'))).toBe('200');
  });

  it('is refused without the ticket, with that of another browser, and with the same answer again', async () => {
    const hub = setup();
    const { device } = await hub.newcomer('clerk', '29001');
    const [one, other] = [hub.browser(), hub.browser()];
    const { options } = await one.tell<CeremonyOptions>('sign-in/passkey/options', {});
    const credential = device.show(options);

    const bare = await other.post('sign-in/passkey', { credential });
    await other.tell('sign-in/passkey/options', {});
    const foreign = await other.post('sign-in/passkey', { credential });
    const ticket = one.cookies.get('bellwether-sign-in') as string;
    const good = await one.post('sign-in/passkey', { credential });
    one.cookies.set('bellwether-sign-in', ticket);
    const again = await one.post('sign-in/passkey', { credential });

    expect([bare, foreign, good, again].map(outcomeOf)).toEqual([
      '409 AUTH_CEREMONY_OVER',
      '403 AUTH_PASSKEY_REFUSED',
      '200',
      '409 AUTH_CEREMONY_OVER',
    ]);
    expect(other.session).toBeUndefined();
  });

  it('is refused from a page of somebody else', async () => {
    const hub = setup();
    const { device } = await hub.newcomer('clerk', '29001');
    const browser = hub.browser();
    const { options } = await browser.tell<CeremonyOptions>('sign-in/passkey/options', {});
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://hub.example.net' };

    const answer = await browser.post('sign-in/passkey', { credential: device.show(options) }, foreign);

    expect(outcomeOf(answer)).toBe('403 HTTP_CROSS_SITE');
  });

  it('is answered in the same words for everybody who is not let in', async () => {
    const hub = setup();
    const removed = await hub.newcomer('clerk', '29001');
    const admin = await hub.newcomer('administrator', 'state');
    await admin.browser.tell(`people/${removed.person}/removal`, { why: 'has left the office' });
    const stranger = new Authenticator(PAGE);
    stranger.create({ challenge: 'x', rp: { id: 'localhost' }, user: { id: 'AAAAAAAAAAAAAAAAAAAAAA' } });

    const answers = [await hub.browser().signIn(removed.device), await hub.browser().signIn(stranger)];

    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.map(outcomeOf)).toEqual(Array(2).fill('403 AUTH_PASSKEY_REFUSED'));
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['a text', { credential: 'x' }],
    ['more than is asked for', { credential: {}, more: 1 }],
    ['a number of a passkey without end', { credential: { id: 'a'.repeat(100_000) } }],
  ])('is refused, and breaks nothing, with %s', async (_, payload) => {
    const hub = setup();
    const browser = hub.browser();
    await browser.tell('sign-in/passkey/options', {});

    const answer = await browser.post('sign-in/passkey', payload);

    expect(['400 HTTP_REQUEST_INVALID', '403 AUTH_PASSKEY_REFUSED']).toContain(outcomeOf(answer));
    expect(hub.fatal).toEqual([]);
  });
});

describe('signing out', () => {
  it('ends the session and takes the cookie, also where nobody is signed in', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', '29001');
    const kept = browser.session as string;

    await browser.tell('sign-out', {});

    expect(browser.session).toBeUndefined();
    expect(outcomeOf(await browser.post('sign-out', {}))).toBe('200');
    browser.cookies.set('bellwether-session', kept);
    expect(outcomeOf(await browser.get('own'))).toBe('401 AUTH_SESSION_ENDED');
  });

  it('everywhere ends the sessions of all devices of this person, and nobody else’s', async () => {
    const hub = setup();
    const clerk = await hub.newcomer('clerk', '29001');
    const other = await hub.newcomer('clerk', '29001');
    const second = hub.browser('198.51.100.9');
    await second.signIn(clerk.device);

    await clerk.browser.tell('sign-out/everywhere', {});

    expect(clerk.browser.session).toBeUndefined();
    expect(outcomeOf(await second.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    expect(outcomeOf(await other.browser.get('own'))).toBe('200');
  });

  it('cannot be done to somebody by a page of somebody else', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', '29001');

    for (const path of ['sign-out', 'sign-out/everywhere']) {
      const answer = await browser.post(path, {}, { 'sec-fetch-site': 'cross-site', origin: 'null' });
      expect(outcomeOf(answer)).toBe('403 HTTP_CROSS_SITE');
    }
    expect(outcomeOf(await browser.get('own'))).toBe('200');
  });
});

describe('showing the passkey once more', () => {
  it('lets in for five minutes to what opens doors', async () => {
    const hub = setup();
    const { browser, device } = await hub.newcomer('clerk', '29001');
    const ask = async () => outcomeOf(await browser.post('own/recovery-codes', {}));

    expect(await ask()).toBe('200');
    records.time += 5 * MINUTE;
    expect(await ask()).toBe('401 AUTH_STEP_UP');
    expect(outcomeOf(await browser.stepUp(device))).toBe('200');
    records.time += 5 * MINUTE - 1;
    expect(await ask()).toBe('200');
    records.time += 1;
    expect(await ask()).toBe('401 AUTH_STEP_UP');
  });

  it('is refused with the passkey of somebody else, and of another window', async () => {
    const hub = setup();
    const clerk = await hub.newcomer('clerk', '29001');
    const other = await hub.newcomer('clerk', '29001');
    records.time += 6 * MINUTE;
    const { options } = await clerk.browser.tell<CeremonyOptions>('step-up/options', {});
    const held = other.device.passkeys[0];

    const answer = await clerk.browser.post('step-up', { credential: other.device.show(options, {}, held) });
    const mine = await clerk.browser.tell<CeremonyOptions>('step-up/options', {});
    await clerk.browser.tell('step-up/options', {});
    const stale = await clerk.browser.post('step-up', { credential: clerk.device.show(mine.options) });

    expect([answer, stale].map(outcomeOf)).toEqual(Array(2).fill('403 AUTH_PASSKEY_REFUSED'));
    expect(outcomeOf(await clerk.browser.post('own/recovery-codes', {}))).toBe('401 AUTH_STEP_UP');
  });

  it('is for who is signed in', async () => {
    const hub = setup();

    expect(outcomeOf(await hub.browser().post('step-up/options', {}))).toBe('401 AUTH_SIGNED_OUT');
  });
});

describe('one’s own devices', () => {
  const own = async (browser: { get(path: string): Promise<{ json(): unknown }> }) =>
    (await browser.get('own')).json() as OwnAnswer;

  it('are shown with sessions and what is left of the printed codes', async () => {
    const hub = setup();
    const { browser, enrolled } = await hub.newcomer('clerk', '29001');

    const answer = await own(browser);

    expect(answer.passkeys).toMatchObject([{ name: 'Desk', site: 'localhost', backedUp: false }]);
    expect(answer.sessions).toMatchObject([{ how: 'passkey', network: '192.0.2.0/24', here: true }]);
    expect(answer.recoveryCodesLeft).toBe(enrolled.recoveryCodes?.length);
  });

  it('become more with a passkey that was just shown, and fewer, but never none', async () => {
    const hub = setup();
    const { browser, device } = await hub.newcomer('clerk', '29001');
    const second = new Authenticator(PAGE);
    records.time += MINUTE;
    const { options } = await browser.tell<CeremonyOptions>('own/passkeys/options', {});
    await browser.tell('own/passkeys', { credential: second.create(options), name: '  Phone  ' });
    const elsewhere = hub.browser('198.51.100.9');
    await elsewhere.signIn(second);

    const { passkeys } = await own(browser);
    const [desk, phone] = passkeys.map(({ id }) => id) as [string, string];
    const removed = await browser.post(`own/passkeys/${phone}/removal`, {});
    const last = await browser.post(`own/passkeys/${desk}/removal`, {});
    const twice = await browser.post(`own/passkeys/${phone}/removal`, {});

    expect(passkeys.map(({ name }) => name)).toEqual(['Desk', 'Phone']);
    expect([removed, last, twice].map(outcomeOf)).toEqual([
      '200',
      '409 AUTH_LAST_PASSKEY',
      '404 AUTH_PASSKEY_UNKNOWN',
    ]);
    expect(outcomeOf(await elsewhere.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    expect(outcomeOf(await hub.browser().signIn(second))).toBe('403 AUTH_PASSKEY_REFUSED');
    expect(outcomeOf(await hub.browser().signIn(device))).toBe('200');
  });

  it('are changed only with a passkey that was just shown', async () => {
    const hub = setup();
    const { browser } = await hub.newcomer('clerk', '29001');
    const [passkey] = (await own(browser)).passkeys;
    records.time += 5 * MINUTE;

    const credential = { id: 'x' };
    const answers = [
      await browser.post('own/passkeys/options', {}),
      await browser.post('own/passkeys', { credential, name: 'Phone' }),
      await browser.post(`own/passkeys/${passkey?.id}/removal`, {}),
      await browser.post('own/recovery-codes', {}),
    ];

    expect(answers.map(outcomeOf)).toEqual(Array(4).fill('401 AUTH_STEP_UP'));
  });

  it('are nobody else’s to remove, nor are their sessions to end', async () => {
    const hub = setup();
    const clerk = await hub.newcomer('clerk', '29001');
    const other = await hub.newcomer('clerk', '29001');
    const { passkeys, sessions } = await own(clerk.browser);

    const removal = await other.browser.post(`own/passkeys/${passkeys[0]?.id}/removal`, {});
    await other.browser.post(`own/sessions/${sessions[0]?.session}/end`, {});

    expect(outcomeOf(removal)).toBe('404 AUTH_PASSKEY_UNKNOWN');
    expect(outcomeOf(await clerk.browser.get('own'))).toBe('200');
  });

  it('can have single sessions ended', async () => {
    const hub = setup();
    const clerk = await hub.newcomer('clerk', '29001');
    const lost = hub.browser('198.51.100.9');
    await lost.signIn(clerk.device);
    const there = (await own(clerk.browser)).sessions.find(({ here }) => !here);

    await clerk.browser.tell(`own/sessions/${there?.session}/end`, {});

    expect(outcomeOf(await lost.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    expect((await own(clerk.browser)).sessions).toHaveLength(1);
  });

  it('get new printed codes, and the old ones open nothing', async () => {
    const hub = setup();
    const { browser, enrolled } = await hub.newcomer('clerk', '29001');
    const [old] = enrolled.recoveryCodes as string[];

    const { recoveryCodes } = await browser.tell<{ recoveryCodes: string[] }>('own/recovery-codes', {});

    expect(recoveryCodes).toHaveLength(enrolled.recoveryCodes?.length as number);
    const refused = await hub.browser().post('sign-in/code', { code: old });
    expect(outcomeOf(refused)).toBe('403 AUTH_CODE_WRONG');
    const taken = await hub.browser().post('sign-in/code', { code: recoveryCodes[0] });
    expect(outcomeOf(taken)).toBe('200');
  });

  it('cannot be given by a question that was put for a code, nor the other way round', async () => {
    const hub = setup();
    const { browser, person, device } = await hub.newcomer('clerk', '29001');
    const mine = await browser.tell<CeremonyOptions>('own/passkeys/options', {});
    const crossed = await browser.post('sign-in/code/passkey', {
      credential: new Authenticator(PAGE).create(mine.options),
      name: 'Phone',
    });
    const admin = await hub.newcomer('administrator', 'state');
    const { code } = await admin.browser.tell<{ code: string }>(`people/${person}/code`, {
      purpose: 'passkey',
    });
    const coded = await browser.tell<CeremonyOptions>('sign-in/code', { code });
    const back = await browser.post('own/passkeys', {
      credential: new Authenticator(PAGE).create(coded.options),
      name: 'Phone',
    });

    expect([crossed, back].map(outcomeOf)).toEqual(Array(2).fill('409 AUTH_CEREMONY_OVER'));
    expect((await own(browser)).passkeys).toHaveLength(device.passkeys.length);
  });

  it.each(['Phone\u0000', 'Phone\r\nset-cookie: a=b', 'Ph\u202Eone', '   ', 'x'.repeat(65)])(
    'are not called %j',
    async (name) => {
      const hub = setup();
      const { browser } = await hub.newcomer('clerk', '29001');
      const { options } = await browser.tell<CeremonyOptions>('own/passkeys/options', {});

      const answer = await browser.post('own/passkeys', {
        credential: new Authenticator(PAGE).create(options),
        name,
      });

      expect(['400 HTTP_REQUEST_INVALID', '422 AUTH_TEXT_INVALID']).toContain(outcomeOf(answer));
      expect((await own(browser)).passkeys).toHaveLength(1);
    },
  );

  it('are no longer anybody’s within the same moment in which the person is removed', async () => {
    const hub = setup();
    const clerk = await hub.newcomer('clerk', '29001');
    const admin = await hub.newcomer('administrator', 'state');
    const { options } = await clerk.browser.tell<CeremonyOptions>('own/passkeys/options', {});

    await admin.browser.tell(`people/${clerk.person}/removal`, { why: 'has left the office' });

    const answers = [
      await clerk.browser.get('own'),
      await clerk.browser.post('own/passkeys', {
        credential: new Authenticator(PAGE).create(options),
        name: 'Phone',
      }),
      await clerk.browser.post('step-up/options', {}),
    ];
    expect(answers.map(outcomeOf)).toEqual(Array(3).fill('401 AUTH_SESSION_ENDED'));
  });
});
