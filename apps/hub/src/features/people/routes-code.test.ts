import type { CodeAnswer, Enrolled, PeopleAnswer, PhoneCode } from '@bellwether/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ALLOWANCES } from '../../platform/auth/limits.ts';
import { MINUTE, startPeople, type TestPeople } from '../../platform/auth/records.fixture.ts';
import { Authenticator } from '../../platform/auth/testing/authenticator.ts';
import { outcomeOf, PAGE, testHub } from './people.fixture.ts';

let records: TestPeople;
beforeAll(async () => {
  records = await startPeople();
});
beforeEach(() => records.empty());
afterAll(() => records.stop());

const setup = () => testHub(records, onTestFinished);
type Hub = ReturnType<typeof setup>;

/** An administrator who is signed in, and a code for a clerk of Adair County. */
async function invited(hub: Hub) {
  const admin = await hub.newcomer('administrator', 'state');
  const wish = { name: 'Ann Clerk', phone: '573 555 0101', role: 'clerk', place: '29001' };
  return { admin, ...(await admin.browser.tell<PhoneCode>('people', wish)) };
}

describe('a code from the phone', () => {
  it('shows whom it is for, makes the device theirs, and signs them in with codes to print', async () => {
    const hub = setup();
    const { code, person } = await invited(hub);
    const [browser, device] = [hub.browser(), new Authenticator(PAGE)];

    const answer = await browser.tell<CodeAnswer>('sign-in/code', { code });
    const credential = device.create(answer.options);
    const enrolled = await browser.tell<Enrolled>('sign-in/code/passkey', { credential, name: 'Desk' });

    expect(code).toMatch(/^\d{4}-\d{4}-\d{4}$/);
    expect(answer).toMatchObject({
      name: 'Ann Clerk',
      purpose: 'enrol',
      grants: [{ role: 'clerk', place: '29001', office: 'Adair County' }],
      options: { user: { id: person } },
    });
    expect(enrolled.name).toBe('Ann Clerk');
    expect(new Set(enrolled.recoveryCodes).size).toBeGreaterThan(4);
    expect((await browser.get('me')).json()).toMatchObject({
      who: 'person',
      person: { id: person },
      rights: { 'people.read': ['29001'] },
    });
    expect(outcomeOf(await hub.browser().signIn(device))).toBe('200');
  });

  it('opens nothing until the passkey is made', async () => {
    const hub = setup();
    const { code } = await invited(hub);
    const browser = hub.browser();

    await browser.tell('sign-in/code', { code });

    expect(browser.session).toBeUndefined();
    expect(outcomeOf(await browser.get('own'))).toBe('401 AUTH_SIGNED_OUT');
  });

  it('is read however it is grouped', async () => {
    const hub = setup();
    const { code } = await invited(hub);

    const spaced = ` ${code.replaceAll('-', ' ')}  `;

    expect(outcomeOf(await hub.browser().post('sign-in/code', { code: spaced }))).toBe('200');
  });

  it('works once, for fifteen minutes, until it is withdrawn or replaced; the answer is the same for all that do not', async () => {
    const hub = setup();
    const { admin, code, person } = await invited(hub);
    const type = async (text: string) => await hub.browser().post('sign-in/code', { code: text });
    const again = async () =>
      (await admin.browser.tell<PhoneCode>(`people/${person}/code`, { purpose: 'enrol' })).code;

    const used = await type(code);
    const repeated = await type(code);
    const replaced = await again();
    const withdrawn = await again();
    const old = await type(replaced);
    await admin.browser.tell(`people/${person}/code/withdrawal`, {});
    const gone = await type(withdrawn);
    const expired = await again();
    records.time += 15 * MINUTE;
    const late = await type(expired);
    const never = await type('0000-0000-0000');

    expect(outcomeOf(used)).toBe('200');
    const refused = [repeated, old, gone, late, never];
    expect(refused.map(outcomeOf)).toEqual(Array(5).fill('403 AUTH_CODE_WRONG'));
    expect(new Set(refused.map(({ body }) => body)).size).toBe(1);
  });

  it('makes one device, in the browser where it was typed, within five minutes', async () => {
    const hub = setup();
    const { code } = await invited(hub);
    const [browser, other] = [hub.browser(), hub.browser()];
    const { options } = await browser.tell<CodeAnswer>('sign-in/code', { code });
    const body = { credential: new Authenticator(PAGE).create(options), name: 'Desk' };

    const stolen = await other.post('sign-in/code/passkey', body);
    records.time += 5 * MINUTE;
    const late = await browser.post('sign-in/code/passkey', body);

    expect([stolen, late].map(outcomeOf)).toEqual(Array(2).fill('409 AUTH_CEREMONY_OVER'));
  });

  it('of somebody who is removed meanwhile makes no device', async () => {
    const hub = setup();
    const { admin, code, person } = await invited(hub);
    const browser = hub.browser();
    const { options } = await browser.tell<CodeAnswer>('sign-in/code', { code });
    await admin.browser.tell(`people/${person}/removal`, { why: 'was a mistake' });

    const credential = new Authenticator(PAGE).create(options);
    const answer = await browser.post('sign-in/code/passkey', { credential, name: 'Desk' });

    expect(outcomeOf(answer)).toBe('409 AUTH_PERSON_STATE');
    expect(browser.session).toBeUndefined();
  });

  it('ends the session of whoever was signed in at this browser before', async () => {
    const hub = setup();
    const deputy = await hub.newcomer('deputy', '29001');
    const { code } = await invited(hub);
    const before = deputy.browser.session as string;

    await deputy.browser.enrol(code, new Authenticator(PAGE));

    const copy = hub.browser();
    copy.cookies.set('bellwether-session', before);
    expect(outcomeOf(await copy.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    expect((await deputy.browser.get('me')).json()).toMatchObject({ person: { name: 'Ann Clerk' } });
  });

  it.each<[string, unknown]>([
    ['SQL', `' OR 1=1; --`],
    ['a header', '1234\r\nset-cookie: bellwether-session=x'],
    ['NUL', '1234\u0000'],
    ['nothing', ''],
    ['no text', 7],
    ['a list', ['1234-5678-9012']],
    ['a text without end', '1'.repeat(65)],
    ['other digits', '１２３４５６７８９０１２'],
  ])('is not %s', async (_, code) => {
    const hub = setup();

    const answer = await hub.browser().post('sign-in/code', { code: code as string });

    expect(['400 HTTP_REQUEST_INVALID', '403 AUTH_CODE_WRONG']).toContain(outcomeOf(answer));
    expect(answer.cookies).toEqual([]);
    expect(hub.fatal).toEqual([]);
  });

  it('is not found by trying 10,000: they are told to wait, while the right one works from elsewhere', async () => {
    const hub = setup();
    const { code } = await invited(hub);
    const guesser = hub.browser('203.0.113.9');
    const outcomes = new Map<string, number>();

    for (let guess = 0; guess < 10_000; guess++) {
      const answer = await guesser.post('sign-in/code', { code: String(guess).padStart(12, '0') });
      const outcome = `${outcomeOf(answer)} ${answer.headers['retry-after'] ?? ''}`.trim();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }

    const { burst } = ALLOWANCES.code.network;
    expect([...outcomes]).toEqual([
      ['403 AUTH_CODE_WRONG', burst],
      ['429 AUTH_TOO_OFTEN 60', 10_000 - burst],
    ]);
    expect(outcomeOf(await guesser.post('sign-in/code', { code }))).toBe('429 AUTH_TOO_OFTEN');
    expect(outcomeOf(await hub.browser('192.0.2.17').post('sign-in/code', { code }))).toBe('200');
  });
});

describe('a printed code', () => {
  it('lets a clerk in on a new device, and what was lost opens nothing any more', async () => {
    const hub = setup();
    const { device: lost, browser: old, enrolled } = await hub.newcomer('clerk', '29001');
    const [code] = enrolled.recoveryCodes as string[];
    const [browser, device] = [hub.browser(), new Authenticator(PAGE)];

    const again = await browser.enrol(code?.toLowerCase() as string, device);

    expect(again.recoveryCodes).toBeNull();
    expect(outcomeOf(await browser.get('own'))).toBe('200');
    expect(outcomeOf(await old.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    expect(outcomeOf(await hub.browser().signIn(lost))).toBe('403 AUTH_PASSKEY_REFUSED');
    expect(outcomeOf(await hub.browser().post('sign-in/code', { code }))).toBe('403 AUTH_CODE_WRONG');
  });

  it('with a slip of the hand says so, and is not used up', async () => {
    const hub = setup();
    const { enrolled } = await hub.newcomer('clerk', '29001');
    const code = enrolled.recoveryCodes?.[0] as string;
    const slip = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;

    expect(outcomeOf(await hub.browser().post('sign-in/code', { code: slip }))).toBe(
      '422 AUTH_CODE_MISTYPED',
    );
    expect(outcomeOf(await hub.browser().post('sign-in/code', { code }))).toBe('200');
  });

  it('of an administrator opens nothing until another one agrees and reads a code', async () => {
    const hub = setup();
    const admin = await hub.newcomer('administrator', 'state');
    const other = await hub.newcomer('administrator', 'state');
    const [code] = admin.enrolled.recoveryCodes as string[];
    const [browser, device] = [hub.browser(), new Authenticator(PAGE)];

    const waits = await browser.post('sign-in/code', { code });
    const { recoveries } = (await other.browser.get('people')).json() as PeopleAnswer;
    const own = (await admin.browser.get('people')).json() as PeopleAnswer;
    const self = await admin.browser.post(`recoveries/${recoveries[0]?.id}`, { approved: true });
    const agreed = await other.browser.tell<PhoneCode>(`recoveries/${recoveries[0]?.id}`, { approved: true });
    const twice = await other.browser.post(`recoveries/${recoveries[0]?.id}`, { approved: true });
    await browser.enrol(agreed.code, device);

    expect([waits, self, twice].map(outcomeOf)).toEqual([
      '409 AUTH_RECOVERY_WAITS',
      '403 AUTH_NOT_YOURS',
      '409 AUTH_PERSON_STATE',
    ]);
    expect(recoveries).toMatchObject([{ person: admin.person, from: '192.0.2.17' }]);
    expect(own.recoveries).toEqual([]);
    expect(agreed.person).toBe(admin.person);
    expect(outcomeOf(await browser.get('people'))).toBe('200');
    expect(outcomeOf(await hub.browser().signIn(admin.device))).toBe('403 AUTH_PASSKEY_REFUSED');
  });

  it('of an administrator opens nothing where the other one refuses', async () => {
    const hub = setup();
    const admin = await hub.newcomer('administrator', 'state');
    const other = await hub.newcomer('administrator', 'state');
    const clerk = await hub.newcomer('clerk', '29001');
    await hub.browser().post('sign-in/code', { code: admin.enrolled.recoveryCodes?.[0] });
    const { recoveries } = (await other.browser.get('people')).json() as PeopleAnswer;

    const byClerk = await clerk.browser.post(`recoveries/${recoveries[0]?.id}`, { approved: true });
    const refused = await other.browser.post(`recoveries/${recoveries[0]?.id}`, { approved: false });

    expect(outcomeOf(byClerk)).toBe('403 AUTH_NOT_YOURS');
    expect([refused.statusCode, refused.body]).toEqual([200, 'null']);
    expect(((await other.browser.get('people')).json() as PeopleAnswer).recoveries).toEqual([]);
    expect(outcomeOf(await hub.browser().signIn(admin.device))).toBe('200');
  });
});
