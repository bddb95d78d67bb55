/**
 * The built desk in Chromium, before a canned hub: what tests of pages are done with. It is built once for all test files,
 * and again only when a source changed. Pictures are taken where BELLWETHER_PICTURES is set: no test reads them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { CannedHub } from './canned-hub.ts';

/** Debian's; without it, no test of pages runs. */
const CHROMIUM = '/usr/bin/chromium';
export const HAS_CHROMIUM = existsSync(CHROMIUM);

const ROOT = new URL('../../../../', import.meta.url).pathname;
const PICTURES = join(ROOT, '.build/desk');

/** Pictures of whole pages cost a tenth of the time, and are for people who changed a page. */
const TAKES_PICTURES = (process.env.BELLWETHER_PICTURES ?? '') !== '';

const HEIGHT = 900;
/** A telephone, then a desktop. */
const WIDTHS = [360, 1280] as const;

const AXE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules of those tags that read colors: all that a second look at the same page can break. */
const AXE_COLORS = ['color-contrast', 'link-in-text-block'];

/** Stops of Tab inside fields, beyond one for each: two moments with a date, a time and a picture to choose by. */
const PARTS_OF_FIELDS = 16;

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

export type Look = 'light' | 'dark';

/** A page that was opened, and what the browser complained of since. */
export type Opened = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
  close(): Promise<void>;
};

export class DeskInBrowser {
  readonly hub: CannedHub;
  readonly #browser: Browser;
  readonly #context: BrowserContext;

  constructor(hub: CannedHub, browser: Browser, context: BrowserContext) {
    this.hub = hub;
    this.#browser = browser;
    this.#context = context;
  }

  /** Builds the desk unless that is done, and starts both. */
  static async start(): Promise<DeskInBrowser> {
    const build = join(ROOT, 'scripts/desk/build-desk.mjs');
    const built = execFileSync(process.execPath, [build], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const hub = await CannedHub.start(built.trim(), ROOT);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    // One for all pages: what it keeps of the desk's own files makes the second opening cheaper than the first.
    const context = await browser.newContext({
      reducedMotion: 'reduce',
      locale: 'en-US',
      timezoneId: 'America/Chicago',
    });
    return new DeskInBrowser(hub, browser, context);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.hub.close();
  }

  /** Opens a page that remembers nothing of those before it, and waits until it stands. */
  async open(path: string, width: number, look: Look = 'light'): Promise<Opened> {
    const page = await this.#context.newPage();
    await page.setViewportSize({ width, height: HEIGHT });
    await page.emulateMedia({ colorScheme: look });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(this.hub.origin + path);
    await settled(page);
    const close = async () => {
      await page.evaluate(() => localStorage.clear());
      await page.close();
    };
    return { page, context: this.#context, complaints, close };
  }
}

/** Waits until a page has its title, its answers and its letters. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  // Parts of a page may load side by side.
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await page.evaluate(() => document.fonts.ready);
}

/** Takes a picture, for people to look at, where they asked for it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (TAKES_PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** What axe finds on a page, and whether something is cut off or pushes it wider than the screen. */
export function faultsOf(page: Page): Promise<readonly string[]> {
  return faultsBy(page, { type: 'tag', values: AXE });
}

/**
 * The same in both looks of a page that was opened light, with a picture of each. The second look changes colors only, so
 * there only what can depend on them is looked at again: contrast, links told by color, and the width.
 */
export async function faultsInBothLooks(page: Page, name: string): Promise<readonly string[]> {
  await picture(page, `${name}-light`);
  const light = await faultsOf(page);
  await wear(page, 'dark');
  await picture(page, `${name}-dark`);
  const dark = await faultsBy(page, { type: 'rule', values: AXE_COLORS });
  await wear(page, 'light');
  return [...light.map((fault) => `light: ${fault}`), ...dark.map((fault) => `dark: ${fault}`)];
}

/**
 * The same on a narrow screen and then on a wide one, as which the page is left. Opening it for each takes as long as looking at
 * it twice.
 */
export async function faultsAtBothWidths(page: Page, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    found.push(
      ...(await faultsInBothLooks(page, `${name}-${width}`)).map((fault) => `${width} px: ${fault}`),
    );
  }
  return found;
}

async function wear(page: Page, look: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: look });
  await page.locator(`html[data-look=${look}]`).waitFor();
}

async function faultsBy(page: Page, runOnly: axe.RunOnly): Promise<readonly string[]> {
  // Once for a page: axe is half a megabyte, and reading it takes as long as a look.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (only) => {
    const found = await window.axe.run({ resultTypes: ['violations'], runOnly: only });
    return found.violations.map(({ id, nodes }) => ({
      id,
      html: nodes.map((node) => node.html.slice(0, 160)),
    }));
  }, runOnly);
  const found = violations.map(({ id, html }) => `${id}: ${html.join(' | ')}`);
  const [width, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  return (width ?? 0) > (screen ?? 0) ? [...found, `wider than the screen: ${width} px`] : found;
}

/** What can be used on a page in the order of its text, and what Tab reaches in the order in which it does. */
export async function walkByKeyboard(
  page: Page,
): Promise<{ wanted: readonly string[]; reached: readonly string[] }> {
  const wanted = await page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement | SVGElement>(
      'a[href], button, input, select, textarea, summary, [tabindex]',
    );
    const usable = [...all].filter((element) => {
      // Radio buttons of a group are one stop: the chosen one, or the first.
      if (element instanceof HTMLInputElement && element.type === 'radio') {
        const group = document.querySelectorAll<HTMLInputElement>(
          `input[type=radio][name="${CSS.escape(element.name)}"]`,
        );
        if (element !== ([...group].find(({ checked }) => checked) ?? group[0])) return false;
      }
      return element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility();
    });
    return usable.map((element, index) => {
      element.dataset.order = `${index} ${element.tagName} ${element.textContent?.slice(0, 40)}`;
      return element.dataset.order;
    });
  });
  // The page writes down each stop itself: asking it after each Tab takes longer than the Tab.
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    document.body.focus();
    const stops: string[] = [];
    Object.assign(window, { stops });
    document.addEventListener('keyup', ({ key }) => {
      if (key !== 'Tab') return;
      stops.push((document.activeElement as HTMLElement | null)?.dataset.order ?? 'nothing');
    });
  });
  const stops = () => page.evaluate(() => (window as unknown as { stops: string[] }).stops);
  for (let presses = 0; presses < wanted.length; presses++) await page.keyboard.press('Tab');
  // A field for a moment has parts of its own: Tab stops in it more than once.
  let reached = new Set(await stops());
  for (let more = 0; more < PARTS_OF_FIELDS && reached.size < wanted.length; more++) {
    await page.keyboard.press('Tab');
    reached = new Set(await stops());
  }
  return { wanted, reached: [...reached] };
}

/** A device with passkeys, made by the browser itself (W3C Web Authentication, level 3, section 11). */
export type Device = {
  /** Whether its owner does what it asks, or turns away. */
  verifies(does: boolean): Promise<void>;
  /** Puts a passkey of this hub on it. */
  addPasskey(): Promise<void>;
};

/** Gives the page a device that has no passkey yet. */
export async function deviceOf({ context, page }: Opened): Promise<Device> {
  const session: CDPSession = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    verifies: async (does) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: does });
    },
    addPasskey: async () => {
      const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
        'sign',
      ]);
      await session.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: {
          credentialId: Buffer.from('passkey-of-pat-1').toString('base64'),
          isResidentCredential: true,
          rpId: 'localhost',
          privateKey: Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64'),
          userHandle: Buffer.from('p-1').toString('base64'),
          signCount: 1,
        },
      });
    },
  };
}
