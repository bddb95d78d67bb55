/**
 * What the prefix of a packet filter's log line says about the packet. The words are the administrator's own; the
 * surface (`sensors[].prefixes`) comes first, then the words that distributions and block lists use.
 */
import { Outcome } from '../contact.ts';
import type { ReaderOptions } from './reader.ts';

/** Words of products that block what had been decided before. */
const BLOCK_LISTS = [
  'CROWDSEC',
  'FAIL2BAN',
  'F2B',
  'BELLWETHER',
  'BLOCKLIST',
  'BLACKLIST',
  'BANNED',
  'IPSET',
];
/** Words for let in: ufw writes `[UFW ALLOW]`, Shorewall `ACCEPT`. */
const ACCEPTS = ['ACCEPT', 'ALLOW', 'PASS', 'PERMIT'];

/**
 * Outcome that the prefix in [from, to) stands for. A line without a known word is a denial: logging just before the
 * drop is what every manual shows, and to take a packet for denied never hides one that got through where the surface
 * names the sensor's prefixes.
 */
export function prefixOutcome(
  bytes: Uint8Array,
  from: number,
  to: number,
  prefixes: ReaderOptions['prefixes'],
): Outcome {
  const text = String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 256)));
  for (const prefix of prefixes ?? []) if (text.includes(prefix.text)) return prefix.outcome;
  const upper = text.toUpperCase();
  if (BLOCK_LISTS.some((word) => upper.includes(word))) return Outcome.blocked;
  // ufw logs every packet with this one, whatever becomes of it.
  if (upper.includes('UFW AUDIT')) return Outcome.unknown;
  return ACCEPTS.some((word) => upper.includes(word)) ? Outcome.accepted : Outcome.denied;
}

/** Prefixes remembered: a rule set has a handful, one with rule numbers in its prefixes some hundred. */
const SLOTS = 256;
/** Longest prefix remembered; longer ones are understood anew each time. */
const SLOT_BYTES = 64;

/** The hash that `PrefixMemory` finds its slots by; readers may compute it while they look for the prefix's end. */
export function hashPrefix(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}

/** What prefixes meant, so that each is understood once: `prefixOutcome` makes strings. */
export class PrefixMemory {
  readonly #prefixes: ReaderOptions['prefixes'];
  readonly #bytes = new Uint8Array(SLOTS * SLOT_BYTES);
  readonly #length = new Int32Array(SLOTS).fill(-1);
  readonly #outcome = new Uint8Array(SLOTS);

  constructor(prefixes: ReaderOptions['prefixes']) {
    this.#prefixes = prefixes;
  }

  /** `prefixOutcome` of the prefix in [from, to), whose `hashPrefix` is `hash`. */
  outcome(bytes: Uint8Array, from: number, to: number, hash: number): Outcome {
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const at = slot * SLOT_BYTES;
    const length = to - from;
    if (this.#length[slot] === length) {
      const known = this.#bytes;
      let i = 0;
      while (i < length && bytes[from + i] === known[at + i]) i++;
      if (i === length) return this.#outcome[slot] as Outcome;
    }
    const outcome = prefixOutcome(bytes, from, to, this.#prefixes);
    if (length > SLOT_BYTES) return outcome;
    for (let i = 0; i < length; i++) this.#bytes[at + i] = bytes[from + i]!;
    this.#length[slot] = length;
    this.#outcome[slot] = outcome;
    return outcome;
  }
}
