/**
 * The head of a line of Proxmox VE's firewall log (pvefw-logger), which stands where syslog would:
 *
 *     101 1 tap101i0-IN 20/Jun/2022:13:12:46 +0200 REJECT: IN=fwbr101i0 OUT=fwbr101i0 PHYSIN=... SRC=...
 *     VM, log level, chain, time, what the rule does; then netfilter's fields, where an empty IN or OUT is left out.
 */
import { Direction, Outcome } from '../contact.ts';
import { ascii, readEnd, readNumber, startsWith } from './bytes.ts';
import { dateToMs } from './clock.ts';
import { monthAt, two } from './envelope.ts';
import { hashPrefix, type PrefixMemory } from './prefix.ts';

const IN = ascii(' IN=');
const OUT = ascii(' OUT=');
const CHAIN_IN = ascii('-IN');
const CHAIN_OUT = ascii('-OUT');

const SPACE = 32;
const SLASH = 47;
const COLON = 58;

/** Longest text between time and fields: a verdict such as `policy DROP: `. */
const MAX_VERDICT = 64;
/** Bytes of `20/Jun/2022:13:12:46 +0200`. */
const STAMP_LENGTH = 26;

/** The head of the line being read; one reused object. */
export class ProxmoxHead {
  /** Milliseconds UTC, NaN if there is no such time. */
  time = Number.NaN;
  /** By the chain: `-IN` is towards the guest or host, `-OUT` from it. */
  direction: Direction = Direction.unknown;
  /** The space before the first field behind the interfaces. */
  fieldsAt = 0;
  #verdictAt = 0;
  #verdictEnd = 0;

  /** Reads the head of the line [from, to); false if it has none. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (readNumber(bytes, from, to) < 0 || bytes[readEnd] !== SPACE) return false;
    if (readNumber(bytes, readEnd + 1, to) < 0 || bytes[readEnd] !== SPACE) return false;
    const chainAt = readEnd + 1;
    let at = chainAt;
    while (at < to && bytes[at] !== SPACE) at++;
    const inbound = startsWith(bytes, at - CHAIN_IN.length, to, CHAIN_IN);
    const outbound = startsWith(bytes, at - CHAIN_OUT.length, to, CHAIN_OUT);
    this.direction = inbound ? Direction.inbound : outbound ? Direction.outbound : Direction.unknown;
    if (at === chainAt || !this.#readStamp(bytes, at + 1, to)) return false;
    at += 1 + STAMP_LENGTH;
    this.#verdictAt = at;
    const last = Math.min(to, at + MAX_VERDICT);
    while (at < last && !(startsWith(bytes, at, to, IN) || startsWith(bytes, at, to, OUT))) at++;
    if (at >= last) return false;
    this.#verdictEnd = at;
    if (bytes[at + 1] === IN[1]) at = wordEnd(bytes, at + 1, to);
    if (startsWith(bytes, at, to, OUT)) at = wordEnd(bytes, at + 1, to);
    this.fieldsAt = at;
    return true;
  }

  /** What the verdict says; a rule that only logs has none. */
  outcome(bytes: Uint8Array, prefixes: PrefixMemory): Outcome {
    const at = this.#verdictAt + 1;
    const end = this.#verdictEnd;
    return at >= end ? Outcome.unknown : prefixes.outcome(bytes, at, end, hashPrefix(bytes, at, end));
  }

  #readStamp(bytes: Uint8Array, at: number, to: number): boolean {
    if (to - at < STAMP_LENGTH || bytes[at + 2] !== SLASH || bytes[at + 6] !== SLASH) return false;
    if (bytes[at + 11] !== COLON || bytes[at + 14] !== COLON || bytes[at + 17] !== COLON) return false;
    if (bytes[at + 20] !== SPACE) return false;
    const sign = bytes[at + 21] === 43 ? 1 : bytes[at + 21] === 45 ? -1 : 0;
    const century = two(bytes, at + 7);
    const years = two(bytes, at + 9);
    const hour = two(bytes, at + 12);
    const minute = two(bytes, at + 15);
    const second = two(bytes, at + 18);
    const zoneHour = two(bytes, at + 22);
    const zoneMinute = two(bytes, at + 24);
    if (
      sign === 0 ||
      century < 0 ||
      years < 0 ||
      hour < 0 ||
      minute < 0 ||
      second < 0 ||
      zoneHour < 0 ||
      zoneMinute < 0
    )
      return false;
    const day = dateToMs(century * 100 + years, monthAt(bytes, at + 3, to), two(bytes, at));
    const wall = day + (hour * 60 + minute) * 60_000 + second * 1000;
    const possible = hour < 24 && minute < 60 && second <= 60 && zoneHour <= 18 && zoneMinute < 60;
    this.time = possible ? wall - sign * (zoneHour * 60 + zoneMinute) * 60_000 : Number.NaN;
    return true;
  }
}

function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && bytes[i] !== SPACE) i++;
  return i;
}
