/** `bellwether mail` as a person types it: what is printed, and the exit code. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { mailCommand } from './mail.ts';

const folder = mkdtempSync(join(tmpdir(), 'bw-mail-command-'));
const LURE = join(folder, 'lure.eml');
const PLAIN = join(folder, 'plain.eml');
writeFileSync(
  LURE,
  [
    'From: Help Desk <it@portal-share.example>',
    'To: clerk@office.example',
    'Subject: Password expires today',
    'Content-Type: text/html',
    '',
    '<p>Verify your account now.</p><form action="https://portal-share.example/x"><input type="password" name="p"></form>',
  ].join('\r\n'),
);
writeFileSync(
  PLAIN,
  'From: Pat <pat@vendor.example>\r\nTo: clerk@office.example\r\nSubject: Delivery\r\n\r\nThe boxes come on Thursday.\r\n',
);

afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it with nothing learned and no DNS. */
async function run(...args: string[]): Promise<{ exit: number; out: string; trouble: string }> {
  let [out, trouble] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    trouble += String(text);
    return true;
  });
  return { exit: await mailCommand(args), out, trouble };
}

const check = (...args: string[]) => run('check', '--offline', '--data', folder, ...args);

describe('bellwether mail check', () => {
  it('ends with 3 where anything is held, and says why on a line of JSON', async () => {
    const { exit, out } = await check('--json', LURE, PLAIN);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exit).toBe(3);
    expect(rows).toHaveLength(2);
    const lure = rows.find(({ path }) => path === LURE);
    expect(lure).toMatchObject({ decision: 'hold', campaign: null, auth: { spf: 'none', arc: 'none' } });
    expect(lure.score).toBeGreaterThanOrEqual(0.5);
    expect(lure.reasons).toContainEqual({
      code: 'form-asks-password',
      text: 'The message itself asks for a password.',
    });
    expect(Object.keys(lure)).toEqual(['path', 'decision', 'score', 'auth', 'reasons', 'campaign', 'ms']);
    expect(rows.find(({ path }) => path === PLAIN)).toMatchObject({ decision: 'deliver' });
  });

  it('ends with 0 where all is delivered, in words', async () => {
    const { exit, out } = await check(PLAIN);
    expect([exit, out.startsWith(`deliver ${PLAIN}\n`)]).toEqual([0, true]);
  });

  it('reads mailboxes and folders, in the order in which messages came', async () => {
    const message = (day: number) =>
      `From a@b.example\nFrom: a@b.example\nDate: ${day} Nov 2026 10:00:00 +0000\nSubject: ${day}\n\nhello\n\n`;
    const mailbox = join(folder, 'inbox.mbox');
    writeFileSync(mailbox, message(3) + message(1) + message(2));
    const { out } = await check('--json', mailbox);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).path),
    ).toEqual([`${mailbox}#2`, `${mailbox}#3`, `${mailbox}#1`]);
  });

  it.each([
    [['check'], 2, 'no file is named'],
    [['check', '--colour', 'x'], 2, '--colour'],
    [['check', '--offline', join(folder, 'nothing.eml')], 1, 'MAIL_FILE_MISSING'],
    [['check', '--offline', '--office', join(folder, 'lure.eml'), PLAIN], 1, 'MAIL_OFFICE_UNREADABLE'],
    [['check', '--zone', PLAIN, PLAIN], 1, 'MAIL_ZONE_WRONG'],
    [['learn'], 2, 'no folder is named'],
    [['learn', '--until', 'then', folder], 2, '--until takes a month'],
    [['learn', '--without-made-up', '--data', folder, folder], 1, 'MAIL_NOTHING_TO_LEARN'],
    [['eval'], 2, 'no list is named'],
    [['eval', '--data', folder, PLAIN], 1, 'MAIL_MANIFEST_WRONG'],
    [['milter', '--listen', 'somewhere'], 2, '--listen takes'],
    [['milter', '--listen', 'inet:127.0.0.1:0'], 2, 'one of --office and --offices'],
    [['sell'], 2, 'there is no "sell" here'],
  ])('says what is wrong: %j', async (args, exit, words) => {
    const told = await run(...args);
    expect([told.exit, told.trouble]).toEqual([exit, expect.stringContaining(words)]);
  });
});
