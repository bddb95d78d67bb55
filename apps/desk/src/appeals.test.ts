/** Appeals at the built desk, in Chromium: looked at, walked through and used. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  faultsAtBothWidths,
  faultsInBothLooks,
  HAS_CHROMIUM,
  walkByKeyboard,
} from './testing/browser.ts';
import { APPEALS_ANSWER } from './testing/canned-blocks.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { ADMINISTRATOR, clerkOf } from './testing/me.ts';

describe.skipIf(!HAS_CHROMIUM)('voters who ask to be let in', () => {
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

  const answer = (key: string, status: number, body: unknown) => hub.replies.set(key, { status, body });
  const told = (path: string) => hub.told.filter((one) => one.path === `/api/v1/${path}`).at(-1)?.body;

  test('are on a page without a fault that axe finds in both looks, narrow and wide, and Tab reaches all of it', async () => {
    const { page, complaints, close } = await desk.open('/appeals', 360);
    expect(await faultsAtBothWidths(page, 'appeals')).toEqual([]);
    const { wanted, reached } = await walkByKeyboard(page);
    expect(wanted.length).toBeGreaterThan(5);
    expect(reached).toEqual(wanted);
    expect(complaints).toEqual([]);
    await close();
  });

  test('are let in by the digits that they read out, by keyboard, and what came of it is said in plain words', async () => {
    const network = '192.0.2.9';
    answer('POST appeals', 200, { outcome: 'let-in', network, until: '2096-01-31T12:00:00.000Z' });
    const { page, close } = await desk.open('/appeals', 360);
    const button = page.getByRole('button', { name: 'Let the caller in' });
    await button.click();
    expect(await page.getByRole('alert').allTextContents()).toEqual([
      'Type the digits first: 12 of them, or 22.',
    ]);
    await page.keyboard.type('3221 2259 9330');
    await page.keyboard.press('Enter');
    await page.getByText(`${network} is let in. Tell the caller to wait a minute`).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('is let in.');
    expect(told('appeals')).toEqual({ code: '3221 2259 9330' });
    expect(await faultsInBothLooks(page, 'appeals-in-360')).toEqual([]);

    for (const [outcome, says] of [
      ['already', 'within the last day already'],
      ['not-held', 'Nothing is held against'],
      ['too-many', 'Call the state office'],
    ] as const) {
      answer('POST appeals', 200, { outcome, network, until: null });
      await page.getByLabel('The digits').fill('322122599330');
      await button.click();
      await page.getByRole('status').getByText(says).waitFor();
    }
    answer('POST appeals', 422, {
      code: 'BLOCKS_APPEAL_CODE',
      message: 'This is no code of a page that turned somebody away.',
      help: 'Let the caller read it again.',
    });
    await page.getByLabel('The digits').fill('322122599331');
    await button.click();
    await page.getByText('Let the caller read it again.').waitFor();
    expect(await page.getByLabel('The digits').inputValue()).toBe('322122599331');
    await close();
  });

  test('are listed with what was held against them, and who is no voter is shut out again', async () => {
    answer('POST appeals/4/end', 204, null);
    const { page, close } = await desk.open('/appeals', 1280);
    const rows = page.getByRole('table', { name: 'Who was let in' }).locator('tbody tr');
    expect(await rows.count()).toBe(APPEALS_ANSWER.appeals.length);
    expect(await rows.first().textContent()).toContain('Reached for 40 things that nobody offers.');
    expect(await rows.last().textContent()).toContain('A person ended it.');
    expect(await page.getByRole('button', { name: /^End it/ }).count()).toBe(2);
    await page.getByRole('button', { name: 'End it: 192.0.2.77' }).click();
    await page.getByRole('button', { name: 'Shut it out again' }).click();
    await page.getByText('192.0.2.77 is not let in any more.').waitFor();
    expect(told('appeals/4/end')).toEqual({});
    await close();
  });

  test('a clerk lets callers in, and is shown nobody’s address', async () => {
    hub.me = clerkOf('29019');
    answer('GET appeals', 200, { ...APPEALS_ANSWER, appeals: [] });
    const { page, close } = await desk.open('/appeals', 1280);
    await page.getByText('Addresses of voters are shown to the state office alone.').waitFor();
    expect(await page.locator('.spoken__lead').textContent()).toContain('3 people asked to be let in');
    expect(await page.getByRole('button', { name: 'Let the caller in' }).count()).toBe(1);
    expect(await page.getByRole('table').count()).toBe(0);
    await close();
  });
});
