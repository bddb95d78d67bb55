/**
 * Entries as CrowdSec's local API writes decisions (its `Decision` object; seen from its version 1.4.6 and in the sources of 1.7.8):
 *
 *     {"duration":"003h59m59s","id":1259,"origin":"bellwether","scenario":"bellwether/scan","scope":"Ip","type":"ban","value":"198.51.100.7"}
 *
 * Everything but the time that is left is written once per entry; a whole answer once per change, and then only its times anew.
 */
import { widthOf } from '@bellwether/basics';
import type { Entry } from './block-view.ts';
import { REMAINING_WIDTH, remainingText, writeRemaining } from './remaining.ts';

/** Who decided, in CrowdSec's words: bouncers can ask for some origins only. */
export const ORIGIN = 'bellwether';

/** What is to be done, in CrowdSec's words. */
export const BAN = 'ban';

const HEAD = '{"duration":"';

/** Less than nothing is left: CrowdSec tells so of what is over, and nobody reads how much. */
const OVER = '-1s';

const tails = new WeakMap<Entry, string>();

/** Its kind of value, in CrowdSec's words. */
export function scopeOf({ network }: Entry): 'Ip' | 'Range' {
  return network.bits === widthOf(network.family) ? 'Ip' : 'Range';
}

/** Why, in CrowdSec's form of `author/name`. */
export function scenarioOf({ reason }: Entry): string {
  return `${ORIGIN}/${reason}`;
}

/** One decision at a moment (ms since 1970). */
export function decisionText(entry: Entry, at: number): string {
  return `${HEAD}${remainingText(entry.until - at)}${tailOf(entry)}`;
}

/** What has ended, or was lifted before its end, as a JSON array. */
export function endedText(entries: Iterable<Entry>): string {
  return `[${[...entries].map((entry) => `${HEAD}${OVER}${tailOf(entry)}`).join(',')}]`;
}

/** Decisions as a JSON array, at a moment. */
export function decisionsText(entries: Iterable<Entry>, at: number): string {
  const texts: string[] = [];
  for (const entry of entries) texts.push(decisionText(entry, at));
  return `[${texts.join(',')}]`;
}

/** A JSON array of decisions whose times are written anew for each second in which somebody asks. */
export class StampedDecisions {
  readonly #bytes: Buffer;
  readonly #at: Int32Array;
  readonly #ends: Float64Array;
  #second = Number.NaN;
  #stamped: Buffer;

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#at = new Int32Array(entries.size);
    this.#ends = new Float64Array(entries.size);
    const texts: string[] = [];
    const blank = ' '.repeat(REMAINING_WIDTH);
    let length = 1;
    let i = 0;
    for (const entry of entries.values()) {
      const text = `${HEAD}${blank}${tailOf(entry)}`;
      this.#at[i] = length + HEAD.length;
      this.#ends[i++] = entry.until;
      // All of it is ASCII: values, reasons and our own words.
      length += text.length + 1;
      texts.push(text);
    }
    this.#bytes = Buffer.from(`[${texts.join(',')}]`, 'latin1');
    this.#stamped = this.#bytes;
  }

  /** The array at a moment (ms since 1970). Not to be written to: whoever asks within the same second gets the same bytes. */
  textAt(at: number): Buffer {
    const second = Math.floor(at / 1000);
    if (second === this.#second) return this.#stamped;
    // Others may still be sending the one before.
    const bytes = Buffer.from(this.#bytes);
    for (let i = 0; i < this.#at.length; i++) writeRemaining(bytes, this.#at[i]!, this.#ends[i]! - at);
    this.#second = second;
    this.#stamped = bytes;
    return bytes;
  }
}

function tailOf(entry: Entry): string {
  const known = tails.get(entry);
  if (known !== undefined) return known;
  // Written by hand: reasons were held to a few signs before, and values are our own spelling.
  const tail = `","id":${entry.id},"origin":"${ORIGIN}","scenario":"${scenarioOf(entry)}","scope":"${scopeOf(entry)}","type":"${BAN}","value":"${entry.value}"}`;
  tails.set(entry, tail);
  return tail;
}
