/** *Check my registration* as it is built, in Chromium, over a log with a roll: used as a voter uses it, and looked at. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typedReceipt } from '@bellwether/rolls';
import { makeWholeRoll, PUBLISHED, type WholeRoll } from '@bellwether/verifier/whole-roll';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSite } from './testing/served-site.ts';

/** Debian's; without it, no test of the page runs. */
const CHROMIUM = '/usr/bin/chromium';
const AXE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PICTURES = new URL('../../../.build/site/', import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), 'bellwether-site-'));
let browser: Browser;
let served: { origin: string; asked: string[]; server: Server };
let made: WholeRoll;
let page: Page;
const complaints: string[] = [];

describe.runIf(existsSync(CHROMIUM))('a voter checks a registration', () => {
  beforeAll(async () => {
    made = await makeWholeRoll(folder);
    served = await serveSite(made.log);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage({
      viewport: { width: 360, height: 800 },
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    // An hour after the log was published.
    await page.clock.setFixedTime(PUBLISHED + 3_600_000);
    await page.goto(`${served.origin}/public/check/`);
    await page.getByLabel('The letters on your receipt').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    served?.server.closeAllConnections();
    served?.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function faults(name: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [width, look] of [
      [360, 'light'],
      [1280, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: look });
      if ((process.env.BELLWETHER_PICTURES ?? '') !== '')
        await page.screenshot({ path: `${PICTURES}${name}-${width}-${look}.png`, fullPage: true });
      await page.evaluate(axe.source);
      const options: axe.RunOptions = { resultTypes: ['violations'], runOnly: { type: 'tag', values: AXE } };
      const { violations }: axe.AxeResults = await page.evaluate(`axe.run(${JSON.stringify(options)})`);
      found.push(
        ...violations.map(({ id, nodes }) => `${look} ${width}: ${id}: ${nodes[0]?.html.slice(0, 120)}`),
      );
      if ((await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')) === true)
        found.push(`wider than ${width} px`);
    }
    return found;
  }

  const answers = () => page.locator('.answer__tag').allTextContents();
  const check = async () => {
    await page.getByRole('button', { name: 'Check my registration' }).click();
    await page.getByRole('heading', { name: 'Answers' }).waitFor();
  };

  it('is told all three with yes, and asks the server for a bucket and a poll book only', async () => {
    await page.getByLabel('The letters on your receipt').fill(typedReceipt(made.receipt));
    await page.getByLabel('First name').fill(' ada ');
    await page.getByLabel('Last name').fill('Smith');
    await page.getByLabel('Where you vote').selectOption('29001/7');
    served.asked.length = 0;
    await check();
    expect(await answers()).toEqual(['Yes', 'Yes', 'Yes']);
    expect(await page.getByText('with 4 voters, and says the same').count()).toBe(1);
    expect(served.asked.filter((path) => !/^(?:checkpoint|tile\/|state\/[0-9a-f]{64}$)/.test(path))).toEqual(
      [],
    );
    expect(await faults('yes')).toEqual([]);
  });

  it('is told no where the poll book has nobody of that number, and what to do', async () => {
    await page.getByLabel('Where you vote').selectOption('29001/8');
    await check();
    expect(await answers()).toEqual(['Yes', 'Yes', 'No']);
    expect(await page.getByText('ask for a provisional ballot').count()).toBe(1);
  });

  it('is told no where the card says something else, and the poll book is not asked', async () => {
    await page.getByLabel('Last name').fill('Smyth');
    served.asked.length = 0;
    await check();
    expect(await answers()).toEqual(['No', 'Yes', 'Not answered']);
    expect(await faults('no')).toEqual([]);
  });

  it('is told which line of a receipt was mistyped', async () => {
    const [first, ...more] = typedReceipt(made.receipt).split('\n');
    const wrong = `${first!.startsWith('7') ? '8' : '7'}${first!.slice(1)}`;
    await page.getByLabel('The letters on your receipt').fill([wrong, ...more].join('\n'));
    await page.getByRole('button', { name: 'Check my registration' }).click();
    await page.getByRole('heading', { name: 'The receipt cannot be read.' }).waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('line 1');
  });

  it('opens a receipt from a file, and reads as well in Spanish', async () => {
    const file = join(folder, 'receipt');
    writeFileSync(file, made.receipt);
    await page.setInputFiles('#receipt-file', file);
    await page.getByLabel('Last name').fill('Smith');
    await page.getByRole('button', { name: 'Español' }).click();
    await page.getByRole('button', { name: 'Comprobar mi inscripción' }).click();
    await page.getByRole('heading', { name: 'Respuestas' }).waitFor();
    expect(await answers()).toEqual(['Sí', 'Sí', 'No']);
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    await page.getByRole('button', { name: 'English' }).click();
  });

  it('is led through by keyboard', async () => {
    await page.reload();
    await page.getByLabel('The letters on your receipt').waitFor();
    const stops: string[] = [];
    for (let step = 0; step < 10; step++) {
      await page.keyboard.press('Tab');
      stops.push(
        String(await page.evaluate('document.activeElement.id || document.activeElement.textContent')),
      );
    }
    expect(stops).toEqual([
      ...['English', 'Español', 'letters', 'receipt-file', 'field-0', 'field-1', 'place'],
      ...['Check my registration', 'Save the offline checker', 'SHA256SUMS'],
    ]);
    expect(complaints).toEqual([]);
  });

  it('is told no where no quorum signed within the last day, whatever the server shows', async () => {
    await page.clock.setFixedTime(PUBLISHED + 30 * 3_600_000);
    await page.getByLabel('The letters on your receipt').fill(typedReceipt(made.receipt));
    await check();
    expect(await answers()).toEqual(['Not answered', 'No', 'Not answered']);
  });

  it('is told no where witnesses signed lately, and no night was sealed', async () => {
    await made.maker.publish(BigInt(PUBLISHED / 1_000 + 29 * 3_600));
    await check();
    expect(await answers()).toEqual(['Not answered', 'No', 'Not answered']);
    expect(await page.getByText('the last night that was sealed is that of').count()).toBe(1);
  });
});
