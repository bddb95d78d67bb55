import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_LIMITS, answerLimit } from './answer-limit.ts';
import { attachedMessages, MOST_ATTACHED } from './attached.ts';
import { inlineForward } from './inline-forward.ts';
import { type MailReport, reportOf, type Standing } from './report-of.ts';

const OWN = new Set(['report@office.example']);
const BAD = 'From: "County Clerk" <clerk@c0unty.example>\r\nSubject: Ballots\r\n\r\nClick here.\r\n';

function lines(...all: readonly string[]): string {
  return `${all.join('\r\n')}\r\n`;
}

function reportIn(message: string, isCut = false): MailReport {
  return reportOf(Buffer.from(message, 'latin1'), isCut, 7, OWN)!.report;
}

function standing(...header: readonly string[]): Standing | undefined {
  return reportOf(Buffer.from(lines(...header, '', 'Hello.')), false, 7, OWN)?.standing;
}

function multipart(parts: readonly string[], type = 'mixed'): string {
  return [
    'From: Pat <pat@office.example>\r\nMessage-ID: <1@office.example>\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n',
    `Content-Type: multipart/${type};\r\n boundary="=_b"\r\n\r\nFor old programs.\r\n`,
    ...parts.map((part) => `--=_b\r\n${part}\r\n`),
    '--=_b--\r\nAfterwards.\r\n',
  ].join('');
}

describe('a message that is attached', () => {
  const words = 'Content-Type: text/plain\r\n\r\nIs this real?';

  it('is given byte for byte, with who reports it and what they say', () => {
    const report = reportIn(multipart([words, `Content-Type: message/rfc822\r\n\r\n${BAD}`]));

    expect(report).toMatchObject({ reporter: 'pat@office.example', isReporterProven: false, at: 7 });
    expect(report.words).toBe('Is this real?');
    expect(report.reported).toMatchObject([{ kind: 'attached', isCut: false }]);
    expect(bytesOf(report)).toEqual([BAD]);
  });

  it.each([
    ['base64', Buffer.from(BAD).toString('base64').replaceAll(/.{60}/g, '$&\r\n')],
    ['quoted-printable', BAD.replaceAll('=', '=3D').replace('Click', 'Cli=\r\nck')],
    ['7bit', BAD],
  ])('is read in %s', (encoding, text) => {
    const header = `Content-Type: message/rfc822; name="x.eml"\r\nContent-Transfer-Encoding: ${encoding}`;
    expect(bytesOf(reportIn(multipart([`${header}\r\n\r\n${text}`])))).toEqual([BAD]);
  });

  it('may be a file that was saved, and one of several', () => {
    const saved =
      'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="Ballots.eml"';
    const other = BAD.replace('Ballots', 'Rolls');
    const report = reportIn(
      multipart([words, `${saved}\r\n\r\n${BAD}`, `Content-Type: message/rfc822\r\n\r\n${other}`]),
    );
    expect(bytesOf(report)).toEqual([BAD, other]);
    expect(bytesOf(reportIn(multipart([`\r\n${BAD}`, `\r\n${other}`], 'digest')))).toEqual([BAD, other]);
  });

  it('keeps what it carries itself', () => {
    const inner = multipart([`Content-Type: message/rfc822\r\n\r\n${BAD}`]).replaceAll('=_b', 'inner');
    const report = reportIn(multipart([`Content-Type: message/rfc822\r\n\r\n${inner}`]));
    expect(bytesOf(report)).toEqual([inner]);
  });

  it('that breaks off is told as such', () => {
    const whole = multipart([`Content-Type: message/rfc822\r\n\r\n${BAD}`]);
    const broken = whole.slice(0, whole.indexOf('here.'));
    expect(reportIn(broken, true).reported).toMatchObject([{ kind: 'attached', isCut: true }]);
  });

  it('comes out of any bytes, whatever stands around it', () => {
    const text = fc.string({ maxLength: 300 }).filter((value) => !value.includes('=_b'));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), text, (before, body) => {
        const parts = before.map((part) => `Content-Type: text/plain\r\n\r\n${part}`);
        const message = multipart([...parts, `Content-Type: message/rfc822\r\n\r\n${BAD}${body}.`]);
        const [found] = attachedMessages(Buffer.from(message), false);
        expect(Buffer.from(found!.bytes).toString()).toBe(`${BAD}${body}.`);
      }),
    );
  });

  function bytesOf({ reported }: MailReport): string[] {
    return reported.map((one) => (one.kind === 'attached' ? Buffer.from(one.bytes).toString('latin1') : ''));
  }
});

describe('a message that is forwarded as text', () => {
  it.each([
    [
      'Outlook',
      lines(
        'Is this real?',
        '',
        '________________________________',
        'From: Clerk <clerk@c0unty.example>',
        'Sent: Monday, October 5, 2026 3:04 PM',
        'To: Pat <pat@office.example>; Sam',
        ' <sam@office.example>',
        'Subject: Ballots',
        '',
        'Click here.',
      ),
    ],
    [
      'Gmail',
      lines(
        'Is this real?',
        '',
        '---------- Forwarded message ---------',
        'From: Clerk <clerk@c0unty.example>',
        'Date: Monday, October 5, 2026 3:04 PM',
        'Subject: Ballots',
        'To: Pat <pat@office.example>; Sam <sam@office.example>',
        '',
        '',
        'Click here.',
      ),
    ],
    [
      'Apple Mail',
      lines(
        'Is this real?',
        '',
        'Begin forwarded message:',
        '',
        '> From: Clerk <clerk@c0unty.example>',
        '> Subject: Ballots',
        '> Date: Monday, October 5, 2026 3:04 PM',
        '> To: Pat <pat@office.example>; Sam <sam@office.example>',
        '>',
        'Click here.',
      ),
    ],
    [
      'bold labels',
      lines(
        '*From:* Clerk <clerk@c0unty.example>',
        '*Sent:* Monday, October 5, 2026 3:04 PM',
        '*To:* Pat <pat@office.example>; Sam <sam@office.example>',
        '*Subject:* Ballots',
        '',
        'Click here.',
      ),
    ],
  ])('is known in the form of %s', (_, body) => {
    const { reported } = reportIn(`From: pat@office.example\r\nSubject: FW: Ballots\r\n\r\n${body}`);
    expect(reported).toMatchObject([
      {
        kind: 'inline',
        from: 'Clerk <clerk@c0unty.example>',
        sent: 'Monday, October 5, 2026 3:04 PM',
        to: 'Pat <pat@office.example>; Sam <sam@office.example>',
        subject: 'Ballots',
        text: expect.stringMatching(/^>?\s*Click here\.$/),
      },
    ]);
  });

  it('is known in a page', () => {
    const page =
      '<p>Is this real?</p><hr><div><b>From:</b> Clerk &lt;clerk@c0unty.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Pat<br><b>Subject:</b> Ballots<br></div><p>Click here.</p>';
    const message = `From: pat@office.example\r\nContent-Type: text/html\r\n\r\n${page}`;
    expect(reportIn(message).reported).toMatchObject([
      {
        kind: 'inline',
        from: 'Clerk <clerk@c0unty.example>',
        sent: 'Monday',
        subject: 'Ballots',
        text: 'Click here.',
      },
    ]);
  });

  it.each([
    ['a letter with one such word', 'Hello,\n\nFrom: the desk of Pat\nwe send greetings.'],
    ['words alone', 'I got a strange email.'],
    ['nothing', ''],
  ])('is not seen in %s', (_, text) => {
    expect(inlineForward(text)).toBeNull();
  });

  it('is looked for in any text within time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('From: a', 'Sent: b', '> ', '', 'Subject: c', 'x', 'To: d')),
        (all) => {
          const found = inlineForward(all.join('\n'));
          if (found !== null) expect([found.sent, found.subject]).toEqual(['b', 'c']);
        },
      ),
    );
    expect(inlineForward('From: a\n'.repeat(200_000))).toBeNull();
    expect(inlineForward(`From:${' '.repeat(2_000_000)}`)).toBeNull();
  });
});

describe('the id of a report', () => {
  it('stays when the report comes over another way, and differs for another report', () => {
    const message = multipart([`Content-Type: message/rfc822\r\n\r\n${BAD}`]);
    const again = `Received: from mx2.example; Mon, 5 Oct 2026 15:04:05 +0000\r\n${message}`;
    expect(reportIn(again).id).toBe(reportIn(message).id);
    expect(reportIn(message.replace('<1@', '<2@')).id).not.toBe(reportIn(message).id);
    expect(reportIn(message.replace('Click', 'Press')).id).not.toBe(reportIn(message).id);
    expect(reportIn(message.replace('pat@', 'sam@')).id).not.toBe(reportIn(message).id);
  });
});

describe('who is behind a message', () => {
  const from = 'From: pat@office.example';
  it.each<[Standing, string, readonly string[]]>([
    ['person', 'somebody', [from]],
    ['person', 'somebody whose program says that it is no program', [from, 'Auto-Submitted: no']],
    [
      'person',
      'somebody behind a server that says where it came from',
      [from, 'Return-Path: <pat@office.example>'],
    ],
    ['echo', 'an automatic reply', [from, 'Auto-Submitted: auto-replied (vacation)']],
    ['echo', 'a bounce', ['Return-Path: <>', from]],
    ['echo', 'a delivery report', [from, 'Content-Type: multipart/report; boundary=x']],
    ['echo', 'ourselves', ['From: Reports <Report@office.example>']],
    ['automatic', 'a program', [from, 'Auto-Submitted: auto-generated']],
    ['automatic', 'a list', [from, 'List-Id: <clerks.example>']],
    ['automatic', 'bulk mail', [from, 'Precedence: bulk']],
    ['automatic', 'a mailbox that nobody reads', ['From: no-reply@vendor.example']],
    ['automatic', 'two senders', ['From: a@office.example, b@office.example']],
    ['automatic', 'an address that may be taken for two', ['From: "a,b"@office.example']],
    ['automatic', 'nobody', ['Subject: x']],
  ])('is %s: %s', (expected, _, header) => {
    expect(standing(...header)).toBe(expected);
  });
});

describe('answers', () => {
  it('are a few to one address within the hour, and not too many in all', () => {
    const may = answerLimit(ANSWER_LIMITS);
    const asked = Array.from({ length: 20 }, (_, at) =>
      may(at % 2 === 0 ? 'Pat@x.example' : 'pat@x.example', at),
    );
    expect(asked.filter(Boolean)).toHaveLength(ANSWER_LIMITS.perSender);
    const others = Array.from({ length: 1000 }, (_, at) => may(`${at}@x.example`, 100));
    expect(others.filter(Boolean)).toHaveLength(ANSWER_LIMITS.inAll - ANSWER_LIMITS.perSender);
    expect(may('pat@x.example', 3_600_200)).toBe(true);
  });
});

describe('a report that is made to hurt', () => {
  it.each([
    [
      'ten thousand multiparts in each other',
      () => 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'.repeat(10_000),
    ],
    [
      'a million boundary lines',
      () => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n'.repeat(1_000_000)}`,
    ],
    [
      'a hundred thousand messages',
      () =>
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\nc\r\n'.repeat(100_000)}`,
    ],
    ['a header without end', () => `Content-Type: multipart/mixed; boundary="${'b'.repeat(5_000_000)}`],
    [
      'parts with a name ten thousand times',
      () =>
        `Content-Type: multipart/mixed; boundary=b\r\n\r\n${`--b\r\nContent-Type: application/octet-stream;${' name='.repeat(10_000)}\r\n\r\n`.repeat(400)}`,
    ],
    ['nothing but line ends', () => '\r\n'.repeat(2_000_000)],
    ['a header of spaces', () => `Content-Type:${' '.repeat(3_000_000)}x;${' boundary'.repeat(200_000)}`],
    ['a header that is folded a million times', () => `A: b${'\r\n '.repeat(1_000_000)}\r\n\r\n`],
  ])('is read within limits: %s', (_, made) => {
    const report = reportOf(Buffer.from(made()), false, 7, OWN);

    expect(report?.report.reported.length ?? 0).toBeLessThanOrEqual(MOST_ATTACHED);
  });

  it('and any bytes at all are read, or are no message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), (bytes, isCut) => {
        const read = reportOf(bytes, isCut, 7, OWN);
        expect(read === null).toBe(bytes.length === 0);
      }),
    );
  });
});
