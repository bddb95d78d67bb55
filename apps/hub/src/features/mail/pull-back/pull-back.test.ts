/** Pull-back on a real Dovecot: 115 mailboxes, a lure in different words in each, its benign twin, and other mail around them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { campaignMessage, compileList } from '@bellwether/mail';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOBODY } from '../ground.ts';
import { MASTER, PASSWORD, type TestDovecot, testDovecot } from '../mailboxes/dovecot.fixture.ts';
import { imapMailboxes } from '../mailboxes/imap-mailboxes.ts';
import { HOLD_FOLDER, type Mailboxes } from '../mailboxes/mailbox-types.ts';
import { type PullGround, pullBack, releaseCampaign } from './pull-back.ts';
import { type PullEntry, PullJournal } from './pull-journal.ts';

const DAY = 86_400_000;
const VENDOR = 'poll-pads.example';
const clerks = Array.from({ length: 115 }, (_, at) => `clerk@county${at}.example`);

let dovecot: TestDovecot;
let mailboxes: Mailboxes;
let folder: string;
let told: string[];
let entries: { readonly entry: PullEntry; readonly exposed: number }[];
let owners: Map<string, string>;

/** The same page behind other words: a lure as it is sent to many. */
const lure = (to: string, at: number, from = `it-help@account-mail${at % 7}.example`): string =>
  [
    `From: Help desk <${from}>`,
    `To: ${to}`,
    `Subject: ${['Your password ends today', 'Mailbox full', 'New sign-in from abroad'][at % 3]}`,
    `Message-ID: <lure-${at}@account-mail.example>`,
    'Content-Type: text/html; charset=utf-8',
    '',
    `<p>${['Dear clerk', 'Hello', 'To whom it concerns'][at % 3]}, ${'keep your account '.repeat((at % 4) + 1)}</p>`,
    `<p><a href="https://keep.account-portal.example/owa/signin?u=${at}">Confirm now</a></p>`,
    '',
  ].join('\r\n');

const invoice = (to: string, at: number): string =>
  [
    `From: Billing <billing@${VENDOR}>`,
    `To: ${to}`,
    `Subject: Invoice ${at}`,
    `Message-ID: <invoice-${at}@${VENDOR}>`,
    '',
    `Your invoice ${at} for the poll pads is at https://portal.${VENDOR}/invoices/2026 as each month. Thank you for your trust.`,
    '',
  ].join('\r\n');

/** A vendor that warns of the lure, and names its address. */
const warning = (to: string): string =>
  [
    `From: Security <security@${VENDOR}>`,
    `To: ${to}`,
    'Subject: Beware of a lure',
    `Message-ID: <warning@${VENDOR}>`,
    '',
    'Do not open https://keep.account-portal.example/owa/signin - it takes passwords.',
    '',
  ].join('\r\n');

const knowing = compileList({
  ...NOBODY,
  organisations: [{ name: 'Poll Pads', kind: 'vendor', domains: [VENDOR], words: [] }],
});

beforeAll(async () => {
  dovecot = await testDovecot({ users: clerks });
  await dovecot.start();
  for (const [at, clerk] of clerks.entries()) {
    for (let k = 0; k < 4; k++) dovecot.deliver(clerk, invoice(clerk, 10 * at + k));
    dovecot.deliver(clerk, lure(clerk, at));
  }
  dovecot.deliver(clerks[0]!, warning(clerks[0]!));
  dovecot.deliver(clerks[1]!, lure(clerks[1]!, 900), Date.now() - 100 * DAY);
}, 300_000);

afterAll(() => dovecot.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pull-back-'));
  told = [];
  entries = [];
  owners = new Map();
  mailboxes = imapMailboxes({
    ...{ host: '127.0.0.1', port: dovecot.port, tls: 'none' },
    user: (mailbox) => ({
      user: `${mailbox}*${MASTER}`,
      pass: mailbox.startsWith('nobody@') ? 'wrong' : PASSWORD,
    }),
    limits: { pause: 20 },
  });
  return () => {
    mailboxes.close();
    rmSync(folder, { recursive: true });
  };
});

function ground(more: Partial<PullGround> = {}): PullGround {
  return {
    mailboxes,
    offices: clerks.map((clerk, at) => ({ office: String(at), mailboxes: [clerk], isVetoed: false })),
    knowing,
    journal: new PullJournal(join(folder, 'pulls.ndjson')),
    perHour: 1_000,
    lookBack: 90 * DAY,
    tellOwner: async (mailbox, text) => void owners.set(mailbox, text),
    told: (what) => void told.push(what),
    onEntry: (entry, exposed) => void entries.push({ entry, exposed }),
    now: Date.now,
    ...more,
  };
}

const cause = { campaign: 'a1b2c3', by: 'clerk@county3.example', why: 'It asks for your password.' };
const reported = async () =>
  (await campaignMessage(Buffer.from(lure('clerk@county3.example', 3)), knowing)).okOrThrow();

const subjectsIn = (clerk: string, where: string): string[] =>
  dovecot
    .messages(clerk)
    .filter((message) => message.folder === where)
    .map(({ text }) => /^Subject: (.*)\r?$/m.exec(text)![1]!)
    .sort();

describe('one report', () => {
  it('is pulled back from 115 mailboxes and nothing else is, and goes back in one step', async () => {
    const result = await pullBack(await reported(), cause, ground());
    expect(entries.map(({ entry }) => entry.held.message.mailbox).sort()).toEqual([...clerks].sort());
    expect(entries.every(({ exposed }) => exposed > 0 && exposed < 90 * 86_400)).toBe(true);
    expect(result).toMatchObject({
      ...{ held: 115, mailboxes: 115, offices: 115, failed: [], vetoed: 0, beyond: 0 },
      // The vendor's warning has the same address in it.
      spared: 1,
    });
    expect(told).toEqual([]);
    for (const [at, clerk] of clerks.entries()) {
      expect(subjectsIn(clerk, HOLD_FOLDER)).toHaveLength(1);
      expect(subjectsIn(clerk, 'INBOX')).toHaveLength(4 + (at < 2 ? 1 : 0));
    }
    expect(subjectsIn(clerks[0]!, 'INBOX')).toContain('Beware of a lure');
    expect(owners.size).toBe(115);
    expect(owners.get(clerks[1]!)).toBe(
      `“Mailbox full” was moved out of your mail into the folder “${HOLD_FOLDER}”, where you can read it: It asks for your password.`,
    );

    // Again: it is held already. Another process knows what the first one did.
    expect(await pullBack(await reported(), cause, ground())).toMatchObject({ held: 0, failed: [] });
    const later = ground();
    expect(later.journal.standing('a1b2c3')).toHaveLength(115);
    const undone = { ...cause, by: 'the state', why: 'it was our own drill' };
    expect(await releaseCampaign(undone, later)).toEqual({ released: 115, failed: [] });
    for (const clerk of clerks) expect(subjectsIn(clerk, HOLD_FOLDER)).toEqual([]);
    expect(new PullJournal(join(folder, 'pulls.ndjson')).standing('a1b2c3')).toEqual([]);
  }, 120_000);

  it('moves no more than may move within an hour, and nothing of an office that said no', async () => {
    const offices = clerks.slice(0, 20).map((clerk, at) => {
      return { office: String(at), mailboxes: [clerk], isVetoed: at < 5 };
    });
    const result = await pullBack(await reported(), cause, ground({ offices, perHour: 10 }));
    expect(result).toMatchObject({ held: 10, vetoed: 5, beyond: 5 });
    const inAll = clerks.flatMap((clerk) => subjectsIn(clerk, HOLD_FOLDER));
    expect(inAll).toHaveLength(10);
    for (const clerk of clerks.slice(0, 5)) expect(subjectsIn(clerk, HOLD_FOLDER)).toEqual([]);
    await releaseCampaign(cause, ground({ offices }));
  }, 120_000);

  it('goes on with the others where a mailbox cannot be opened', async () => {
    const offices = [{ office: 'x', mailboxes: ['nobody@nowhere.example', clerks[7]!], isVetoed: false }];
    const result = await pullBack(await reported(), cause, ground({ offices }));
    expect(result).toMatchObject({ held: 1, failed: ['nobody@nowhere.example'] });
    expect(told.join()).toContain('nobody@nowhere.example');
    await releaseCampaign(cause, ground({ offices }));
  }, 120_000);
});

describe('the journal', () => {
  it('is read again to its last whole line', async () => {
    const path = join(folder, 'pulls.ndjson');
    const journal = new PullJournal(path);
    const id = {
      mailbox: 'a',
      folder: 'INBOX',
      uidValidity: '1',
      uid: '1',
      messageId: 'x',
      size: 1,
      sha256: 's',
    };
    const entry = {
      ...cause,
      ...{
        act: 'hold' as const,
        at: 1,
        office: '1',
        subject: 's',
        held: { message: id, from: 'INBOX', flags: [] },
      },
    };
    journal.add(entry);
    const { truncateSync, statSync } = await import('node:fs');
    journal.add({ ...entry, campaign: 'b' });
    truncateSync(path, statSync(path).size - 5);
    const again = new PullJournal(path);
    expect(again.standing('a1b2c3')).toHaveLength(1);
    expect(again.standing('b')).toHaveLength(0);
    again.add({ ...entry, campaign: 'c' });
    expect(new PullJournal(path).standing('c')).toHaveLength(1);
  });
});
