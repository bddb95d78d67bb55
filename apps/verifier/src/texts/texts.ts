/** What is said to people, in one language: sentences made of findings, and the words of the page. */
import type { Finding } from '../checking/findings.ts';
import type { VerifyError } from '../errors.ts';

/** What is said of a finding. */
export type Said = {
  readonly title: string;
  /** What is proven, by whom, and when. */
  readonly facts: readonly string[];
  /** What is not. */
  readonly limits: readonly string[];
};

/** A language. */
export type Sentences = {
  readonly found: (finding: Finding) => Said;
  readonly failed: (error: VerifyError) => { readonly message: string; readonly help: string };
  /** What stands over what is not proven. */
  readonly limitsHead: string;
};

/** A whole number of up to any size with its thousands apart. */
export function grouped(number: number | string, mark: string): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, mark);
}

/** `2026-11-03 02:31` of an ISO time. */
export function minuteOfIso(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
