import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typedReceipt } from '@bellwether/rolls';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOfTests } from './testing/folder.ts';
import { faultsOfPage, HAS_CHROMIUM, openPage, startBrowser } from './testing/page-in-browser.ts';
import { makeWholeRoll, type WholeRoll } from './testing/whole-roll.ts';

const folder = folderOfTests();
const AT = '2026-06-04 09:00';
let browser: Browser;
let made: WholeRoll;

describe.runIf(HAS_CHROMIUM)('the page from disk, without a network', () => {
  beforeAll(async () => {
    [browser, made] = await Promise.all([startBrowser(), makeWholeRoll(folder)]);
  });
  afterAll(() => browser?.close());

  async function ready(width: number, look: 'light' | 'dark', locale?: string) {
    const opened = await openPage(browser, width, look, locale);
    const { page } = opened;
    await page.setInputFiles('#policy', made.policy);
    await page.locator('summary').first().click();
    await page.fill('#at', AT);
    await page.setInputFiles('#log', made.log);
    return opened;
  }

  it('replays a log, and proves a proof, statements and a typed receipt', async () => {
    const { page, context, complaints } = await ready(1280, 'light');
    await page.click('#replay');
    await page.getByText('The whole log holds.').waitFor();
    await page.setInputFiles('#files', [made.proof, made.night, made.witness, join(made.log, 'checkpoint')]);
    for (const said of [
      'Entry 0 is in the log.',
      'This statement was published, to the letter.',
      'adair-county stated this.',
      'This checkpoint holds.',
    ]) {
      await page.getByRole('heading', { name: said }).waitFor();
    }
    await page.fill('#letters', typedReceipt(made.receipt));
    await page.fill('#fields', 'name.first: Ada\nname.last: Smith');
    await page.click('#check-typed');
    await page.getByText('Your record is in the roll, just as you have it.').waitFor();
    expect(await faultsOfPage(page, 'answers-light')).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says no to a checkpoint that was changed, and what to do, in Spanish too', async () => {
    const wrong = join(folder, 'wrong');
    const text = await made.maker.publish(1n);
    writeFileSync(wrong, text);
    const { page, context, complaints } = await ready(360, 'dark', 'es-MX');
    await page.setInputFiles('#files', wrong);
    await page.getByText('Lo que firmaron suficientes testigos es demasiado viejo.').waitFor();
    expect(await faultsOfPage(page, 'no-dark-narrow')).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('What enough witnesses signed is too old.').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('leads through all that can be done by keyboard', async () => {
    const { page, context } = await openPage(browser, 360);
    const stops: string[] = [];
    for (let step = 0; step < 14; step++) {
      await page.keyboard.press('Tab');
      stops.push(String(await page.evaluate('document.activeElement.id || document.activeElement.tagName')));
    }
    const expected = [
      'policy',
      'SUMMARY',
      'log',
      'last',
      'replay',
      'files',
      'SUMMARY',
      'letters',
      'fields',
      'check-typed',
    ];
    expect(stops.filter((stop) => stop !== 'BUTTON' && stop !== 'BODY').slice(0, expected.length)).toEqual(
      expected,
    );
    await context.close();
  });
});
