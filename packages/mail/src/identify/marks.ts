/** Names of those on the list, laid out so that a host is compared with all of them in a few steps. */
import { type HostParts, listedParts } from './host-parts.ts';
import type { Claimed } from './identified.ts';
import { distinctPart, isEveryday, isMadeOfBeside } from './name-words.ts';
import { latinOf } from './skeleton.ts';

/** A form of a name: `coboonemo`; `part` where towns and firms may have it as well. */
export type NameForm = { readonly label: string; readonly kind: 'words' | 'part' };

/** A domain of the list, as it is compared. */
export type Mark = {
  readonly claimed: Claimed;
  readonly domain: string;
  readonly parts: HostParts;
  /** What is special in its name: `boone` of `boonecountymo.gov` and of `co.boone.mo.us`. */
  readonly special: string;
  /** Other forms of the name that offices of the state have, and how sure each is. */
  readonly forms: readonly NameForm[];
  /** Edits within which a name is taken for it. */
  readonly most: number;
  /** A bit for each letter that is in it: names with few edits between them share most. */
  readonly letters: number;
};

/** Letters that stand for somebody inside of a name. */
export type Brand = {
  readonly claimed: Claimed;
  readonly domain: string;
  readonly text: string;
  /** Long and rare enough to tell something beside any other word. */
  readonly isRare: boolean;
};

/** All of it. */
export type Marks = {
  /** By the domain with dots for hyphens, by its label, by what that looks like, by all letters of it. */
  readonly byDots: ReadonlyMap<string, readonly Mark[]>;
  readonly byLabel: ReadonlyMap<string, readonly Mark[]>;
  readonly bySkeleton: ReadonlyMap<string, readonly Mark[]>;
  readonly byWhole: ReadonlyMap<string, readonly Mark[]>;
  /** By another form of its name. */
  readonly byForm: ReadonlyMap<string, { readonly mark: Mark; readonly kind: NameForm['kind'] }>;
  /** Those long enough to be told from another name by one or two edits, by the length of the label. */
  readonly byLength: ReadonlyMap<number, readonly Mark[]>;
  /** Whole domains and brands by their first letters (see `START`). */
  readonly wholesByStart: ReadonlyMap<string, readonly Mark[]>;
  readonly brandsByStart: ReadonlyMap<string, readonly Brand[]>;
  /** Short names of agencies, by all of their letters. */
  readonly shortBrands: ReadonlyMap<string, readonly Brand[]>;
};

/** Letters by which brands are found in a name; shorter ones are found as whole words. */
export const START = 5;

/** Letters of a name from which on one edit tells it from another name, and what is special in it from which on two do. */
const LEAST_EDITED = 6;
const LEAST_TWICE_EDITED = 9;

/** Letters that stand for somebody beside words of any kind. */
export const LEAST_RARE = 9;

/** Letters of the short names of agencies (`fbi`, `eac`). */
const LEAST_SHORT = 3;

/** A domain of the list, ready to be compared. */
export function markOf(domain: string, claimed: Claimed): Mark {
  const parts = listedParts(domain);
  const special = distinctPart(/^c[oi]\./.test(domain) ? parts.label.slice(2) : parts.label);
  // `boone` and `stone` are two counties, two edits apart.
  const most = special.length >= LEAST_TWICE_EDITED ? 2 : 1;
  const forms = formsOf(domain, special, claimed).filter(({ label }) => label !== parts.label);
  return { claimed, domain, parts, special, forms, most, letters: lettersOf(parts.label) };
}

/** `boonecomo`, `coboonemo` of a county, and `boonemo`, which a town of that name has too; `sosmissouri`, `mosos` of an agency (`sos.mo.gov`). */
function formsOf(domain: string, special: string, { kind }: Claimed): readonly NameForm[] {
  const words = (labels: readonly string[]): NameForm[] => labels.map((label) => ({ label, kind: 'words' }));
  if (kind === 'office') {
    const sure = words([`${special}comissouri`, `${special}comogov`, `co${special}mo`]);
    // What is shorter is a word of its own (`raymo`).
    if (special.length < START) return sure;
    const towns = [`${special}mo`, `${special}missouri`].map((label): NameForm => ({ label, kind: 'part' }));
    return [...sure, ...words([`${special}como`]), ...towns];
  }
  const name = /^([a-z]{3,})\.mo\.gov$/.exec(domain)?.[1];
  return name === undefined ? [] : words([`${name}missouri`, `missouri${name}`, `mo${name}`]);
}

/** Letters that stand for somebody; none where the text is too short, or an everyday word. */
export function brandOf(text: string, domain: string, claimed: Claimed): readonly Brand[] {
  const letters = latinOf(text).replaceAll(/[^a-z0-9]/g, '');
  const least = claimed.kind === 'agency' ? LEAST_SHORT : START;
  if (letters.length < least || isEveryday(letters) || isMadeOfBeside(letters)) return [];
  const isRare = letters.length >= LEAST_RARE && claimed.kind !== 'office';
  return [{ claimed, domain, text: letters, isRare }];
}

/** Lays them out. */
export function layOut(marks: readonly Mark[], brands: readonly Brand[]): Marks {
  return {
    byDots: grouped(marks, ({ domain }) => dotted(domain)),
    byLabel: grouped(marks, ({ parts }) => parts.label),
    byForm: new Map(
      marks.flatMap((mark) => mark.forms.map((form) => [form.label, { mark, kind: form.kind }] as const)),
    ),
    bySkeleton: grouped(marks, ({ parts }) => parts.skeleton),
    byWhole: grouped(marks, ({ parts }) => parts.whole),
    byLength: grouped(
      marks.filter(({ parts }) => parts.label.length >= LEAST_EDITED),
      ({ parts }) => parts.label.length,
    ),
    wholesByStart: grouped(
      marks.filter(({ parts }) => parts.whole.length >= LEAST_RARE),
      ({ parts }) => parts.whole.slice(0, START),
    ),
    brandsByStart: grouped(
      brands.filter(({ text }) => text.length >= START),
      ({ text }) => text.slice(0, START),
    ),
    shortBrands: grouped(
      brands.filter(({ text }) => text.length < START),
      ({ text }) => text,
    ),
  };
}

/** Hyphens as dots: `oa-mo.gov-payments.com` is read as if it began with `oa.mo.gov`. */
export function dotted(name: string): string {
  return name.replaceAll('-', '.');
}

/** Texts laid out by their first letters that stand in a name, with where they do. */
export function standingIn<T>(
  name: string,
  byStart: ReadonlyMap<string, readonly T[]>,
  textOf: (one: T) => string,
): { readonly one: T; readonly at: number }[] {
  const found: { readonly one: T; readonly at: number }[] = [];
  for (let at = 0; at + START <= name.length; at++)
    for (const one of byStart.get(name.slice(at, at + START)) ?? [])
      if (name.startsWith(textOf(one), at)) found.push({ one, at });
  return found;
}

/** A bit for each letter and figure of a name. */
export function lettersOf(name: string): number {
  let bits = 0;
  for (let at = 0; at < name.length; at++) bits |= 1 << (name.charCodeAt(at) % 31);
  return bits;
}

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
