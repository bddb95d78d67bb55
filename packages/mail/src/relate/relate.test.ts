import { describe, expect, it } from 'vitest';
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { Identified } from '../identify/identified.ts';
import { readMessage } from '../read/read-message.ts';
import { FAN_OUT_WINDOW, Past, type PastMessage } from './past.ts';
import { relationQuestion, relationSignals } from './relate.ts';

const AT = Date.UTC(2026, 9, 18, 15);
const OFFICE = '29019';

type Sent = {
  readonly from?: string;
  readonly office?: string;
  readonly at?: number;
  readonly header?: readonly string[];
  readonly prints?: readonly string[];
  readonly vouched?: boolean;
  readonly toPublic?: boolean;
};

/** What is noticed of a message, and the question that was asked for it. */
async function noticed(past: Past, sent: Sent) {
  const { from = 'pat@vendor.example', office = OFFICE, at = AT, prints = [], vouched = true } = sent;
  const raw = [`From: ${from}`, ...(sent.header ?? []), '', 'text'].join('\r\n');
  const message = readMessage(Buffer.from(raw)).okOrThrow();
  const organisation = from.split('@')[1]!;
  const identified = {
    address: from,
    domain: organisation,
    organisation,
    is: null,
    isFreemail: false,
  } as Partial<Identified> as Identified;
  const auth = { author: vouched ? organisation : null } as Authenticated;
  const question = relationQuestion({ office, at }, message, identified, prints);
  const signals = relationSignals(
    await past.relate(question),
    message,
    identified,
    auth,
    sent.toPublic ?? false,
  );
  return { question, codes: signals.map(({ code }) => code), signals };
}

const received = (more: Partial<PastMessage>): PastMessage => ({
  office: OFFICE,
  at: AT - 86_400_000,
  sender: 'pat@vendor.example',
  domain: 'vendor.example',
  recipients: ['clerk@office.example'],
  recipientDomains: ['office.example'],
  messageId: 'old@vendor.example',
  prints: [],
  isOwn: false,
  ...more,
});
const own = (more: Partial<PastMessage>): PastMessage =>
  received({
    sender: 'clerk@office.example',
    domain: 'office.example',
    recipients: ['pat@vendor.example'],
    recipientDomains: ['vendor.example'],
    messageId: 'ours@office.example',
    isOwn: true,
    ...more,
  });

describe('a sender', () => {
  it('is new until somebody there has written, and that is no matter at a public mailbox', async () => {
    const past = new Past();
    expect((await noticed(past, {})).codes).toEqual(['first-contact']);
    expect((await noticed(past, { toPublic: true })).codes).toEqual([]);
    past.note(received({ sender: 'other@vendor.example' }));
    expect((await noticed(past, {})).codes).toEqual(['first-from-address']);
    past.note(received({}));
    expect((await noticed(past, {})).codes).toEqual([]);
    expect((await noticed(past, { office: '29021' })).codes).toEqual(['first-contact']);
  });

  it('is a correspondent where the office wrote to them, and the message is really theirs', async () => {
    const past = new Past();
    past.note(own({ messageId: null }));
    expect((await noticed(past, {})).codes).toEqual(['correspondent']);
    expect((await noticed(past, { vouched: false })).codes).toEqual([]);
    past.know(OFFICE, ['kim@agency.example']);
    expect((await noticed(past, { from: 'kim@agency.example' })).codes).toEqual(['correspondent']);
  });
});

describe('a thread', () => {
  const answer = {
    header: ['In-Reply-To: <ours@office.example>', 'References: <a@x> <ours@office.example>'],
  };

  it('of ours is answered by whom we wrote to', async () => {
    const past = new Past();
    past.note(own({}));
    expect((await noticed(past, answer)).codes).toEqual(['correspondent', 'answers-ours']);
  });

  it('of ours is hijacked from one domain beside it', async () => {
    const past = new Past();
    past.note(own({}));
    const { signals } = await noticed(past, { ...answer, from: 'pat@vend0r.example' });
    expect(signals).toEqual([
      { code: 'first-contact', values: { domain: 'vend0r.example' } },
      { code: 'thread-from-elsewhere', values: { domain: 'vend0r.example', expected: 'vendor.example' } },
    ]);
  });

  it('that nobody knows is made up, but not on a list; an answer to nothing is told', async () => {
    const past = new Past();
    past.note(received({}));
    // Whoever never saw what the office sends cannot say what it did not send.
    expect((await noticed(past, answer)).codes).toEqual([]);
    past.note(own({ office: '29001', messageId: 'another@office.example' }));
    expect((await noticed(past, answer)).codes).toEqual(['thread-made-up']);
    const onList = { header: [...answer.header, 'List-Id: <clerks.example>'] };
    expect((await noticed(past, onList)).codes).toEqual([]);
    expect((await noticed(past, { header: ['Subject: RE: your invoice'] })).codes).toEqual([
      'subject-answers-nothing',
    ]);
    const known = { header: ['In-Reply-To: <old@vendor.example>', 'Subject: RE: x'] };
    expect((await noticed(past, known)).codes).toEqual([]);
  });

  it('of ours is not replaced by somebody who repeats its id', async () => {
    const past = new Past();
    past.note(own({}));
    past.note(
      received({ sender: 'x@evil.example', domain: 'evil.example', messageId: 'ours@office.example' }),
    );
    expect((await noticed(past, { ...answer, from: 'x@evil.example' })).codes).toEqual([
      'thread-from-elsewhere',
    ]);
  });
});

describe('one lure at several offices', () => {
  it('is told from the second other office on, by its sender or by what it carries, within the hour', async () => {
    const past = new Past();
    past.note(received({ messageId: null }));
    for (const office of ['29001', '29003'])
      past.note(received({ office, at: AT - 60_000, prints: ['link:1'], messageId: null }));
    expect((await noticed(past, {})).codes).toEqual(['many-offices']);
    const other = { from: 'pat@other.example', toPublic: true };
    expect((await noticed(past, { ...other, prints: ['link:2', 'link:1'] })).codes).toEqual(['many-offices']);
    expect((await noticed(past, { ...other, prints: ['link:2'] })).codes).toEqual([]);
    expect((await noticed(past, { at: AT + FAN_OUT_WINDOW })).codes).toEqual([]);
    expect((await noticed(past, { office: '29001' })).codes).toEqual([]);
  });

  it('belongs to a campaign by any of its prints', async () => {
    const past = new Past();
    past.name('C-7', ['file:abc']);
    const { signals } = await noticed(past, { prints: ['link:9', 'file:abc'], toPublic: true });
    expect(signals).toEqual([{ code: 'known-campaign', values: { campaign: 'C-7' } }]);
  });
});

describe('a memory that is full', () => {
  it('forgets the oldest first, and never grows', async () => {
    const past = new Past(100);
    past.note(received({}));
    for (let at = 0; at < 500; at++)
      past.note(received({ sender: `s${at}@many.example`, domain: 'many.example' }));
    expect((await noticed(past, {})).codes).toEqual(['first-contact']);
    expect((await noticed(past, { from: 's499@many.example' })).codes).toEqual([]);
  });
});
