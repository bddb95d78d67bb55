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
  /** Its clients are known only by X-Forwarded-For: it plays where the log has that header. */
  readonly behindProxy?: true;
  readonly play: (stage: WebStage) => void;
};

/** One source in so many may take a large part of its scenario: there is always somebody who scans everything. */
const GIANTS = 0.02;

/** Sources that the rest of a scenario's budget should hold at least, so that shares of sources mean something. */
const ORDINARY_PARTS = 60;

/** Sources of a giant's size that a budget should hold. */
const GIANT_PARTS = 6;

/** Sizes that a source draws for itself, from `low` to `high`, as wide as the scenario's budget allows. */
export function sizeWithin(random: Random, low: number, high: number, budget: number): number {
  const parts = random.chance(GIANTS) ? GIANT_PARTS : ORDINARY_PARTS;
  const top = Math.min(high, Math.max(low * SMALLEST_SPREAD, budget / parts));
  return Math.max(1, Math.round(random.spread(low, Math.max(low + 1, top))));
}

/** Even in the smallest run sizes differ by this factor. */
const SMALLEST_SPREAD = 1.5;

/** A time at which something of this length can start and end inside the run, where that is possible. */
export function startFor(random: Random, span: number, length: number): number {
  return random.unit() * Math.max(0, span - length);
}
