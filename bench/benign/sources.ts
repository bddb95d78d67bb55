/** A million benign sources, and how often each comes. */
import type { Random } from '@bellwether/testkit';

/** Sources that share a /24: people sit together, so prefixes are tested as hard as sources are. */
const NEIGHBOURS = 8;

/** Contacts of a source are at least one, and have a heavy tail: a few come thousands of times. */
const TAIL = 1.2;
const MOST_CONTACTS = 2_000;

/** Odd, so that multiples of it walk over every 24-bit prefix once. */
const STEP = 0x9e3779;

/** Addresses of so many sources, eight to a /24, spread over the public IPv4 space. */
export function addressesOf(count: number): Uint32Array {
  const addresses = new Uint32Array(count);
  let filled = 0;
  for (let k = 1; filled < count; k++) {
    const prefix = Math.imul(k, STEP) & 0xffffff;
    if (!isPublic(prefix)) continue;
    for (let host = 0; host < NEIGHBOURS && filled < count; host++) {
      addresses[filled++] = ((prefix << 8) | (7 + host * 31)) >>> 0;
    }
  }
  return addresses;
}

/** The sources of all contacts in a random order: as if each came at times of its own, all over the run. */
export function contactsOf(sources: number, random: Random): Uint32Array {
  const counts = new Uint16Array(sources);
  let total = 0;
  for (let source = 0; source < sources; source++) {
    const count = Math.min(MOST_CONTACTS, Math.floor((1 - random.unit()) ** (-1 / TAIL)));
    counts[source] = count;
    total += count;
  }
  const contacts = new Uint32Array(total);
  let at = 0;
  for (let source = 0; source < sources; source++) {
    for (let k = 0; k < counts[source]!; k++) contacts[at++] = source;
  }
  for (let last = total - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = contacts[last]!;
    contacts[last] = contacts[other]!;
    contacts[other] = kept;
  }
  return contacts;
}

/** Whether a /24, given as 24 bits, is neither ours (198.18.0.0/15) nor reserved. */
function isPublic(prefix: number): boolean {
  const first = prefix >>> 16;
  const second = (prefix >>> 8) & 255;
  if (first < 1 || first > 223 || first === 10 || first === 127) return false;
  if (first === 198) return second !== 18 && second !== 19 && second !== 51;
  if (first === 172) return second < 16 || second > 31;
  if (first === 192) return second !== 168 && second !== 0;
  if (first === 100) return second < 64 || second > 127;
  if (first === 169) return second !== 254;
  return first !== 203;
}
