import { expect, test } from 'vitest';
import { agentAt, agentRow } from '../../testing/canned-blocks.ts';
import { enrolLine, spelled } from './spelling.ts';
import { agentsByNeed, certificateOf, clockWords, linkOf, spokenOfAgents } from './standing.ts';

const NOBODY = new Set<number>();
const AGENT = agentRow(agentAt('29019', 'Boone County'));
const NOW = Date.parse('2026-11-03T00:00:00Z');
const AWAY = { ...AGENT, isConnected: false };

test('an agent is heard if its line is open, or if the hub heard it lately', () => {
  expect(linkOf(AGENT, NOBODY)).toBe('heard');
  expect(linkOf(AWAY, NOBODY)).toBe('away');
  expect(linkOf(AWAY, new Set([AWAY.id]))).toBe('heard');
  expect(linkOf({ ...AWAY, lastHeard: null }, NOBODY)).toBe('never');
  expect(linkOf({ ...AGENT, revokedAt: AGENT.until }, new Set([AGENT.id]))).toBe('revoked');
});

test.each([
  [140, 'right', false],
  [-4_999, 'right', false],
  [40_000, '40 seconds ahead', false],
  [-299_000, '5 minutes behind', false],
  [300_000, '5 minutes ahead', true],
  [-3 * 3_600_000, '3 hours behind', true],
  [400 * 86_400_000, '400 days ahead', true],
])('a clock that is %d ms ahead is said as %s', (ahead, text, isWrong) => {
  expect(clockWords(ahead)).toEqual({ text, isWrong });
});

test('a certificate that was not renewed in time is told before it ends', () => {
  expect(certificateOf('2026-12-03T00:00:00Z', NOW)).toBe('good');
  expect(certificateOf('2026-11-17T00:00:00Z', NOW)).toBe('late');
  expect(certificateOf('2026-11-03T00:00:00Z', NOW)).toBe('over');
});

test('the sentence counts those that were not revoked, and names who is silent, late of clock or behind with lines', () => {
  const agents = [
    AGENT,
    { ...AWAY, id: 2, name: 'web-1' },
    { ...AGENT, id: 3, name: 'mail', clockAhead: 400_000 },
    { ...AGENT, id: 4, name: 'db', backlog: { lines: 9, bytes: 900, oldest: null } },
    { ...AGENT, id: 6, name: 'cert', until: '2026-11-08T00:00:00Z' },
    { ...AWAY, id: 5, name: 'old', revokedAt: AGENT.until },
  ];
  const { tone, lead, after } = spokenOfAgents(agents, NOBODY, NOW);
  expect([tone, lead]).toEqual(['care', '4 of 5 agents were heard within three minutes.']);
  expect(after).toEqual([
    expect.stringContaining('Not heard: Boone County (web-1).'),
    expect.stringContaining('The clock is wrong at: Boone County (mail).'),
    expect.stringContaining('should have been renewed at: Boone County (cert).'),
    expect.stringContaining('Lines wait to be sent at: Boone County (db).'),
  ]);
  expect(spokenOfAgents([], NOBODY, NOW)).toMatchObject({
    tone: 'calm',
    lead: 'No office has an agent yet.',
  });
  const { standing, revoked } = agentsByNeed(agents, NOBODY, NOW);
  expect(standing.map(({ name }) => name)).toEqual(['web-1', 'cert', 'mail', 'db', 'firewall']);
  expect(revoked.map(({ name }) => name)).toEqual(['old']);
});

test('a code is spelled for the telephone, and typed as one piece', () => {
  expect(spelled('7KM2V')).toBe('7 Kilo Mike 2 Victor');
  expect(spelled('0123456789ABCDEFGHJKMNPQRSTVWXYZ').split(' ')).toHaveLength(32);
  expect(enrolLine('hub.example.gov:8444', ['7KM2V', '0XQ9D'])).toBe(
    'bellwether-agent enrol --hub hub.example.gov:8444 --code 7KM2V-0XQ9D',
  );
});
