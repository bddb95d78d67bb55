/**
 * Longest prefix match over a fixed set of prefixes, for IPv4 and for IPv6.
 *
 * Hot path: a lookup happens several times for every line of a log. IPv4 walks a trie of 8, 8, 4, 4, 4 and 4 bits:
 * most foreign addresses end in its first 256 words, and a lone address costs 1.3 kB at most. Prefixes nest or are
 * apart, so they cut the addresses into segments that each have one longest prefix: IPv6 searches where segments
 * begin. Shorter prefixes are reached by `parent`.
 */
import { type Cidr, widthOf } from '@bellwether/basics';

/** What a map is made from. Several entries may have the same prefix. */
export type PrefixEntry = { readonly prefix: Cidr; readonly value: number };

/** Values of prefixes, and which prefix holds which. A node is a distinct prefix, numbered from 0. */
export class PrefixNodes {
  /** The longest prefix around each node, or -1. */
  readonly parent: Int32Array;
  /** Values of node n: `values[valuesAt[n]]` to before `values[valuesAt[n + 1]]`, in the order of the entries. */
  readonly valuesAt: Uint32Array;
  readonly values: Int32Array;

  constructor(nodes: readonly Node[]) {
    this.parent = Int32Array.from(nodes, (node) => node.parent);
    this.valuesAt = new Uint32Array(nodes.length + 1);
    for (const [n, node] of nodes.entries()) this.valuesAt[n + 1] = this.valuesAt[n]! + node.values.length;
    this.values = Int32Array.from(nodes.flatMap((node) => node.values));
  }

  /** Number of distinct prefixes. */
  get size(): number {
    return this.parent.length;
  }

  /** The first value of a node, or -1 for node -1. */
  valueOf(node: number): number {
    return node < 0 ? -1 : this.values[this.valuesAt[node]!]!;
  }
}

/** IPv4 prefixes with values. */
export class PrefixMap4 extends PrefixNodes {
  /** Blocks of the trie. An entry is a node, -1 for none, or -2 minus where the block of the next bits begins. */
  readonly #trie: Int32Array;
  /** First address of each segment, rising, and its node. */
  readonly #starts: Uint32Array;
  readonly #nodes: Int32Array;

  constructor(entries: Iterable<PrefixEntry>) {
    const { nodes, segments } = build(entries, 4);
    super(nodes);
    this.#starts = Uint32Array.from(segments, (segment) => Number(segment.start));
    this.#nodes = Int32Array.from(segments, (segment) => segment.node);
    this.#trie = buildTrie(nodes);
  }

  /** Node of the longest prefix that holds `address`, or -1. */
  find(address: number): number {
    const trie = this.#trie;
    let entry = trie[address >>> 24]!;
    if (entry >= -1) return entry;
    entry = trie[-2 - entry + ((address >>> 16) & 255)]!;
    for (let shift = 12; entry < -1; shift -= 4) entry = trie[-2 - entry + ((address >>> shift) & 15)]!;
    return entry;
  }

  /** Whether any prefix holds `address`. */
  has(address: number): boolean {
    return this.find(address) >= 0;
  }

  /** Whether any prefix has an address in common with `network`. Not for the hot path. */
  touches(network: Cidr): boolean {
    const first = network.words[3];
    const last = Number(lastAddress(network));
    if (this.has(first)) return true;
    return this.#starts.some((start, at) => start >= first && start <= last && this.#nodes[at]! >= 0);
  }
}

/** IPv6 prefixes with values. An address is four words at `at` in `words`, most significant first. */
export class PrefixMap6 extends PrefixNodes {
  /** First address of each segment, four words each, rising; the first is ::. */
  readonly #starts: Uint32Array;
  readonly #nodes: Int32Array;

  constructor(entries: Iterable<PrefixEntry>) {
    const { nodes, segments } = build(entries, 6);
    super(nodes);
    this.#starts = Uint32Array.from(segments.flatMap((segment) => toWords(segment.start)));
    this.#nodes = Int32Array.from(segments, (segment) => segment.node);
  }

  /** Node of the longest prefix that holds the address, or -1. */
  find(words: ArrayLike<number>, at: number): number {
    return this.#nodes[this.#segment(words, at)]!;
  }

  /** Whether any prefix holds the address. */
  has(words: ArrayLike<number>, at: number): boolean {
    return this.find(words, at) >= 0;
  }

  /** Whether any prefix has an address in common with `network`. Not for the hot path. */
  touches(network: Cidr): boolean {
    const last = toWords(lastAddress(network));
    for (let at = this.#segment(network.words, 0); at < this.#nodes.length; at++) {
      if (this.#isBehind(at, last, 0)) return false;
      if (this.#nodes[at]! >= 0) return true;
    }
    return false;
  }

  #segment(words: ArrayLike<number>, at: number): number {
    let low = 0;
    let high = this.#nodes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#isBehind(middle, words, at)) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  /** Whether segment `segment` begins behind the address. */
  #isBehind(segment: number, words: ArrayLike<number>, at: number): boolean {
    const starts = this.#starts;
    const first = segment * 4;
    for (let i = 0; i < 4; i++) {
      const start = starts[first + i]!;
      const word = words[at + i]!;
      if (start !== word) return start > word;
    }
    return false;
  }
}

/** The same entries for both families. */
export class Prefixes {
  readonly v4: PrefixMap4;
  readonly v6: PrefixMap6;

  constructor(entries: readonly PrefixEntry[]) {
    this.v4 = new PrefixMap4(entries);
    this.v6 = new PrefixMap6(entries);
  }

  /** The prefixes, each with its place in the list as its value. */
  static of(prefixes: readonly Cidr[]): Prefixes {
    return new Prefixes(prefixes.map((prefix, value) => ({ prefix, value })));
  }

  /** Whether any prefix has an address in common with `network`. Not for the hot path. */
  touches(network: Cidr): boolean {
    return network.family === 4 ? this.v4.touches(network) : this.v6.touches(network);
  }
}

type Node = {
  readonly start: bigint;
  readonly last: bigint;
  readonly bits: number;
  readonly values: number[];
  parent: number;
};
type Segment = { start: bigint; node: number };

/** Cuts the addresses of one family at the edges of its prefixes. Entries of the other family are left out. */
function build(
  entries: Iterable<PrefixEntry>,
  family: 4 | 6,
): { readonly nodes: readonly Node[]; readonly segments: readonly Segment[] } {
  const byPrefix = new Map<string, Node>();
  for (const { prefix, value } of entries) {
    if (prefix.family !== family) continue;
    const start = firstAddress(prefix);
    const key = `${start}/${prefix.bits}`;
    const node = byPrefix.get(key);
    if (node) node.values.push(value);
    else {
      const last = lastAddress(prefix);
      byPrefix.set(key, { start, last, bits: prefix.bits, values: [value], parent: -1 });
    }
  }
  // By address, the wider first: what a prefix holds then follows it directly.
  const nodes = [...byPrefix.values()].sort((a, b) =>
    a.start === b.start ? a.bits - b.bits : a.start < b.start ? -1 : 1,
  );

  const segments: Segment[] = [{ start: 0n, node: -1 }];
  const begin = (start: bigint, node: number): void => {
    const last = segments.at(-1)!;
    if (last.start === start) last.node = node;
    else segments.push({ start, node });
  };
  const end = (node: Node): void => {
    if (node.last + 1n < 1n << BigInt(widthOf(family))) begin(node.last + 1n, node.parent);
  };
  const open: number[] = [];
  for (const [n, node] of nodes.entries()) {
    while (open.length > 0 && nodes[open.at(-1)!]!.last < node.start) end(nodes[open.pop()!]!);
    node.parent = open.at(-1) ?? -1;
    begin(node.start, n);
    open.push(n);
  }
  while (open.length > 0) end(nodes[open.pop()!]!);
  return { nodes, segments };
}

/** Bits that each level of the IPv4 trie takes. */
const STRIDES = [8, 8, 4, 4, 4, 4] as const;

/** Paints the nodes, wider ones first, into a trie (see `PrefixMap4.find`). */
function buildTrie(nodes: readonly Node[]): Int32Array {
  const trie: number[] = new Array(256).fill(-1);
  for (const [n, { start, bits }] of nodes.entries()) {
    const address = Number(start);
    let block = 0;
    let taken = 0;
    for (const [level, stride] of STRIDES.entries()) {
      const first = block + ((address >>> (32 - taken - stride)) & ((1 << stride) - 1));
      if (bits <= taken + stride) {
        // Wider prefixes came first, so nothing longer hangs below yet.
        trie.fill(n, first, first + (1 << (taken + stride - bits)));
        break;
      }
      const entry = trie[first]!;
      if (entry >= -1) {
        block = trie.length;
        trie[first] = -2 - block;
        for (let i = 0; i < 1 << STRIDES[level + 1]!; i++) trie.push(entry);
      } else {
        block = -2 - entry;
      }
      taken += stride;
    }
  }
  return Int32Array.from(trie);
}

function firstAddress({ words: [a, b, c, d] }: Cidr): bigint {
  return (((((BigInt(a) << 32n) | BigInt(b)) << 32n) | BigInt(c)) << 32n) | BigInt(d);
}

function lastAddress(prefix: Cidr): bigint {
  return firstAddress(prefix) | ((1n << BigInt(widthOf(prefix.family) - prefix.bits)) - 1n);
}

function toWords(address: bigint): number[] {
  return [96n, 64n, 32n, 0n].map((shift) => Number((address >> shift) & 0xffff_ffffn));
}
