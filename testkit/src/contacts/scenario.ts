/**
 * What a scenario is: one way of behaving towards us, with a share of the lines, that plays until its budget is used.
 */
import type { Random } from '../random.ts';
import type { Family } from './formats.ts';
import type { WebHost } from './web-requests.ts';
import type { World } from './world.ts';

/** What a scenario gets to play with. */
export type Stage = {
  readonly world: World;
  readonly random: Random;
  /** Events (or lines, for SSH) that the scenario should make, nearly. */
  readonly budget: number;
};

/** A stage with the web host that is visited. */
export type WebStage = Stage & { readonly host: WebHost };

/** A scenario of the network, of SSH or of sign-ins. */
export type Scenario = {
  readonly name: string;
  readonly family: Exclude<Family, 'web'>;
  /** Share of its family's events; shares of a family add up to less than one, and a filler makes the rest. */
  readonly share: number;
  readonly play: (stage: Stage) => void;
};

/** A scenario of a web host. */
export type WebScenario = {
  readonly name: string;
  readonly share: number;
  readonly play: (stage: WebStage) => void;
};

/**
 * Sizes that a source draws for itself: wide where the budget allows, and never so wide that one source takes all.
 *
 * @param parts the budget should hold at least so many sources of the largest size
 */
export function sizeWithin(random: Random, low: number, high: number, budget: number, parts: number): number {
  const top = Math.max(low + 1, Math.min(high, budget / parts));
  return Math.max(1, Math.round(random.spread(Math.min(low, top - 1), top)));
}

/** A time at which something of this length can start and end inside the run, where that is possible. */
export function startFor(random: Random, span: number, length: number): number {
  return random.unit() * Math.max(0, span - length);
}
