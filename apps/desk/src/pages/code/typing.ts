/** Codes as they are typed: in groups of four, whoever it was that grouped them. The hub says what a code is; here only slips are seen. */

/** A code that is read over the phone, or one from a printed sheet. */
export type CodeKind = 'phone' | 'printed';

/** Characters of each kind, without what stands between groups. */
export const LENGTHS: Readonly<Record<CodeKind, number>> = { phone: 12, printed: 20 };

const GROUP = 4;

/** What people write between groups. */
const BETWEEN = /[\s\p{Pd}./·_]/gu;

/** What was typed, and where the cursor stands in it. */
export type Typed = { readonly text: string; readonly cursor: number };

/** Groups a code while it is typed or pasted; the cursor stays behind the character that it was behind. */
export function grouped(kind: CodeKind, { text, cursor }: Typed): Typed {
  const bare = bareOf(text);
  if (!(kind === 'phone' ? /^\d*$/ : /^[\dA-Za-z]*$/).test(bare)) return { text, cursor };
  const before = bareOf(text.slice(0, cursor)).length;
  return {
    text: bare.toUpperCase().replace(/.{4}(?=.)/g, '$& '),
    cursor: before + Math.max(0, Math.ceil(before / GROUP) - 1),
  };
}

/** What is wrong with a code before anybody is asked, so that a slip costs no attempt; undefined if nothing is seen. */
export function faultOf(kind: CodeKind, text: string): 'empty' | 'short' | 'long' | undefined {
  const { length } = bareOf(text);
  if (length === 0) return 'empty';
  if (length === LENGTHS[kind]) return undefined;
  return length < LENGTHS[kind] ? 'short' : 'long';
}

/** The kind of code that a whole pasted text can only be, whatever field it was pasted into. */
export function kindOf(text: string): CodeKind | undefined {
  const bare = bareOf(text);
  if (bare.length === LENGTHS.printed && /^[\dA-Za-z]+$/.test(bare)) return 'printed';
  return bare.length === LENGTHS.phone && /^\d+$/.test(bare) ? 'phone' : undefined;
}

function bareOf(text: string): string {
  return text.replace(BETWEEN, '');
}
