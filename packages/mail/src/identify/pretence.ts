/** What a message pretends, and how it is told. */
import type { Signal } from '../signal.ts';
import type { Claimed } from './identified.ts';

/** A signal, and in whose name. */
export type Pretence = { readonly signal: Signal; readonly claimed: Claimed };

/** Longest value in a sentence, characters: a name or an address. */
const MOST_TOLD = 120;

/** A value as it stands in a sentence: of one line, bounded, without what turns text around or hides it. */
export function told(value: string): string {
  const clean = value.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
  return clean.length > MOST_TOLD ? `${clean.slice(0, MOST_TOLD)}…` : clean;
}
