/**
 * What was found out about keys, in memory. A right one holds for `FRESH`; then the database is asked again, and while it
 * does not answer, the key counts as it did. A wrong one stays wrong: keys are random, and one that was withdrawn does not
 * come back. Both are bounded, and wrong ones push no right one out.
 */
import { isDatabaseAway } from '../http/failures.ts';
import type { Actor } from './rights.ts';

/** A program, by its key. */
export type ProgramActor = Extract<Actor, { kind: 'sensor' | 'bouncer' }>;

/** With `PATIENCE` less than a second: as long as a key that was withdrawn elsewhere may still be taken for a right one. ms. */
const FRESH = 400;

/** How long somebody whom we know waits for the database before we go by what we know. ms. */
const PATIENCE = 400;

/** A wrong key is not asked for again so soon: whoever tries the same one again and again costs no query. ms. */
const WRONG_LIFE = 10_000;

/** More than the programs of a state, some 10 MB. */
const MOST_RIGHT = 20_000;

/** Enough for a program that was forgotten in each office; guesses are another one each, and push each other out. */
const MOST_WRONG = 5_000;

/** Asks the database who a key is, by its hash. */
type LookUp = (hash: Buffer) => Promise<ProgramActor | undefined>;

type Known = { readonly actor: ProgramActor; asked: number };

/** The memory. */
export class KeyMemory {
  readonly #lookUp: LookUp;
  readonly #now: () => number;
  readonly #right = new Map<string, Known>();
  readonly #wrong = new Map<string, number>();
  readonly #asking = new Map<string, Promise<ProgramActor | undefined>>();

  /** `now`: ms since 1970. */
  constructor(lookUp: LookUp, now: () => number) {
    this.#lookUp = lookUp;
    this.#now = now;
  }

  /** Who a key is; undefined for a wrong one. Throws where the database is away and the key was never seen. */
  async actorOf(hash: Buffer): Promise<ProgramActor | undefined> {
    const key = hash.toString('base64');
    if (isWithin(this.#now() - (this.#wrong.get(key) ?? Number.NEGATIVE_INFINITY), WRONG_LIFE)) {
      return undefined;
    }
    const known = this.#right.get(key);
    if (known === undefined) return await this.#ask(key, hash);
    if (isWithin(this.#now() - known.asked, FRESH)) return known.actor;
    return await this.#askAgain(key, hash, known);
  }

  /** Forgets a key by its number: it was withdrawn. */
  forget(id: string): void {
    for (const [key, { actor }] of this.#right) {
      if (actor.key === id) this.#right.delete(key);
    }
  }

  async #askAgain(key: string, hash: Buffer, known: Known): Promise<ProgramActor | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<ProgramActor>((resolve) => {
      timer = setTimeout(() => {
        known.asked = this.#now();
        resolve(known.actor);
      }, PATIENCE);
    });
    const asked = this.#ask(key, hash).catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
      known.asked = this.#now();
      return known.actor;
    });
    try {
      return await Promise.race([asked, patience]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** One question at a time for each key, whoever waits for it. */
  #ask(key: string, hash: Buffer): Promise<ProgramActor | undefined> {
    const asking = this.#asking.get(key);
    if (asking !== undefined) return asking;
    const began = this.#now();
    const asked = this.#lookUp(hash)
      .then((actor) => {
        this.#remember(key, actor, began);
        return actor;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  #remember(key: string, actor: ProgramActor | undefined, asked: number): void {
    this.#right.delete(key);
    if (actor === undefined) {
      this.#wrong.set(key, asked);
      dropOldest(this.#wrong, MOST_WRONG);
      return;
    }
    // Last in the order of the map: the first is the one that was asked for longest ago.
    this.#right.set(key, { actor, asked });
    dropOldest(this.#right, MOST_RIGHT);
  }
}

/** A clock that was set back makes nothing last longer. */
function isWithin(age: number, life: number): boolean {
  return age >= 0 && age < life;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return;
  const { value } = map.keys().next();
  if (value !== undefined) map.delete(value);
}
