/**
 * When known-good visitors come: each of them by itself, after a time that nobody can foresee, so that no defence is kind to them
 * at their hour. A visit that could not be kept is told, and the next one comes all the same.
 */
import type { Kysely } from 'kysely';
import type { Probe } from '../../platform/config-probes.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import { PERSONAS } from './personas.ts';
import { keepVisit } from './store.ts';
import { visitAs } from './visit.ts';

/**
 * Between two visits of one probe, ms, on average: a false block of an hour is then noticed, and 2,880 visits in a month bound
 * their rate to a fifth of a per cent.
 */
export const VISIT_EVERY = 900_000;

/** What they need. */
export type ProbesOptions = {
  readonly db: Kysely<Tables>;
  readonly probes: readonly Probe[];
  readonly now: () => number;
  /** In [0, 1). */
  readonly chance: () => number;
  /** A block kept a known-good visitor waiting. */
  readonly onFalseBlock: () => void;
  readonly onTrouble: (probe: string, error: Error) => void;
  /** ms; the constant above if nothing is said. */
  readonly every?: number;
};

/** Probes that run until they are closed. */
export class Probes {
  readonly #options: ProbesOptions;
  readonly #end = new AbortController();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #visits = new Map<string, Promise<void>>();

  constructor(options: ProbesOptions) {
    this.#options = options;
    for (const probe of options.probes) this.#wait(probe);
  }

  async close(): Promise<void> {
    this.#end.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#visits.values());
  }

  #wait(probe: Probe): void {
    const { every = VISIT_EVERY, chance } = this.#options;
    const timer = setTimeout(
      () => this.#visits.set(probe.name, this.#visit(probe)),
      every * (0.5 + chance()),
    );
    this.#timers.set(probe.name, timer.unref());
  }

  async #visit(probe: Probe): Promise<void> {
    const { db, now, onFalseBlock, onTrouble } = this.#options;
    const { url, from } = probe;
    try {
      const persona = PERSONAS[probe.persona];
      const visit = await visitAs({ url, from, persona, end: this.#end.signal });
      if (visit === undefined) return;
      if (await keepVisit(db, probe, visit, now())) onFalseBlock();
    } catch (error) {
      onTrouble(probe.name, error as Error);
    }
    if (!this.#end.signal.aborted) this.#wait(probe);
  }
}
