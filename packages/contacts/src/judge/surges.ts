/**
 * Surges: many people using a public service at once, as it is meant. A surge is a state of a service, never of a
 * source, and says nothing against anybody: it is told so that nobody mistakes a deadline day for an attack.
 */
import type { CompiledSurface } from '../surface/compile.ts';
import type { Findings } from './findings.ts';
import type { StateIo } from './state.ts';

/** A service that many visited at once. */
export type Surge = {
  readonly service: string;
  readonly from: number;
  readonly until: number;
  readonly sources: number;
};

/** New visitors are counted in steps of ten minutes, event time. */
const STEP = 600_000;
/** A surge has two and a half times as many new visitors as usual, and as many as a busy counter sees in a morning. */
const FACTOR = 2.5;
const LEAST = 150;
/** Weight of the newest step in what is usual: half a day, so that an evening that grows for hours stands out. */
const WEIGHT = 1 / 72;
/** A surge lasts until the visitors fall to this share of what began it: one quiet step does not end an evening. */
const LASTING = 0.7;
/** Steps before anything is usual: six hours. */
const LEARNED = 36;

/** Services of a surface, and ports without one. */
const MOST_SERVICES = 131_072;

type State = { step: number; count: number; usual: number; steps: number; since: number; sources: number };

export class Surges {
  readonly list: Surge[] = [];
  readonly #surface: CompiledSurface;
  readonly #states = new Map<number, State>();

  constructor(surface: CompiledSurface) {
    this.#surface = surface;
  }

  /** Takes the first visit of a source. */
  note(findings: Findings, i: number): void {
    const key = findings.a[i] === 0 ? 65_536 + findings.c[i]! : findings.a[i]!;
    const step = Math.floor(findings.time[i]! / STEP);
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { step, count: 0, usual: 0, steps: 0, since: Number.NaN, sources: 0 };
      this.#states.set(key, state);
    }
    if (step > state.step) this.#advance(key, state, step);
    state.count++;
  }

  endEpoch(time: number): void {
    const step = Math.floor(time / STEP);
    for (const [key, state] of this.#states) if (step > state.step) this.#advance(key, state, step);
  }

  close(): void {
    for (const [key, state] of this.#states) {
      this.#advance(key, state, state.step + 1);
      if (!Number.isNaN(state.since)) this.#end(key, state);
    }
    this.list.sort((a, b) => a.from - b.from || (a.service < b.service ? -1 : 1));
  }

  /** The states of the services; surges that are over have been handed on. */
  state(io: StateIo): void {
    io.map('services', this.#states, MOST_SERVICES, (key, state) => [
      io.number('service', key ?? 0),
      {
        step: io.number('step', state?.step ?? 0),
        count: io.number('count', state?.count ?? 0),
        usual: io.number('usual', state?.usual ?? 0),
        steps: io.number('steps', state?.steps ?? 0),
        since: io.number('since', state?.since ?? 0),
        sources: io.number('sources', state?.sources ?? 0),
      },
    ]);
  }

  #advance(key: number, state: State, step: number): void {
    const usual = Math.max(1, state.usual);
    const isOpen = !Number.isNaN(state.since);
    const factor = isOpen ? FACTOR * LASTING : FACTOR;
    const high = state.steps >= LEARNED && state.count >= LEAST && state.count >= factor * usual;
    if (high) {
      if (Number.isNaN(state.since)) {
        state.since = state.step * STEP;
        state.sources = 0;
      }
      state.sources += state.count;
    } else {
      if (!Number.isNaN(state.since)) this.#end(key, state);
      const gap = Math.min(step - state.step, 144);
      state.usual += (state.count - state.usual) * Math.max(WEIGHT, 1 / (state.steps + 1));
      for (let k = 1; k < gap; k++) state.usual -= state.usual * WEIGHT;
    }
    state.steps += Math.min(step - state.step, 144);
    state.count = 0;
    state.step = step;
  }

  #end(key: number, state: State): void {
    const service = key >= 65_536 ? `port ${key - 65_536}` : (this.#surface.services[key - 1]?.name ?? '');
    this.list.push({ service, from: state.since, until: state.step * STEP, sources: state.sources });
    state.since = Number.NaN;
  }
}
