/** Addresses as bit strings, so that "does this block cover that source" is a comparison of prefixes in both families. */

/** An address or prefix: family, and its bits as a string of 0 and 1 as long as the prefix. */
export type Prefix = { readonly family: 4 | 6; readonly bits: string };

/** Reads `a.b.c.d`, `x::y`, each with `/n` or without (then all of it). Throws on anything else. */
export function readPrefix(text: string): Prefix {
  const [address, length] = text.split('/') as [string, string?];
  const family = address.includes(':') ? 6 : 4;
  const groups = family === 4 ? address.split('.').map(Number) : groupsOf(address);
  const width = family === 4 ? 8 : 16;
  const bits = groups.map((group) => group.toString(2).padStart(width, '0')).join('');
  if (bits.length !== (family === 4 ? 32 : 128)) throw new Error(`no address: ${text}`);
  return { family, bits: bits.slice(0, length === undefined ? bits.length : Number(length)) };
}

/** A set of prefixes that can be asked whether one of them covers an address. */
export class Cover {
  readonly #byLength = new Map<string, Set<string>>();

  add({ family, bits }: Prefix): void {
    const key = `${family}/${bits.length}`;
    const set = this.#byLength.get(key) ?? new Set();
    set.add(bits);
    this.#byLength.set(key, set);
  }

  /** Whether this very prefix is in the set. */
  has({ family, bits }: Prefix): boolean {
    return this.#byLength.get(`${family}/${bits.length}`)?.has(bits) ?? false;
  }

  /** Whether a prefix in the set holds all of this one. */
  covers({ family, bits }: Prefix): boolean {
    for (const [key, set] of this.#byLength) {
      const [of, length] = key.split('/').map(Number) as [number, number];
      if (of === family && length <= bits.length && set.has(bits.slice(0, length))) return true;
    }
    return false;
  }
}

function groupsOf(address: string): number[] {
  const [head, tail] = address.split('::') as [string, string?];
  const left = wordsOf(head);
  const right = tail === undefined ? [] : wordsOf(tail);
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: missing }, () => 0), ...right];
}

function wordsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
