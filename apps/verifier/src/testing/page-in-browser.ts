/** The page from disk in Chromium, without a network: what its tests are done with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { DIST } from './folder.ts';

/** Debian's; without it, no test of the page runs. */
const CHROMIUM = '/usr/bin/chromium';
export const HAS_CHROMIUM = existsSync(CHROMIUM);

const PICTURES = new URL('../../../../.build/verifier/', import.meta.url).pathname;
const AXE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The page, and what the browser complained of. */
export type OpenedPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
};

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** Opens the page from disk. */
export async function openPage(
  browser: Browser,
  width: number,
  colorScheme: 'light' | 'dark' = 'light',
  locale = 'en-US',
): Promise<OpenedPage> {
  const file = join(DIST, 'bellwether-verify.html');
  if (!existsSync(file)) throw new Error('the verifier is not built: run `npm run build`');
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    locale,
    offline: true,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^(?:file|blob):/.test(request.url())) complaints.push(`it asked for ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  await page.locator('h1').waitFor();
  return { page, context, complaints };
}

/** What axe finds, and whether the page is wider than the screen; with a picture where BELLWETHER_PICTURES is set. */
export async function faultsOfPage(page: Page, name: string): Promise<readonly string[]> {
  if ((process.env.BELLWETHER_PICTURES ?? '') !== '')
    await page.screenshot({ path: `${PICTURES}${name}.png`, fullPage: true });
  await page.evaluate(axe.source);
  const asked: axe.RunOptions = { resultTypes: ['violations'], runOnly: { type: 'tag', values: AXE } };
  const found: axe.AxeResults = await page.evaluate(`axe.run(${JSON.stringify(asked)})`);
  const faults = found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
  const isTooWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
  return isTooWide === true ? [...faults, 'it is wider than the screen'] : faults;
}
