/**
 * What watching finds: something to look at, in words that a county clerk reads. No finding says that something is wrong, and
 * none of them opens an incident by itself.
 */

/** Which rule found it. */
export const FINDING_KINDS = [
  'many-changes',
  'uneven-share',
  'fast-hand',
  'quiet-removals',
  'near-duplicate',
  'slow-skew',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One finding. */
export type Finding = {
  readonly kind: FindingKind;
  /** lea_id. */
  readonly office: string;
  /** YYYY-MM-DD, the local day that was watched. */
  readonly day: string;
  /** How far above the rule's threshold: 1 is at the threshold, more is odder. Findings of different rules can be sorted by it. */
  readonly score: number;
  readonly sentence: string;
  /** The numbers in the sentence, by name. */
  readonly counts: Readonly<Record<string, number>>;
};

/** A day some days after (or, negative, before) another; both YYYY-MM-DD. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** A number for people: one decimal where it is small. */
export function numberText(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : String(Math.round(value));
}

const DAY = 86_400_000;
