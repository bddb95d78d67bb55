/** Signing in at the built desk, in Chromium with a device that it makes itself: by passkey, by code, and what goes wrong. */
import type { Problem } from '@bellwether/api';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  deviceOf,
  faultsAtBothWidths,
  faultsOf,
  HAS_CHROMIUM,
  type Opened,
  picture,
  settled,
  walkByKeyboard,
} from './testing/browser.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { ADMINISTRATOR, clerkOf, MACHINE, STRANGER } from './testing/me.ts';
import { letIn, PRINTED } from './testing/sign-in.ts';

function problem(code: string, message: string, help: string): Problem {
  return { code, message, help };
}

describe.skipIf(!HAS_CHROMIUM)('signing in', () => {
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

  async function typeCode({ page }: Opened, code = '407100935528'): Promise<void> {
    await page.getByLabel('Code from the state office').fill(code);
    await page.keyboard.press('Enter');
  }

  test('the page: no fault that axe finds in both looks, narrow and wide', async () => {
    hub.me = STRANGER;
    const opened = await desk.open('/sign-in?why=AUTH_SESSION_IDLE', 360);
    expect(await faultsAtBothWidths(opened.page, 'sign-in')).toEqual([]);
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test.each(['/sign-in', '/code'])('%s: Tab reaches everything that can be used, in order', async (path) => {
    hub.me = STRANGER;
    const { page, close } = await desk.open(path, 1280);
    const { wanted, reached } = await walkByKeyboard(page);
    expect(wanted.length).toBeGreaterThan(4);
    expect(reached).toEqual(wanted);
    await close();
  });

  test('who asks for a page signs in with the passkey, by keyboard, and is led there', async () => {
    hub.me = STRANGER;
    letIn(hub);
    const opened = await desk.open('/contacts?source=203.0.113.0%2F24&port=443', 1280);
    const device = await deviceOf(opened);
    await device.addPasskey();
    const { page } = opened;
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.getByRole('button', { name: 'Sign in with your passkey' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/contacts?source=203.0.113.0%2F24&port=443');
    const told = hub.told.filter(({ path }) => path === '/api/v1/sign-in/passkey').at(-1);
    const userHandle = Buffer.from('p-1').toString('base64url');
    expect(told?.body).toMatchObject({ credential: { type: 'public-key', response: { userHandle } } });
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test('an address of another site leads to Today', async () => {
    hub.me = STRANGER;
    letIn(hub);
    const opened = await desk.open('/sign-in?to=//evil.example/', 1280);
    await (await deviceOf(opened)).addPasskey();
    await opened.page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await opened.page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    expect(opened.page.url()).toBe(`${hub.origin}/`);
    await opened.close();
  });

  test('without a passkey on the device, what to do is said', async () => {
    hub.me = STRANGER;
    letIn(hub);
    const opened = await desk.open('/sign-in', 360);
    await deviceOf(opened);
    await opened.page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    const alert = opened.page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('If this device has none, ask the state office for a code');
    await picture(opened.page, 'sign-in-refused-360-light');
    expect(await faultsOf(opened.page)).toEqual([]);
    await opened.close();
  });

  test('a browser without passkeys is told to use another', async () => {
    hub.me = STRANGER;
    letIn(hub);
    const opened = await desk.open('/sign-in', 1280);
    await opened.page.evaluate(() => {
      Object.defineProperty(window, 'PublicKeyCredential', { value: undefined });
    });
    await opened.page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await opened.page.getByText('This browser cannot use passkeys.').waitFor();
    await opened.close();
  });

  test('what the hub refuses is said in its words', async () => {
    hub.me = STRANGER;
    letIn(hub);
    hub.replies.set('POST sign-in/passkey/options', {
      status: 429,
      body: problem('AUTH_TOO_OFTEN', 'There were too many attempts.', 'Wait a minute and try again.'),
    });
    const opened = await desk.open('/sign-in', 1280);
    await opened.page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await opened.page.getByText('There were too many attempts.').waitFor();
    expect(await opened.page.getByRole('alert').textContent()).toContain('Wait a minute and try again.');
    await opened.close();
  });

  test('a code becomes a passkey, and ten codes on paper', async () => {
    hub.me = STRANGER;
    letIn(hub, clerkOf('29019'));
    const opened = await desk.open('/code', 1280);
    const { page } = opened;
    await deviceOf(opened);
    await page.getByLabel('Code from the state office').pressSequentially('4071-0093-5528');
    expect(await page.getByLabel('Code from the state office').inputValue()).toBe('4071 0093 5528');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Is this you?' }).waitFor();
    expect(await page.locator('dl').textContent()).toContain(
      'Chris WalkerWhat you may do hereClerk, Boone County',
    );
    await page.getByLabel('What do you call this device?').fill('office computer');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    expect(await page.locator('.sheet code').allTextContents()).toEqual(PRINTED);
    const made = hub.told.filter(({ path }) => path === '/api/v1/sign-in/code/passkey').at(-1);
    expect(made?.body).toMatchObject({ name: 'office computer', credential: { type: 'public-key' } });
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Print the codes or write them down first').waitFor();
    await page.getByLabel('I have these codes on paper').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test('each step of a code: no fault that axe finds in both looks, narrow and wide', async () => {
    hub.me = STRANGER;
    letIn(hub, clerkOf('29019'));
    const opened = await desk.open('/code', 360);
    const { page } = opened;
    await deviceOf(opened);
    const look = async (name: string) => {
      expect(await faultsAtBothWidths(page, `code-${name}`)).toEqual([]);
    };
    await page.getByRole('button', { name: 'Go on' }).click();
    await look('1-empty');
    await typeCode(opened);
    await page.getByRole('heading', { name: 'Is this you?' }).waitFor();
    await look('2-whose');
    await page.getByLabel('What do you call this device?').fill('phone');
    await page.getByRole('button', { name: 'That is me' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await look('3-codes');
    await page.emulateMedia({ media: 'print' });
    await picture(page, 'code-4-paper');
    expect(await page.locator('.head, .foot, .state-banner, button').evaluateAll(shown)).toEqual([]);
    await opened.close();
  });

  test('who is somebody else stops, and nothing is made', async () => {
    hub.me = STRANGER;
    letIn(hub);
    const opened = await desk.open('/code', 360);
    await typeCode(opened);
    await opened.page.getByRole('button', { name: 'That is not me' }).click();
    await opened.page.getByRole('heading', { name: 'Stopped: no passkey was made' }).waitFor();
    await picture(opened.page, 'code-stopped-360-light');
    expect(hub.told.at(-1)?.path).toBe('/api/v1/sign-in/code');
    await opened.close();
  });

  test('a slip in a code costs no attempt, and a wrong code says what to do', async () => {
    hub.me = STRANGER;
    hub.replies.set('POST sign-in/code', {
      status: 403,
      body: problem('AUTH_CODE_WRONG', 'This code does not open anything.', 'Check each digit.'),
    });
    const opened = await desk.open('/code', 1280);
    const before = hub.told.length;
    await typeCode(opened, '4071 0093 552');
    await opened.page.getByText('Digits are missing').waitFor();
    expect(hub.told.length).toBe(before);
    await typeCode(opened);
    await opened.page.getByText('This code does not open anything.').waitFor();
    await opened.close();
  });

  test('a printed code is typed at the same place; of an administrator it waits for another', async () => {
    hub.me = STRANGER;
    hub.replies.set('POST sign-in/code', {
      status: 409,
      body: problem('AUTH_RECOVERY_WAITS', 'A second administrator has to agree first.', 'Call another one.'),
    });
    const opened = await desk.open('/code', 360);
    await opened.page.getByRole('button', { name: 'I have a printed recovery code instead' }).click();
    await opened.page.keyboard.type('7k2mv0qx9dte4hbar6zc');
    expect(await opened.page.getByLabel('Printed recovery code').inputValue()).toBe(
      '7K2M V0QX 9DTE 4HBA R6ZC',
    );
    await opened.page.keyboard.press('Enter');
    await opened.page.getByText('A second administrator has to agree first.').waitFor();
    await picture(opened.page, 'code-waits-360-light');
    expect(await faultsOf(opened.page)).toEqual([]);
    await opened.close();
  });

  test('who is turned away while the passkey is made can try again with the same code', async () => {
    hub.me = STRANGER;
    letIn(hub, clerkOf('29019'));
    const opened = await desk.open('/code', 1280);
    const device = await deviceOf(opened);
    await device.verifies(false);
    await typeCode(opened);
    await opened.page.getByLabel('What do you call this device?').fill('office computer');
    await opened.page.getByRole('button', { name: 'That is me' }).click();
    await opened.page.getByText('No passkey was made.').waitFor();
    await device.verifies(true);
    await opened.page.getByRole('button', { name: 'That is me' }).click();
    await opened.page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await opened.close();
  });

  test('who was idle is led to Sign in, learns why, and nothing of the page stays', async () => {
    const opened = await desk.open('/offices', 1280);
    const { page } = opened;
    hub.me = STRANGER;
    hub.replies.set('GET incidents', {
      status: 401,
      body: problem('AUTH_SESSION_IDLE', 'You were signed out.', 'Sign in again.'),
    });
    await page.getByRole('link', { name: 'Incidents' }).click();
    await page.getByText('because nothing was done for half an hour').waitFor();
    expect(new URL(page.url()).searchParams.get('to')).toBe('/incidents');
    expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
    expect(await page.getByText('Live: numbers move by themselves').count()).toBe(0);
    await opened.close();
  });

  test('live updates begin with signing in and end with signing out', async () => {
    const opened = await desk.open('/', 1280);
    const { page } = opened;
    await page.getByText('Live: numbers move by themselves').waitFor();
    const listeners = hub.listeners;
    expect(listeners).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Pat Miller' }).click();
    await picture(page, 'account-menu-1280-light');
    expect(await faultsOf(page)).toEqual([]);
    hub.replies.set('POST sign-out', () => {
      hub.me = STRANGER;
      return { status: 200, body: {} };
    });
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('You are signed out.').waitFor();
    await expect.poll(() => hub.listeners).toBe(listeners - 1);
    await opened.close();
  });

  test('the menu of who is signed in opens and closes by keyboard', async () => {
    const opened = await desk.open('/', 1280);
    const { page } = opened;
    const button = page.getByRole('button', { name: 'Pat Miller' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('My devices');
    await page.keyboard.press('Escape');
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByRole('link', { name: 'My devices' }).isVisible()).toBe(false);
    await opened.close();
  });

  test('before the set-up every page says so, and leads to it', async () => {
    hub.me = MACHINE;
    const opened = await desk.open('/', 1280);
    await picture(opened.page, 'not-set-up-1280-light');
    await opened.page.getByText('anybody at this computer can see it').waitFor();
    expect(await opened.page.getByRole('link', { name: 'Set it up' }).getAttribute('href')).toBe('/set-up');
    await opened.close();
  });

  test('nobody can sign in to a hub that is not set up, and is told where to go', async () => {
    hub.me = { ...STRANGER, needsSetUp: true };
    const opened = await desk.open('/', 360);
    await opened.page.getByRole('heading', { name: 'This hub is not set up yet' }).waitFor();
    await picture(opened.page, 'sign-in-not-set-up-360-light');
    expect(await faultsOf(opened.page)).toEqual([]);
    await opened.close();
  });

  test('an administrator who waits for another is told above every page', async () => {
    hub.me = { ...ADMINISTRATOR, recoveriesWaiting: 1 };
    const opened = await desk.open('/surface', 360);
    const link = opened.page.getByRole('link', { name: 'Look at it under People' });
    expect(await link.getAttribute('href')).toBe('/people');
    await picture(opened.page, 'recovery-waits-360-light');
    expect(await faultsOf(opened.page)).toEqual([]);
    await opened.close();
  });

  describe('an act that needs the passkey once more', () => {
    /** Closing an incident, as if that opened a door. */
    async function act(): Promise<{ opened: Opened; tries: () => number }> {
      letIn(hub);
      let isShown = false;
      let tries = 0;
      hub.replies.set('POST step-up', () => {
        isShown = true;
        return { status: 200, body: {} };
      });
      hub.replies.set('POST incidents/1', () => {
        tries++;
        const body = problem('AUTH_STEP_UP', 'This needs your passkey once more.', 'Show your passkey.');
        return isShown ? { status: 200, body: {} } : { status: 401, body };
      });
      const opened = await desk.open('/', 1280);
      const { page } = opened;
      await page.getByRole('button', { name: /^I take it: Something got through/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Save' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      return { opened, tries: () => tries };
    }

    test('is done again when it was shown, by keyboard', async () => {
      const { opened, tries } = await act();
      const { page } = opened;
      await (await deviceOf(opened)).addPasskey();
      await picture(page, 'step-up-1280-light');
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Show my passkey');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await expect.poll(tries).toBe(2);
      expect(hub.told.some(({ path }) => path === '/api/v1/step-up')).toBe(true);
      expect(new URL(page.url()).pathname).toBe('/');
      await opened.close();
    });

    test('is not done where the dialog is left, and the focus is back where it was', async () => {
      const { opened, tries } = await act();
      const { page } = opened;
      await page.keyboard.press('Escape');
      await page.getByText('Nothing was changed, because the passkey was not shown.').waitFor();
      expect(tries()).toBe(1);
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Save');
      await opened.close();
    });

    test('stays open where no passkey was shown, and says what to do', async () => {
      const { opened, tries } = await act();
      await deviceOf(opened);
      await opened.page.getByRole('button', { name: 'Show my passkey' }).click();
      await opened.page.getByRole('dialog').getByText('No passkey was shown.').waitFor();
      await picture(opened.page, 'step-up-refused-1280-light');
      expect(await faultsOf(opened.page)).toEqual([]);
      expect(tries()).toBe(1);
      await opened.close();
    });
  });

  test('a page that nobody touches says so in what it asks', async () => {
    const opened = await desk.open('/', 1280);
    const { page } = opened;
    await settled(page);
    const header = async () => {
      const asked = page.waitForRequest((request) => request.url().endsWith('/api/v1/today'));
      hub.tellChange();
      return (await asked).headers()['bellwether-unattended'];
    };
    await page.getByText('Live: numbers move by themselves').waitFor();
    expect(await header()).toBeUndefined();
    // The page's own clock: a minute that nobody has to wait for.
    await page.evaluate(() => {
      const begun = performance.now.bind(performance);
      performance.now = () => begun() + 61_000;
    });
    expect(await header()).toBe('1');
    await page.keyboard.press('Shift');
    expect(await header()).toBeUndefined();
    await opened.close();
  });
});

/** Of some elements, those that are seen, by their words. */
function shown(elements: Element[]): string[] {
  return elements
    .filter((element) => element.checkVisibility())
    .map((element) => element.textContent?.slice(0, 40) ?? '');
}
