/** How many slips of the hand lie between two names: a letter left out, added, changed, or swapped with the next one (Damerau 1964). */

/** Edits between two names, where a swap of neighbours is one; `most + 1` where there are more than `most`. */
export function editsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let start = 0;
  while (start < one.length && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  let [oneEnd, otherEnd] = [one.length, other.length];
  while (
    oneEnd > start &&
    otherEnd > start &&
    one.charCodeAt(oneEnd - 1) === other.charCodeAt(otherEnd - 1)
  ) {
    oneEnd--;
    otherEnd--;
  }
  return between(one.slice(start, oneEnd), other.slice(start, otherEnd), most);
}

function between(one: string, other: string, most: number): number {
  if (one === '' || other === '') return Math.min(one.length + other.length, most + 1);
  let [before, last] = [
    new Array<number>(other.length + 1).fill(0),
    Array.from({ length: other.length + 1 }, (_, at) => at),
  ];
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    let least = row;
    for (let at = 1; at <= other.length; at++) {
      const same = one.charCodeAt(row - 1) === other.charCodeAt(at - 1) ? 0 : 1;
      let edits = Math.min(last[at]! + 1, current[at - 1]! + 1, last[at - 1]! + same);
      const isSwap =
        row > 1 &&
        at > 1 &&
        one.charCodeAt(row - 1) === other.charCodeAt(at - 2) &&
        one.charCodeAt(row - 2) === other.charCodeAt(at - 1);
      if (isSwap) edits = Math.min(edits, before[at - 2]! + 1);
      current.push(edits);
      if (edits < least) least = edits;
    }
    // A swap may still go back two rows; it costs one more than what stood there, so it is never less than the least of the last row.
    if (least > most) return most + 1;
    [before, last] = [last, current];
  }
  return Math.min(last[other.length]!, most + 1);
}
