/** Reports written as receivers write them, for tests. */
import fc from 'fast-check';
import type { DmarcReport, DmarcRow } from './dmarc-report.ts';

/** A report as XML: what is null is left out. */
export function dmarcXml(report: DmarcReport, indent = '  '): string {
  const { policy } = report;
  const parts = [
    element('report_metadata', [
      leaf('org_name', report.organisation),
      leaf('email', report.email),
      leaf('extra_contact_info', report.contact),
      leaf('report_id', report.reportId),
      leaf('generator', report.generator),
      element('date_range', [leaf('begin', seconds(report.from)), leaf('end', seconds(report.to))]),
      ...report.errors.map((error) => leaf('error', error)),
    ]),
    element('policy_published', [
      ...[leaf('domain', policy.domain), leaf('p', policy.p), leaf('sp', policy.sp), leaf('np', policy.np)],
      ...[leaf('adkim', policy.adkim), leaf('aspf', policy.aspf), leaf('pct', policy.pct)],
      leaf('testing', policy.testing === null ? null : policy.testing ? 'y' : 'n'),
      leaf('discovery_method', policy.discovery),
    ]),
    ...report.rows.map(rowXml),
  ];
  const body = parts.join(`\n${indent}`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<feedback>\n${indent}${body}\n</feedback>\n`;
}

function rowXml(row: DmarcRow): string {
  return element('record', [
    element('row', [
      leaf('source_ip', row.source),
      leaf('count', row.count),
      element('policy_evaluated', [
        ...[leaf('disposition', row.disposition), leaf('dkim', row.dkim), leaf('spf', row.spf)],
        ...row.overrides.map(({ type, comment }) =>
          element('reason', [leaf('type', type), leaf('comment', comment)]),
        ),
      ]),
    ]),
    element('identifiers', [
      leaf('envelope_to', row.envelopeTo),
      leaf('envelope_from', row.envelopeFrom),
      leaf('header_from', row.headerFrom),
    ]),
    element('auth_results', [
      ...row.dkimSeen.map(({ domain, selector, result }) =>
        element('dkim', [leaf('domain', domain), leaf('selector', selector), leaf('result', result)]),
      ),
      ...row.spfSeen.map(({ domain, scope, result }) =>
        element('spf', [leaf('domain', domain), leaf('scope', scope), leaf('result', result)]),
      ),
    ]),
  ]);
}

function element(name: string, children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

function leaf(name: string, value: string | number | null): string {
  if (value === null) return '';
  const text = String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${text}</${name}>`;
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(value, { nil: null });

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((raw) => raw.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').trim())
  .filter((clean) => clean !== '' && clean.length <= 500);

const domain = fc.domain().map((name) => name.toLowerCase());

const word = fc.constantFrom(
  'pass',
  'fail',
  'softfail',
  'neutral',
  'temperror',
  'permerror',
  'none',
  'policy',
);

const address = fc.oneof(
  fc.ipV4(),
  // In the one spelling: what is read back is written so.
  fc.ipV6().map((raw) => new URL(`http://[${raw}]/`).hostname.slice(1, -1)),
);

const requested = maybe(fc.constantFrom('none' as const, 'quarantine' as const, 'reject' as const));

const verdict = maybe(fc.constantFrom('pass' as const, 'fail' as const));

/** A row that anyone could report. */
export const anyRow: fc.Arbitrary<DmarcRow> = fc.record({
  source: address.filter((one) => !one.startsWith('::ffff:')),
  count: fc.nat({ max: 10_000_000_000 }),
  disposition: maybe(
    fc.constantFrom('none' as const, 'quarantine' as const, 'reject' as const, 'pass' as const),
  ),
  dkim: verdict,
  spf: verdict,
  overrides: fc.array(
    fc.record({
      type: fc.constantFrom('forwarded', 'mailing_list', 'local_policy', 'other', 'policy_test_mode'),
      comment: maybe(text),
    }),
    { maxLength: 3 },
  ),
  headerFrom: maybe(domain),
  envelopeFrom: maybe(domain),
  envelopeTo: maybe(domain),
  dkimSeen: fc.array(
    fc.record({
      domain: maybe(domain),
      selector: maybe(fc.constantFrom('s1', 'k2._x', 'mail')),
      result: maybe(word),
    }),
    { maxLength: 4 },
  ),
  spfSeen: fc.array(
    fc.record({
      domain: maybe(domain),
      scope: maybe(fc.constantFrom('mfrom' as const, 'helo' as const)),
      result: maybe(word),
    }),
    { maxLength: 2 },
  ),
});

const moment = fc.nat({ max: 2_000_000_000 }).map((value) => value * 1000);

/** A report that anyone could send. */
export const anyReport: fc.Arbitrary<DmarcReport> = fc
  .record({
    organisation: maybe(text),
    email: maybe(text),
    contact: maybe(text),
    reportId: maybe(text),
    generator: maybe(text),
    times: fc.tuple(moment, moment).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    errors: fc.array(text, { maxLength: 3 }),
    policy: fc.record({
      domain,
      ...{ p: requested, sp: requested, np: requested },
      adkim: maybe(fc.constantFrom('r' as const, 's' as const)),
      aspf: maybe(fc.constantFrom('r' as const, 's' as const)),
      pct: maybe(fc.nat({ max: 100 })),
      testing: maybe(fc.boolean()),
      discovery: maybe(fc.constantFrom('psl' as const, 'treewalk' as const)),
    }),
    rows: fc.array(anyRow, { maxLength: 8 }),
  })
  .map(({ times: [from, to], ...rest }) => ({
    ...rest,
    ...{ from, to, unread: { count: 0, first: [] }, rowsLeftOut: 0, isWhole: true },
  }));

/** A plain report, changed where a test says so. */
export function reportWith(changes: Partial<DmarcReport>): DmarcReport {
  return {
    organisation: 'Receiver',
    email: 'reports@receiver.example',
    contact: null,
    reportId: 'r-1',
    generator: null,
    from: 1_790_000_000_000,
    to: 1_790_086_399_000,
    errors: [],
    policy: {
      ...{ domain: 'county.example', p: 'none', sp: null, np: null, adkim: 'r', aspf: 'r', pct: 100 },
      ...{ testing: null, discovery: null },
    },
    rows: [rowWith({})],
    unread: { count: 0, first: [] },
    rowsLeftOut: 0,
    isWhole: true,
    ...changes,
  };
}

/** A plain row: two messages that did not prove themselves. */
export function rowWith(changes: Partial<DmarcRow>): DmarcRow {
  return {
    ...{ source: '203.0.113.9', count: 2, disposition: 'none', dkim: 'fail', spf: 'fail', overrides: [] },
    ...{ headerFrom: 'county.example', envelopeFrom: null, envelopeTo: null, dkimSeen: [], spfSeen: [] },
    ...changes,
  };
}
