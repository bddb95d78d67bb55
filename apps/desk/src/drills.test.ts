/** Drills at the built desk, in Chromium: looked at, walked through and read. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  faultsAtBothWidths,
  faultsInBothLooks,
  HAS_CHROMIUM,
  walkByKeyboard,
} from './testing/browser.ts';
import { DRILLS_ANSWER, NO_DRILLS } from './testing/canned-drills.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { ADMINISTRATOR, clerkOf } from './testing/me.ts';

describe.skipIf(!HAS_CHROMIUM)('what was missed', () => {
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

  test('has no fault that axe finds in both looks, narrow and wide, and Tab reaches all that can be used, in order', async () => {
    const { page, complaints, close } = await desk.open('/drills', 360);
    expect(await faultsAtBothWidths(page, 'drills')).toEqual([]);
    const { wanted, reached } = await walkByKeyboard(page);
    expect(wanted.length).toBeGreaterThan(5);
    expect(reached).toEqual(wanted);
    expect(complaints).toEqual([]);
    await close();
  });

  test('is said in one sentence, then one by one, with what to do, and apart from what was missed before', async () => {
    const { page, close } = await desk.open('/drills', 1280);
    expect(await page.locator('.spoken__lead').textContent()).toBe(DRILLS_ANSWER.sentence);
    const titles = await page.getByRole('heading', { level: 2 }).allTextContents();
    expect(titles.slice(0, 2)).toEqual(['Missed', 'How bad it can still be']);
    const missed = page.getByRole('table', { name: 'Missed', exact: true }).locator('tbody tr');
    expect(await missed.count()).toBe(3);
    expect(await missed.first().textContent()).toContain('No sensor told of it.');
    expect(await missed.first().textContent()).toContain('bellwether drill run --repeat 409');
    const again = page.getByRole('table', { name: 'Missed once, and run again' }).locator('tbody tr');
    expect(await again.nth(1).textContent()).toContain('Missed again');
    const caught = page.getByRole('table', { name: 'Caught' }).locator('tbody tr');
    expect(await caught.count()).toBe(10);
    expect(await caught.first().textContent()).toContain('Read back from the firewall');
    await close();
  });

  test('is drawn with its bound, and stands in a table beside it', async () => {
    const { page, close } = await desk.open('/drills', 1280);
    const chart = page.getByRole('img', {
      name: 'Share of drills missed, and the most that it can be, by day',
    });
    expect(await chart.count()).toBe(1);
    await page.getByText('Show as table').click();
    const rows = page.getByRole('table', { name: /^Share of drills missed/ }).locator('tbody tr');
    expect(await rows.count()).toBe(DRILLS_ANSWER.overTime.length);
    expect(await rows.last().textContent()).toContain('2 %');
    await close();
  });

  test('is nothing before the first drill, and the page says why none runs now', async () => {
    hub.replies.set('GET drills', { status: 200, body: NO_DRILLS });
    const { page, close } = await desk.open('/drills', 360);
    await page.getByText('They rest now, because of the election on 2026-11-03.').waitFor();
    await page.getByText('No drill was missed.').waitFor();
    expect(await faultsInBothLooks(page, 'drills-empty-360')).toEqual([]);
    await close();
  });

  test('is told to a clerk as well, and not to somebody who may not read it', async () => {
    hub.me = clerkOf('29019');
    const { page, close } = await desk.open('/drills', 1280);
    expect(await page.getByRole('link', { name: 'Drills', exact: true }).count()).toBe(1);
    const { 'drills.read': _none, ...rights } = hub.me.rights;
    hub.me = { ...hub.me, rights };
    await page.reload();
    await page.getByRole('link', { name: 'Blocks', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Drills', exact: true }).count()).toBe(0);
    await close();
  });

  test('stands beside a source that we used, and on its contacts', async () => {
    const { page, close } = await desk.open('/sources/203.0.113.77', 1280);
    await page.getByText('We used this address for a drill of our own').waitFor();
    await page.goto(`${hub.origin}/contacts`);
    await page.getByText('our own drill 12').waitFor();
    await close();
  });
});
