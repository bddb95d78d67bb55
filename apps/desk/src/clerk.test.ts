/** The desk of a clerk, in Chromium: one office, and nothing that a clerk may not do. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  faultsAtBothWidths,
  faultsOf,
  HAS_CHROMIUM,
  picture,
  walkByKeyboard,
} from './testing/browser.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { DAY, officeAnswer } from './testing/day.ts';
import { ADMINISTRATOR, clerkOf } from './testing/me.ts';

/** Today as the hub gives it to who has some offices. */
function dayOf(...places: readonly string[]) {
  const isTheirs = ({ authority }: { authority: string | null }) => places.includes(authority ?? '');
  const needsPerson = DAY.needsPerson.filter(isTheirs);
  return {
    ...DAY,
    account: officeAnswer(places[0] ?? '')?.account ?? DAY.account,
    map: DAY.map.filter(({ leaId }) => places.includes(leaId)),
    through: DAY.through.filter(isTheirs),
    needsPerson,
    needsPersonTotal: needsPerson.length,
  };
}

describe.skipIf(!HAS_CHROMIUM)('the desk of a clerk', () => {
  let desk: DeskInBrowser;
  let hub: CannedHub;

  beforeAll(async () => {
    desk = await DeskInBrowser.start();
    hub = desk.hub;
  });

  afterAll(() => desk.close());

  afterEach(() => {
    hub.me = ADMINISTRATOR;
    hub.today = DAY;
  });

  const sit = (...places: readonly string[]) => {
    hub.me = clerkOf(...places);
    hub.today = dayOf(...places);
  };

  test('Today of one office: no other office, no map, no fault that axe finds, and Tab reaches all in order', async () => {
    sit('29019');
    const { page, complaints, close } = await desk.open('/', 360);
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('came to your office, Boone County,');
    expect(text).not.toMatch(/116 offices|of the 116|Benton|Caldwell/);
    expect(await page.locator('.map').count()).toBe(0);
    expect(await faultsAtBothWidths(page, 'clerk-today')).toEqual([]);
    expect(complaints).toEqual([]);
    const { wanted, reached } = await walkByKeyboard(page);
    expect(wanted.length).toBeGreaterThan(10);
    expect(reached).toEqual(wanted);
    await close();
  });

  test('My office leads straight to it, as does the list of offices', async () => {
    sit('29019');
    const { page, close } = await desk.open('/', 1280);
    await page.getByRole('link', { name: 'My office' }).click();
    await page.waitForURL('**/offices/29019');
    await page.goto(`${hub.origin}/offices`);
    await page.waitForURL('**/offices/29019');
    await page.getByRole('heading', { level: 1, name: 'Boone County' }).waitFor();
    expect(await page.getByRole('link', { name: 'All offices' }).count()).toBe(0);
    await picture(page, 'clerk-office-1280-light');
    await close();
  });

  test('who has three offices sees these', async () => {
    sit('29019', '29015', '29009');
    const { page, close } = await desk.open('/', 1280);
    await page.getByRole('heading', { name: 'Your offices' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('of your 3 offices');
    await picture(page, 'clerk-three-1280-light');
    expect(await faultsOf(page)).toEqual([]);
    await close();
  });

  test('what a clerk may not do is not offered', async () => {
    sit('29019');
    const surface = await desk.open('/surface', 1280);
    await surface.page.getByRole('heading', { name: 'Is this yours?' }).waitFor();
    expect(await surface.page.getByRole('button', { name: 'Edit the surface' }).count()).toBe(0);
    // The question of another office, which the hub would not have told.
    expect(await surface.page.getByRole('button', { name: 'Yes, for voters' }).count()).toBe(0);
    await surface.close();
    const search = await desk.open('/contacts', 1280);
    expect(await search.page.getByLabel('Office', { exact: true }).count()).toBe(0);
    await search.close();
  });
});
