/** The set-up at the built desk, in Chromium: all five steps, leaving one and coming back, and what goes wrong in them. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  deviceOf,
  faultsAtBothWidths,
  faultsOf,
  HAS_CHROMIUM,
  picture,
  walkByKeyboard,
} from './testing/browser.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { clerkOf } from './testing/me.ts';
import { doneUpTo, OWN, setUp } from './testing/set-up.ts';

const LIST = 'lea_id,name,registered\n29001,Adair,1234\n29003,Andrew,2345\n';

describe.skipIf(!HAS_CHROMIUM)('the set-up', () => {
  let desk: DeskInBrowser;
  let hub: CannedHub;

  beforeAll(async () => {
    desk = await DeskInBrowser.start();
    hub = desk.hub;
  });

  afterAll(() => desk.close());

  afterEach(() => hub.replies.clear());

  function fileOf(text: string) {
    return { name: 'offices.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
  }

  test('five steps set up a state', async () => {
    setUp(hub);
    const opened = await desk.open('/set-up', 1280);
    const { page } = opened;
    await deviceOf(opened);

    await page.getByLabel('What is your state called?').fill('Missouri');
    await page.getByRole('button', { name: 'Save the state' }).click();

    await page.getByLabel('Your name').fill('Pat Miller');
    await page.getByLabel('What do you call this device?').fill('office computer');
    await page.getByRole('button', { name: 'Make my passkey' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await page.getByLabel('I have these codes on paper').check();
    await page.getByRole('button', { name: 'Go on' }).click();

    await page.getByLabel('A list of my own').check();
    await page.getByLabel('Choose the file').setInputFiles(fileOf(LIST));
    await page.getByText('2 offices in this file.').first().waitFor();
    await picture(page, 'set-up-offices-1280-light');
    await page.getByRole('button', { name: 'Use these offices' }).click();

    await page.getByLabel('With its own small certificate authority').check();
    await page.getByLabel('Name of the hub in the network').fill('bellwether.sos.example.gov');
    await page.getByRole('button', { name: 'Save', exact: true }).click();

    await page.getByRole('button', { name: 'Keep the sample state' }).click();
    await page.getByRole('heading', { name: 'The hub is set up' }).waitFor();
    await picture(page, 'set-up-finished-1280-light');
    expect(await faultsOf(page)).toEqual([]);

    const told = hub.told.filter(({ path }) => path.startsWith('/api/v1/set-up/'));
    expect(told.map(({ method, path }) => `${method} ${path.replace('/api/v1/set-up/', '')}`)).toEqual([
      ...['PUT state', 'POST administrator/options', 'POST administrator'],
      ...['PUT offices', 'PUT https', 'POST sample'],
    ]);
    expect(told[0]?.body).toEqual({ name: 'Missouri', zone: 'America/Chicago' });
    expect(told[3]?.body).toEqual({ csv: LIST });
    expect(told[4]?.body).toEqual({ how: 'own', name: 'bellwether.sos.example.gov' });
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test.each(['state', 'offices', 'https', 'sample'])(
    'step %s: no fault that axe finds in both looks, narrow and wide, and Tab reaches all that can be used, in order',
    async (step) => {
      setUp(hub, doneUpTo('state', 'administrator'));
      const { page, close } = await desk.open(`/set-up?step=${step}`, 1280);
      const { wanted, reached } = await walkByKeyboard(page);
      expect(wanted.length).toBeGreaterThan(8);
      expect(reached).toEqual(wanted);
      if (step === 'https') await page.getByLabel('With a certificate that we have').check();
      expect(await faultsAtBothWidths(page, `set-up-${step}`)).toEqual([]);
      await close();
    },
  );

  test('the first administrator: no fault that axe finds in both looks, narrow and wide', async () => {
    setUp(hub, doneUpTo('state'));
    const { page, close } = await desk.open('/set-up', 360);
    await page.getByRole('button', { name: 'Make my passkey' }).click();
    await page.getByText('Type your name first.').waitFor();
    expect(await faultsAtBothWidths(page, 'set-up-administrator')).toEqual([]);
    await close();
  });

  test('a step is left and taken up again, and one that is done can be changed', async () => {
    setUp(hub, doneUpTo('state', 'administrator'));
    const { page, close } = await desk.open('/set-up', 1280);
    await page.getByRole('group', { name: 'Which offices are there?' }).waitFor();
    await page.getByRole('link', { name: 'Not now: Your offices' }).click();
    await page.getByRole('link', { name: 'Do this step: Your offices' }).waitFor();
    await page.getByRole('link', { name: 'Change: Your state' }).click();
    expect(await page.getByLabel('What is your state called?').inputValue()).toBe('Missouri');
    await page.goto(`${hub.origin}/set-up`);
    await page.getByRole('group', { name: 'Which offices are there?' }).waitFor();
    await close();
  });

  test('a list with mistakes is not sent, and each line is named', async () => {
    setUp(hub, doneUpTo('state', 'administrator'));
    const { page, close } = await desk.open('/set-up', 360);
    await page.getByLabel('A list of my own').check();
    const before = hub.told.length;
    await page.getByLabel('Choose the file').setInputFiles(fileOf('lea_id,name\n2901,Adair\n29003,\n'));
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      /Line 2: lea_id has to be five digits.*Line 3: the office 29003/,
    );
    await picture(page, 'set-up-offices-faults-360-light');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Use these offices' }).click();
    expect(hub.told.length).toBe(before);
    await close();
  });

  test('what the hub finds in a list is said in its words', async () => {
    setUp(hub, doneUpTo('state', 'administrator'));
    hub.replies.set('PUT set-up/offices', {
      status: 422,
      body: {
        code: 'SET_UP_OFFICES_INVALID',
        message: 'The list of offices cannot be read.',
        detail: 'line 2: kind has to be a word',
        help: 'Correct the line that is named.',
      },
    });
    const { page, close } = await desk.open('/set-up', 1280);
    await page.getByRole('button', { name: 'Use these offices' }).click();
    await page.getByText('line 2: kind has to be a word').waitFor();
    await close();
  });

  test('clearing the sample waits for the hub, and asks for the passkey first', async () => {
    setUp(hub, doneUpTo('state', 'administrator', 'offices', 'https'));
    let isShown = false;
    let isAway = true;
    const refused = { code: 'AUTH_STEP_UP', message: 'Your passkey once more.', help: 'Show it.' };
    const done = hub.replies.get('POST set-up/sample');
    hub.replies.set('POST step-up/options', {
      status: 200,
      body: { options: { challenge: 'AAAA', rpId: 'localhost', userVerification: 'required' } },
    });
    hub.replies.set('POST step-up', () => {
      isShown = true;
      return { status: 200, body: {} };
    });
    hub.replies.set('POST set-up/sample', (body) => {
      if (!isShown) return { status: 401, body: refused };
      return typeof done === 'function' ? done(body) : { status: 500, body: {} };
    });
    const opened = await desk.open('/set-up', 1280);
    const { page } = opened;
    const overview = hub.replies.get('GET set-up');
    await (await deviceOf(opened)).addPasskey();
    await page.getByLabel('Clear it').check();
    await page.getByRole('button', { name: 'Clear the sample state' }).click();
    hub.replies.set('GET set-up', (body) => {
      if (!isAway && typeof overview === 'function') return overview(body);
      const away = { code: 'HTTP_DATABASE_AWAY', message: 'Away.', help: 'Wait.' };
      return { status: 503, body: away };
    });
    await page.getByRole('button', { name: 'Show my passkey' }).click();
    await page.getByText('The hub starts again with it.').waitFor();
    await page.waitForResponse((response) => response.status() === 503);
    isAway = false;
    await page.getByRole('heading', { name: 'The hub is set up' }).waitFor();
    expect(hub.told.at(-1)).toMatchObject({ path: '/api/v1/set-up/sample', body: { sample: 'clear' } });
    await opened.close();
  });

  test('with the small certificate authority, what other computers need is told', async () => {
    setUp(hub, { ...doneUpTo('state', 'administrator', 'offices', 'https', 'sample'), https: OWN });
    const { page, close } = await desk.open('/set-up', 360);
    await page.getByText('On each other computer, once').click();
    await page.getByRole('button', { name: 'Show a code' }).click();
    await page.getByText('4071-0093-5528').waitFor();
    await picture(page, 'set-up-own-360-light');
    expect(await page.getByText(OWN.fingerprint ?? 'none').isVisible()).toBe(true);
    expect(await faultsOf(page)).toEqual([]);
    await close();
  });

  test('it is for administrators', async () => {
    setUp(hub, doneUpTo('state', 'administrator'));
    hub.me = clerkOf('29019');
    const { page, close } = await desk.open('/set-up', 1280);
    await page.getByText('Only an administrator sets up the hub.').waitFor();
    expect(await page.getByRole('button', { name: /^Save|^Use these/ }).count()).toBe(0);
    await close();
  });
});
