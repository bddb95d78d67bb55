/** Scales of charts: from values to places on the drawing, and the round values that are written beside it. */

/** A straight scale: `from` lies at `start`, `to` at `end`. */
export type Scale = (value: number) => number;

/** Makes a straight scale; where all values are the same, everything lies in the middle. */
export function scale(from: number, to: number, start: number, end: number): Scale {
  if (from === to) return () => (start + end) / 2;
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** Round values from 0 to at least `most`, about `about` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(most: number, about = 4): readonly number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power);
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** Whole powers of ten between two (included), at most `most` of them, zero always among them if it lies between. */
export function powers(from: number, to: number, most = 7): readonly number[] {
  const first = Math.floor(from);
  const last = Math.ceil(to);
  const step = [1, 2, 3, 5, 10, 20, 50, 100].find((by) => (last - first) / by <= most) ?? 200;
  const begin = Math.ceil(first / step) * step;
  const values: number[] = [];
  for (let value = begin; value <= last; value += step) values.push(value === 0 ? 0 : value);
  return values;
}
