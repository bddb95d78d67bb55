/**
 * How computers that block stand, and the sentence that tells of all of them. It says no more than was read back: a computer
 * that is not heard may block well, and nobody knows.
 */
import type { BlocksAnswer } from '@bellwether/api';
import { named } from '../../words/formats.ts';
import { BLOCKS } from './texts.ts';

/** One computer of an answer. */
export type AtAgent = BlocksAnswer['agents'][number];

/** How it stands, what needs a person first. */
export const STANDINGS = ['unheard', 'never', 'damaged', 'behind', 'well', 'none'] as const;
export type Standing = (typeof STANDINGS)[number];

/** How one stands; `sequence`: the last order that the hub wrote. */
export function standingOf(agent: AtAgent, sequence: number): Standing {
  if (agent.heardAt === null) return 'never';
  if (!agent.isHeard) return 'unheard';
  if (agent.point === 'damaged' || agent.missing > 0) return 'damaged';
  if (agent.point !== 'enforcing') return 'none';
  return agent.sequence < sequence ? 'behind' : 'well';
}

/** Computers with how they stand, what needs a person first, then by office and name. */
export function byNeed({ agents, sequence }: Pick<BlocksAnswer, 'agents' | 'sequence'>): readonly {
  readonly agent: AtAgent;
  readonly standing: Standing;
}[] {
  return agents
    .map((agent) => ({ agent, standing: standingOf(agent, sequence) }))
    .sort(
      (a, b) =>
        STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
        b.agent.missing - a.agent.missing ||
        b.agent.refused - a.agent.refused ||
        a.agent.officeName.localeCompare(b.agent.officeName, 'en') ||
        a.agent.name.localeCompare(b.agent.name, 'en'),
    );
}

/** What is said of all: the first sentence, those after it, and how pressing it is. */
export type Spoken = {
  readonly tone: 'calm' | 'care' | 'alarm';
  readonly lead: string;
  readonly after: readonly string[];
};

/** The sentence. */
export function spokenOf(answer: BlocksAnswer): Spoken {
  const words = BLOCKS.spoken;
  const all = byNeed(answer);
  const of = (...wanted: readonly Standing[]) => all.filter(({ standing }) => wanted.includes(standing));
  const names = (some: ReturnType<typeof of>) =>
    named(some.map(({ agent: { officeName, name } }) => words.name(officeName, name)));
  const [silent, damaged, behind, none] = [of('unheard', 'never'), of('damaged'), of('behind'), of('none')];
  const enforcing = of('well', 'behind').length;
  const asked = all.length - none.length;
  const [refused, missing] = (['refused', 'missing'] as const).map((what) =>
    answer.agents.reduce((sum, agent) => sum + agent[what], 0),
  ) as [number, number];
  const tone =
    damaged.length > 0
      ? 'alarm'
      : silent.length > 0 || refused > 0 || (answer.decided > 0 && asked === 0)
        ? 'care'
        : 'calm';
  return {
    tone,
    lead: [
      words.decided(answer.decided),
      ...(asked === 0
        ? answer.decided === 0
          ? []
          : [words.nobody]
        : [words.enforcing(enforcing, asked), words.exceptions(refused, missing)]),
    ].join(' '),
    after: [
      ...(silent.length === 0 ? [] : [words.silent(names(silent))]),
      ...(damaged.length === 0 ? [] : [words.damaged(names(damaged))]),
      ...(behind.length === 0 ? [] : [words.behind(names(behind))]),
      ...(none.length === 0 ? [] : [words.none(none.length)]),
      ...(answer.atClients === 0 ? [] : [words.atClients(answer.atClients)]),
      ...(answer.lifted === 0 ? [] : [words.lifted(answer.lifted)]),
    ],
  };
}
