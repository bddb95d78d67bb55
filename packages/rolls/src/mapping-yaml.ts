/**
 * YAML as mappings are written in it: YAML 1.2, one document, no tags, no references. Bounded before it is parsed; every
 * problem is noted with its line, and reading goes on, so that all of them are told at once.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Longest mapping, in characters: 200 fields need a tenth of it. */
const MAX_MAPPING = 65_536;

/** Columns of indentation, signs at the beginning of a line, open brackets: a mapping has four levels, and the parser recurses. */
const TOO_INDENTED = /^[ \t]{65}/m;
const TOO_MANY_SIGNS = /(?:[-?:][ \t]+){17}/;
const MAX_BRACKETS = 16;

/** Problems that are told: who has more mends these first. */
const MAX_PROBLEMS = 20;

/** A value and where it stands. */
export type Place = { readonly node: Node | null; readonly at: number };

/** An open mapping file. Readers note what is wrong, and then give undefined. */
export class MappingYaml {
  readonly #lines = new LineCounter();
  readonly #problems: string[] = [];
  readonly root: Place | undefined;

  constructor(text: string) {
    this.root = this.#open(text);
  }

  /** All problems in one sentence; null: none. */
  problems(): string | null {
    if (this.#problems.length === 0) return null;
    const more = this.#problems.length - MAX_PROBLEMS;
    return `${this.#problems.slice(0, MAX_PROBLEMS).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  }

  /** Notes what is wrong with a value. */
  wrong({ at }: Pick<Place, 'at'>, what: string): undefined {
    this.#problems.push(`line ${Math.max(1, this.#lines.linePos(at).line)}: ${what}`);
    return undefined;
  }

  /** Keys and values, each key once. With `known`, no other key is taken. */
  keys(place: Place, what: string, known?: readonly string[]): ReadonlyMap<string, Place> | undefined {
    if (!isMap(place.node)) return this.wrong(place, `${what} is written as "key: value" pairs`);
    const found = new Map<string, Place>();
    for (const { key, value } of place.node.items) {
      const node = key as Node | null;
      const at = node?.range?.[0] ?? place.at;
      if (!isScalar(node) || typeof node.value !== 'string') {
        this.wrong({ at }, `a key of ${what} is no plain text; put it in quotes`);
        continue;
      }
      if (found.has(node.value)) this.wrong({ at }, `"${short(node.value)}" stands here a second time`);
      else if (known?.includes(node.value) === false) {
        this.wrong({ at }, `${what} has no "${short(node.value)}"; it takes ${known.join(', ')}`);
      }
      const child = value as Node | null;
      found.set(node.value, { node: child, at: child?.range?.[0] ?? at });
    }
    return found;
  }

  /** A text of 1 to `most` characters; numbers are taken as they are spelled. */
  text(place: Place, what: string, most: number): string | undefined {
    const { node } = place;
    const value =
      isScalar(node) && typeof node.value === 'number' ? node.source : isScalar(node) && node.value;
    if (typeof value !== 'string' || value === '') return this.wrong(place, `${what} has to be a text`);
    return value.length <= most ? value : this.wrong(place, `${what} is longer than ${most} characters`);
  }

  /** A list of 1 to `most` texts. */
  texts(place: Place, what: string, most: number, length: number): readonly string[] | undefined {
    if (!isSeq(place.node)) return this.wrong(place, `${what} has to be a list: [ ... ]`);
    const { items } = place.node;
    if (items.length === 0 || items.length > most) {
      return this.wrong(place, `${what} has ${items.length} items, and takes 1 to ${most}`);
    }
    const found = items.map((item) => {
      const node = item as Node | null;
      return this.text({ node, at: node?.range?.[0] ?? place.at }, `an item of ${what}`, length);
    });
    return found.every((value) => value !== undefined) ? (found as string[]) : undefined;
  }

  #open(text: string): Place | undefined {
    if (text.length > MAX_MAPPING) {
      return this.wrong({ at: 0 }, `the mapping is longer than ${MAX_MAPPING} characters`);
    }
    if (isDeep(text)) return this.wrong({ at: 0 }, 'values nest too deep');
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
    for (const { pos, message } of document.errors) this.wrong({ at: pos[0] }, short(message));
    return this.#problems.length === 0 && document.contents !== null
      ? { node: document.contents as Node, at: document.contents.range?.[0] ?? 0 }
      : this.#problems.length > 0
        ? undefined
        : this.wrong({ at: 0 }, 'the mapping is empty');
  }
}

/** A text as it may stand in a message. */
export function short(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return clean.length > 60 ? `${clean.slice(0, 60)}...` : clean;
}

function isDeep(text: string): boolean {
  if (TOO_INDENTED.test(text) || TOO_MANY_SIGNS.test(text)) return true;
  let open = 0;
  for (const char of text) {
    if (char === '[' || char === '{') open++;
    else if ((char === ']' || char === '}') && open > 0) open--;
    if (open > MAX_BRACKETS) return true;
  }
  return false;
}
