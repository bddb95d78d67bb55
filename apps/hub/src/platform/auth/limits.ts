/**
 * How often somebody may try. Three questions, in this order, and an attempt counts only where all three say yes:
 *
 *     network   of the address: IPv4 /24, IPv6 /48
 *     account   where one is named, from all networks together
 *     all       from all networks that nobody has got in from yet
 *
 * What one network may take is a small part of what all may, and of what an account may, so that nobody who guesses from
 * one network locks the others out. Who guesses from thousands of networks can use up `all`: then networks from which
 * somebody got in before are not asked that question, so that the offices work on; only an office's very first sign-in
 * has to wait or to be made by phone. A success gives back what it took, so that an office behind one address does not
 * pay for its size.
 *
 * **12 digits against 10,000 guesses a minute.** Without limits, 15 minutes are 150,000 guesses, and hit one open code
 * with a probability of 150,000 / 10^12 = 1.5 * 10^-7. From one network, 80 of them are let through (8 * 10^-11); from as many
 * networks as one likes, 4,800 (5 * 10^-9), and with a code open for each of 116 offices at once 6 * 10^-7. Who goes on for a
 * year, with a code open all the time, hits one with 2 * 10^-4. Who sits in all 4,096 known networks at once gets 330,000
 * guesses through (3 * 10^-7). limits.test.ts counts the guesses.
 */
import type { Attempt, Limits, Origin } from './auth-types.ts';
import { type Allowance, Buckets } from './buckets.ts';
import { networkOf } from './network.ts';

/** How often, of one kind. */
export type Allowances = {
  readonly network: Allowance;
  readonly account: Allowance;
  readonly all: Allowance;
};

/** For guesses of a person: twenty mistakes at once are a class being enrolled; four a minute is slower than anyone types. */
const TYPED: Allowances = {
  network: { burst: 20, perMinute: 4 },
  account: { burst: 60, perMinute: 12 },
  all: { burst: 300, perMinute: 300 },
};

/** For ceremonies: nothing can be guessed (a signature), but each costs the database a look; an office signs in at eight. */
const SIGNED: Allowances = {
  network: { burst: 60, perMinute: 60 },
  account: { burst: 200, perMinute: 200 },
  all: { burst: 1_200, perMinute: 1_200 },
};

/** For programs: 256 bits cannot be guessed either, and many lines may be on their way at once when a key is withdrawn. */
const OF_PROGRAMS: Allowances = {
  network: { burst: 1_000, perMinute: 3_000 },
  account: { burst: 3_000, perMinute: 9_000 },
  all: { burst: 20_000, perMinute: 60_000 },
};

/** By what is tried. */
export const ALLOWANCES: Readonly<Record<Attempt, Allowances>> = {
  code: TYPED,
  'printed-code': TYPED,
  passkey: SIGNED,
  directory: SIGNED,
  token: OF_PROGRAMS,
  key: OF_PROGRAMS,
};

/** Networks and accounts remembered of each kind: 16,384 are ten times what a state has, and 2 MB. */
export const MOST_KEYS = 16_384;

/** Networks from which somebody got in: all offices with several each, and their homes. */
export const MOST_KNOWN = 4_096;

/** An account's name is kept so far: ours have 22 characters. */
const LONGEST_ACCOUNT = 64;

/** Limits by this clock (ms). In memory: a hub that starts again begins with full buckets. */
export function createLimits({ now, most = MOST_KEYS }: { now: () => number; most?: number }): Limits {
  const buckets = new Map<Attempt, { network: Buckets; account: Buckets; all: Buckets }>();
  for (const [attempt, { network, account, all }] of Object.entries(ALLOWANCES)) {
    buckets.set(attempt as Attempt, {
      network: new Buckets(network, most),
      account: new Buckets(account, most),
      all: new Buckets(all, 1),
    });
  }
  const known = new Set<string>();

  /** The questions to ask, each with its key. */
  function questions(attempt: Attempt, network: string, account: string | undefined) {
    const of = buckets.get(attempt)!;
    const asked: (readonly [Buckets, string])[] = [[of.network, network]];
    if (account !== undefined) asked.push([of.account, account.slice(0, LONGEST_ACCOUNT)]);
    if (!known.has(network)) asked.push([of.all, 'all']);
    return asked;
  }

  return {
    allow(attempt: Attempt, origin: Origin, account?: string): boolean {
      const time = now();
      const asked = questions(attempt, networkOf(origin.address), account);
      if (!asked.every(([of, key]) => of.has(key, time))) return false;
      for (const [of, key] of asked) of.take(key, time);
      return true;
    },
    forgive(attempt: Attempt, origin: Origin, account?: string): void {
      const time = now();
      const network = networkOf(origin.address);
      for (const [of, key] of questions(attempt, network, account)) of.giveBack(key, time);
      known.delete(network);
      known.add(network);
      if (known.size <= MOST_KNOWN) return;
      for (const oldest of known) {
        known.delete(oldest);
        return;
      }
    },
  };
}
