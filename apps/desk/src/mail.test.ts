/** Mail at the built desk, in Chromium: looked at, walked through and used. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  faultsAtBothWidths,
  faultsInBothLooks,
  HAS_CHROMIUM,
  walkByKeyboard,
} from './testing/browser.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { CHECKED, KEPT, MAIL_ANSWER, PROTECTED } from './testing/canned-mail.ts';
import { ADMINISTRATOR, clerkOf } from './testing/me.ts';

describe.skipIf(!HAS_CHROMIUM)('mail', () => {
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

  test.each([
    ['/mail', 'mail'],
    ['/mail/kept/5', 'mail-kept'],
    ['/mail/campaigns/a1b2c3d4e5f6', 'mail-campaign'],
    ['/mail/check', 'mail-check'],
    ['/mail/protected', 'mail-protected'],
  ])(
    '%s has no fault that axe finds in both looks, narrow and wide, and Tab reaches all of it',
    async (path, name) => {
      const { page, complaints, close } = await desk.open(path, 360);
      expect(await faultsAtBothWidths(page, name)).toEqual([]);
      const { wanted, reached } = await walkByKeyboard(page);
      expect(wanted.length).toBeGreaterThan(3);
      expect(reached).toEqual(wanted);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  test('says of the week what became of it, and every line of the account adds up', async () => {
    const { page, close } = await desk.open('/mail', 1280);
    expect(await page.locator('.spoken__lead').textContent()).toBe(
      'Of 701 messages in seven days, 21 were held and 14 refused. 3 messages are held now.',
    );
    const rows = page.getByRole('table', { name: 'The account' }).locator('tbody tr');
    expect(await rows.count()).toBe(8);
    for (const row of await rows.all()) {
      const cells = (await row.locator('td').allTextContents()).map((text) =>
        Number(text.replaceAll(',', '')),
      );
      expect(cells[0]).toBe(cells.slice(1).reduce((sum, count) => sum + count, 0));
    }
    const hooks = page.getByRole('table', { name: 'Where mail is judged' }).locator('tbody tr');
    expect(await hooks.first().textContent()).toContain('before delivery');
    expect(await hooks.last().textContent()).toContain('at most 24 minutes');
    await close();
  });

  test('lets a held message go, with a reason, and tells why one could not go', async () => {
    answer('POST mail/kept/5/release', 200, { ...KEPT[0], state: 'releasing' });
    const { page, close } = await desk.open('/mail', 1280);
    const rows = page.getByRole('table', { name: 'Kept from people' }).locator('tbody tr');
    expect(await rows.count()).toBe(KEPT.length);
    expect(await rows.nth(2).textContent()).toContain('It could not be let go: Postfix does not hold it');
    expect(await rows.nth(3).textContent()).toContain('It lay in the mailbox for 24 minutes.');
    await page.getByRole('button', { name: 'Let it go: Invoice 4405' }).click();
    await page.getByRole('button', { name: 'Let the message go' }).click();
    expect(hub.told.some(({ path }) => path.endsWith('/release'))).toBe(false);
    await page.getByLabel('Why is it fine?').fill('I called them, we ordered it.');
    await page.getByRole('button', { name: 'Let the message go' }).click();
    await page.getByText('The message is on its way. We learn from it.').waitFor();
    expect(told('mail/kept/5/release')).toEqual({ why: 'I called them, we ordered it.' });
    await close();
  });

  test('shows a message as words, its links as text that nobody can follow, and its files as pictures', async () => {
    answer('GET mail/kept/5/parts/2', 422, {
      code: 'MAIL_PART_NOT_SHOWN',
      message: 'This file cannot be shown safely.',
      help: 'Ask who sent it.',
    });
    const { page, complaints, close } = await desk.open('/mail/kept/5', 1280);
    await page.getByText('your invoice is overdue').waitFor();
    expect(await page.getByText('leads to poll-pads-pay.example').count()).toBe(1);
    expect(await page.locator('a[href*="poll-pads"]').count()).toBe(0);
    await page.getByRole('button', { name: /^Show it safely: invoice\.pdf/ }).click();
    await page.getByRole('img', { name: 'Page 1 of 1' }).waitFor();
    expect(await page.getByText('There is more than is shown.').count()).toBe(1);
    await page.getByRole('button', { name: /^Show it safely: A file without a name/ }).click();
    await page.getByText('Ask who sent it.').waitFor();
    expect(await faultsInBothLooks(page, 'mail-kept-shown')).toEqual([]);
    expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
    await close();
  });

  test('answers a report that waits', async () => {
    answer('POST mail/reports/2/answer', 204, null);
    const { page, close } = await desk.open('/mail', 1280);
    await page.getByRole('button', { name: 'It was fraud: New bank account' }).click();
    await page.getByRole('button', { name: 'Say that it was fraud' }).click();
    await page.getByText('Thank you. It is written down, and we learn from it.').waitFor();
    expect(told('mail/reports/2/answer')).toEqual({ is: 'bad' });
    await close();
  });

  test('takes a link of which somebody warned, with who warned, and says what the hub does not take', async () => {
    answer('POST mail/indicators', 422, {
      code: 'MAIL_INDICATOR_WRONG',
      message: 'Mail cannot be known by this.',
      detail: 'a link',
      help: 'Give a whole link with its path.',
    });
    const { page, close } = await desk.open('/mail', 360);
    const button = page.getByRole('button', { name: 'Hold it and move it' });
    await button.click();
    expect(await page.getByRole('alert').allTextContents()).toEqual([
      'Enter the link, or the SHA-256.',
      'Enter who warned you.',
    ]);
    const [what, why] = ['The link, or the SHA-256 of the file', 'Who warned you, and of what'].map((name) =>
      page.getByRole('textbox', { name }),
    );
    await what!.fill('https://evil.example/');
    await why!.fill('The vendor, of a false invoice.');
    await button.click();
    await page.getByText('Mail cannot be known by this.').waitFor();
    answer('POST mail/indicators', 204, null);
    await what!.fill(` ${'AB'.repeat(32)} `);
    await button.click();
    await page.getByText('It is held from now on.').waitFor();
    expect(told('mail/indicators')).toEqual({
      ...{ kind: 'file', value: 'AB'.repeat(32), why: 'The vendor, of a false invoice.' },
    });
    await close();
  });

  test('checks a message that somebody pastes, or chooses as a file', async () => {
    answer('POST mail/check', 200, CHECKED);
    const { page, close } = await desk.open('/mail/check', 360);
    const button = page.getByRole('button', { name: 'Check it' });
    await button.click();
    expect(await page.getByRole('alert').allTextContents()).toEqual(['Paste a message, or choose its file.']);
    await page.getByRole('textbox', { name: 'The message' }).fill('From: a@b.example\n\nhello');
    await button.click();
    await page.getByText('We would hold it. Do not click on anything in it.').waitFor();
    expect(await page.getByText('3 offices got the same, and it was kept from them.').count()).toBe(1);
    expect(told('mail/check')).toEqual({ message: 'From: a@b.example\n\nhello', as: 'text' });
    expect(await faultsInBothLooks(page, 'mail-checked-360')).toEqual([]);
    const bytes = Buffer.from([0x46, 0x3a, 0x20, 0xff, 0x0d, 0x0a]);
    await page
      .getByLabel('Or its file (.eml)')
      .setInputFiles({ name: 'a.eml', mimeType: 'message/rfc822', buffer: bytes });
    await button.click();
    await expect.poll(() => told('mail/check')).toEqual({ message: bytes.toString('base64'), as: 'base64' });
    await close();
  });

  test('keeps a list of the protected that the hub does not take, and saves one that it takes', async () => {
    answer('PUT mail/protected', 422, {
      code: 'MAIL_LIST_WRONG',
      message: 'The list cannot be read.',
      detail: 'line 2: no such key',
      help: 'The list stays as it was.',
    });
    const { page, close } = await desk.open('/mail/protected', 1280);
    const area = page.getByLabel('The list (YAML)');
    await area.fill('own: state\nwrong: 1\n');
    await page.getByRole('button', { name: 'Save the list' }).click();
    await page.getByText('The list stays as it was.').waitFor();
    expect(await area.inputValue()).toBe('own: state\nwrong: 1\n');
    answer('PUT mail/protected', 200, { ...PROTECTED, version: 4, yaml: 'own: state\noffices: []\n' });
    await area.fill('own: state\noffices: []\n');
    await page.getByRole('button', { name: 'Save the list' }).click();
    await expect
      .poll(() => told('mail/protected'))
      .toEqual({ yaml: 'own: state\noffices: []\n', version: 3 });
    await close();
  });

  test('tells a clerk what was kept from them and how to report, and not the list of the state', async () => {
    hub.me = clerkOf('29019');
    answer('GET mail', 200, {
      ...MAIL_ANSWER,
      ...{ counts: { ...MAIL_ANSWER.counts, held: 2, blocked: 1 }, campaigns: [], reports: [] },
    });
    const { page, close } = await desk.open('/mail', 360);
    expect(await page.locator('.spoken__lead').textContent()).toBe(
      '3 messages were kept from you. Below is why. If one of them is fine, let it go.',
    );
    await page.getByText('Forward it as an attachment').waitFor();
    expect(await page.getByRole('link', { name: 'Whom attackers pretend to be' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Let it go/ }).count()).toBe(3);
    expect(await faultsInBothLooks(page, 'mail-clerk-360')).toEqual([]);
    await close();
  });
});
