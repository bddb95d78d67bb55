/**
 * Networks as few as can be, and not one address more: two halves that are both there become the whole, and what lies in another
 * that holds at least as long goes. What is joined ends with the first of its parts; whoever joins anew when something has
 * ended finds the other half as it is.
 */
import { type Cidr, contains, masked } from '@bellwether/basics';

/** A network with its end (ms since 1970; `Infinity` where ends do not matter). */
export type Ending = { readonly network: Cidr; readonly until: number };

/** Shortest prefixes that are made: what is wider could not have been decided, and a firewall should refuse it. */
const WIDEST = { 4: 24, 6: 48 } as const;

/** Joins them. `joined` makes one of two halves. The answer is in the order of addresses. */
export function aggregated<T extends Ending>(all: Iterable<T>, joined: (whole: Cidr, a: T, b: T) => T): T[] {
  const sorted = [...all].sort((a, b) => inOrder(a.network, b.network) || b.until - a.until);
  const kept: T[] = [];
  for (const next of withoutCovered(sorted)) {
    kept.push(next);
    joinHalves(kept, joined);
  }
  return kept;
}

/** In order, wider ones come before what lies in them: those that still reach so far are a stack. */
function* withoutCovered<T extends Ending>(sorted: readonly T[]): Generator<T> {
  const around: T[] = [];
  for (const next of sorted) {
    while (around.length > 0 && !contains(around.at(-1)!.network, next.network)) around.pop();
    if (around.some(({ until }) => until >= next.until)) continue;
    around.push(next);
    yield next;
  }
}

function joinHalves<T extends Ending>(kept: T[], joined: (whole: Cidr, a: T, b: T) => T): void {
  while (kept.length >= 2) {
    const a = kept.at(-2)!;
    const b = kept.at(-1)!;
    const { bits, family } = b.network;
    if (a.network.family !== family || a.network.bits !== bits || bits <= WIDEST[family]) return;
    const whole = masked({ ...b.network, bits: bits - 1 });
    if (!contains(whole, a.network) || inOrder(a.network, b.network) === 0) return;
    kept.splice(-2, 2, joined(whole, a, b));
  }
}

function inOrder(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  for (let i = 0; i < 4; i++) {
    if (a.words[i] !== b.words[i]) return a.words[i]! - b.words[i]!;
  }
  return a.bits - b.bits;
}
