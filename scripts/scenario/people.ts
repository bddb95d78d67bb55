/**
 * People of a scenario, each with a browser and a device for passkeys of their own: Chromium and its virtual
 * authenticator (W3C Web Authentication, section 11), so that what is shown and what is asked is the real thing.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Outcome } from './assertions.ts';

/** Debian's; nothing is downloaded. */
const CHROMIUM = '/usr/bin/chromium';

/** How long a page may take to show something, ms: a hub that starts again is asked until it answers. */
const PATIENCE_MS = 60_000;

/** Pause between two looks at a page, ms. */
const PAUSE_MS = 100;

type Person = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What a page from disk asked the network for: nothing, or it is no page from disk. */
  readonly asked: string[];
};

/** Everybody who sits at a browser. */
export class People {
  readonly #people = new Map<string, Person>();
  #browser: Browser | undefined;

  /** Opens an address; whoever opens one for the first time gets a browser and a device. */
  async open(name: string, url: string): Promise<Outcome> {
    const { page } = this.#people.get(name) ?? (await this.#arrive(name));
    await page.goto(url, { timeout: PATIENCE_MS });
    return seen(page);
  }

  /**
   * Opens a file of this machine, as from a stick, in a browser without a network. What the page asks for beyond files is
   * told by the next line that looks at it.
   */
  async openFile(name: string, path: string): Promise<Outcome> {
    const person = this.#people.get(name) ?? (await this.#arrive(name));
    await person.context.setOffline(true);
    person.page.on('request', (request) => {
      if (!/^(?:file|blob|data):/.test(request.url())) person.asked.push(request.url());
    });
    await person.page.goto(`file://${path}`, { timeout: PATIENCE_MS });
    return this.#seen(name);
  }

  /** Hands files, or a folder, to the field that is called so. */
  async give(name: string, label: string, paths: readonly string[]): Promise<Outcome> {
    const field = this.#at(name).getByLabel(label, { exact: true }).first();
    await field.setInputFiles(paths.length === 1 ? (paths[0] as string) : [...paths], {
      timeout: PATIENCE_MS,
    });
    return this.#seen(name);
  }

  /** Presses the button, follows the link or ticks the box that is called so. */
  async click(name: string, text: string): Promise<Outcome> {
    const page = this.#at(name);
    const called = { name: text, exact: true } as const;
    await page
      .getByRole('button', called)
      .or(page.getByRole('link', called))
      .or(page.getByRole('radio', called))
      .or(page.getByRole('checkbox', called))
      // Where its name says more than one sees, or less: what one sees.
      .or(page.locator('label, button, a').getByText(text, { exact: true }))
      .first()
      .click({ timeout: PATIENCE_MS, force: true });
    return seen(page);
  }

  /** Types into the field that is called so, or chooses there. */
  async type(name: string, label: string, text: string): Promise<Outcome> {
    const page = this.#at(name);
    const field = page.getByLabel(label, { exact: true }).first();
    await field.waitFor({ timeout: PATIENCE_MS });
    const isChoice = (await field.evaluate((element) => element.tagName)) === 'SELECT';
    if (isChoice) await field.selectOption({ label: text });
    else await field.fill(text);
    return seen(page);
  }

  /** Waits until the page shows a text. */
  async see(name: string, text: string): Promise<Outcome> {
    const page = this.#at(name);
    try {
      await page.getByText(text).first().waitFor({ timeout: PATIENCE_MS });
    } catch {
      throw new Error(`${name} does not see it:\n${(await seen(page)).stdout}`);
    }
    return this.#seen(name);
  }

  /** What the page shows and a pattern finds, waited for: it may stand in several parts beside each other. */
  async read(name: string, pattern: string): Promise<string> {
    const page = this.#at(name);
    const wanted = new RegExp(pattern);
    for (const until = Date.now() + PATIENCE_MS; ; ) {
      const { stdout } = await seen(page);
      const found = wanted.exec(stdout);
      if (found !== null) return found[0];
      if (Date.now() > until) throw new Error(`${name} does not see it:\n${stdout}`);
      await sleep(PAUSE_MS);
    }
  }

  /** `METHOD PATH [< FILE]`, asked by the page itself: with its cookie, from its origin. */
  async ask(name: string, words: readonly string[], work: string): Promise<Outcome> {
    const page = this.#at(name);
    const redirect = words.indexOf('<');
    const [method = '', path = ''] = redirect < 0 ? words : words.slice(0, redirect);
    if (!path.startsWith('/')) throw new Error('it reads: ask NAME METHOD /PATH');
    const body = redirect < 0 ? null : readFileSync(resolve(work, words[redirect + 1] ?? ''), 'utf8');
    const { status, text } = await page.evaluate(
      async ([method, path, body]) => {
        const headers = body === null ? {} : { 'content-type': 'application/json' };
        const answer = await fetch(path!, {
          method: method!,
          headers,
          ...(body === null ? {} : { body: body! }),
        });
        return { status: answer.status, text: await answer.text() };
      },
      [method, path, body] as const,
    );
    return { exit: status < 400 ? 0 : status, stdout: text, stderr: '' };
  }

  /** Everybody goes home. */
  async leave(): Promise<void> {
    await this.#browser?.close();
  }

  async #arrive(name: string): Promise<Person> {
    this.#browser ??= await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const context = await this.#browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-US' });
    const page = await context.newPage();
    const device = await context.newCDPSession(page);
    await device.send('WebAuthn.enable');
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    const person: Person = { context, page, asked: [] };
    this.#people.set(name, person);
    return person;
  }

  async #seen(name: string): Promise<Outcome> {
    const [asked] = this.#people.get(name)?.asked ?? [];
    if (asked !== undefined) throw new Error(`the page of ${name} asked the network for ${asked}`);
    return seen(this.#at(name));
  }

  #at(name: string): Page {
    const person = this.#people.get(name);
    if (person === undefined) throw new Error(`${name} has opened no page`);
    return person.page;
  }
}

/** What the page shows now. */
async function seen(page: Page): Promise<Outcome> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is shown, without what is hidden or is script
  return { exit: 0, stdout: await page.innerText('body'), stderr: '' };
}
