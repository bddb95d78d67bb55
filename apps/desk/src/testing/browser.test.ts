/** What tests of pages look with has to see: a page of the desk is broken in each way that they look for. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  faultsInBothLooks,
  faultsOf,
  HAS_CHROMIUM,
  settled,
  walkByKeyboard,
} from './browser.ts';

describe.skipIf(!HAS_CHROMIUM)('a look at a page', () => {
  let desk: DeskInBrowser;

  beforeAll(async () => {
    desk = await DeskInBrowser.start();
  });

  afterAll(() => desk.close());

  /** Adds to the style sheets, which the policy for content allows to a script only. */
  async function dress(page: Page, css: string): Promise<void> {
    await page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets.push(sheet);
    }, css);
  }

  test.each([
    ['dark', 'h1 { color: #333 }', 'color-contrast'],
    ['light', 'h1 { color: #eee }', 'color-contrast'],
    ['dark', 'main { min-width: 500px }', 'wider than the screen'],
    ['light', 'main { min-width: 500px }', 'wider than the screen'],
  ])('sees what is wrong in the %s look only: %s', async (look, rule, fault) => {
    const { page, close } = await desk.open('/offices/11111', 360);
    await dress(page, `html[data-look=${look}] { ${rule} }`);
    expect(await faultsInBothLooks(page, 'broken')).toEqual([expect.stringContaining(`${look}: ${fault}`)]);
    await close();
  });

  test('sees a button without a name', async () => {
    const { page, close } = await desk.open('/offices/11111', 360);
    await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
    expect(await faultsOf(page)).toEqual([expect.stringContaining('button-name')]);
    await close();
  });

  test('sees what Tab reaches out of order, and what it does not reach', async () => {
    const { page, close } = await desk.open('/offices/11111', 1280);
    const offices = page.getByRole('link', { name: 'Offices', exact: true });
    await offices.evaluate((link) => link.setAttribute('tabindex', '1'));
    const moved = await walkByKeyboard(page);
    expect(moved.reached).not.toEqual(moved.wanted);
    expect(moved.reached.toSorted()).toEqual(moved.wanted.toSorted());
    await page.reload();
    await settled(page);
    await offices.evaluate((link) => link.addEventListener('focus', () => (link as HTMLElement).blur()));
    const missed = await walkByKeyboard(page);
    expect(missed.reached).not.toEqual(missed.wanted);
    await close();
  });
});
