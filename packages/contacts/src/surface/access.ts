/**
 * Who may use which service at a time. Hot path: see `compile.ts`.
 */
import { Prefixes, type PrefixNodes } from './prefixes.ts';
import type { Authorised, Service } from './surface.ts';

/** The authorised, by source address. */
export class Access {
  readonly at: Prefixes;
  readonly #from: Float64Array;
  readonly #until: Float64Array;
  /** One row of bits for each entry, one bit for each service. */
  readonly #services: Uint32Array;
  readonly #rowWords: number;

  constructor(authorised: readonly Authorised[], services: readonly Service[]) {
    this.at = new Prefixes(
      authorised.flatMap((entry, value) => entry.sources.map((prefix) => ({ prefix, value }))),
    );
    this.#from = Float64Array.from(authorised, (entry) => entry.from);
    this.#until = Float64Array.from(authorised, (entry) => entry.until);
    this.#rowWords = (services.length + 31) >>> 5;
    this.#services = new Uint32Array(this.#rowWords * authorised.length);
    for (const [e, entry] of authorised.entries()) {
      const named = entry.services === null ? null : new Set(entry.services);
      for (const [s, service] of services.entries()) {
        const may = named === null ? service.audience === 'staff' : named.has(service.name);
        if (may) this.#services[e * this.#rowWords + (s >>> 5)]! |= 1 << (s & 31);
      }
    }
  }

  /** Whether an entry for prefix `node` of `map`, or one around it, lets use the service at that time. */
  allows(map: PrefixNodes, node: number, service: number, time: number): boolean {
    for (let around = node; around >= 0; around = map.parent[around]!) {
      const end = map.valuesAt[around + 1]!;
      for (let v = map.valuesAt[around]!; v < end; v++) {
        const entry = map.values[v]!;
        if (!this.#holds(entry, time)) continue;
        if (service < 0) return true;
        const word = this.#services[entry * this.#rowWords + (service >>> 5)]!;
        if (((word >>> (service & 31)) & 1) === 1) return true;
      }
    }
    return false;
  }

  #holds(entry: number, time: number): boolean {
    return time >= this.#from[entry]! && time < this.#until[entry]!;
  }
}

/** Instead of a service in `Access.allows`: any service will do. */
export const ANY_SERVICE = -1;
