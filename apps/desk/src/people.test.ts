/** People, own devices, who looked, the trail and keys at the built desk, in Chromium: looked at, walked through and used. */
import type { PeopleAnswer, Problem } from '@bellwether/api';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  deviceOf,
  faultsAtBothWidths,
  faultsInBothLooks,
  faultsOf,
  HAS_CHROMIUM,
  picture,
  settled,
  walkByKeyboard,
} from './testing/browser.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import {
  PEOPLE_ANSWER,
  PEOPLE_OF_CLERK,
  PEOPLE_WAITING,
  phoneCode,
  TRAIL_ANSWER,
} from './testing/canned-people.ts';
import { ADMINISTRATOR, clerkOf } from './testing/me.ts';
import { letIn, MAKE, PRINTED } from './testing/sign-in.ts';

/** Pages as they are opened, and the same with less on them. */
const PAGES = [
  ['people', '/people'],
  ['own', '/own'],
  ['visits', '/visits?place=29019'],
  ['trail', '/trail'],
  ['keys', '/offices/29019'],
  ['people-office', '/people/29019'],
  ['visits-none', '/visits'],
  ['keys-state', '/keys/state'],
] as const;

/** What is looked at within an act: narrow and light, wide and dark. */
const SOME = [
  { width: 360, look: 'light' },
  { width: 1280, look: 'dark' },
] as const;

/** A code works for a quarter of an hour, ms. */
const LIFE = 900_000;

const STEP_UP: Problem = {
  code: 'AUTH_STEP_UP',
  message: 'This needs your passkey once more.',
  help: 'Show your passkey, and do it again within five minutes.',
};

describe.skipIf(!HAS_CHROMIUM)('people and what they may do', () => {
  let desk: DeskInBrowser;
  let hub: CannedHub;

  beforeAll(async () => {
    desk = await DeskInBrowser.start();
    hub = desk.hub;
  });

  afterAll(() => desk.close());

  afterEach(() => {
    hub.me = ADMINISTRATOR;
    hub.replies.clear();
  });

  const told = (path: string) => hub.told.filter((one) => one.path === `/api/v1/${path}`).at(-1)?.body;
  const answer = (key: string, body: unknown) => hub.replies.set(key, { status: 200, body });

  test.each(PAGES)(
    '%s: no fault that axe finds in both looks, narrow and wide, and Tab reaches all that can be used, in order',
    async (name, path) => {
      const { page, complaints, close } = await desk.open(path, 360);
      expect(await faultsAtBothWidths(page, name)).toEqual([]);
      const { wanted, reached } = await walkByKeyboard(page);
      expect(wanted.length).toBeGreaterThan(5);
      expect(reached).toEqual(wanted);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  test('a person is invited by keyboard, and the code is shown large, once, with what to say', async () => {
    hub.replies.set('POST people', () => ({ status: 200, body: phoneCode('p-5', LIFE) }));
    for (const { width, look } of SOME) {
      const { page, complaints, close } = await desk.open('/people', width, look);
      await page.getByRole('button', { name: 'Invite a person' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.type('Sam Ortiz');
      await page.keyboard.press('Tab');
      await page.keyboard.type('573-555-0142');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Boone');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.getByLabel('Vendor').check();
      await picture(page, `invite-${width}-${look}`);
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Invite, and show the code' }).click();
      expect(await page.getByRole('alert').allTextContents()).toEqual([
        'Choose the last day: people from outside need one.',
        'Write why, in a few words.',
      ]);
      await page.getByLabel('Deputy').check();
      await page.getByRole('button', { name: 'Invite, and show the code' }).click();
      await page.getByRole('heading', { name: 'Call Sam Ortiz now' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Call Sam Ortiz now');
      expect(await page.locator('.phone-code__digits > :not(.unseen)').allTextContents()).toEqual([
        ...['4071', '0093', '5528'],
      ]);
      await picture(page, `code-${width}-${look}`);
      expect(await faultsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    }
    expect(told('people')).toEqual({
      ...{ name: 'Sam Ortiz', phone: '573-555-0142', role: 'deputy', place: '29019' },
    });
  });

  test('a clerk offers what a clerk may give, at the own office, and somebody from outside gets an end', async () => {
    hub.me = clerkOf('29019');
    answer('GET people', PEOPLE_OF_CLERK);
    hub.replies.set('POST people', () => ({ status: 200, body: phoneCode('p-8', LIFE) }));
    const { page, close } = await desk.open('/people', 1280);
    await picture(page, 'people-clerk-1280-light');
    await page.getByRole('button', { name: 'Invite a person' }).click();
    expect(await page.getByRole('radio').count()).toBe(2);
    expect(await page.getByLabel('Where').inputValue()).toBe('29019');
    await page.getByLabel('Full name').fill('Kim Novak');
    await page.getByLabel('Vendor').check();
    const last = await page.getByLabel('Last day').getAttribute('max');
    await page.getByLabel('Last day').fill(last ?? '');
    await page.getByLabel('Why').fill('Repairs the scanners.');
    await page.getByRole('button', { name: 'Invite, and show the code' }).click();
    await page.getByRole('heading', { name: 'Call Kim Novak now' }).waitFor();
    const wish = told('people') as { until: string };
    expect(wish).toMatchObject({ role: 'vendor', place: '29019', why: 'Repairs the scanners.' });
    expect(Date.parse(wish.until) - Date.now()).toBeLessThan(92 * 86_400_000);
    await close();
  });

  test('a code that was used says so, and one that is over offers a new one', async () => {
    let people: PeopleAnswer = PEOPLE_ANSWER;
    hub.replies.set('GET people', () => ({ status: 200, body: people }));
    hub.replies.set('POST people/p-5/code', () => ({ status: 200, body: phoneCode('p-5', LIFE) }));
    const { page, close } = await desk.open('/people', 1280);
    await page.getByRole('button', { name: 'Details and changes: Sam Ortiz' }).click();
    await page.getByRole('button', { name: 'Make a new code: Sam Ortiz' }).click();
    await page.getByRole('heading', { name: 'Call Sam Ortiz now' }).waitFor();
    expect(told('people/p-5/code')).toEqual({ purpose: 'enrol' });
    people = {
      ...people,
      people: people.people.map((one) => (one.id === 'p-5' ? { ...one, codeUntil: null } : one)),
    };
    await page.getByText('The code was used. Sam Ortiz is at it now').waitFor();
    expect(await page.locator('.phone-code__digits').count()).toBe(0);
    people = PEOPLE_ANSWER;
    hub.replies.set('POST people/p-2/code', () => ({ status: 200, body: phoneCode('p-2', -1) }));
    await page.getByRole('button', { name: 'Done: close this' }).click();
    await page.getByRole('button', { name: 'Details and changes: Chris Walker' }).click();
    await page.getByRole('button', { name: 'Code for another device: Chris Walker' }).click();
    await page.getByText('The code works no longer').waitFor();
    await picture(page, 'code-over-1280-light');
    hub.replies.set('POST people/p-2/code', () => ({ status: 200, body: phoneCode('p-2', LIFE) }));
    await page.getByRole('button', { name: 'Make a new code', exact: true }).click();
    await page.getByRole('heading', { name: 'Call Chris Walker now' }).waitFor();
    await close();
  });

  test('a person is removed after it is said what happens and why is given, with the passkey once more', async () => {
    letIn(hub);
    let shown = false;
    hub.replies.set('POST step-up', () => {
      shown = true;
      return { status: 200, body: {} };
    });
    hub.replies.set('POST people/p-4/removal', () =>
      shown ? { status: 200, body: {} } : { status: 401, body: STEP_UP },
    );
    const opened = await desk.open('/people', 360);
    const { page } = opened;
    await (await deviceOf(opened)).addPasskey();
    const name = 'Bartholomew Featherstonehaugh-Montgomery';
    await page.getByRole('button', { name: `Details and changes: ${name}` }).click();
    const remove = page.getByRole('button', { name: `Remove this person: ${name}` });
    await remove.focus();
    await page.keyboard.press('Enter');
    await page.getByText('is signed out at once').waitFor();
    await page.keyboard.press('Escape');
    expect(await remove.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove them now' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('Write why first: a few words are enough.');
    await page.keyboard.type('The contract has ended.');
    await picture(page, 'remove-360-light');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove them now' }).click();
    await page.getByRole('button', { name: 'Show my passkey' }).click();
    await page.getByText(`${name} is removed and signed out.`).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      `${name} is removed and signed out.`,
    );
    expect(told('people/p-4/removal')).toEqual({ why: 'The contract has ended.' });
    await opened.close();
  });

  test('an administrator who lost everything comes in only after a call, or is refused', async () => {
    answer('GET people', PEOPLE_WAITING);
    hub.replies.set('POST recoveries/3', (body) => ({
      status: 200,
      body: (body as { approved: boolean }).approved ? phoneCode('p-6', LIFE) : null,
    }));
    for (const [width, look] of [
      [360, 'dark'],
      [1280, 'light'],
    ] as const) {
      const { page, close } = await desk.open('/people', width, look);
      await picture(page, `recovery-${width}-${look}`);
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Agree, and show the code' }).click();
      await page.getByText('Call them first, then tick this.').waitFor();
      expect(hub.told.some(({ path }) => path.endsWith('recoveries/3'))).toBe(width === 1280);
      await page.getByLabel('I called Lee Park').check();
      await page.getByRole('button', { name: 'Agree, and show the code' }).click();
      await page.getByRole('heading', { name: 'Call Lee Park now' }).waitFor();
      expect(told('recoveries/3')).toEqual({ approved: true });
      await close();
    }
    const { page, close } = await desk.open('/people', 1280);
    await page.getByRole('button', { name: 'Refuse: Lee Park' }).click();
    await page.getByRole('button', { name: 'Refuse it' }).click();
    await page.getByText('Refused: Lee Park was not let in.').waitFor();
    expect(told('recoveries/3')).toEqual({ approved: false });
    await close();
  });

  test('nobody changes their own rights, and a clerk not those that the state gives', async () => {
    const { page, close } = await desk.open('/people', 1280);
    await page.getByRole('button', { name: 'Details and changes: Pat Miller' }).click();
    await page.getByText('Nobody changes their own rights').waitFor();
    expect(await page.getByRole('button', { name: /Pat Miller/ }).count()).toBe(2);
    await close();
    hub.me = clerkOf('29019');
    answer('GET people', PEOPLE_OF_CLERK);
    const clerks = await desk.open('/people', 1280);
    await clerks.page.getByRole('button', { name: 'Details and changes: Dana Reyes' }).click();
    await clerks.page.getByText('They have a role that is not yours to give').waitFor();
    const offered = clerks.page.locator('.person__details button');
    expect(await offered.allTextContents()).toEqual(['Give another role']);
    await clerks.page.getByRole('button', { name: 'Details and changes: Dana Reyes' }).click();
    await clerks.page.getByRole('button', { name: 'Details and changes: Sam Ortiz' }).click();
    expect(await offered.allTextContents()).toEqual([
      ...['End this role', 'Make a new code', 'Withdraw the code', 'Give another role', 'Remove this person'],
    ]);
    await clerks.close();
  });

  test('a role is given and ended, each with its reason', async () => {
    const { page, close } = await desk.open('/people', 1280);
    await page.getByRole('button', { name: 'Details and changes: Dana Reyes' }).click();
    await picture(page, 'person-1280-light');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'End this role: Navigator, Boone County, Dana Reyes' }).click();
    await page.keyboard.type('Boone has its own staff now.');
    await page.getByRole('button', { name: 'End the role', exact: true }).click();
    await page.getByText('The role of Dana Reyes has ended.').waitFor();
    expect(hub.told.at(-1)?.path).toMatch(/\/grants\/4\/end$/);
    await page.getByRole('button', { name: 'Give another role: Dana Reyes' }).click();
    await page.getByLabel('Where').selectOption('29095');
    await page.getByRole('radio', { name: 'Navigator' }).check();
    await page.getByLabel('Why').fill('Helps there too.');
    await page.getByRole('button', { name: 'Give the role' }).click();
    await page.getByText('Dana Reyes has the new role.').waitFor();
    expect(hub.told.at(-1)?.body).toEqual({ role: 'navigator', place: '29095', why: 'Helps there too.' });
    await close();
  });

  test('a device is added and another removed, and a sign-in elsewhere is ended', async () => {
    answer('POST own/passkeys/options', MAKE);
    const opened = await desk.open('/own', 1280);
    const { page } = opened;
    await deviceOf(opened);
    await page.getByRole('button', { name: 'Make a passkey here' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('Give it a name first.');
    await page.keyboard.type('Front desk');
    await page.keyboard.press('Enter');
    await page.getByText('“Front desk” lets you in from now on.').waitFor();
    expect(told('own/passkeys')).toMatchObject({ name: 'Front desk' });
    await page.getByRole('button', { name: 'Remove: My phone' }).click();
    await picture(page, 'own-remove-1280-light');
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('“My phone” lets nobody in any more.').waitFor();
    await page.getByRole('button', { name: 'End it: Safari on iPhone' }).click();
    await page.getByRole('button', { name: 'End this sign-in' }).click();
    await page.getByText('Safari on iPhone is signed out.').waitFor();
    expect(hub.told.at(-1)?.path).toBe('/api/v1/own/sessions/31/end');
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test('new recovery codes are printed before the page goes on', async () => {
    answer('POST own/recovery-codes', { recoveryCodes: [...PRINTED] });
    const { page, close } = await desk.open('/own', 360);
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByRole('button', { name: 'Make ten new codes' }).click();
    await page.getByText('7K2M-V0QX-9DTE-4HBA-R6Z3').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Print the codes or write them down first').waitFor();
    await page.getByLabel('I have these codes on paper').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Your new recovery codes work from now on.').waitFor();
    await close();
  });

  test('who looked stands in sentences, by day and person', async () => {
    const { page, close } = await desk.open('/visits?place=29019', 1280);
    await page
      .getByText('navigator, looked at contacts 14 times and incidents twice, between')
      .waitFor({ timeout: 5000 });
    expect(await page.locator('.day').count()).toBe(3);
    await page.getByLabel('How far back').selectOption('A week');
    await page.waitForURL('**/visits?place=29019&days=7');
    await close();
  });

  test('the trail is filtered in its address, opened further, and saved as a file after the passkey', async () => {
    letIn(hub);
    let shown = false;
    hub.replies.set('POST step-up', () => {
      shown = true;
      return { status: 200, body: {} };
    });
    hub.replies.set('GET trail.ndjson', () =>
      shown ? { status: 200, body: { schema: 'bellwether/trail@1' } } : { status: 401, body: STEP_UP },
    );
    const opened = await desk.open('/trail', 1280);
    const { page } = opened;
    await (await deviceOf(opened)).addPasskey();
    await page.getByRole('button', { name: 'Show older entries' }).click();
    await page.getByText('named the state').waitFor();
    for (const summary of await page.getByText('What changed').all()) await summary.click();
    await picture(page, 'trail-open-1280-light');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save the trail as a file' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Show my passkey' }).click();
    expect((await download).suggestedFilename()).toBe('trail.ndjson');
    await page.getByText('The trail is saved among your downloads.').waitFor();
    await page.getByLabel('Person').selectOption('Dana Reyes');
    await page.waitForURL('**/trail?who=*');
    await opened.close();
  });

  test('a chain that is broken is said before anything else', async () => {
    answer('GET trail', { ...TRAIL_ANSWER, whole: false });
    const { page, close } = await desk.open('/trail', 360, 'dark');
    expect(await page.getByRole('alert').textContent()).toContain('The chain is broken');
    await picture(page, 'trail-broken-360-dark');
    expect(await faultsOf(page)).toEqual([]);
    await close();
  });

  test('a key for a firewall says what stands behind it and how much it holds, and offers no line to send', async () => {
    answer('POST keys', { id: 4, key: 'bwk_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG' });
    const { page, close } = await desk.open('/keys/state', 360);
    await page.getByLabel('What does it do?').selectOption('blocks');
    await page.getByLabel('How many entries does it hold?').fill('half a million');
    await page.getByLabel('Which device or program is it for?').fill('Palo Alto');
    await page.getByRole('button', { name: 'Make a key' }).click();
    expect(await page.getByRole('alert').allTextContents()).toEqual([
      'Write a whole number from 1 to 400,000.',
    ]);
    expect(await faultsInBothLooks(page, 'keys-bouncer-360')).toEqual([]);
    await page.getByLabel('What stands behind it?').selectOption('private');
    await page.getByLabel('How many entries does it hold?').fill('20,000');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('heading', { name: 'The key of “Palo Alto”' }).waitFor();
    expect(told('keys')).toEqual({
      ...{ place: 'state', name: 'Palo Alto' },
      bouncer: { guards: 'private', ranges: 'by-agent', most: 20_000, sees: 'packets' },
    });
    expect(await page.getByText('A first try, with the key in it').count()).toBe(0);
    await close();
  });

  test('a certificate is made from the request of a firewall, and shown with that of the CA', async () => {
    const pem = (what: string) =>
      `-----BEGIN ${what}-----\n${'MIIBpTCCAUugAwIBAgIUAZk'.repeat(9)}\n-----END ${what}-----`;
    answer('POST keys/2/certificate', {
      ...{ certificate: pem('CERTIFICATE'), authority: pem('CERTIFICATE') },
      ...{ hub: 'hub.sos.mo.gov:8444', until: '2027-02-01T15:00:00.000Z' },
    });
    for (const [width, look] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      const { page, complaints, close } = await desk.open('/offices/29019', width, look);
      expect(await page.getByRole('button', { name: /^Certificate/ }).count()).toBe(1);
      await page.getByRole('button', { name: 'Certificate: Web server' }).click();
      await page.keyboard.type('-----BEGIN CERTIFICATE REQUEST-----');
      await page.getByRole('button', { name: 'Make the certificate' }).click();
      await page.getByText('Paste all of it').waitFor();
      await picture(page, `key-certificate-asked-${width}-${look}`);
      expect(await faultsOf(page)).toEqual([]);
      await page.getByLabel('Paste the request of the device').fill(`${pem('CERTIFICATE REQUEST')}\n`);
      await page.getByRole('button', { name: 'Make the certificate' }).click();
      await page.getByRole('heading', { name: 'The certificate of “Web server”' }).waitFor();
      expect(told('keys/2/certificate')).toEqual({ request: pem('CERTIFICATE REQUEST') });
      await page.getByText('https://hub.sos.mo.gov:8444/').waitFor();
      await picture(page, `key-certificate-${width}-${look}`);
      expect(await faultsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    }
  });

  test('a key is made for a device, shown once with the line to copy, and withdrawn', async () => {
    answer('POST keys', { id: 3, key: 'bwk_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG' });
    for (const [width, look] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      const { page, complaints, close } = await desk.open('/offices/29019', width, look);
      await page.getByLabel('Which device or program is it for?').fill('Scanner room');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'The key of “Scanner room”' }).waitFor();
      expect(told('keys')).toEqual({ place: '29019', name: 'Scanner room' });
      expect(await page.getByText('-H "Authorization: Bearer bwk_0123456789').count()).toBe(1);
      await picture(page, `key-made-${width}-${look}`);
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'I have it: close this' }).click();
      expect(await page.getByText('bwk_0123456789').count()).toBe(0);
      await page.getByRole('button', { name: 'Withdraw: Web server' }).click();
      await page.keyboard.type('It was lost.');
      await page.getByRole('button', { name: 'Withdraw the key' }).click();
      await page.getByText('The key of “Web server” works no longer.').waitFor();
      expect(hub.told.at(-1)).toMatchObject({
        path: '/api/v1/keys/2/withdrawal',
        body: { why: 'It was lost.' },
      });
      expect(complaints).toEqual([]);
      await close();
    }
  });

  test('who may only look is offered no change', async () => {
    const { 'people.read': people, 'keys.read': keys, 'account.read': account } = ADMINISTRATOR.rights;
    hub.me = {
      ...ADMINISTRATOR,
      rights: { 'people.read': people!, 'keys.read': keys!, 'account.read': account! },
    };
    answer('GET people', { ...PEOPLE_ANSWER, mayGive: [] });
    const { page, close } = await desk.open('/people', 1280);
    expect(await page.getByRole('button', { name: 'Invite a person' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Details and changes: Dana Reyes' }).click();
    expect(await page.getByRole('button', { name: /Remove this|End this role|code/i }).count()).toBe(0);
    await page.goto(`${hub.origin}/offices/29019`);
    await settled(page);
    expect(await page.getByRole('button', { name: 'Make a key' }).count()).toBe(0);
    expect(await page.getByText('Firewall of the courthouse').count()).toBe(1);
    await close();
  });
});
