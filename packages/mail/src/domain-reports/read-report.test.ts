import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readDmarcReport, readTlsReport } from './read-report.ts';
import { anyReport, dmarcXml, reportWith } from './report-xml.fixture.ts';

const EXAMPLES = new URL('../../../../testdata/mail/domain-reports/', import.meta.url);
const example = (name: string): Buffer => readFileSync(new URL(name, EXAMPLES));
const bytesOf = (text: string): Uint8Array => Buffer.from(text);

describe('an aggregate report', () => {
  it('is read with what RFC 9990 added, and with what it does not know passed over', () => {
    const report = readDmarcReport(example('aggregate-2.0.xml')).okOrThrow();

    expect(report).toMatchObject({
      organisation: 'Blue Lake Mail',
      email: 'dmarc@bluelake.example',
      contact: 'https://bluelake.example/dmarc',
      reportId: '20260914-county-7',
      generator: 'lakereport 4.2',
      from: Date.parse('2026-09-14T00:00:00Z'),
      to: Date.parse('2026-09-14T23:59:59Z'),
      errors: ['two answers of DNS were late'],
      unread: { count: 0, first: [] },
      rowsLeftOut: 0,
      isWhole: true,
    });
    expect(report.policy).toEqual({
      ...{ domain: 'county.example', p: 'reject', sp: 'quarantine', np: 'reject', adkim: 's', aspf: 'r' },
      ...{ pct: null, testing: true, discovery: 'treewalk' },
    });
    expect(report.rows).toHaveLength(2);
    expect(report.rows[0]).toMatchObject({ source: '198.51.100.17', count: 412, disposition: 'pass' });
    expect(report.rows[1]).toEqual({
      ...{ source: '2001:db8:7::19', count: 38, disposition: 'none', dkim: 'fail', spf: 'fail' },
      overrides: [
        { type: 'policy_test_mode', comment: 't=y' },
        { type: 'mailing_list', comment: null },
      ],
      ...{ headerFrom: 'vote.county.example', envelopeFrom: 'lists.neighbor.example', envelopeTo: null },
      dkimSeen: [
        { domain: 'county.example', selector: 'fall26', result: 'fail' },
        { domain: 'lists.neighbor.example', selector: 's1', result: 'pass' },
      ],
      spfSeen: [{ domain: 'lists.neighbor.example', scope: null, result: 'pass' }],
    });
  });

  it('is read out of a message that Mail::DMARC 1.20211209 made', () => {
    const report = readDmarcReport(example('mail-dmarc.eml')).okOrThrow();

    expect(report).toMatchObject({
      organisation: 'Stone Bridge ISP',
      from: 1_789_344_000_000,
      isWhole: true,
    });
    expect(report.policy).toMatchObject({
      domain: 'county.example',
      p: 'quarantine',
      sp: 'none',
      adkim: 's',
    });
    expect(
      report.rows.map(({ source, count, dkim, headerFrom }) => [source, count, dkim, headerFrom]),
    ).toEqual([
      ['192.0.2.60', 31, 'pass', 'county.example'],
      ['2001:db8:44::7', 4, 'fail', 'tax.county.example'],
    ]);
    expect(report.rows[0]!.overrides).toEqual([{ type: 'local_policy', comment: 'seen before & known' }]);
  });

  it('keeps what can be read of a sloppy one, tells the rest, and guesses nothing', () => {
    const report = readDmarcReport(example('aggregate-sloppy.xml')).okOrThrow();

    expect(report).toMatchObject({ organisation: 'Dew & Sons Hosting', reportId: null, isWhole: true });
    expect([report.from, report.to]).toEqual([1_789_344_000_000, 1_789_430_399_000]);
    expect(report.policy).toMatchObject({
      domain: 'county.example',
      p: 'none',
      sp: null,
      pct: null,
      adkim: null,
    });
    expect(report.rows).toMatchObject([
      { source: '203.0.113.9', count: 7, disposition: 'none', dkim: 'fail', spf: 'fail', overrides: [] },
      { source: '203.0.113.12', count: 5, disposition: null, dkim: null, spf: null },
    ]);
    expect(report.rows[0]).toMatchObject({ headerFrom: 'county.example', spfSeen: [{ result: 'hardfail' }] });
    expect(report.unread.first).toEqual([
      { at: 2, why: 'its <source_ip> is no address' },
      { at: 3, why: 'its <count> is no number of messages' },
      { at: 4, why: 'its <count> is no number of messages' },
      { at: 6, why: 'an element in it is not closed, or is too large' },
      { at: 7, why: 'its <source_ip> is no address' },
    ]);
    expect(report.unread.count).toBe(5);
  });

  it('is read back as it was written, packed in any way', () => {
    fc.assert(
      fc.property(anyReport, fc.constantFrom('plain', 'gzip', 'zip'), (report, packing) => {
        const xml = bytesOf(dmarcXml(report));
        const bytes =
          packing === 'gzip' ? gzipSync(xml) : packing === 'zip' ? zipSync({ 'r.xml': xml }) : xml;
        expect(readDmarcReport(bytes).okOrThrow()).toEqual(report);
      }),
      { numRuns: 300 },
    );
  });

  it('is read from what gzip and zip write, and from gzip with more behind it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reports-'));
    try {
      const path = join(folder, 'receiver!county.example!1!2.xml');
      writeFileSync(path, dmarcXml(reportWith({})));
      execFileSync('zip', ['-q', '-j', join(folder, 'r.zip'), path]);
      const gzip = execFileSync('gzip', ['-c', '-9', path]);
      for (const bytes of [
        gzip,
        Buffer.concat([gzip, Buffer.from('\r\n')]),
        readFileSync(join(folder, 'r.zip')),
      ])
        expect(readDmarcReport(bytes).okOrThrow()).toEqual(reportWith({}));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [
      'UTF-16 with its mark',
      Buffer.from(`\ufeff${dmarcXml(reportWith({ organisation: 'Ämter' }))}`, 'utf16le'),
    ],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${dmarcXml(reportWith({ organisation: 'Ämter' }))}`)],
    [
      'ISO 8859-1',
      Buffer.from(dmarcXml(reportWith({ organisation: 'Ämter' })).replace('UTF-8', 'iso-8859-1'), 'latin1'),
    ],
    [
      'Windows without saying so',
      Buffer.from(dmarcXml(reportWith({ organisation: 'Ämter' })).replace(/<\?.*\?>/, ''), 'latin1'),
    ],
  ])('may be written in %s', (_, bytes) => {
    expect(readDmarcReport(bytes).okOrThrow().organisation).toBe('Ämter');
  });

  it('takes what CDATA holds as it stands, and entities of XML as what they mean', () => {
    const xml = dmarcXml(reportWith({ organisation: 'X' })).replace(
      '<org_name>X</org_name>',
      '<org_name><![CDATA[a &amp; <b>]]> &lt;c&#x3e; &#100; &nbsp; AT&T</org_name>',
    );

    expect(readDmarcReport(bytesOf(xml)).okOrThrow().organisation).toBe('a &amp; <b> <c> d &nbsp; AT&T');
  });

  it.each([
    ['a length of time that ends before it begins', '<begin>1790000000</begin>', '<begin>1790086400</begin>'],
    [
      'milliseconds for seconds',
      '<begin>1790000000</begin><end>1790086399</end>',
      '<begin>1790000000000</begin><end>1790086399000</end>',
    ],
    ['a date in words', '<begin>1790000000</begin>', '<begin>last Monday</begin>'],
  ])('does not guess at %s', (_, from, to) => {
    const report = readDmarcReport(bytesOf(dmarcXml(reportWith({})).replace(from, to))).okOrThrow();

    expect(report.from).toBeNull();
    expect(report.rows).toHaveLength(1);
  });

  it.each([
    ['another root', '<report><policy_published/></report>', 'DOMAIN_REPORT_NONE'],
    ['nothing', '', 'DOMAIN_REPORT_NONE'],
    ['words', 'Subject: hello\n\nwords', 'DOMAIN_REPORT_NONE'],
    ['no policy', '<feedback><record/></feedback>', 'DOMAIN_REPORT_UNREADABLE'],
    [
      'two policies',
      `<feedback>${'<policy_published><domain>a.example</domain></policy_published>'.repeat(2)}</feedback>`,
      'DOMAIN_REPORT_UNREADABLE',
    ],
    [
      'no domain',
      '<feedback><policy_published><domain>a b</domain></policy_published></feedback>',
      'DOMAIN_REPORT_UNREADABLE',
    ],
  ])('is none with %s', (_, text, code) => {
    expect(readDmarcReport(bytesOf(text))).toMatchObject({ error: { code } });
  });

  it('says that it broke off, wherever it does, and keeps whole rows only', () => {
    const report = reportWith({ rows: [1, 2, 3].map((count) => ({ ...reportWith({}).rows[0]!, count })) });
    const xml = dmarcXml(report);
    const start = xml.indexOf('</policy_published>') + '</policy_published>'.length;
    for (let end = start; end < xml.length - '>\n'.length; end++) {
      const read = readDmarcReport(bytesOf(xml.slice(0, end))).okOrThrow();
      expect(read.isWhole).toBe(false);
      expect(read.rows).toEqual(report.rows.slice(0, read.rows.length));
      expect(read.rows).toHaveLength(xml.slice(0, end).split('</record>').length - 1);
    }
  });
});

describe('a report on encrypted delivery', () => {
  it('is read, packed or not', () => {
    const report = readTlsReport(example('tls.json')).okOrThrow();

    expect(report).toEqual({
      organisation: 'Blue Lake Mail',
      contact: 'tls@bluelake.example',
      reportId: 'tls-20260914-county',
      from: Date.parse('2026-09-14T00:00:00Z'),
      to: Date.parse('2026-09-14T23:59:59Z'),
      policies: [
        {
          ...{ type: 'sts', domain: 'county.example', succeeded: 914, failed: 12 },
          lines: ['version: STSv1', 'mode: enforce', 'mx: mx.county.example', 'max_age: 604800'],
          hosts: ['mx.county.example'],
          failures: [
            {
              ...{ type: 'certificate-expired', sessions: 9, sendingAddress: '2001:db8:19::5' },
              ...{ receivingAddress: '198.51.100.25', receivingHost: 'mx.county.example' },
              ...{ receivingHelo: null, more: null, reason: null },
            },
            {
              ...{ type: 'sts-webpki-invalid', sessions: 3, sendingAddress: null, receivingAddress: null },
              ...{ receivingHost: null, receivingHelo: null, more: null, reason: 'self signed' },
            },
          ],
        },
        {
          ...{ type: 'no-policy-found', domain: 'old.county.example', succeeded: 1, failed: 0 },
          ...{ lines: [], hosts: [], failures: [] },
        },
      ],
      unread: { count: 0, first: [] },
    });
    expect(readTlsReport(gzipSync(example('tls.json'))).okOrThrow()).toEqual(report);
  });

  it('keeps what can be read, and tells the rest', () => {
    const policy = { 'policy-domain': 'county.example', 'policy-type': 'carrier-pigeon', 'mx-host': 'mx.a' };
    const summary = { 'total-successful-session-count': '5', 'total-failure-session-count': 2 };
    const failure = {
      'result-type': 'Certificate-Expired',
      'failed-session-count': 2,
      'sending-mta-ip': '1.2.3',
    };
    const report = readTlsReport(
      bytesOf(
        JSON.stringify({
          'report-id': 5,
          'date-range': { 'start-datetime': '2026-09-14', 'end-datetime': '2026-09-14T10:00:00' },
          policies: [
            {
              policy,
              summary,
              'failure-details': [failure, { ...failure, 'failed-session-count': -1 }, null],
            },
            { policy },
            { policy: { 'policy-domain': ['a'] }, summary },
            'x',
          ],
        }),
      ),
    ).okOrThrow();

    expect(report).toMatchObject({ organisation: null, reportId: null, from: null, to: null });
    expect(report.policies).toMatchObject([{ type: null, succeeded: 5, failed: 2, hosts: ['mx.a'] }]);
    expect(report.policies[0]!.failures).toMatchObject([
      { type: 'certificate-expired', sendingAddress: null },
    ]);
    expect(report.unread.first.map(({ at }) => at)).toEqual([3, 4, 5, 6, 7]);
  });

  it.each([
    ['a list', '[]', 'DOMAIN_REPORT_NONE'],
    ['an object of something else', '{"a":1}', 'DOMAIN_REPORT_NONE'],
    ['half of one', '{"report-id":"a","policies":[', 'DOMAIN_REPORT_UNREADABLE'],
    ['no policies', '{"report-id":"a"}', 'DOMAIN_REPORT_UNREADABLE'],
    ['an aggregate report', dmarcXml(reportWith({})), 'DOMAIN_REPORT_NONE'],
  ])('is not %s', (_, text, code) => {
    expect(readTlsReport(bytesOf(text))).toMatchObject({ error: { code } });
  });
});
