/**
 * Whose domain a domain only looks like. What is on the list is never a lookalike, nor is a name that governments alone are given
 * (`.gov`, and localities under `.us` by RFC 1480) where it is proven; who asks sees to both.
 */
import { editsBetween } from './edits.ts';
import { type HostParts, listedParts, organisationParts } from './host-parts.ts';
import type { Claimed } from './identified.ts';
import { type Brand, dotted, LEAST_RARE, lettersOf, type Mark, type Marks, standingIn } from './marks.ts';
import { isMadeOfBeside } from './name-words.ts';
import { readableHost } from './punycode.ts';
import { latinOf } from './skeleton.ts';

/**
 * How it looks alike, the surest first: by letters that look the same; with a whole domain inside; a slip of the hand away; under another
 * ending; with words that attackers put beside a name; with other words.
 */
export type LookalikeKind = 'letters' | 'inside' | 'edit' | 'ending' | 'words' | 'part';

/** What was found. */
export type Lookalike = {
  readonly kind: LookalikeKind;
  /** The domain that it looks like. */
  readonly real: string;
  readonly claimed: Claimed;
};

/** Letters of a name that somebody else may well have under another ending: shorter ones are not told. */
const LEAST_ENDING = 5;

/** Letters of a whole domain that is told inside of another name. */
const LEAST_WHOLE = 6;

/** Letters of what is special in a name from which on an edit is told under another ending, too. */
const LEAST_SPECIAL = 6;

/** Labels of a host that are looked at from its front: names with more of them are told by the first. */
const MOST_LABELS = 12;

/** Whose domain a host only looks like; the surest way counts. Null: nobody's. */
export function lookalikeAmong(host: string, marks: Marks): Lookalike | null {
  // Letters of other scripts count where they stand: governments of a state share one name that was sold (`sos.mo.gov`).
  const parts = host.includes('xn--') ? listedParts(host) : organisationParts(host);
  return (
    looks('letters', parts, sameLooking(parts, marks)) ??
    looks('inside', parts, inside(parts, latinOf(readableHost(host)), marks)) ??
    looks('edit', parts, edited(parts, marks)) ??
    looks('ending', parts, sameLabel(parts, marks)) ??
    formed(parts, marks) ??
    branded(parts, marks) ??
    below(host, marks)
  );
}

/** Of several, one with the same ending. */
function looks(kind: LookalikeKind, { suffix }: HostParts, found: readonly Mark[]): Lookalike | null {
  const mark = found.find(({ parts }) => parts.suffix === suffix) ?? found[0];
  return mark === undefined ? null : { kind, real: mark.domain, claimed: mark.claimed };
}

function sameLabel({ label }: HostParts, { byLabel }: Marks): readonly Mark[] {
  return label.length < LEAST_ENDING ? [] : (byLabel.get(label) ?? []);
}

/** Another label that looks the same. */
function sameLooking({ label, skeleton }: HostParts, { bySkeleton, byLabel }: Marks): readonly Mark[] {
  if (byLabel.has(label)) return [];
  return (bySkeleton.get(skeleton) ?? []).filter(({ parts }) => parts.label.length >= LEAST_ENDING);
}

/** The whole of a domain in another one: `boonecountymo.gov.example.net`, `boonecountymo-gov.us`, `co-boone-mo.us`. */
function inside(parts: HostParts, shown: string, marks: Marks): Mark[] {
  const { label, whole, suffix } = parts;
  const found = [...(marks.byWhole.get(whole) ?? []).filter((mark) => mark.parts.suffix !== suffix)];
  if (label.length >= LEAST_WHOLE) found.push(...(marks.byWhole.get(label) ?? []));
  found.push(
    ...standingIn(latinOf(label), marks.wholesByStart, (mark) => mark.parts.whole).map(({ one }) => one),
  );
  const names = dotted(shown).split('.').slice(0, MOST_LABELS);
  for (let from = 0; from < names.length - 1; from++)
    for (let to = from + 2; to < names.length; to++)
      found.push(...(marks.byDots.get(names.slice(from, to).join('.')) ?? []).filter(isLong));
  return found;
}

function isLong({ parts }: Mark): boolean {
  return parts.whole.length >= LEAST_WHOLE;
}

/** A label that a hyphen or a slip of the hand makes of another. */
function edited(parts: HostParts, { byLength, byLabel }: Marks): Mark[] {
  const { label, suffix } = parts;
  const found = (byLabel.get(label) ?? []).filter(
    (mark) => mark.parts.suffix === suffix && label.length >= LEAST_ENDING,
  );
  const letters = lettersOf(label);
  for (let length = label.length - 2; length <= label.length + 2; length++) {
    for (const mark of byLength.get(length) ?? []) {
      // Under another ending, a short name that is nearly the same is somebody else's.
      const most = mark.parts.suffix === suffix ? mark.most : mark.special.length >= LEAST_SPECIAL ? 1 : 0;
      if (most === 0 || bitsIn(letters ^ mark.letters) > 2 * most) continue;
      const edits = editsBetween(label, mark.parts.label, most);
      if (edits > 0 && edits <= most) found.push(mark);
    }
  }
  return found;
}

/** Another form of a name, as offices of the state have it. */
function formed({ label }: HostParts, { byForm }: Marks): Lookalike | null {
  const found = byForm.get(label);
  return found === undefined
    ? null
    : { kind: found.kind, real: found.mark.domain, claimed: found.mark.claimed };
}

/** A name with words beside it. */
function branded({ label, shown, suffix }: HostParts, marks: Marks): Lookalike | null {
  const latin = latinOf(label);
  let loose: Lookalike | null = null;
  for (const { one, at } of standingIn(latin, marks.brandsByStart, ({ text }) => text)) {
    const kind = besideOf(latin, one, at);
    if (kind === 'words') return { kind, real: one.domain, claimed: one.claimed };
    if (kind === 'part') loose ??= { kind, real: one.domain, claimed: one.claimed };
  }
  return loose ?? shortBranded(latin, shown.slice(0, -suffix.length - 1), marks);
}

function besideOf(label: string, { text, isRare }: Brand, at: number): 'words' | 'part' | null {
  // A name alone, under an ending that nobody of that name has, is another firm's unless it is a rare one.
  if (label.length === text.length) return isRare ? 'part' : null;
  const isBeside = isMadeOfBeside(label.slice(0, at)) && isMadeOfBeside(label.slice(at + text.length));
  if (isBeside) return 'words';
  return isRare && text.length >= LEAST_RARE ? 'part' : null;
}

/** A short name between hyphens, or before `gov`, with nothing but such words beside it. */
function shortBranded(label: string, stem: string, { shortBrands }: Marks): Lookalike | null {
  for (const word of latinOf(stem).split(/[.-]/)) {
    const text = word.endsWith('gov') ? word.slice(0, -3) : word;
    const brand = shortBrands.get(text)?.[0];
    if (brand === undefined || label.length === text.length) continue;
    const at = label.indexOf(text);
    if (isMadeOfBeside(label.slice(0, at)) && isMadeOfBeside(label.slice(at + text.length)))
      return { kind: 'words', real: brand.domain, claimed: brand.claimed };
  }
  return null;
}

/** A name below another one that says nothing of its owner: `ballotline.secure-login.net`. */
function below(host: string, { byLabel }: Marks): Lookalike | null {
  const { shown, label } = organisationParts(host);
  if (!isMadeOfBeside(label)) return null;
  for (const name of host.slice(0, -shown.length).split('.').slice(0, MOST_LABELS)) {
    const mark = byLabel.get(name.replaceAll('-', ''))?.[0];
    if (mark !== undefined && name.length >= LEAST_SPECIAL)
      return { kind: 'words', real: mark.domain, claimed: mark.claimed };
  }
  return null;
}

function bitsIn(bits: number): number {
  let [left, count] = [bits, 0];
  for (; left !== 0; left &= left - 1) count++;
  return count;
}
