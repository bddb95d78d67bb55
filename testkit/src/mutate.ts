/**
 * Hostile changes of a line, for tests of readers: what a broken link, a full disk or an attacker makes of it.
 */
import type { Random } from './random.ts';

/** Bytes that readers trip over. No line feed: a line stays one line. */
const HOSTILE = [
  0x00, 0x01, 0x09, 0x0b, 0x0d, 0x1b, 0x20, 0x22, 0x27, 0x2c, 0x3d, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0xc0,
  0xff,
];

/** Texts that readers trip over. */
const HOSTILE_TEXTS = [
  '"',
  '\\"',
  '\\x22',
  ' from 192.0.2.53 port 22',
  '%00',
  '{"',
  '}}',
  '::ffff:',
  '99999999999',
  '-1',
  '\u0000',
];

/** Longest overlong line; beyond a megabyte readers are to give up anyway. */
const OVERLONG = 1_200_000;

/** One mutation in so many makes the line overlong, since a megabyte costs as much as thousands of others. */
const OVERLONG_EVERY = 5_000;

/** A changed copy of the line: one to three changes, each cut, flip, splice, insertion, repetition or overlength. */
export function mutateLine(bytes: Uint8Array, random: Random): Uint8Array {
  let line = bytes;
  for (let changes = random.integer(1, 3); changes > 0; changes--) line = changeOnce(line, random);
  return random.below(OVERLONG_EVERY) === 0 ? overlong(line, random) : line;
}

function changeOnce(line: Uint8Array, random: Random): Uint8Array {
  if (line.length === 0) return insert(line, 0, random);
  const at = random.below(line.length);
  switch (random.below(6)) {
    case 0:
      return line.slice(0, at);
    case 1: {
      const flipped = line.slice();
      flipped[at] = notLineFeed((flipped[at] as number) ^ (1 << random.below(8)));
      return flipped;
    }
    case 2: {
      const end = Math.min(line.length, at + random.integer(1, 40));
      return joined(line.subarray(0, at), line.subarray(end));
    }
    case 3: {
      const end = Math.min(line.length, at + random.integer(1, 60));
      return joined(line.subarray(0, end), line.subarray(at, end), line.subarray(end));
    }
    case 4: {
      const other = random.below(line.length);
      return joined(line.subarray(0, at), line.subarray(other));
    }
    default:
      return insert(line, at, random);
  }
}

function insert(line: Uint8Array, at: number, random: Random): Uint8Array {
  const added = random.chance(0.5)
    ? Uint8Array.of(random.pick(HOSTILE))
    : Uint8Array.from(Buffer.from(random.pick(HOSTILE_TEXTS), 'latin1'));
  return joined(line.subarray(0, at), added, line.subarray(at));
}

function overlong(line: Uint8Array, random: Random): Uint8Array {
  const long = new Uint8Array(OVERLONG);
  long.fill(random.pick(HOSTILE));
  long.set(line.subarray(0, OVERLONG));
  return long;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function notLineFeed(byte: number): number {
  return byte === 0x0a ? 0x0b : byte & 255;
}
