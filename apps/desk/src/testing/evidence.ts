/** What the pages of evidence show in tests: a source, its contacts, and the surface. */
import type { ContactRow, ContactsAnswer, SourceAnswer, SurfaceAnswer } from '@bellwether/api';
import { at } from './day.ts';

const DISPOSED = [
  'refused',
  'refused',
  'blocked',
  'served',
  'refused',
  'unsettled',
  'refused',
  'reply',
] as const;

const ROWS: readonly ContactRow[] = Array.from({ length: 60 }, (_, index) => {
  const disposition = index === 3 ? 'through' : (DISPOSED[index % DISPOSED.length] ?? 'refused');
  return {
    time: at(23.9 - index / 30),
    authority: ['29019', '29095', 'state', '29380'][index % 4] ?? '29019',
    sensor: index % 4 === 2 ? 'portal' : 'firewall',
    line: 81_003 - index * 17,
    source: index % 5 === 4 ? `2001:db8:${index.toString(16)}:1::/64` : `203.0.113.${10 + index}`,
    sourcePort: 40_000 + index,
    destination: '198.18.64.10',
    port: [22, 443, 3389, 0][index % 4] ?? 22,
    protocol: 6,
    kind: 'connection',
    outcome: 'denied',
    disposition,
    rule: disposition === 'through' ? 'login-stranger' : 'denied',
    status: 0,
    units: index === 9 ? -1 : 1,
    late: index === 11,
    stake: index / 6 - 2,
    ...(index === 3 ? { drill: 12 } : {}),
  };
});

/** `GET /api/v1/contacts`, for each of two pages. */
export function contactsAnswer(cursor: string | null): ContactsAnswer {
  const second = cursor === 'second';
  return {
    contacts: second ? ROWS.slice(30) : ROWS.slice(0, 30),
    next: second ? null : 'second',
    total: 98_412,
    unreadable: [],
    millis: 41,
  };
}

/** `GET /api/v1/sources/{address}`. */
export const SOURCE_ANSWER: SourceAnswer = {
  source: '203.0.113.77',
  verdict: 'attempt',
  campaign: 'C-0412',
  first: at(1.2),
  last: at(16.4),
  contacts: 48,
  targets: 31,
  offices: 9,
  spared: null,
  scanner: { name: 'Censys', version: 3 },
  drills: [{ drill: 12, title: 'Port scan of one machine', from: at(5), until: at(5.2) }],
  decisions: [
    {
      id: 812,
      value: '203.0.113.77/32',
      reason: 'Failed at 31 things of ours, far more often than a visitor does.',
      alpha: 1e-6,
      rule: 'source-walk',
      forgeable: false,
      covers: 'all',
      seen: 'packets',
      evidence: { contacts: 31, targets: 31, first: at(1.2), last: at(14.8) },
      campaign: 'C-0412',
      from: at(14.8),
      until: at(38.8),
    },
    {
      id: 640,
      value: '203.0.113.77/32',
      reason: 'Refused at many doors of one office.',
      alpha: null,
      rule: 'refusals-only',
      forgeable: true,
      covers: 'private',
      seen: 'packets',
      evidence: { contacts: 12, targets: 8, first: at(1.2), last: at(5) },
      campaign: null,
      from: at(5),
      until: at(6),
    },
  ],
  thresholds: [
    { name: 'watch', stake: 2 },
    { name: 'block', stake: 6 },
    { name: 'block-long', stake: 9 },
  ],
  walk: Array.from({ length: 48 }, (_, index) => ({
    time: at(1.2 + index * 0.32),
    stake: Math.min(9.6, index * 0.27 - (index % 9 === 4 ? 0.8 : 0) - 0.4),
    disposition:
      index === 47 ? 'through' : index % 9 === 4 ? 'served' : index % 13 === 7 ? 'unsettled' : 'refused',
    rule: index === 47 ? 'login-stranger' : 'denied',
    authority: index % 3 === 0 ? '29019' : '29095',
    sensor: 'firewall',
    destination: `198.18.64.${index + 1}`,
    port: 22,
    line: 900 + index * 40,
    units: 1,
  })),
};

/** `GET /api/v1/surface`. */
export const SURFACE_ANSWER: SurfaceAnswer = {
  version: 12,
  since: at(-200),
  sha256: '9f2c',
  yaml: `# What the offices offer, and to whom.
networks: [198.18.0.0/15, "2001:db8:4f::/48"]

services:
  - name: voter-portal
    address: [198.18.1.10, "2001:db8:4f:1::10"]
    port: 443
    audience: voters
  - { name: site, sensor: nginx-www, port: [80, 443], audience: public }
  - { name: office-ssh, address: 198.18.64.0/18, port: 22, audience: staff }
`,
  services: [
    {
      name: 'voter-portal',
      audience: 'voters',
      addresses: ['198.18.1.10', '2001:db8:4f:1::10'],
      ports: '443',
    },
    { name: 'site', audience: 'public', addresses: [], ports: '80, 443' },
    { name: 'office-ssh', audience: 'staff', addresses: ['198.18.64.0/18'], ports: '22' },
  ],
  questions: [
    {
      key: 'unsettled:29025:web:8443',
      authority: '29025',
      authorityName: 'Caldwell County',
      sensor: 'web',
      destination: '2001:db8:4f:12::80',
      port: 8443,
      reason: 'served-unlisted',
      first: at(4),
      last: at(22),
      contacts: 14,
    },
    {
      key: 'unsettled:state:portal:9090',
      authority: 'state',
      authorityName: null,
      sensor: 'portal',
      destination: '198.18.1.44',
      port: 9090,
      reason: 'accepted-unlisted',
      first: at(9),
      last: at(9.5),
      contacts: 3,
    },
  ],
};
