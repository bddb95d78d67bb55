import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../read/read-message.ts';
import { domainReportsIn } from './domain-reports-in.ts';
import { DOMAIN_REPORT_LIMITS } from './limits.ts';
import { readDmarcReport, readTlsReport } from './read-report.ts';
import { dmarcXml, reportWith, rowWith } from './report-xml.fixture.ts';
import { packedIn } from './unpack.ts';
import { walkXml } from './xml.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const codeOf = (bytes: Uint8Array): string => {
  const read = readDmarcReport(bytes);
  return read.isErr() ? read.error.code : 'ok';
};
const XML = dmarcXml(reportWith({}));
const inside = (declaration: string, name = 'x'): string =>
  XML.replace('<feedback>', `<!DOCTYPE ${name} ${declaration}>\n<feedback>`);

describe('a document type is refused', () => {
  const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join(
    '',
  );

  it.each([
    ['a billion laughs', inside(`[<!ENTITY l0 "ha">${laughs}]`).replace('Receiver', '&l9;')],
    ['a file of the machine', inside('[<!ENTITY x SYSTEM "file:///etc/passwd">]').replace('Receiver', '&x;')],
    ['a document elsewhere', inside('SYSTEM "http://203.0.113.9/x.dtd"')],
    ['only its name', inside('', 'feedback')],
    ['one in small letters', inside('').replace('DOCTYPE', 'doctype')],
    ['one after the first element', XML.replace('<record>', '<!DOCTYPE x><record>')],
    ['an entity alone', XML.replace('<record>', '<!ENTITY x "y"><record>')],
    ['one after the last element', `${XML}<!DOCTYPE x>`],
  ])('%s', (_, xml) => {
    expect(codeOf(bytesOf(xml))).toBe('DOMAIN_REPORT_FORBIDDEN');
  });

  it('but its name in a comment or in CDATA is text', () => {
    const xml = XML.replace('<record>', '<!-- <!DOCTYPE x> --><record>').replace(
      'Receiver',
      '<![CDATA[<!DOCTYPE x>]]>',
    );

    expect(readDmarcReport(bytesOf(xml)).okOrThrow().organisation).toBe('<!DOCTYPE x>');
  });
});

describe('bounds of XML', () => {
  it.each([
    ['a million elements in each other', `<feedback>${'<a>'.repeat(1_000_000)}`],
    ['a name of a million letters', `<feedback><${'a'.repeat(1_000_000)}/></feedback>`],
    ['millions of elements beside each other', `<feedback>${'<a/>'.repeat(4_000_001)}`],
    [
      'a million attributes',
      `<feedback><a ${Array.from({ length: 1_000_000 }, (_, at) => `a${at}="1"`).join(' ')}/></feedback>`,
    ],
  ])('refuse %s', (_, xml) => {
    expect(codeOf(bytesOf(xml))).toBe('DOMAIN_REPORT_UNREADABLE');
  });

  it('leave out a row of a million elements or of a text without end, and keep the next', () => {
    const row = '<row><source_ip>203.0.113.1</source_ip><count>1</count></row>';
    const policy = '<policy_published><domain>a.example</domain></policy_published>';
    const report = readDmarcReport(
      bytesOf(
        `<feedback>${policy}<record>${'<b/>'.repeat(1_000_000)}${row}</record>` +
          `<record><note>${'&amp;'.repeat(1_000_000)}</note>${row}</record><record>${row}</record></feedback>`,
      ),
    ).okOrThrow();

    expect(report.unread.count).toBe(2);
    expect(report.rows).toHaveLength(1);
  });

  it('hold one child at a time, whatever the root holds', () => {
    let given = 0;
    const walked = walkXml(`<a>${'<b>x</b> y '.repeat(200_000)}</a>`, () => {
      given += 1;
    });

    expect(walked.okOrThrow()).toEqual({ root: 'a', isWhole: true });
    expect(given).toBe(200_000);
  });

  it('read a second document in the same file as no part of the first', () => {
    const other = XML.replace(/<count>2</, '<count>9<').replace(/^<\?.*\?>/, '');
    const report = readDmarcReport(bytesOf(XML + other)).okOrThrow();

    expect(report.rows.map(({ count }) => count)).toEqual([2]);
    expect(report.isWhole).toBe(false);
  });
});

describe('what is packed', () => {
  it('is refused when it unpacks without end', () => {
    const zeros = new Uint8Array(40_000_000);
    const start = bytesOf(XML.replace('</feedback>', ''));
    const bomb = Buffer.concat([start, zeros]);

    expect(codeOf(gzipSync(bomb))).toBe('DOMAIN_REPORT_TOO_LARGE');
    expect(codeOf(zipSync({ 'a.xml': bomb }))).toBe('DOMAIN_REPORT_TOO_LARGE');
  });

  it('is never unpacked to more than one step beyond the limit', () => {
    // 4 MB that would be 4 GB: deflated zeros, many times over.
    const block = deflateRawSync(Buffer.alloc(1_000_000), { finishFlush: 2 });
    const bomb = Buffer.concat([
      Buffer.from('1f8b0800000000000003', 'hex'),
      ...Array.from({ length: Math.floor(4_000_000 / block.length) }, () => block),
    ]);
    const { bytes, isCut } = packedIn(bomb)[0]!.unpack(DOMAIN_REPORT_LIMITS.bytes);

    expect(isCut).toBe(true);
    expect(bytes.length).toBeLessThan(20_000_000);
  });

  it('is refused when it is larger than reports are, packed or not', () => {
    // What looks like chance does not pack: each block is the hash of its number.
    const blocks = Array.from({ length: 160_000 }, (_, at) =>
      createHash('sha256').update(String(at)).digest(),
    );
    const noise = Buffer.concat(blocks);
    const packed = gzipSync(Buffer.concat([bytesOf(XML), noise]), { level: 1 });
    expect(packed.length).toBeGreaterThan(DOMAIN_REPORT_LIMITS.packedBytes);
    expect(codeOf(packed)).toBe('DOMAIN_REPORT_TOO_LARGE');
    expect(codeOf(Buffer.concat([bytesOf(XML), Buffer.alloc(DOMAIN_REPORT_LIMITS.bytes, 32)]))).toBe(
      'DOMAIN_REPORT_TOO_LARGE',
    );
  });

  it('keeps the rows before it breaks off', () => {
    const rows = Array.from({ length: 3_000 }, (_, at) =>
      rowWith({ source: `203.0.${at % 256}.9`, count: at }),
    );
    const packed = gzipSync(bytesOf(dmarcXml(reportWith({ rows }))));
    const report = readDmarcReport(packed.subarray(0, packed.length - 100)).okOrThrow();

    expect(report.isWhole).toBe(false);
    expect(report.rows.length).toBeGreaterThan(100);
    expect(report.rows).toEqual(rows.slice(0, report.rows.length));
  });

  it('is read to its end, with or without much behind it', () => {
    // Stored, not deflated: blocks of which nothing comes out before they are whole.
    const rows = Array.from({ length: 3_000 }, (_, at) =>
      rowWith({ source: `203.0.${at % 256}.9`, count: at }),
    );
    const report = reportWith({ rows });
    for (const level of [0, 9] as const) {
      const packed = gzipSync(bytesOf(dmarcXml(report)), { level });
      expect(readDmarcReport(packed).okOrThrow()).toEqual(report);
      expect(readDmarcReport(Buffer.concat([packed, Buffer.alloc(3_500_000, 1)])).okOrThrow()).toEqual(
        report,
      );
    }
  });

  it('is told as damaged when nothing can be unpacked', () => {
    expect(codeOf(Buffer.from('1f8b08000000000000ffffffffffffffff', 'hex'))).toBe('DOMAIN_REPORT_DAMAGED');
    expect(codeOf(Buffer.from('1f8b', 'hex'))).toBe('DOMAIN_REPORT_DAMAGED');
    // A name in the header without end.
    expect(codeOf(Buffer.concat([Buffer.from('1f8b0808', 'hex'), Buffer.alloc(4_000_000, 65)]))).toBe(
      'DOMAIN_REPORT_DAMAGED',
    );
  });
});

describe('numbers', () => {
  it('of rows beyond the limit are counted and not kept', () => {
    const row = '<record><row><source_ip>203.0.113.1</source_ip><count>1</count></row></record>';
    const policy = '<policy_published><domain>a.example</domain></policy_published>';
    const xml = `<feedback>${policy}${row.repeat(DOMAIN_REPORT_LIMITS.rows + 7)}</feedback>`;
    const report = readDmarcReport(bytesOf(xml)).okOrThrow();

    expect(report.rows).toHaveLength(DOMAIN_REPORT_LIMITS.rows);
    expect(report.rowsLeftOut).toBe(7);
  });

  it('of JSON values and of their depth are bounded before they are made', () => {
    const codes = [
      `{"policies":${'['.repeat(5_000_000)}`,
      `{"policies":[${'[],'.repeat(3_000_000)}[]]}`,
      `{"policies":[],"a":${'['.repeat(100)}${']'.repeat(100)}}`,
      `{"policies":[],"a":"\\\\",${'"a":{'.repeat(100)}${'}'.repeat(101)}`,
    ].map((text) => readTlsReport(bytesOf(text)));

    for (const read of codes) expect(read).toMatchObject({ error: { code: 'DOMAIN_REPORT_UNREADABLE' } });
    // Brackets in a text are text, behind a quote that is escaped too.
    expect(readTlsReport(bytesOf(`{"policies":[],"a":"\\"${'[{'.repeat(1_000)}"}`)).isOk()).toBe(true);
  });
});

describe('two thousand mutations', () => {
  const tls = JSON.stringify({
    'report-id': 'a',
    policies: [
      {
        policy: { 'policy-type': 'sts', 'policy-domain': 'county.example', 'policy-string': ['a'] },
        summary: { 'total-successful-session-count': 1, 'total-failure-session-count': 1 },
        'failure-details': [{ 'result-type': 'a', 'failed-session-count': 1 }],
      },
    ],
  });
  const xml = dmarcXml(reportWith({ rows: [rowWith({}), rowWith({ count: 5 })] }));
  const message = (type: string, body: Uint8Array): Uint8Array =>
    bytesOf(
      `Content-Type: ${type}\nContent-Transfer-Encoding: base64\n\n${Buffer.from(body).toString('base64')}`,
    );
  const failure = bytesOf(
    'Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n' +
      'Feedback-Type: auth-failure\nSource-IP: 203.0.113.9\nIdentity-Alignment: dkim\n\n--b\n' +
      'Content-Type: text/rfc822-headers\n\nFrom: a@b.example\nSubject: c\n\n--b--\n',
  );
  const documents = [
    bytesOf(xml),
    bytesOf(tls),
    gzipSync(bytesOf(xml)),
    zipSync({ 'a.xml': bytesOf(xml) }),
    failure,
  ];
  documents.push(message('application/gzip', gzipSync(bytesOf(xml))));

  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    take: fc.nat({ max: 40 }),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom(
          '<',
          '>',
          '\0',
          ']]>',
          '<![CDATA[',
          '<!--',
          '&#0;',
          '&#x110000;',
          '{',
          '"',
          '</record>',
          '<record>',
        )
        .map(bytesOf),
    ),
  });

  it('throw nothing, and give a report or a code', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: documents.length - 1 }),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (which, changes) => {
          let bytes = Buffer.from(documents[which]!);
          for (const { at, take, put } of changes) {
            const from = Math.floor(at * bytes.length);
            bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + take)]);
          }
          for (const read of [readDmarcReport(bytes), readTlsReport(bytes)])
            if (read.isErr()) expect(read.error.code).toMatch(/^DOMAIN_REPORT_/);
          const parsed = readMessage(bytes);
          if (parsed.isOk()) domainReportsIn(parsed.value);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('include zeros anywhere: a row with one in a value is told, and not mended', () => {
    const report = readDmarcReport(bytesOf(xml.replace('203.0.113.9<', '203.0.113.9\0<'))).okOrThrow();

    expect(report.unread).toEqual({ count: 1, first: [{ at: 1, why: 'its <source_ip> is no address' }] });
    expect(report.rows).toMatchObject([{ count: 5 }]);
  });
});
