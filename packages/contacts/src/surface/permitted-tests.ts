/**
 * Permitted tests: who may attack what of ours, when, and how. Hot path: see `compile.ts`.
 */
import { type Cidr, contains } from '@bellwether/basics';
import { Prefixes, type PrefixNodes } from './prefixes.ts';
import type { Engagement, Technique } from './surface.ts';

/** Techniques as bits, so that a contact may be asked about as any of several. */
export const TechniqueBit = { scan: 1, web: 2, login: 4, any: 7 } as const satisfies Record<
  Technique,
  number
>;

/** Engagements by source address. */
export class PermittedTests {
  readonly at: Prefixes;
  readonly #from: Float64Array;
  readonly #until: Float64Array;
  readonly #technique: Uint8Array;
  readonly #targets: readonly Prefixes[];
  readonly #stated: readonly Engagement[];

  constructor(engagements: readonly Engagement[]) {
    this.at = new Prefixes(
      engagements.flatMap((entry, value) => entry.sources.map((prefix) => ({ prefix, value }))),
    );
    this.#from = Float64Array.from(engagements, (entry) => entry.from);
    this.#until = Float64Array.from(engagements, (entry) => entry.until);
    this.#technique = Uint8Array.from(engagements, (entry) => TechniqueBit[entry.technique]);
    this.#targets = engagements.map((entry) => Prefixes.of(entry.targets));
    this.#stated = engagements;
  }

  /** The engagement, of those for prefix `node` and around it, that permits this against IPv4 `target`; or -1. */
  find4(node: number, target: number, time: number, technique: number): number {
    const map = this.at.v4;
    for (let around = node; around >= 0; around = map.parent[around]!) {
      const end = map.valuesAt[around + 1]!;
      for (let v = map.valuesAt[around]!; v < end; v++) {
        const entry = map.values[v]!;
        if (this.#permits(entry, time, technique) && this.#targets[entry]!.v4.has(target)) return entry;
      }
    }
    return -1;
  }

  /** The same against an IPv6 target. */
  find6(node: number, words: ArrayLike<number>, at: number, time: number, technique: number): number {
    const map = this.at.v6;
    for (let around = node; around >= 0; around = map.parent[around]!) {
      const end = map.valuesAt[around + 1]!;
      for (let v = map.valuesAt[around]!; v < end; v++) {
        const entry = map.values[v]!;
        if (this.#permits(entry, time, technique) && this.#targets[entry]!.v6.has(words, at)) return entry;
      }
    }
    return -1;
  }

  /**
   * The same against all of `targets` in the family that `map` is for, where the line names no target: an IPv4 source
   * reaches IPv4 addresses only. None if there is nothing to compare with. Not for the hot path.
   */
  findAll(map: PrefixNodes, node: number, targets: readonly Cidr[], time: number, technique: number): number {
    if (node < 0) return -1;
    const family = map === this.at.v4 ? 4 : 6;
    const reachable = targets.filter((target) => target.family === family);
    if (reachable.length === 0) return -1;
    for (let around = node; around >= 0; around = map.parent[around]!) {
      const end = map.valuesAt[around + 1]!;
      for (let v = map.valuesAt[around]!; v < end; v++) {
        const entry = map.values[v]!;
        if (this.#permits(entry, time, technique) && this.#covers(entry, reachable)) return entry;
      }
    }
    return -1;
  }

  #covers(entry: number, targets: readonly Cidr[]): boolean {
    const permitted = this.#stated[entry]!.targets;
    return targets.every((target) => permitted.some((outer) => contains(outer, target)));
  }

  #permits(entry: number, time: number, technique: number): boolean {
    if ((this.#technique[entry]! & technique) === 0) return false;
    return time >= this.#from[entry]! && time < this.#until[entry]!;
  }
}
