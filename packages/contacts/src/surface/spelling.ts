/** Guesses which word was meant, so that a mistake comes with its correction. */

/** The known word that was probably meant: within two changes of a letter, and closer than any longer guess. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const spelled = word.toLowerCase().replaceAll('-', '_');
  if (spelled.length > 40) return undefined;
  let best: string | undefined;
  let distance = 3;
  for (const candidate of known) {
    const changes = changesBetween(spelled, candidate.toLowerCase().replaceAll('-', '_'));
    if (changes < distance && changes < candidate.length) {
      best = candidate;
      distance = changes;
    }
  }
  return best;
}

/** Letters to insert, take out or replace to make one text the other (Levenshtein distance). */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
