/**
 * YAML as an office's file is written in it: YAML 1.2, one document, no tags, no references. Bounded before it is parsed; every
 * problem is noted with its line, and reading goes on, so that all of them are told at once.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Longest file, in characters: the 116 offices of a state with 500 people and 200 vendors and agencies need a quarter of it. */
const MOST_TEXT = 1_048_576;

/**
 * Signs that part values (commas, colons, brackets, ends of lines): that same list has a fifth of it. Each costs the parser up to thirty
 * microseconds.
 */
const MOST_SIGNS = 80_000;

/** Levels that values may nest: a list of entries with lists has four. */
const MOST_DEPTH = 16;

/** Columns of indentation, and signs at the beginning of a line, beyond which nothing is nested by hand. */
const TOO_INDENTED = /^[ \t]{65}/m;
const TOO_MANY_SIGNS = /(?:[-?:][ \t]+){17}/;

/** Problems that are told: who has more mends these first. */
const MOST_PROBLEMS = 20;

/** A value and where it stands. */
export type Place = { readonly node: Node | null; readonly at: number };

/** An open file. Readers note what is wrong, and give something empty in its place. */
export class ListYaml {
  readonly root: Place | undefined;
  readonly #lines = new LineCounter();
  readonly #problems: { readonly line: number; readonly what: string }[] = [];

  constructor(text: string) {
    this.root = this.#parsed(text);
  }

  /** All problems, in the order of the file, each with its line; null: none. */
  problems(): string | null {
    if (this.#problems.length === 0) return null;
    const told = this.#problems
      .toSorted((a, b) => a.line - b.line)
      .slice(0, MOST_PROBLEMS)
      .map(({ line, what }) => `line ${line}: ${what}`);
    const more = this.#problems.length - told.length;
    return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  }

  /** Notes what is wrong with a value. */
  note({ at }: Pick<Place, 'at'>, what: string): void {
    this.#problems.push({ line: Math.max(1, this.#lines.linePos(at).line), what });
  }

  /** Keys and values, each once and among those that are known. */
  keys(place: Place, what: string, known: readonly string[]): ReadonlyMap<string, Place> {
    const found = new Map<string, Place>();
    if (!isMap(place.node)) {
      this.note(place, `${what} is written as "key: value" pairs`);
      return found;
    }
    for (const { key, value } of place.node.items) {
      const node = key as Node | null;
      const at = node?.range?.[0] ?? place.at;
      const name = isScalar(node) ? String(node.value) : '';
      if (!known.includes(name))
        this.note({ at }, `${what} has no "${shortened(name)}"; it takes ${known.join(', ')}`);
      else if (found.has(name)) this.note({ at }, `"${name}" stands here a second time`);
      const child = value as Node | null;
      found.set(name, { node: child, at: child?.range?.[0] ?? at });
    }
    return found;
  }

  /** A text of 1 to `most` characters; numbers are taken as they are spelled. */
  text(place: Place, what: string, most: number): string {
    const { node } = place;
    const value = isScalar(node) ? (typeof node.value === 'number' ? node.source : node.value) : undefined;
    if (typeof value !== 'string' || value.trim() === '') this.note(place, `${what} has to be a text`);
    else if (value.length > most) this.note(place, `${what} is longer than ${most} characters`);
    else return value.trim();
    return '';
  }

  /** The items of a list of up to `most`. */
  items(place: Place, what: string, most: number): readonly Place[] {
    if (!isSeq(place.node)) {
      this.note(place, `${what} has to be a list: [ ... ]`);
      return [];
    }
    const { items } = place.node;
    if (items.length > most) this.note(place, `${what} has ${items.length} items, and takes up to ${most}`);
    return items.slice(0, most).map((item) => {
      const node = item as Node | null;
      return { node, at: node?.range?.[0] ?? place.at };
    });
  }

  #parsed(text: string): Place | undefined {
    if (text.length > MOST_TEXT) {
      this.note({ at: 0 }, `the file is longer than ${MOST_TEXT} characters`);
      return undefined;
    }
    if (signsIn(text) > MOST_SIGNS) {
      this.note({ at: 0 }, `the file has more than ${MOST_SIGNS} values`);
      return undefined;
    }
    if (isDeep(text)) {
      this.note({ at: 0 }, 'values nest too deep');
      return undefined;
    }
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      // Looked at in `keys`, with the line.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
      lineCounter: this.#lines,
    });
    for (const { pos, message } of document.errors) this.note({ at: pos[0] }, shortened(message));
    if (this.#problems.length > 0) return undefined;
    const node = document.contents as Node | null;
    if (node !== null) return { node, at: node.range?.[0] ?? 0 };
    this.note({ at: 0 }, 'the file is empty');
    return undefined;
  }
}

/** A text as it may stand in a message. */
export function shortened(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return clean.length > 60 ? `${clean.slice(0, 60)}...` : clean;
}

function signsIn(text: string): number {
  let count = 0;
  for (const char of text)
    if (char === '\n' || char === ',' || char === ':' || char === '[' || char === '{') count++;
  return count;
}

function isDeep(text: string): boolean {
  if (TOO_INDENTED.test(text) || TOO_MANY_SIGNS.test(text)) return true;
  let open = 0;
  for (const char of text) {
    if (char === '[' || char === '{') open++;
    else if ((char === ']' || char === '}') && open > 0) open--;
    if (open > MOST_DEPTH) return true;
  }
  return false;
}
