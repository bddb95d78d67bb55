/**
 * The door of a voters' service: what happens to a source that something is held against. No judgement drops its packets: it is served
 * more slowly; if it goes on, it is asked to wait a moment and press a button; and if it goes on even so, it is turned away with
 * a way back. A source that nothing is held against never meets the door, and nothing is remembered of it.
 *
 *     open ──► slow ──► ask ──► (passed: open, wider) ──► slow ──► ask ... ──► refuse, with a code for the telephone
 *
 * The question needs no script, picture, sound or puzzle (WCAG 2.2, 3.3.8): a page with a button that works after some seconds.
 * It keeps no person out; it makes a program wait, keep a cookie and come back, once for every some dozens of requests.
 */
import type { Cidr } from '@bellwether/basics';

/** What becomes of one request. */
export type DoorAnswer =
  | { readonly kind: 'open' }
  /** Try again after so many seconds. */
  | { readonly kind: 'slow'; readonly after: number }
  | { readonly kind: 'ask' }
  | { readonly kind: 'refuse'; readonly after: number };

/** Requests that a judged source may make: so many at once, then one more after each so many ms. */
type Pace = { readonly burst: number; readonly every: number };

/** Before it has passed: one page with its pictures at once, then a request in two seconds. A person reads longer. */
const STRANGER: Pace = { burst: 30, every: 2_000 };

/** After it has passed: the pace of somebody in a hurry, or of a few people behind one address. */
const PASSED: Pace = { burst: 120, every: 500 };

/** Slow answers that are given before the question, until the source rests: a browser that reloads gets through before. */
const SLOW_BEFORE_ASKING = 5;

/** How long a pass is good, ms: longer than anybody needs to look up a registration, shorter than a night of collecting. */
export const PASS_LIFE = 3_600_000;

/** Passes for one source within the life of one: six people of one address, and no program that collects all day. */
const MOST_PASSES = 6;

/** How long a source that used up its passes is turned away, ms, unless it is spared before. */
const REFUSED_FOR = 3_600_000;

/** Seconds that the page of the question asks to wait: what a program pays for each pass, and a person hardly notices. */
export const QUESTION_WAIT = 5;

/** How long a question can be answered, ms: people are called away from their screens. */
export const QUESTION_LIFE = 30 * 60_000;

/** Judged sources that are remembered: the oldest are forgotten first, which lets them in again. */
const MOST_SOURCES = 65_536;

type Source = {
  tokens: number;
  at: number;
  slowed: number;
  /** When passes were given, ms. */
  passes: number[];
  refusedUntil: number;
};

/** Remembers what judged sources did. Keys name a source: `sourceKey`. Times are ms. */
export class VotersDoor {
  readonly #sources = new Map<string, Source>();

  /** What becomes of a request of a judged source. `hasPass`: it showed a pass that is its own and still good. */
  knock(key: string, hasPass: boolean, now: number): DoorAnswer {
    const source = this.#sourceOf(key, now);
    if (source.refusedUntil > now) return { kind: 'refuse', after: secondsTo(source.refusedUntil, now) };
    const pace = hasPass ? PASSED : STRANGER;
    source.tokens = Math.min(pace.burst, source.tokens + Math.max(0, now - source.at) / pace.every);
    source.at = now;
    if (source.tokens >= 1) {
      // Only rest forgets haste: a program that takes whatever comes free would never be asked.
      if (source.tokens >= pace.burst / 2) source.slowed = 0;
      source.tokens--;
      return { kind: 'open' };
    }
    source.slowed++;
    if (source.slowed <= SLOW_BEFORE_ASKING) return { kind: 'slow', after: Math.ceil(pace.every / 1_000) };
    return { kind: 'ask' };
  }

  /** Whether a source that answered the question gets a pass; else it is turned away for a while. */
  pass(key: string, now: number): boolean {
    const source = this.#sourceOf(key, now);
    if (source.refusedUntil > now) return false;
    source.passes = source.passes.filter((at) => at > now - PASS_LIFE);
    if (source.passes.length >= MOST_PASSES) {
      source.refusedUntil = now + REFUSED_FOR;
      return false;
    }
    source.passes.push(now);
    source.slowed = 0;
    source.tokens = PASSED.burst;
    source.at = now;
    return true;
  }

  /** Forgets a source: it was spared, or nothing is held against it any more. */
  forget(key: string): void {
    this.#sources.delete(key);
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.#sources.size;
  }

  #sourceOf(key: string, now: number): Source {
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    if (this.#sources.size >= MOST_SOURCES) this.#sources.delete(this.#sources.keys().next().value!);
    const source: Source = { tokens: STRANGER.burst, at: now, slowed: 0, passes: [], refusedUntil: 0 };
    this.#sources.set(key, source);
    return source;
  }
}

/** What a source is remembered by: an IPv4 address, or the /64 of an IPv6 address. */
export function sourceKey({ family, words }: Pick<Cidr, 'family' | 'words'>): string {
  return family === 4 ? String(words[3]) : `${words[0]}:${words[1]}`;
}

function secondsTo(until: number, now: number): number {
  return Math.ceil((until - now) / 1_000);
}
