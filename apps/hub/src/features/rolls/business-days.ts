/** Business days: Monday to Friday. Holidays of states differ and are not known here, so a time limit may end on one. */

const DAY = 86_400_000;

/** The moment (ms since 1970) that lies so many business days after another one. */
export function afterBusinessDays(from: number, days: number): number {
  let at = from;
  for (let left = days; left > 0; ) {
    at += DAY;
    const weekday = new Date(at).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left--;
  }
  return at;
}
