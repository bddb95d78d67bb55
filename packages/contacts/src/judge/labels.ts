/**
 * Which sources belong to which campaign. Bounded; the first campaign that claims a source keeps it.
 */

/** Sources that can be labelled. More members than this, and the account says how many were not. */
const MAX_LABELS = 500_000;

export class Labels {
  readonly #byKey = new Map<number, string>();
  readonly #byWideKey = new Map<string, string>();
  /** Members that found no room. */
  refused = 0;

  add(key0: number, key1: number, v6: boolean, campaign: string): void {
    if (this.get(key0, key1, v6) !== undefined) return;
    if (this.#byKey.size + this.#byWideKey.size >= MAX_LABELS) this.refused++;
    else if (v6) this.#byWideKey.set(`${key0}:${key1}`, campaign);
    else this.#byKey.set(key0, campaign);
  }

  remove(key0: number, key1: number, v6: boolean): void {
    if (v6) this.#byWideKey.delete(`${key0}:${key1}`);
    else this.#byKey.delete(key0);
  }

  get(key0: number, key1: number, v6: boolean): string | undefined {
    return v6 ? this.#byWideKey.get(`${key0}:${key1}`) : this.#byKey.get(key0);
  }

  /** All labelled sources. */
  *entries(): Generator<{ key0: number; key1: number; v6: boolean; campaign: string }> {
    for (const [key0, campaign] of this.#byKey) yield { key0, key1: 0, v6: false, campaign };
    for (const [key, campaign] of this.#byWideKey) {
      const [key0 = '0', key1 = '0'] = key.split(':');
      yield { key0: Number(key0), key1: Number(key1), v6: true, campaign };
    }
  }
}
