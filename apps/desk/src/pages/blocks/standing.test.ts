import { expect, test } from 'vitest';
import { agentAt, BLOCKS_ANSWER, BLOCKS_CALM } from '../../testing/canned-blocks.ts';
import { isHeldBy } from './held-by.ts';
import { byNeed, spokenOf, standingOf } from './standing.ts';
import { refusalText } from './texts.ts';

const withAgents = (...agents: ReturnType<typeof agentAt>[]) => ({ ...BLOCKS_CALM, agents });
const SEQUENCE = BLOCKS_CALM.sequence;

test('a computer that does what it was told is calm news', () => {
  expect(spokenOf(BLOCKS_CALM)).toEqual({
    tone: 'calm',
    lead: '412 blocks are decided. 1 of 1 computer enforces what it was told. Refused at offices: none. Missing in a firewall: none.',
    after: [],
  });
});

test('the sentence counts who enforces among those that should, and names who is not heard', () => {
  const { tone, lead, after } = spokenOf(BLOCKS_ANSWER);
  expect(tone).toBe('alarm');
  expect(lead).toBe(
    '412 blocks are decided. 112 of 115 computers enforce what they were told. Refused at offices: 2. Missing in a firewall: 1.',
  );
  expect(after[0]).toMatch(/^Not heard: \S.* \(firewall\) and \S.* \(firewall\)\. /);
  expect(after[1]).toContain('Not as it should be: Caldwell County');
  expect(after.join(' ')).toContain('1 more computer does not block');
});

test('a computer that was not heard for three minutes enforces nothing that anybody knows of', () => {
  const unheard = agentAt('29019', 'Boone County', { isHeard: false });
  expect(standingOf(unheard, SEQUENCE)).toBe('unheard');
  expect(spokenOf(withAgents(unheard)).lead).toContain('0 of 1 computer enforce');
  expect(spokenOf(withAgents(unheard)).tone).toBe('care');
});

test('where blocks are missing it is not as it should be, whatever its point says', () => {
  expect(standingOf(agentAt('29019', 'Boone County', { missing: 1 }), SEQUENCE)).toBe('damaged');
  expect(standingOf(agentAt('29019', 'Boone County', { point: 'damaged' }), SEQUENCE)).toBe('damaged');
});

test('who has the order before does what it was told, and it is said that it has not told of the last', () => {
  const behind = agentAt('29019', 'Boone County', { sequence: SEQUENCE - 1 });
  const { lead, after, tone } = spokenOf(withAgents(behind));
  expect(lead).toContain('1 of 1 computer enforces');
  expect(after).toEqual(['Have not told yet that they took the last change: Boone County (firewall).']);
  expect(tone).toBe('calm');
});

test('without a computer that blocks nothing is said to be enforced', () => {
  expect(spokenOf(withAgents())).toMatchObject({
    tone: 'care',
    lead: '412 blocks are decided. No computer with our agent enforces them.',
  });
  expect(spokenOf({ ...withAgents(), decided: 0 })).toMatchObject({
    tone: 'calm',
    lead: 'Nothing is blocked now.',
  });
});

test('who needs a person stands first: not heard, then damaged, then refused', () => {
  const agents = [
    agentAt('29001', 'Adair County'),
    agentAt('29003', 'Andrew County', { refused: 2 }),
    agentAt('29005', 'Atchison County', { point: 'damaged' }),
    agentAt('29007', 'Audrain County', { heardAt: null, isHeard: false }),
    agentAt('29009', 'Barry County', { isHeard: false }),
  ];
  expect(byNeed(withAgents(...agents)).map(({ agent }) => agent.office)).toEqual([
    ...['29009', '29007', '29005', '29003', '29001'],
  ]);
});

test('a code that this page does not know is shown as it is', () => {
  expect(refusalText('veto')).toBe('The office said no.');
  expect(refusalText('constructor')).toBe('constructor.');
});

test('an address is found in the network that holds it, and what is no address in none', () => {
  expect(isHeldBy('198.51.100.77', '198.51.100.0/24')).toBe(true);
  expect(isHeldBy('198.51.101.77', '198.51.100.0/24')).toBe(false);
  expect(isHeldBy('2001:db8:77:1::9', '2001:db8:77:1::/64')).toBe(true);
  expect(isHeldBy('boone', '198.51.100.0/24')).toBe(false);
  expect(isHeldBy('', '198.51.100.0/24')).toBe(false);
});
