/** The walk of a likelihood as places on a drawing: time to the right, powers of ten upwards. */
import type { SourceAnswer } from '@bellwether/api';
import { powers, type Scale, scale } from './scale.ts';

/** The drawing, in its own units. */
export const WALK = { width: 920, height: 340, left: 118, right: 14, top: 16, bottom: 34 } as const;

/** Everything that the drawing needs. */
export type Walk = {
  readonly x: Scale;
  readonly y: Scale;
  /** Whole powers of ten that are written at the left. */
  readonly marks: readonly number[];
  /** First and last moment, ms. */
  readonly from: number;
  readonly to: number;
  /** The line through all points, as an SVG path: it stays level between contacts, and steps at each. */
  readonly line: string;
};

/** Lays out a walk. Thresholds near it are always in the picture: how far away they are is what a reader asks. */
export function layOut(walk: SourceAnswer['walk'], thresholds: SourceAnswer['thresholds']): Walk {
  const times = walk.map(({ time }) => Date.parse(time));
  const from = Math.min(...times);
  const to = Math.max(...times);
  const stakes = walk.map(({ stake }) => stake);
  const low = Math.min(0, ...stakes);
  const high = Math.max(1, ...stakes, ...thresholds.map(({ stake }) => stake));
  const x = scale(from, to, WALK.left, WALK.width - WALK.right);
  const y = scale(low, high + (high - low) * 0.05, WALK.height - WALK.bottom, WALK.top);
  let line = '';
  for (const [index, { stake }] of walk.entries()) {
    const right = tenth(x(times[index] as number));
    line += index === 0 ? `M${right} ${tenth(y(stake))}` : `H${right}V${tenth(y(stake))}`;
  }
  return { x, y, marks: powers(low, high).filter((mark) => mark >= low && mark <= high), from, to, line };
}

/** More digits than a screen shows only make the path long. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
