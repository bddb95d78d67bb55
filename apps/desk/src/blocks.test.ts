/** Blocks and agents at the built desk, in Chromium: looked at, walked through and used. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DeskInBrowser,
  faultsAtBothWidths,
  faultsInBothLooks,
  HAS_CHROMIUM,
  walkByKeyboard,
} from './testing/browser.ts';
import { AGENTS_ANSWER, agentAt, agentRow, BLOCKS_CALM } from './testing/canned-blocks.ts';
import type { CannedHub } from './testing/canned-hub.ts';
import { ADMINISTRATOR, clerkOf } from './testing/me.ts';

const PAGES = [
  ['blocks', '/blocks'],
  ['agents', '/agents'],
] as const;

describe.skipIf(!HAS_CHROMIUM)('what is blocked and where', () => {
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

  test.each(PAGES)(
    '%s: no fault that axe finds in both looks, narrow and wide, and Tab reaches all that can be used, in order',
    async (name, path) => {
      const { page, complaints, close } = await desk.open(path, 360);
      expect(await faultsAtBothWidths(page, name)).toEqual([]);
      const { wanted, reached } = await walkByKeyboard(page);
      expect(wanted.length).toBeGreaterThan(5);
      expect(reached).toEqual(wanted);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  test('Blocks says first what is decided and enforced, and who is not heard stands first in the list', async () => {
    const { page, close } = await desk.open('/blocks', 1280);
    expect(await page.locator('.spoken__lead').textContent()).toBe(
      '412 blocks are decided. 112 of 115 computers enforce what they were told. Refused at offices: 2. Missing in a firewall: 1.',
    );
    const rows = page.getByRole('table', { name: 'Each computer' }).locator('tbody tr');
    expect(await rows.first().textContent()).toContain('Not heard');
    expect(await rows.count()).toBe(10);
    await page.getByRole('button', { name: 'Show all computers' }).click();
    expect(await rows.count()).toBe(116);
    await page.getByLabel('Find an office').fill('boone');
    expect(await rows.count()).toBe(1);
    const exceptions = page.getByRole('table', { name: 'Blocks that are not enforced' });
    expect(await exceptions.textContent()).toContain('The office said no.Their reason: our own scanner');
    await close();
  });

  test('a block is found by an address inside it, and undone with a reason, by keyboard', async () => {
    answer('POST blocks/3002/undo', {
      ...{ id: 3_002, value: '198.51.100.0/24', liftedAt: BLOCKS_CALM.at, told: 97 },
    });
    const { page, close } = await desk.open('/blocks', 360);
    await page.getByLabel('Find an address or a reason').fill('198.51.100.77');
    const undo = page.getByRole('button', { name: 'Undo: 198.51.100.0/24' });
    await undo.focus();
    await page.keyboard.press('Enter');
    await page.getByText('is let in again at every office').waitFor();
    await page.keyboard.type('It is the library.');
    expect(await faultsInBothLooks(page, 'blocks-undo-360')).toEqual([]);
    await page.getByRole('button', { name: 'Lift the block' }).click();
    await page.getByText('The block of 198.51.100.0/24 is lifted. 97 offices were told at once.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('is lifted.');
    expect(told('blocks/3002/undo')).toEqual({ why: 'It is the library.' });
    await close();
  });

  test('before there is anything to block, Blocks says so', async () => {
    answer('GET blocks', { ...BLOCKS_CALM, decided: 0, agents: [] });
    answer('GET decisions', { at: BLOCKS_CALM.at, decisions: [], total: 0 });
    const { page, close } = await desk.open('/blocks', 1280);
    await page.getByText('No office has a computer with our agent yet.').waitFor();
    expect(await page.locator('.spoken__lead').textContent()).toBe('Nothing is blocked now.');
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
    expect(await faultsInBothLooks(page, 'blocks-empty-1280')).toEqual([]);
    await close();
  });

  test('a clerk sees the computer of the office, and undoes nothing', async () => {
    hub.me = clerkOf('29019');
    answer('GET blocks', BLOCKS_CALM);
    const { page, close } = await desk.open('/blocks', 360);
    await page.getByText('1 of 1 computer enforces what it was told.').waitFor();
    expect(await page.getByText('203.0.113.66').count()).toBe(1);
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
    await close();
  });

  test('a code for a computer is made by keyboard, shown once with a word for each letter, and says when it was used', async () => {
    answer('POST agents/codes', {
      ...{ code: '7KM2V 0XQ9D TE4HB AR6Z3', hub: AGENTS_ANSWER.hub },
      until: new Date(Date.now() + 1_800_000).toISOString(),
    });
    const { page, complaints, close } = await desk.open('/agents', 360);
    await page.getByRole('button', { name: 'Make a code' }).click();
    expect(await page.getByRole('alert').allTextContents()).toEqual([
      'Choose the office first.',
      'Use letters and digits, with points and dashes between, 40 at most.',
    ]);
    await page.keyboard.type('Boone');
    await page.keyboard.press('Tab');
    await page.keyboard.type('web-1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Call Boone County now' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Call Boone County now');
    expect(told('agents/codes')).toEqual({ office: '29019', name: 'web-1' });
    expect(await page.locator('.spelled li').allTextContents()).toEqual([
      '7KM2V7 Kilo Mike 2 Victor',
      '0XQ9D0 X-ray Quebec 9 Delta',
      'TE4HBTango Echo 4 Hotel Bravo',
      'AR6Z3Alfa Romeo 6 Zulu 3',
    ]);
    await page
      .getByText('bellwether-agent enrol --hub hub.example.gov:8444 --code 7KM2V-0XQ9D-TE4HB-AR6Z3')
      .waitFor();
    expect(await faultsAtBothWidths(page, 'agent-code')).toEqual([]);
    const web = agentRow(agentAt('29019', 'Boone County', { agent: 1_000, name: 'web-1' }));
    answer('GET agents', { ...AGENTS_ANSWER, agents: [...AGENTS_ANSWER.agents, web] });
    await page.getByText('“web-1” of Boone County is in.').waitFor();
    expect(await page.locator('.spelled').count()).toBe(0);
    await page.getByRole('button', { name: 'Done: close this' }).click();
    expect(await page.getByText('“web-1” of Boone County is in.').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test('an agent is revoked with a reason, and the revoked stand apart', async () => {
    answer('POST agents/29019/revoke', AGENTS_ANSWER);
    const { page, close } = await desk.open('/agents', 1280);
    expect(await page.locator('.spoken__lead').textContent()).toBe(
      '114 of 116 agents were heard within three minutes.',
    );
    await page.getByLabel('Find an office').first().fill('boone');
    expect(await page.getByText('14 minutes behind').count()).toBe(1);
    await page.getByRole('button', { name: 'Revoke: firewall, Boone County' }).click();
    await page.keyboard.type('The computer was sold.');
    await page.getByRole('button', { name: 'Revoke the agent' }).click();
    await page.getByText('“firewall” of Boone County is revoked.').waitFor();
    expect(told('agents/29019/revoke')).toEqual({ why: 'The computer was sold.' });
    await page.getByText('Show those that were revoked').click();
    await page.getByText('The computer was taken away.').waitFor();
    expect(await faultsInBothLooks(page, 'agents-revoked-1280')).toEqual([]);
    await close();
  });

  test('where the hub lets no agents in, the page says what to do, and makes no code', async () => {
    answer('GET agents', { hub: null, agents: [] });
    const { page, close } = await desk.open('/agents', 360);
    await page.getByText('This hub lets no agents in.').waitFor();
    expect(await page.getByRole('button', { name: 'Make a code' }).count()).toBe(0);
    expect(await faultsInBothLooks(page, 'agents-off-360')).toEqual([]);
    await close();
  });

  test('a clerk sees the agent of the office, and neither lets one in nor revokes one', async () => {
    hub.me = clerkOf('29019');
    answer('GET blocks', BLOCKS_CALM);
    answer('GET agents', { ...AGENTS_ANSWER, agents: BLOCKS_CALM.agents.map((one) => agentRow(one)) });
    const { page, close } = await desk.open('/agents', 1280);
    await page.getByText('1 of 1 agent was heard within three minutes.').waitFor();
    expect(await page.getByRole('button', { name: /Make a code|Revoke/ }).count()).toBe(0);
    await close();
  });
});
