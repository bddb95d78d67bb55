import { parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DmarcReport, DmarcRow } from './dmarc-report.ts';
import type { KnownSender } from './domain-summary.ts';
import { anyReport, reportWith, rowWith } from './report-xml.fixture.ts';
import { summariseDomain } from './summarise-domain.ts';

const network = (text: string) => parseCidr(text).okOrThrow();

const SENDERS: readonly KnownSender[] = [
  { name: 'Our mail server', networks: [network('198.51.100.0/28')], domains: [] },
  { name: 'Newsletter service', networks: [], domains: ['letters.example'] },
];

const proven = { dkim: 'pass', disposition: 'none' } as const;

function summaryWith(rows: readonly DmarcRow[], changes: Partial<DmarcReport> = {}) {
  return summariseDomain([reportWith({ rows, ...changes })], SENDERS)[0]!;
}

describe('a summary', () => {
  it('puts networks together, and says what became of what was not proven', () => {
    const summary = summaryWith([
      rowWith({ source: '198.51.100.3', count: 900, ...proven }),
      rowWith({ source: '203.0.113.9', count: 30, disposition: 'reject' }),
      rowWith({
        source: '203.0.113.200',
        count: 12,
        disposition: 'quarantine',
        headerFrom: 'vote.county.example',
      }),
      rowWith({ source: '203.0.113.7', count: 1, disposition: null }),
      rowWith({ source: '2001:db8:1:2::3', count: 4, overrides: [{ type: 'mailing_list', comment: null }] }),
      rowWith({ source: '192.0.2.1', count: 5, spf: null }),
    ]);

    expect(summary).toMatchObject({
      ...{ domain: 'county.example', messages: 952, aligned: 900, notAligned: 47, unclear: 5 },
      ...{
        forwarded: 4,
        letThrough: 0,
        quarantined: 12,
        rejected: 30,
        reports: 1,
        reporters: 1,
        repeated: 0,
      },
    });
    expect(
      summary.sources.map(({ network: cidr, sender, notAligned }) => [cidr, sender, notAligned]),
    ).toEqual([
      ['203.0.113.0/24', null, 43],
      ['2001:db8:1::/48', null, 4],
      ['198.51.100.0/24', 'Our mail server', 0],
      ['192.0.2.0/24', null, 0],
    ]);
    expect(summary.sentences).toEqual([
      '900 of 952 messages in the name of county.example proved to be from it.',
      '203.0.113.0/24 is on no list and sent 43 messages in the name of county.example, vote.county.example without proof: ' +
        '12 put aside as suspect, 30 refused, 1 unknown what became of them. It may be a forger, or a service that nobody told of.',
      'The record of county.example asks receivers to do nothing about such mail (p=none). Once our own services prove themselves, ask for quarantine or reject.',
      'Of 47 messages without proof, 4 came by a mailing list or were passed on, which their receivers take for harmless.',
      'For 5 of 952 messages the reports do not say whether they proved anything.',
    ]);
  });

  it('names our own services that are not yet set right, and how surely they are known', () => {
    const letters = { dkimSeen: [{ domain: 'm.letters.example', selector: 'a', result: 'pass' }] };
    const summary = summaryWith(
      [
        rowWith({ source: '198.51.100.3', count: 10, ...proven }),
        rowWith({ source: '198.51.100.4', count: 1_500 }),
        rowWith({ source: '192.0.2.8', count: 20, ...letters }),
        rowWith({ source: '192.0.3.8', count: 5, ...letters }),
        // A signature that failed proves nothing of who sent it.
        rowWith({ source: '192.0.4.8', count: 2, dkimSeen: [{ ...letters.dkimSeen[0]!, result: 'fail' }] }),
        // Nor does a name that only ends alike.
        rowWith({
          source: '192.0.5.8',
          count: 1,
          spfSeen: [{ domain: 'badletters.example', scope: null, result: 'pass' }],
        }),
      ],
      { policy: { ...reportWith({}).policy, p: 'reject' } },
    );

    expect(summary.sentences).toEqual([
      '10 of 1,538 messages in the name of county.example proved to be from it.',
      '192.0.4.0/24 is on no list and sent 2 messages in the name of county.example without proof: 2 let through. It may be a forger, or a service that nobody told of.',
      '192.0.5.0/24 is on no list and sent 1 message in the name of county.example without proof: 1 let through. It may be a forger, or a service that nobody told of.',
      'Our mail server sent 1,500 messages of 1,510 in the name of county.example without proof: 1,500 let through. Have it sign as county.example, or add it to the SPF record.',
      'Newsletter service sent 25 messages of 25 in the name of county.example without proof: 25 let through. It is known only by a domain that its other customers share, so some of it may be forged. Have it sign as county.example.',
    ]);
  });

  it('counts a report once that comes twice, and one without an id as often as it comes', () => {
    const twice = summariseDomain([reportWith({}), reportWith({})], []);
    const unnamed = summariseDomain([reportWith({ reportId: null }), reportWith({ reportId: null })], []);
    const others = summariseDomain([reportWith({}), reportWith({ organisation: 'Other' })], []);

    expect(twice).toMatchObject([{ messages: 2, reports: 1, repeated: 1 }]);
    expect(unnamed).toMatchObject([{ messages: 4, reports: 2, repeated: 0 }]);
    expect(others).toMatchObject([{ messages: 4, reports: 2, reporters: 2 }]);
  });

  it('says what is not in its figures', () => {
    const summary = summaryWith([], { unread: { count: 3, first: [] }, rowsLeftOut: 4, isWhole: false });

    expect(summary.sentences).toEqual([
      'No receiver reported mail in the name of county.example.',
      'Lines of reports that could not be read and are not counted: 7.',
      'Reports that broke off, so that mail may be missing: 1 of 1.',
    ]);
  });

  it('has the record of the latest report, and the time of all', () => {
    const late = reportWith({
      reportId: 'b',
      to: 1_790_900_000_000,
      policy: { ...reportWith({}).policy, p: 'reject' },
    });
    const [summary] = summariseDomain(
      [late, reportWith({}), reportWith({ reportId: 'c', from: null, to: null })],
      [],
    );

    expect(summary).toMatchObject({
      from: 1_790_000_000_000,
      to: 1_790_900_000_000,
      policy: { p: 'reject' },
    });
  });

  it('lists a thousand sources of a wave, and counts all of them', () => {
    const rows = Array.from({ length: 2_500 }, (_, at) =>
      rowWith({ source: `10.${at >> 8}.${at & 255}.1`, count: 1 }),
    );
    const summary = summaryWith(rows);

    expect(summary).toMatchObject({ messages: 2_500, notAligned: 2_500, sourcesLeftOut: 1_500 });
    expect(summary.sources).toHaveLength(1_000);
    expect(summary.sentences).toContain(
      'Each of 2,495 more networks sent in this name without proof and is on no list: 2,495 messages.',
    );
  });

  it('adds up, whatever is reported, and is the same in any order of reports', () => {
    fc.assert(
      fc.property(fc.array(anyReport, { minLength: 1, maxLength: 5 }), (reports) => {
        const sum = (parts: readonly number[]): number => parts.reduce((a, b) => a + b, 0);
        const unnamed = reports.map((report) => ({ ...report, reportId: null }));
        const summaries = summariseDomain(unnamed, SENDERS);
        expect(sum(summaries.map(({ messages }) => messages))).toBe(
          sum(unnamed.flatMap(({ rows }) => rows.map(({ count }) => count))),
        );
        for (const part of summaries.flatMap((summary) => [summary, ...summary.sources])) {
          expect(part.aligned + part.notAligned + part.unclear).toBe(part.messages);
          expect(part.forwarded + part.letThrough + part.quarantined + part.rejected).toBeLessThanOrEqual(
            part.notAligned,
          );
        }
        for (const { messages, notAligned, sources } of summaries) {
          expect(sum(sources.map((source) => source.messages))).toBe(messages);
          expect(sum(sources.map((source) => source.notAligned))).toBe(notAligned);
        }
        const figures = (all: typeof summaries) =>
          all.map(({ domain, messages, aligned }) => [domain, messages, aligned]);
        expect(figures(summariseDomain(unnamed.toReversed(), SENDERS))).toEqual(figures(summaries));
      }),
      { numRuns: 200 },
    );
  });
});
