/**
 * What is drawn for a message: facts from any list, wording only from the half that the variant belongs to, so that
 * what was learned from one half cannot be recognised in the other by its sentences.
 */
import type { Random } from '../random.ts';

/** The half of the variants that may be learned from, and the half that is scored. */
export type MailHalf = 'learn' | 'score';

/** Deepest nesting of alternatives in a template: one inside another, with names in both. */
const DEEPEST_TEMPLATE = 4;

/** A stream of choices for one variant. */
export class Draw {
  readonly random: Random;
  readonly half: MailHalf;

  constructor(random: Random, half: MailHalf) {
    this.random = random;
    this.half = half;
  }

  /** A stream of its own, in the same half. */
  fork(label: string): Draw {
    return new Draw(this.random.fork(label), this.half);
  }

  /** Any element: for facts, such as names and sums. */
  any<T>(list: readonly T[]): T {
    return this.random.pick(list);
  }

  /** An element of this half's share: even places belong to what is learned, odd ones to what is scored. */
  own<T>(list: readonly T[]): T {
    const share = list.filter((_, place) => (place % 2 === 0) === (this.half === 'learn'));
    if (share.length === 0) throw new RangeError('a list of wordings needs at least two');
    return this.random.pick(share);
  }

  /** A wording of this half, filled in. */
  say(templates: readonly string[], slots: Readonly<Record<string, string | number>> = {}): string {
    return this.fill(this.own(templates), slots);
  }

  /** Fills a template: `{name}` is looked up, of `{one|other}` one is drawn. */
  fill(template: string, slots: Readonly<Record<string, string | number>> = {}): string {
    let text = template;
    for (let round = 0; round < DEEPEST_TEMPLATE && text.includes('{'); round++) {
      text = text.replace(/\{([^{}]*)\}/g, (_, inner: string) => {
        if (inner.includes('|')) return this.random.pick(inner.split('|'));
        const value = slots[inner];
        if (value === undefined) throw new RangeError(`nothing is known about {${inner}}`);
        return String(value);
      });
    }
    return text;
  }

  /** Characters from an alphabet. */
  letters(count: number, alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'): string {
    return Array.from({ length: count }, () => alphabet[this.random.below(alphabet.length)]).join('');
  }

  /** Bytes without meaning. */
  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.random.below(256)));
  }

  /** An amount of money as people write it. */
  dollars(low: number, high: number): string {
    const cents = this.random.integer(low * 100, high * 100);
    return `$${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`;
  }

  /** A telephone number of nobody: exchange 555, 0100 to 0199 (reserved for fiction). */
  telephone(area = this.any(['573', '660', '417', '816', '314', '636'])): string {
    return `${this.any([`(${area}) `, `${area}-`, `${area}.`])}555-01${this.random.integer(10, 99)}`;
  }
}
