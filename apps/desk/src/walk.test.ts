/**
 * Walks through the built desk in Chromium, under the hub's own policy for content: every page, narrow and wide, light and
 * dark, with axe and by keyboard alone. Where BELLWETHER_PICTURES is set, what it sees is kept as pictures in .build/desk.
 *
 * Needs Chromium at /usr/bin/chromium (Debian's); without it, nothing here runs.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  faultsAtBothWidths,
  HAS_CHROMIUM,
  type Look,
  picture,
  walkByKeyboard,
} from './testing/browser.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { DAY } from './testing/day.ts';

const PAGES = [
  ['today', '/'],
  ['incidents', '/incidents'],
  ['contacts', '/contacts?disposition=refused'],
  ['contacts-empty', '/contacts?source=192.0.2.1'],
  ['source', '/sources/203.0.113.77'],
  ['offices', '/offices'],
  ['office', '/offices/29019'],
  ['office-new', '/offices/29009'],
  ['office-missing', '/offices/11111'],
  ['surface', '/surface'],
] as const;

describe.skipIf(!HAS_CHROMIUM)('the desk in a browser', () => {
  let desk: DeskInBrowser;
  let hub: CannedHub;

  beforeAll(async () => {
    desk = await DeskInBrowser.start();
    hub = desk.hub;
  });

  afterAll(() => desk.close());

  const open = (path: string, width: number, look?: Look) => desk.open(path, width, look);

  test.each(PAGES)(
    '%s: no fault that axe finds in both looks, narrow and wide, and Tab reaches all that can be used, in order',
    async (name, path) => {
      const { page, complaints, close } = await open(path, 360);
      expect(await faultsAtBothWidths(page, name)).toEqual([]);
      const { wanted, reached } = await walkByKeyboard(page);
      expect(wanted.length).toBeGreaterThan(5);
      expect(reached).toEqual(wanted);
      const expected = name === 'office-missing' ? [expect.stringContaining('404')] : [];
      expect(complaints).toEqual(expected);
      await close();
    },
  );

  test('the menu of a narrow screen opens and closes by keyboard', async () => {
    const { page, close } = await open('/', 360);
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('link', { name: 'Offices' }).isVisible()).toBe(true);
    await picture(page, 'menu-360-light');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('link', { name: 'Offices' }).isVisible()).toBe(false);
    expect(await menu.evaluate((element) => element === document.activeElement)).toBe(true);
    await close();
  });

  test('the map is walked with arrow keys, and Enter opens an office', async () => {
    const { page, close } = await open('/', 1280);
    await page.locator('[data-place="29380"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const place = await page.evaluate(() => document.activeElement?.getAttribute('data-place'));
    expect(place).toMatch(/^29\d{3}$/);
    expect(place).not.toBe('29380');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/offices/${place}`);
    await close();
  });

  test('numbers move without loading the page, and the footer says so', async () => {
    const { page, close } = await open('/', 1280);
    await page.getByText('Live: numbers move by themselves').waitFor();
    hub.today = { ...DAY, account: { ...DAY.account, knocks: 123_456 } };
    hub.tellChange();
    await page.locator('.figure__value', { hasText: '123,456' }).waitFor();
    hub.today = DAY;
    await close();
  });

  test('an incident is closed with a note, by keyboard', async () => {
    const { page, close } = await open('/', 1280);
    await page.getByRole('button', { name: /^Close it: Something got through/ }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('It was their own technician.');
    await page.keyboard.press('Tab');
    const posted = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.keyboard.press('Enter');
    await posted;
    expect(hub.told.at(-1)).toEqual({
      method: 'POST',
      path: '/api/v1/incidents/1',
      body: { state: 'closed', note: 'It was their own technician.' },
    });
    await close();
  });

  test('a question needs a name before it is yes', async () => {
    const { page, close } = await open('/surface', 360);
    await page.getByRole('button', { name: 'Yes, for voters' }).first().click();
    expect(await page.getByText('Give it a name first.').isVisible()).toBe(true);
    await page.keyboard.type('voter portal');
    const posted = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Yes, for voters' }).first().click();
    await posted;
    expect(hub.told.at(-1)?.body).toEqual({
      key: 'unsettled:29025:web:8443',
      answer: 'voters',
      name: 'voter portal',
    });
    await close();
  });

  test('a surface with a mistake is not saved, and the line is named', async () => {
    const { page, close } = await open('/surface', 1280);
    await page.getByRole('button', { name: 'Edit the surface' }).click();
    await page.getByRole('button', { name: 'Save the surface' }).click();
    await page.getByText('a list is missing').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Line 4');
    await picture(page, 'surface-edit-1280-light');
    await close();
  });

  test('a search is written into the address, and more is fetched', async () => {
    const { page, close } = await open('/contacts', 1280);
    await page.getByLabel('From', { exact: true }).fill('203.0.113.0/24');
    await page.getByLabel('Port').fill('443');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/contacts?source=203.0.113.0%2F24&port=443');
    const csv = await page.getByRole('link', { name: 'Save as CSV' }).getAttribute('href');
    expect(csv).toBe('/api/v1/contacts.csv?source=203.0.113.0%2F24&port=443');
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('60 entries shown').waitFor();
    await close();
  });

  test('dark and light can be chosen, and stay chosen', async () => {
    const { page, close } = await open('/', 1280, 'light');
    await page.getByRole('button', { name: 'Use dark colors' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Use light colors' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.look)).toBe('dark');
    await close();
  });
});
