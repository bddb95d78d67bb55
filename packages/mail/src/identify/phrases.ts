/** Names and products of those on the list, found in what is shown as the sender: "Ballotline Support", "MS-ISAC Alerts". */
import type { Claimed } from './identified.ts';
import { isEveryday, isMadeOfBeside } from './name-words.ts';
import { latinOf, seenOf, skeletonOf } from './skeleton.ts';

/** A name, as words; each as it looks (see `skeletonOf`). */
export type Phrase = {
  readonly words: readonly string[];
  readonly claimed: Claimed;
  /** Of few letters: it counts in capitals alone, as short names are written (`CES`, not `ces`). */
  readonly isShort: boolean;
  /** It is the name of a place besides: papers, fairs and clubs have it in theirs, so that it counts as all of what is shown alone. */
  readonly isPlace: boolean;
};

/** Phrases by their first word. */
export type Phrases = ReadonlyMap<string, readonly Phrase[]>;

/** Letters up to which a name of one word is a short one. */
const SHORT_NAME = 4;
const LEAST_SHORT = 3;

/** Words of a shown name that are looked at. */
const MOST_WORDS = 20;

/** A name, and whose it is. */
export type NamedClaim = { readonly text: string; readonly claimed: Claimed; readonly isPlace?: boolean };

/** Phrases of names; those that are everyday words alone stand for nobody and are left out. */
export function phrasesOf(names: readonly NamedClaim[]): Phrases {
  const phrases = new Map<string, Phrase[]>();
  for (const { text, claimed, isPlace = false } of names) {
    const words = wordsOf(text);
    const [first] = words;
    if (first === undefined || words.every(({ plain }) => isEveryday(plain))) continue;
    const isShort = words.length === 1 && first.plain.length <= SHORT_NAME;
    if (isShort && first.plain.length < LEAST_SHORT) continue;
    const phrase = { words: words.map(({ looks }) => looks), claimed, isShort, isPlace };
    const others = phrases.get(first.looks);
    if (others === undefined) phrases.set(first.looks, [phrase]);
    else if (!others.some((other) => other.words.join() === phrase.words.join())) others.push(phrase);
  }
  return phrases;
}

/** What is shown of somebody. */
export type ShownPhrase = {
  readonly claimed: Claimed;
  /** It is shown as their name: nothing stands beside it but such words as "support" or "alerts", or it is the full name of a firm. */
  readonly isWhole: boolean;
};

/** Whose names are shown, the longest first. */
export function phrasesShown(shown: string, phrases: Phrases): ShownPhrase[] {
  const words = wordsOf(shown);
  const found: (ShownPhrase & { readonly length: number })[] = [];
  for (const [at, { looks, isUpper }] of words.entries()) {
    for (const phrase of phrases.get(looks) ?? []) {
      const { length } = phrase.words;
      if (phrase.isShort && !isUpper) continue;
      if (!phrase.words.every((word, place) => words[at + place]?.looks === word)) continue;
      const beside = [...words.slice(0, at), ...words.slice(at + length)];
      // The full name of a firm or an office tells enough with a person's name beside it; agencies of other states share theirs.
      const isFull = length > 1 && phrase.claimed.kind !== 'agency' && !phrase.isPlace;
      const isWhole = isFull || beside.every((word) => isRole(word.plain));
      if (phrase.isPlace && !isWhole) continue;
      found.push({ claimed: phrase.claimed, isWhole, length: phrase.words.join('').length });
    }
  }
  return found.toSorted((a, b) => b.length - a.length).map(({ claimed, isWhole }) => ({ claimed, isWhole }));
}

/** Words that name a part of a firm or an office, or join others. */
function isRole(word: string): boolean {
  return (
    isMadeOfBeside(word) ||
    /^(?:of|the|and|for|at|operations|chief|manager|user|customers|successful|success)$/.test(word)
  );
}

type Word = { readonly plain: string; readonly looks: string; readonly isUpper: boolean };

function wordsOf(text: string): Word[] {
  return seenOf(text)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => ({
      plain: latinOf(word).replaceAll(/[^a-z0-9]/g, ''),
      looks: skeletonOf(word),
      isUpper: word === word.toUpperCase(),
    }));
}
