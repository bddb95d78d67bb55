/** Which styles keep a reader from seeing words: what senders use to feed filters other words than people. */

/** What an element's attributes say of how it is seen. */
export type Seen = {
  /** Nobody sees it, or what is in it. */
  readonly isHidden: boolean;
  /** Colours, where they are stated: words in the colour of their ground are not seen. */
  readonly colour: string | null;
  readonly ground: string | null;
};

/** Most of a style that is read. */
const MOST_STYLE = 2_000;

/** Reads `style`, `hidden`, `color` and `bgcolor`. */
export function seenBy(attributes: Readonly<Record<string, string>>): Seen {
  const declared = declarations(attributes.style);
  const ground = colourOf(
    declared.get('background-color') ?? declared.get('background') ?? attributes.bgcolor,
  );
  const colour = colourOf(declared.get('color') ?? attributes.color);
  return { isHidden: attributes.hidden !== undefined || isHiddenBy(declared), colour, ground };
}

function isHiddenBy(declared: ReadonlyMap<string, string>): boolean {
  if (declared.size === 0) return false;
  const is = (name: string, value: string): boolean => declared.get(name)?.startsWith(value) === true;
  if (is('display', 'none') || is('visibility', 'hidden') || is('mso-hide', 'all')) return true;
  if (isNothing(declared.get('opacity')) || sizeOf(declared.get('font-size')) <= 1) return true;
  // A box without height or width hides what is in it only where it does not spill over.
  const isClipped = is('overflow', 'hidden');
  const flat = ['max-height', 'height', 'max-width', 'width'];
  if (isClipped && flat.some((name) => sizeOf(declared.get(name)) <= 1)) return true;
  return ['left', 'top', 'text-indent', 'margin-left'].some((name) => pixels(declared.get(name)) < -500);
}

function declarations(style: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (style === undefined) return found;
  for (const declaration of style.slice(0, MOST_STYLE).toLowerCase().split(';')) {
    const colon = declaration.indexOf(':');
    if (colon > 0) found.set(declaration.slice(0, colon).trim(), declaration.slice(colon + 1).trim());
  }
  return found;
}

function isNothing(value: string | undefined): boolean {
  return value !== undefined && Number.parseFloat(value) === 0;
}

/** A length in px, roughly; without a number: as large as you like. */
function sizeOf(value: string | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const number = Number.parseFloat(value);
  if (Number.isNaN(number)) return Number.POSITIVE_INFINITY;
  if (number === 0) return 0;
  // Percentages and relative sizes say nothing here.
  return /(?:px|pt)/.test(value) ? number : Number.POSITIVE_INFINITY;
}

function pixels(value: string | undefined): number {
  const number = value === undefined ? Number.NaN : Number.parseFloat(value);
  return Number.isNaN(number) ? 0 : number;
}

const NAMED: Readonly<Record<string, string>> = { white: '#ffffff', black: '#000000' };

/** `#rrggbb`, where it is one of the usual ways to write a colour. */
function colourOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const text = value.trim().toLowerCase().split(/\s/, 1)[0]!;
  if (NAMED[text] !== undefined) return NAMED[text];
  if (/^#?[0-9a-f]{6}$/.test(text)) return text.startsWith('#') ? text : `#${text}`;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short !== null) return `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`;
  const rgb = /^rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)/.exec(value.toLowerCase().replaceAll(/\s/g, ''));
  if (rgb === null) return null;
  return `#${rgb
    .slice(1, 4)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`;
}
