/** Rolls, sheets, witnesses and the log at the built desk, in Chromium: looked at, walked through and used. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  deviceOf,
  faultsAtBothWidths,
  faultsInBothLooks,
  faultsOf,
  HAS_CHROMIUM,
  picture,
  walkByKeyboard,
} from './testing/browser.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { NO_ROLLS, ROLLS_QUIET, SHEET, sheetAnswer } from './testing/canned-rolls.ts';
import { ADMINISTRATOR, clerkOf } from './testing/me.ts';

const SHEET_PAGE = `/sheets/29019/${SHEET.day}/1`;
const SHEET_PATH = `rolls/sheets/29019/${SHEET.day}/1`;

const PAGES = [
  ['rolls', '/rolls'],
  ['night', '/rolls/40'],
  ['sheets', '/sheets'],
  ['sheet', SHEET_PAGE],
  ['witnesses', '/evidence'],
  ['log', '/evidence/log'],
] as const;

const PASSKEY = Buffer.from('passkey-of-pat-1').toString('base64url');
const CHALLENGE = Buffer.from('claim of this sheet').toString('base64url');

describe.skipIf(!HAS_CHROMIUM)('the roll and its evidence', () => {
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

  const answer = (key: string, body: unknown) => hub.replies.set(key, { status: 200, body });
  const told = (path: string) => hub.told.filter((one) => one.path === `/api/v1/${path}`).at(-1)?.body;
  const sit = () => {
    hub.me = clerkOf('29019');
  };
  /** Opens the sheet of Boone as its clerk, at the four words. */
  const atWords = async (width: number) => {
    sit();
    const opened = await desk.open(SHEET_PAGE, width);
    await opened.page.getByRole('button', { name: 'Next page of changes' }).click();
    await opened.page.getByRole('button', { name: 'I have looked: compare the words' }).click();
    await opened.page.getByRole('list', { name: 'The four words' }).waitFor();
    return opened;
  };

  test.each(PAGES)(
    '%s: no fault that axe finds in both looks, narrow and wide, and Tab reaches all that can be used, in order',
    async (name, path) => {
      if (name.startsWith('sheet')) sit();
      const { page, complaints, close } = await desk.open(path, 360);
      expect(await faultsAtBothWidths(page, name)).toEqual([]);
      const { wanted, reached } = await walkByKeyboard(page);
      expect(wanted.length).toBeGreaterThan(5);
      expect(reached).toEqual(wanted);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  test('before a genesis, Rolls says how to make one', async () => {
    answer('GET rolls', NO_ROLLS);
    const { page, close } = await desk.open('/rolls', 1280);
    await page.getByText('There is no roll yet').waitFor();
    expect(await page.locator('pre').textContent()).toBe('bellwether rolls genesis');
    expect(await faultsInBothLooks(page, 'rolls-empty-1280')).toEqual([]);
    await close();
  });

  test('a quiet night says so, and what was not checked stands there all the same', async () => {
    answer('GET rolls', ROLLS_QUIET);
    const { page, close } = await desk.open('/rolls', 360);
    await page.getByText('No difference was found among 4,312,907 registrations.').waitFor();
    const text = await page.locator('main').textContent();
    expect(text).toContain('The rows of 77 of 116 offices were not recomputed');
    expect(text?.match(/made and undone between two readings/g)).toHaveLength(1);
    await close();
  });

  test('lists that differ stand first, with their rows on demand and the entry where they were sealed', async () => {
    const { page, close } = await desk.open('/rolls', 1280);
    const table = page.getByRole('table', { name: 'Poll books and public lists' });
    const rows = await table.locator('tbody tr').allTextContents();
    expect(rows).toEqual([
      expect.stringMatching(/ROCK BRIDGE 3.*118 voters are missing; 1 row differs.*No: it differs/),
      expect.stringMatching(
        /KIDDER.*1 row has no registration.*Entry 20852101, although it differs: cancelled/,
      ),
      expect.stringMatching(/Public list, Caldwell County.*Nothing.*Entry 20852163/),
    ]);
    const summary = page.locator('summary', { hasText: 'Rows that differ: Poll book, Boone County' });
    await summary.click();
    const named = page.getByRole('table', { name: 'Rows that differ: Poll book, Boone County' });
    expect(await named.locator('tbody tr').last().textContent()).toContain('100482500It is not on the list');
    expect(await page.locator('details[open] .panel__intro').textContent()).toContain('117 more rows');
    expect(await faultsInBothLooks(page, 'rolls-extracts-1280')).toEqual([]);
    await close();
  });

  test('a night names what was changed and changed back, and by whom where the vendor tells', async () => {
    const { page, close } = await desk.open('/rolls/40', 360);
    const rows = page.getByRole('table', { name: 'Changed and changed back' }).locator('tbody tr');
    expect(await rows.first().textContent()).toContain('jdoe, DESK-14; vendor-support');
    expect(await rows.last().textContent()).toMatch(/Caldwell County.*All of it.*Not told/);
    await close();
  });

  test('a rule that was broken, as a witness says, stands before all else', async () => {
    const { page, close } = await desk.open('/evidence', 1280);
    expect(await page.locator('.spoken__lead').first().textContent()).toContain(
      'A rule was broken, says university.example.edu.',
    );
    expect(await page.locator('tbody tr').first().textContent()).toContain('It refuses entry 20850001.');
    await close();
  });

  test('all offices are shown when they are asked for', async () => {
    const { page, close } = await desk.open('/rolls', 1280);
    await page.getByText('10 of 116 offices.').waitFor();
    await page.getByRole('button', { name: 'Show all offices' }).click();
    const rows = page.getByRole('table', { name: 'Offices' }).locator('tbody tr');
    expect(await rows.count()).toBe(116);
    expect(await rows.first().textContent()).toContain('Boone County');
    await close();
  });

  test('a clerk finds the open sheet first on Today', async () => {
    sit();
    const { page, close } = await desk.open('/', 360);
    await page.getByRole('heading', { name: 'First thing to do' }).waitFor();
    expect(await page.locator('main h2').first().textContent()).toBe('First thing to do');
    expect(await faultsInBothLooks(page, 'clerk-first-360')).toEqual([]);
    await page.getByRole('link', { name: 'Look at the sheet, and sign it' }).click();
    await page.waitForURL(`**${SHEET_PAGE}`);
    await close();
  });

  test('who signs no sheets is not asked to', async () => {
    const { page, close } = await desk.open(SHEET_PAGE, 1280);
    await page.getByRole('button', { name: 'Next page of changes' }).click();
    await page.getByRole('button', { name: 'I have looked: compare the words' }).click();
    await page.getByText('Only people of the office sign it.').waitFor();
    expect(await page.getByRole('button', { name: /sign with my passkey/ }).count()).toBe(0);
    await close();
  });

  test('a change is refused with a reason, and the words that follow are new', async () => {
    sit();
    const { page, close } = await desk.open(SHEET_PAGE, 360);
    await page.getByLabel('Not ours: refuse it').first().check();
    await page.getByRole('button', { name: 'Refuse what I marked' }).click();
    await page.getByText('Say in a few words why.').waitFor();
    await page.keyboard.type('Nobody here was at work then.');
    expect(await faultsInBothLooks(page, 'sheet-refuse-360')).toEqual([]);
    const { changes, ...rest } = sheetAnswer(1);
    const left = { ...SHEET, changes: 42 };
    answer(`GET ${SHEET_PATH}`, {
      ...{ ...rest, sheet: left, words: ['silver', 'meadow', 'ticket', 'oyster'], pages: 1 },
      changes: changes.map((one, index) => (index === 0 ? { ...one, refused: true } : one)),
    });
    answer(`POST ${SHEET_PATH}/refusals`, left);
    await page.getByRole('button', { name: 'Refuse what I marked' }).click();
    await page.getByText('1 change is refused.').waitFor();
    await page.getByText('You refused this one.').waitFor();
    expect(told(`${SHEET_PATH}/refusals`)).toEqual({
      records: ['100482200'],
      why: 'Nobody here was at work then.',
    });
    await page.getByRole('button', { name: 'I have looked: compare the words' }).click();
    expect(await page.locator('.panel .code-words li').allTextContents()).toEqual([
      ...['silver', 'meadow', 'ticket', 'oyster'],
    ]);
    await close();
  });

  /** The sheet of Boone before anybody looked, with something planted on it; and what the hub tells once they have. */
  const withTest = (noticed: boolean | null) => {
    const { changes, ...rest } = sheetAnswer(1);
    const planted = {
      ...changes[1]!,
      ...{ recordId: '100482977', name: 'Young, Karen', odd: [], refused: noticed === true },
    };
    const all = [changes[0]!, planted, ...changes.slice(1)];
    answer(`GET ${SHEET_PATH}`, { ...rest, changes: all, words: [], root: '', pages: 1 });
    answer(`POST ${SHEET_PATH}/looked`, { noticed });
    const test = noticed === null ? null : { recordId: planted.recordId, name: planted.name };
    return () => answer(`GET ${SHEET_PATH}`, { ...rest, changes, test, pages: 1 });
  };

  test('a planted change is told after the list and before the words, and is gone then', async () => {
    sit();
    const take = withTest(false);
    const { page, close } = await desk.open(SHEET_PAGE, 360);
    await page.getByRole('heading', { name: 'Young, Karen' }).waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Call-back word').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
    take();
    await page.getByRole('button', { name: 'I have looked: compare the words' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'One of these was a test' }).waitFor();
    await page.getByText('made up by the state office: Young, Karen, number 100482977').waitFor();
    expect(await page.locator('.panel .code-words').count()).toBe(0);
    expect(await faultsAtBothWidths(page, 'sheet-told')).toEqual([]);
    await page.getByRole('button', { name: 'Look at the list again' }).click();
    await page.getByText('One change on this sheet was a test from the state office').waitFor();
    expect(await page.getByRole('heading', { name: 'Young, Karen' }).count()).toBe(0);
    expect(await faultsInBothLooks(page, 'sheet-told-list-1280')).toEqual([]);
    await page.getByRole('button', { name: 'I have looked: compare the words' }).click();
    expect(await page.locator('.panel .code-words li').allTextContents()).toEqual(sheetAnswer(1).words);
    await close();
  });

  test('who refused the planted change is thanked, and goes on by keyboard', async () => {
    sit();
    const take = withTest(true);
    const { page, close } = await desk.open(SHEET_PAGE, 1280);
    await page.getByText('You refused this one.').waitFor();
    take();
    await page.getByRole('button', { name: 'I have looked: compare the words' }).click();
    await page.getByRole('heading', { name: 'You noticed the test' }).waitFor();
    await picture(page, 'sheet-noticed-1280-light');
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('.panel .code-words li').allTextContents()).toEqual(sheetAnswer(1).words);
    await close();
  });

  test('a sheet without a planted change goes the same way, to the words at once', async () => {
    sit();
    const take = withTest(null);
    const { page, close } = await desk.open(SHEET_PAGE, 360);
    await page.getByRole('heading', { name: 'Young, Karen' }).waitFor();
    take();
    await page.getByRole('button', { name: 'I have looked: compare the words' }).click();
    await page.locator('.panel .code-words li').first().waitFor();
    expect(told(`${SHEET_PATH}/looked`)).toEqual({});
    expect(await page.getByText('was a test').count()).toBe(0);
    await close();
  });

  test('who only reads a sheet is not asked whether they have looked', async () => {
    withTest(null);
    const { page, close } = await desk.open(SHEET_PAGE, 1280);
    await page.getByText('The office looks at the list first.').waitFor();
    expect(await page.getByRole('button', { name: /I have looked/ }).count()).toBe(0);
    await close();
  });

  test('the state sees how many planted changes were noticed, and what that says', async () => {
    const { page, close } = await desk.open('/rolls', 360);
    await page.getByText('Of 41 planted changes 38 were noticed.').waitFor();
    await page.getByText('between 80 % and 99 % of wrong changes').waitFor();
    await close();
    answer('GET rolls', { ...ROLLS_QUIET, planted: null });
    const without = await desk.open('/rolls', 1280);
    await without.page
      .getByText('Everything that this hub can check')
      .or(without.page.getByText('What was not checked'))
      .first()
      .waitFor();
    expect(await without.page.getByText('Are sheets read?').count()).toBe(0);
    await without.close();
  });

  test('the four words, and what to do where they differ', async () => {
    const { page, close } = await atWords(360);
    expect(await faultsAtBothWidths(page, 'sheet-words')).toEqual([]);
    await page.getByRole('button', { name: 'They differ' }).click();
    await page.getByRole('heading', { name: 'Do not sign' }).waitFor();
    expect(await page.getByRole('button', { name: /sign with my passkey/ }).count()).toBe(0);
    await picture(page, 'sheet-differ-1280-light');
    expect(await faultsOf(page)).toEqual([]);
    await close();
  });

  test('a sheet is signed with the passkey, by keyboard', async () => {
    const { words } = sheetAnswer(1);
    answer(`POST ${SHEET_PATH}/signing`, {
      challenge: CHALLENGE,
      site: 'localhost',
      passkeys: [PASSKEY],
      words,
    });
    answer(`POST ${SHEET_PATH}/signature`, { ...SHEET, state: 'signed', signatures: 1, doneAt: SHEET.until });
    const opened = await atWords(1280);
    const { page, close } = opened;
    await (await deviceOf(opened)).addPasskey();
    await page.getByRole('button', { name: /sign with my passkey/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Signed. The changes of Boone County are in the log now').waitFor();
    const sent = told(`${SHEET_PATH}/signature`) as Record<string, string>;
    expect(sent).toMatchObject({ root: sheetAnswer(1).root, passkey: PASSKEY });
    const client = JSON.parse(Buffer.from(sent.clientData ?? '', 'base64url').toString());
    expect(client).toMatchObject({ type: 'webauthn.get', challenge: CHALLENGE, origin: hub.origin });
    expect(Object.keys(sent).sort()).toEqual([
      ...['authenticatorData', 'clientData', 'passkey', 'root', 'signature'],
    ]);
    await picture(page, 'sheet-signed-1280-light');
    expect(await faultsOf(page)).toEqual([]);
    await close();
  });

  test('words that changed since they were shown are not signed', async () => {
    answer(`POST ${SHEET_PATH}/signing`, {
      ...{ challenge: CHALLENGE, site: 'localhost', passkeys: [PASSKEY] },
      words: ['other', 'words', 'than', 'these'],
    });
    const before = hub.told.length;
    const { page, close } = await atWords(1280);
    await page.getByRole('button', { name: /sign with my passkey/ }).click();
    await page.getByText('The sheet changed while you looked at it.').waitFor();
    expect(hub.told.slice(before).map(({ path }) => path)).not.toContain(`/api/v1/${SHEET_PATH}/signature`);
    await picture(page, 'sheet-changed-1280-light');
    await close();
  });

  test('a passkey that may not sign yet is announced', async () => {
    const { words } = sheetAnswer(1);
    answer(`POST ${SHEET_PATH}/signing`, { challenge: CHALLENGE, site: 'localhost', passkeys: [], words });
    answer('GET own', {
      ...{ sessions: [], recoveryCodesLeft: 7 },
      passkeys: [
        {
          id: PASSKEY,
          name: 'Office computer',
          site: 'localhost',
          backedUp: false,
          added: SHEET.until,
          used: null,
        },
      ],
    });
    answer('POST rolls/signers', { key: 'k-1', countsFrom: SHEET.until });
    const { page, close } = await atWords(360);
    await page.getByRole('button', { name: /sign with my passkey/ }).click();
    await page.getByRole('button', { name: /Announce it/ }).waitFor();
    expect(await faultsInBothLooks(page, 'sheet-signer-360')).toEqual([]);
    await page.getByRole('button', { name: /Announce it/ }).click();
    await page.getByText('It is announced. It may sign from').waitFor();
    expect(told('rolls/signers')).toEqual({ office: '29019', passkey: PASSKEY });
    await close();
  });

  test('a sheet is saved with all its pages and without the words, and printed with lines to sign on', async () => {
    const { page, close } = await atWords(1280);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save this sheet, to check its words elsewhere' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe(`sheet-29019-${SHEET.day}-1.json`);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    const file = JSON.parse(Buffer.concat(parts).toString());
    expect(file.changes).toHaveLength(sheetAnswer(1).changes.length + sheetAnswer(2).changes.length);
    expect(file).not.toHaveProperty('words');
    expect(file).toMatchObject({ schema: 'bellwether/sheet-shown@1', batch: 7 });
    expect(file.changes[0].sealed.kind).toBe('changed');
    await page.getByText('Drop it on the offline page').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Call-back word').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'They differ' }).isVisible()).toBe(false);
    await picture(page, 'sheet-print-1280');
    await close();
  });

  test('a proof is saved by the number of its entry, and a number that is none is told', async () => {
    answer('GET evidence/proof/20852162', 'a proof');
    const { page, close } = await desk.open('/evidence/log', 360);
    await page.getByLabel('Number of the entry').fill('20,852,163');
    await page.keyboard.press('Enter');
    await page.getByText('Give a whole number from 0 to 20852162.').waitFor();
    await page.getByLabel('Number of the entry').fill('20,852,162');
    const saved = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await saved).suggestedFilename()).toBe('entry-20852162.tlog-proof');
    await page.getByText('The proof is saved.').waitFor();
    await close();
  });
});
