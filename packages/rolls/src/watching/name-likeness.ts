/**
 * How alike two names are: Jaro 1989, with Winkler's weight for a common beginning (Winkler 1990). 1 is the same, 0 nothing alike.
 */

/** Winkler's own: a tenth for each of the first letters, four at most. */
const PREFIX_WEIGHT = 0.1;
const PREFIX_LETTERS = 4;

/** Letters that are compared: longer names are cut, so that no name costs more than another. */
const MOST_LETTERS = 64;

/** Likeness, [0, 1]; of letters as they stand (bring them to one spelling first). */
export function nameLikeness(one: string, other: string): number {
  const a = one.slice(0, MOST_LETTERS);
  const b = other.slice(0, MOST_LETTERS);
  if (a === b) return 1;
  if (a === '' || b === '') return 0;
  const jaro = jaroOf(a, b);
  let prefix = 0;
  while (prefix < PREFIX_LETTERS && prefix < a.length && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro);
}

function jaroOf(a: string, b: string): number {
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1);
  const taken = new Uint8Array(b.length);
  const common: string[] = [];
  for (let i = 0; i < a.length; i++) {
    for (let j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j++) {
      if (taken[j] === 1 || a[i] !== b[j]) continue;
      taken[j] = 1;
      common.push(a[i]!);
      break;
    }
  }
  if (common.length === 0) return 0;
  let moved = 0;
  let at = 0;
  for (let j = 0; j < b.length; j++) if (taken[j] === 1 && b[j] !== common[at++]) moved++;
  const same = common.length;
  return (same / a.length + same / b.length + (same - moved / 2) / same) / 3;
}
