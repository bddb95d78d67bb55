/** Answers about blocks: 116 offices with a computer each, and one of everything that can be wrong with one. */
import type {
  AgentRow,
  AgentsAnswer,
  AppealsAnswer,
  BlocksAnswer,
  DecisionRow,
  DecisionsAnswer,
} from '@bellwether/api';
import { PLACES } from '../map/shapes.ts';
import { at } from './day.ts';

type AtAgent = BlocksAnswer['agents'][number];

/** Blocks that every computer was told of. */
const DECIDED = 412;

/** Number of the last order. */
const SEQUENCE = 4_807;

/** `GET /appeals`: voters who were let in, one of whom was none. */
export const APPEALS_ANSWER: AppealsAnswer = {
  ...{ lastDay: 3, holding: 2 },
  appeals: [
    {
      ...{ id: 4, network: '192.0.2.77', how: 'phone', at: at(23), until: '2096-01-31T12:00:00.000Z' },
      ...{ endedAt: null, by: 'Pat Miller', note: 'Called from the library.' },
      against: ['Reached for 40 things that nobody offers.'],
    },
    {
      ...{ id: 3, network: '2001:db8:77:1::/64', how: 'page', at: at(22), until: '2096-01-31T12:00:00.000Z' },
      ...{ endedAt: null, by: null, note: null, against: [] },
    },
    {
      ...{ id: 2, network: '203.0.113.66', how: 'page', at: at(20), until: '2096-01-31T12:00:00.000Z' },
      ...{ endedAt: at(21), by: null, note: null },
      against: ['Guessed passwords at 7 offices within an hour.'],
    },
  ],
};

/** What is not as it is at most offices, by their number. */
const SPECIAL: Readonly<Record<string, Partial<AtAgent>>> = {
  '29009': { isHeard: false, heardAt: at(21.2) },
  '29015': { isHeard: false, heardAt: null, point: null, decided: 0, enforced: 0, sequence: 0 },
  '29019': { enforced: DECIDED - 2, refused: 2, vetoes: 1 },
  '29025': {
    ...{ point: 'damaged', enforced: DECIDED - 1, missing: 1 },
    why: ['chain "forward" is not there any more'],
  },
  '29027': { sequence: SEQUENCE - 1, decided: DECIDED - 1, enforced: DECIDED - 1 },
  '29029': {
    ...{ point: 'none', decided: 0, enforced: 0 },
    why: ['This computer was not asked to block anything.'],
  },
};

/** A computer at an office that does all that it should. */
export function agentAt(office: string, officeName: string, more: Partial<AtAgent> = {}): AtAgent {
  return {
    ...{ office, officeName, agent: Number(office), name: 'firewall', heardAt: at(24), isHeard: true },
    ...{ point: 'enforcing' as const, why: [], sequence: SEQUENCE, decided: DECIDED, enforced: DECIDED },
    ...{ refused: 0, missing: 0, vetoes: 0, ...more },
  };
}

/** `GET /blocks` on a calm day: one office, and everything as it should be. */
export const BLOCKS_CALM: BlocksAnswer = {
  ...{ at: at(24), decided: DECIDED, atClients: 0, lifted: 0, sequence: SEQUENCE, exceptions: [] },
  agents: [agentAt('29019', 'Boone County')],
};

/** `GET /blocks`. */
export const BLOCKS_ANSWER: BlocksAnswer = {
  ...{ at: at(24), decided: DECIDED, atClients: 1, lifted: 2, sequence: SEQUENCE },
  agents: PLACES.map(({ leaId, name }) => agentAt(leaId, name, SPECIAL[leaId])),
  bouncers: [
    {
      ...{ key: '7', office: '29095', officeName: 'Jackson County', name: 'Website', askedAt: at(24) },
      report: {
        ...{ at: at(23.9), kind: 'crowdsec-firewall-bouncer', version: 'v0.0.28' },
        ...{ active: 398, dropped: 12_408 },
      },
    },
    {
      ...{ key: '9', office: '29510', officeName: 'St. Louis City', name: 'Palo Alto of the city' },
      ...{ askedAt: null, report: null },
    },
  ],
  exceptions: [
    {
      ...{ block: '3001', value: '203.0.113.66', office: '29019', agent: 29_019 },
      ...{ state: 'refused', why: 'veto', detail: 'our own scanner' },
    },
    {
      ...{ block: '3002', value: '198.51.100.0/24', office: '29019', agent: 29_019 },
      ...{ state: 'refused', why: 'never', detail: 'it touches an address that is never blocked here' },
    },
    {
      ...{ block: '2990', value: null, office: '29025', agent: 29_025 },
      ...{ state: 'missing', why: null, detail: 'not in the set' },
    },
  ],
};

function decision(id: number, value: string, more: Partial<DecisionRow> = {}): DecisionRow {
  return {
    ...{ id, value, reason: 'Guessed passwords at 7 offices within an hour.', alpha: 1e-6 },
    ...{
      rule: 'block',
      forgeable: false,
      covers: 'all' as const,
      seen: 'packets' as const,
      evidence: null,
      campaign: null,
    },
    ...{ from: at(20), until: at(44), ...more },
  };
}

/** Blocks in force: a few that differ, and many alike. */
const IN_FORCE: readonly DecisionRow[] = [
  decision(3_001, '203.0.113.66'),
  decision(3_002, '198.51.100.0/24', {
    ...{ covers: 'private', alpha: null },
    reason: 'Reached for 40 things that nobody offers, from many addresses of one network.',
  }),
  decision(2_999, '2001:db8:77:1::/64'),
  ...Array.from({ length: 32 }, (_, index) => decision(2_900 - index, `192.0.2.${index + 1}`)),
];

/** `GET /decisions`. */
export const IN_FORCE_ANSWER: DecisionsAnswer = { at: at(24), decisions: [...IN_FORCE], total: DECIDED };

/** What is told of an agent, beside its blocks. */
export function agentRow(at0: AtAgent, more: Partial<AgentRow> = {}): AgentRow {
  const { office, officeName, agent: id, name, heardAt, isHeard, point, why } = at0;
  return {
    ...{ id, office, officeName, name, enrolledAt: at(-700), enrolledBy: 'Pat Miller', lastHeard: heardAt },
    ...{ version: heardAt === null ? null : '0.1.0', revokedAt: null, revokedWhy: null },
    // No clock of whoever tests is near it.
    until: '2096-01-31T12:00:00.000Z',
    ...{ isConnected: isHeard, point: point === null ? null : { state: point, why: [...why] } },
    backlog: heardAt === null ? null : { lines: 0, bytes: 0, oldest: null },
    clockAhead: heardAt === null ? null : 140,
    ...more,
  };
}

const UNLIKE: Readonly<Record<string, Partial<AgentRow>>> = {
  '29009': { backlog: { lines: 48_210, bytes: 9_400_000, oldest: at(21) } },
  '29019': { clockAhead: -840_000 },
  '29025': { until: at(24) },
};

/** `GET /agents`. */
export const AGENTS_ANSWER: AgentsAnswer = {
  hub: 'hub.example.gov:8444',
  agents: [
    ...BLOCKS_ANSWER.agents.map((one) => agentRow(one, UNLIKE[one.office])),
    agentRow(agentAt('29031', 'Cape Girardeau County', { agent: 9, name: 'old-firewall', isHeard: false }), {
      ...{ revokedAt: at(2), revokedWhy: 'The computer was taken away.' },
    }),
  ],
};

/** The body of an answer about blocks; undefined where the path is about something else. */
export function cannedBlocks(path: string): unknown {
  switch (path) {
    case 'blocks':
      return BLOCKS_ANSWER;
    case 'agents':
      return AGENTS_ANSWER;
    case 'appeals':
      return APPEALS_ANSWER;
    case 'decisions':
      return IN_FORCE_ANSWER;
    default:
      return undefined;
  }
}
