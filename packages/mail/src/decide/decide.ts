/** From signals to a decision: points are added, what sees the same is not counted twice, and some signals decide alone. */
import type { Signal, SignalEntry } from '../signal.ts';
import type { Judgement, MailDecision, MailReason } from './judgement.ts';
import { MAIL_SIGNALS } from './signals.ts';

/** Points, bits, from which on a message is marked, held, refused. */
export const BANNER_POINTS = 3;
/** Sixty-four times likelier a lure than good mail: with one lure in a hundred messages, two of three that are held are lures. */
const HOLD_POINTS = 6;
/** Refused only where several strong signals agree: a message that is refused cannot be released. */
const BLOCK_POINTS = 16;

/** From this score on a message is held: what `HOLD_POINTS` come to. */
export const HOLD_FROM = 0.5;

/** What the classifier may say for a message: a lure for one office is written like its everyday mail. */
const LEAST_BITS = -1;
/** What it may say against one: a little more than what holds. */
const MOST_BITS = 8;

/** Rules and classifier see the same words in part: of the smaller of the two, a half is new. */
const NEW_SHARE = 0.5;

/** Bits of the classifier from which on they are told. */
const TOLD_BITS = 2;

/** Most characters of a value that a sentence tells: addresses and links are longer where they are made to be. */
const LONGEST_VALUE = 320;

const ORDER: readonly MailDecision[] = ['deliver', 'banner', 'hold', 'block'];

/** What was decided. `bits`: of the classifier; null where there is none. */
export function decide(
  signals: readonly Signal[],
  bits: number | null,
): Pick<Judgement, 'decision' | 'score' | 'reasons'> {
  const reasons: MailReason[] = [];
  let [against, inFavour] = [0, 0];
  let least: MailDecision = 'deliver';
  for (const signal of signals) {
    const entry = MAIL_SIGNALS.get(signal.code);
    if (entry === undefined) throw new Error(`no row for ${signal.code}`);
    if (entry.points > 0) against += entry.points;
    else inFavour += entry.points;
    least = later(least, entry.atLeast ?? 'deliver');
    // What weighs nothing by itself is no reason.
    if (entry.points !== 0)
      reasons.push({ code: signal.code, text: filled(entry, signal), points: entry.points });
  }
  const learned = bits === null ? 0 : Math.min(Math.max(bits, LEAST_BITS), MOST_BITS);
  if (learned >= TOLD_BITS) {
    const points = Math.round(learned * 10) / 10;
    reasons.push({ code: 'looks-like-lures', text: 'It is written and made like earlier lures.', points });
  }
  const points = inFavour + joined(against, learned);
  const decided = later(ofPoints(points), least);
  const score = Math.max(
    1 / (1 + 2 ** (HOLD_POINTS - points)),
    decided === 'hold' || decided === 'block' ? HOLD_FROM : 0,
  );
  reasons.sort((a, b) => b.points - a.points);
  return { decision: decided, score, reasons };
}

function joined(against: number, learned: number): number {
  if (learned <= 0) return against + learned;
  return Math.max(against, learned) + NEW_SHARE * Math.min(against, learned);
}

function ofPoints(points: number): MailDecision {
  if (points >= BLOCK_POINTS) return 'block';
  if (points >= HOLD_POINTS) return 'hold';
  return points >= BANNER_POINTS ? 'banner' : 'deliver';
}

function later(one: MailDecision, other: MailDecision): MailDecision {
  return ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
}

/** The sentence with its places filled. */
function filled({ text }: SignalEntry, { values = {} }: Signal): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => shown(values[name] ?? '…'));
}

/** A value of the message as a sentence may have it: on one line, in reading order, and not without end. */
function shown(value: string): string {
  const begin = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  return begin.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, '\ufffd');
}
