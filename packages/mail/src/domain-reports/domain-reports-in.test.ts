import { readFileSync } from 'node:fs';
import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Message } from '../message.ts';
import { READ_LIMITS } from '../read/limits.ts';
import { readMessage } from '../read/read-message.ts';
import { domainReportsIn } from './domain-reports-in.ts';
import { DOMAIN_REPORT_LIMITS } from './limits.ts';
import { readFailureReport } from './read-failure-report.ts';
import { dmarcXml, reportWith } from './report-xml.fixture.ts';

const example = (name: string): Buffer =>
  readFileSync(new URL(`../../../../testdata/mail/domain-reports/${name}`, import.meta.url));
const parsed = (bytes: Uint8Array | string): Message => readMessage(Buffer.from(bytes)).okOrThrow();
const NOTHING = { dmarc: [], tls: [], failures: [], unread: [] };
const XML = Buffer.from(dmarcXml(reportWith({})));

type File = { readonly type: string; readonly name?: string; readonly bytes: Uint8Array };

/** A message with files. */
function messageWith(files: readonly File[], subject = 'hello'): string {
  const parts = files.map(
    ({ type, name, bytes }) =>
      `Content-Type: ${type}\n${name === undefined ? '' : `Content-Disposition: attachment; filename="${name}"\n`}` +
      `Content-Transfer-Encoding: base64\n\n${Buffer.from(bytes).toString('base64')}\n`,
  );
  const body = parts.map((part) => `--edge\n${part}`).join('');
  return `From: a@b.example\nSubject: ${subject}\nContent-Type: multipart/mixed; boundary=edge\n\n${body}--edge--\n`;
}

describe('reports in a message', () => {
  it.each([
    ['gzip that says it is an archive', 'application/zip', 'report.xml.zip', gzipSync(XML)],
    ['an archive that says it is gzip', 'application/gzip', 'report.xml.gz', zipSync({ x: XML })],
    ['XML as it is', 'text/xml', 'report.xml', XML],
    ['XML without a name that says it is bytes', 'application/octet-stream', undefined, XML],
    [
      'an archive with a note in it',
      'application/zip',
      'r.zip',
      zipSync({ 'a.txt': Buffer.from('hi'), 'r.xml': XML }),
    ],
  ])('are found by what they are: %s', (_, type, name, bytes) => {
    const found = domainReportsIn(
      parsed(messageWith([{ type, ...(name === undefined ? {} : { name }), bytes }])),
    );

    expect(found).toEqual({ ...NOTHING, dmarc: [reportWith({})] });
  });

  it('are found where the whole message is one file', () => {
    const packed = Buffer.from(gzipSync(example('tls.json'))).toString('base64');
    const found = domainReportsIn(
      parsed(`Content-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n\n${packed}\n`),
    );

    expect(found).toMatchObject({ ...NOTHING, tls: [{ reportId: 'tls-20260914-county' }] });
  });

  it('are not made of a subject, a name or a type', () => {
    const subject = 'Report Domain: county.example Submitter: receiver.example Report-ID: <1>';
    const files = [
      {
        type: 'application/tlsrpt+json',
        name: 'a!county.example!1!2.json',
        bytes: Buffer.from('{"hello":1}'),
      },
      {
        type: 'application/gzip',
        name: 'a!county.example!1!2.xml.gz',
        bytes: gzipSync(Buffer.from('<html>')),
      },
      {
        type: 'application/zip',
        name: 'a.docx',
        bytes: zipSync({ '[Content_Types].xml': Buffer.from('<Types/>') }),
      },
      { type: 'image/png', name: 'a.png', bytes: Buffer.from('89504e47', 'hex') },
    ];

    expect(domainReportsIn(parsed(messageWith(files, subject)))).toEqual(NOTHING);
  });

  it('are not looked for in a message that is enclosed', () => {
    const inner = messageWith([{ type: 'text/xml', name: 'r.xml', bytes: XML }]);
    const outer = `Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n${inner}\n--o--\n`;

    expect(domainReportsIn(parsed(outer))).toEqual(NOTHING);
  });

  it('are all given, and what cannot be read is told with its place', () => {
    const bomb = gzipSync(Buffer.concat([XML.subarray(0, -13), new Uint8Array(3_000_000)]));
    const found = domainReportsIn(
      parsed(
        messageWith([
          { type: 'text/plain', bytes: Buffer.from('see below') },
          { type: 'application/gzip', bytes: bomb },
          { type: 'application/gzip', bytes: gzipSync(XML) },
          { type: 'application/json', bytes: example('tls.json') },
          { type: 'text/xml', bytes: Buffer.from('<!DOCTYPE feedback><feedback/>') },
        ]),
      ),
    );

    expect([found.dmarc.length, found.tls.length]).toEqual([1, 1]);
    expect(found.unread.map(({ path, error }) => [path, error.code])).toEqual([
      ['2', 'DOMAIN_REPORT_TOO_LARGE'],
      ['5', 'DOMAIN_REPORT_FORBIDDEN'],
    ]);
  });

  it('are not read where the message was cut', () => {
    const message = Buffer.from(messageWith([{ type: 'text/xml', bytes: XML }]));
    const cut = readMessage(message, { ...READ_LIMITS, partBytes: XML.length - 1 }).okOrThrow();

    expect(domainReportsIn(cut)).toMatchObject({
      ...{ dmarc: [], unread: [{ path: '1', error: { code: 'DOMAIN_REPORT_TOO_LARGE' } }] },
    });
  });

  it('share the limits of their message, and are told once when they are beyond', () => {
    const many = Array.from({ length: 30 }, () => ({ type: 'application/gzip', bytes: gzipSync(XML) }));
    const found = domainReportsIn(parsed(messageWith(many)));
    expect(found.dmarc).toHaveLength(DOMAIN_REPORT_LIMITS.reports);
    expect(found.unread).toHaveLength(1);

    const files = Array.from({ length: 120 }, () => ({
      type: 'application/gzip',
      bytes: gzipSync(Buffer.from('x')),
    }));
    expect(domainReportsIn(parsed(messageWith(files))).unread).toMatchObject([
      { path: '101', error: { code: 'DOMAIN_REPORT_TOO_LARGE' } },
    ]);

    // Each is within limits; the fourth is beyond what one message may unpack to.
    const comment = Array.from(
      { length: 140_000 },
      (_, at) => `${at} ${'words and more words '.repeat(5)}`,
    ).join('');
    const roomy = gzipSync(Buffer.from(`${XML}`.replace('<feedback>', `<feedback><!-- ${comment} -->`)));
    const four = Array.from({ length: 4 }, () => ({ type: 'application/gzip', bytes: roomy }));
    const beyond = domainReportsIn(parsed(messageWith(four)));
    expect(beyond.dmarc).toHaveLength(3);
    expect(beyond.unread).toMatchObject([{ path: '4', error: { code: 'DOMAIN_REPORT_TOO_LARGE' } }]);
  });
});

describe('a report on one message', () => {
  it('is read, without the body of that message', () => {
    const found = domainReportsIn(parsed(example('failure.eml')));

    expect(found).toMatchObject({ dmarc: [], tls: [], unread: [] });
    expect(found.failures).toEqual([
      {
        feedbackType: 'auth-failure',
        userAgent: 'lakereport/4.2',
        source: '203.0.113.9',
        arrivedAt: Date.parse('2026-09-14T15:14:58Z'),
        incidents: 4,
        reportedDomains: ['county.example'],
        authFailure: 'dmarc',
        alignment: [],
        deliveryResult: 'reject',
        mailFrom: '<bounce@203-0-113-9.example>',
        recipients: ['<reader@bluelake.example>'],
        dkimDomain: '203-0-113-9.example',
        dkimSelector: null,
        dkimIdentity: null,
        spfRecord: null,
        results: ['mx.bluelake.example; dmarc=fail header.from=county.example'],
        headers: [
          { name: 'received', value: 'from 203-0-113-9.example (203.0.113.9) by mx.bluelake.example' },
          { name: 'from', value: 'County Clerk <clerk@county.example>' },
          { name: 'to', value: 'reader@bluelake.example' },
          { name: 'subject', value: 'Your ballot request' },
          { name: 'message-id', value: '<1@203-0-113-9.example>' },
        ],
      },
    ]);
    expect(JSON.stringify(found)).not.toContain('Words of the message itself');
  });

  const withFields = (fields: string, header = 'Subject: a\n'): Message =>
    parsed(
      messageWith([
        { type: 'message/feedback-report', bytes: Buffer.from(fields) },
        { type: 'text/rfc822-headers', bytes: Buffer.from(header) },
      ]),
    );

  it.each([
    ['dkim, spf', ['dkim', 'spf']],
    ['SPF', ['spf']],
    ['none', []],
    ['perhaps', null],
    ['dkim, none', null],
    ['', null],
  ])('says which checks were aligned: %j', (value, alignment) => {
    const report = readFailureReport(
      withFields(`\r\nFeedback-Type: auth-failure\r\nIdentity-Alignment: ${value}`),
    );

    expect(report.okOrThrow().alignment).toEqual(alignment);
  });

  it('says nothing where it cannot be read', () => {
    const fields =
      'Feedback-Type: abuse\nSource-IP: [203.0.113.9]\nArrival-Date: Mon, 14 Sep 2026 10:14:58\n';

    expect(readFailureReport(withFields(fields)).okOrThrow()).toMatchObject({
      ...{ feedbackType: 'abuse', source: null, arrivedAt: null, incidents: null, authFailure: null },
      ...{ reportedDomains: [], headers: [{ name: 'subject', value: 'a' }] },
    });
    expect(readFailureReport(withFields('Version: 1\n'))).toMatchObject({
      error: { code: 'DOMAIN_REPORT_UNREADABLE' },
    });
    expect(readFailureReport(parsed('Subject: a\n\nb'))).toMatchObject({
      error: { code: 'DOMAIN_REPORT_NONE' },
    });
  });

  it('keeps no more of a header than its bounds', () => {
    const header = Array.from({ length: 900 }, (_, at) => `X-${at}: ${'a'.repeat(5_000)}\n`).join('');
    const { headers } = readFailureReport(withFields('Feedback-Type: auth-failure\n', header)).okOrThrow();

    expect(headers.length).toBeLessThanOrEqual(200);
    expect(Math.max(...headers.map(({ value }) => value.length))).toBe(2_000);
  });
});
