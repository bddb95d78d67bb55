/**
 * YAML as surfaces are written in it: YAML 1.2, core schema, one document, without tags and directives. Every value
 * keeps where it stands in the text. Bounded before anything is built from it.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { Problems } from './problems.ts';
import { nearest } from './spelling.ts';

/** Longest text of a surface, in characters: an office with 1,000 services needs a fifth of it. */
export const MAX_SURFACE_LENGTH = 1_048_576;

/** References (`*name`) that are followed: enough to name the networks of all offices once and use them. */
const MAX_ALIASES = 200;

/** Values that are read, those behind references counted each time: bounds what nested references can multiply. */
const MAX_VALUES = 100_000;

/** Words, signs and spaces between them: 4,000 services have so many. Each costs the parser about 1 kB. */
const MAX_TOKENS = 400_000;

/** Levels that values may nest, far above the four that a surface has. */
const MAX_DEPTH = 100;

/** A value and where it stands. */
export type Value = { readonly node: Node | null; readonly at: number };

/** The keys and values of a mapping. */
export type Fields = {
  /** Where the mapping begins. */
  readonly at: number;
  readonly byKey: ReadonlyMap<string, Value>;
};

/** An open surface file. Every method notes in `problems` what is wrong, and then gives undefined. */
export class YamlFile {
  readonly problems: Problems;
  readonly #document: Document.Parsed | undefined;
  #targets: ReadonlyMap<Node, Node | undefined> | undefined;
  #aliases = 0;
  #values = 0;
  #exhausted = false;

  constructor(text: string) {
    const lines = new LineCounter();
    this.problems = new Problems((offset) => {
      const { line, col } = lines.linePos(offset);
      // The counter knows no line of a text that was never read.
      return line === 0 ? { line: 1, col: 1 } : { line, col };
    });
    if (text.length > MAX_SURFACE_LENGTH) {
      const size = `${text.length} characters are more than ${MAX_SURFACE_LENGTH}`;
      this.problems.add(0, 'SURFACE_TOO_LARGE', size);
      return;
    }
    this.#document = this.#open(text, lines);
  }

  /** The value that the whole file is; undefined if it cannot be read. */
  root(): Value | undefined {
    if (!this.#document || this.problems.total > 0) return undefined;
    return { node: this.#document.contents, at: this.#document.contents?.range?.[0] ?? 0 };
  }

  /** A mapping, with only keys among `known`, each once. `what` names it, like "a service". */
  fields(value: Value, known: readonly string[], what: string): Fields | undefined {
    const fields = this.mapping(value, what);
    if (!fields) return undefined;
    for (const [key, { at }] of fields.keysAt) {
      if (known.includes(key)) continue;
      const meant = nearest(key, known);
      const help = meant ? `Did you mean "${meant}"?` : `${what} takes: ${known.join(', ')}.`;
      this.problems.add(at, 'SURFACE_KEY_UNKNOWN', `${what} has no key "${shorten(key)}"`, capital(help));
    }
    return fields;
  }

  /** A mapping with whatever keys, each once. */
  mapping(
    value: Value,
    what: string,
  ): (Fields & { readonly keysAt: ReadonlyMap<string, Value> }) | undefined {
    const node = this.#resolve(value);
    if (node === undefined) return undefined;
    if (!isMap(node)) {
      this.wrong(value, `${what} is written as "key: value" pairs`);
      return undefined;
    }
    const byKey = new Map<string, Value>();
    const keysAt = new Map<string, Value>();
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null;
      const at = keyNode?.range?.[0] ?? value.at;
      if (!isScalar(keyNode) || typeof keyNode.value !== 'string' || keyNode.tag !== undefined) {
        this.wrong({ node: keyNode, at }, 'a key is plain text; put it in quotes');
        continue;
      }
      const key = keyNode.value;
      if (byKey.has(key)) {
        this.problems.add(at, 'SURFACE_KEY_TWICE', `"${shorten(key)}" stands here a second time`);
        continue;
      }
      const child = pair.value as Node | null;
      keysAt.set(key, { node: keyNode, at });
      byKey.set(key, { node: child, at: child?.range?.[0] ?? at });
    }
    return { at: value.at, byKey, keysAt };
  }

  /** Where the value of a key of a mapping stands; where the mapping does, if it has no such key. */
  placeOf(mapping: Value, key: string): number {
    const node = isAlias(mapping.node) ? this.#targetOf(mapping.node) : mapping.node;
    if (!isMap(node)) return mapping.at;
    const value = node.get(key, true) as Node | undefined;
    return value?.range?.[0] ?? mapping.at;
  }

  /** Whether it is `[]`. */
  isEmptyList(value: Value): boolean {
    return isSeq(value.node) && value.node.items.length === 0;
  }

  /** The items of a list. `what` names one list, like "`services`". */
  list(value: Value, what: string): readonly Value[] | undefined {
    const node = this.#resolve(value);
    if (node === undefined) return undefined;
    if (!isSeq(node)) {
      this.wrong(
        value,
        `${what} is a list`,
        'Begin each item with "- ", or write [ ... ] around all of them.',
      );
      return undefined;
    }
    return node.items.map((item) => {
      const child = item as Node | null;
      return { node: child, at: child?.range?.[0] ?? value.at };
    });
  }

  /** The items of a list, or the one value that is no list. */
  oneOrMore(value: Value, what: string): readonly Value[] | undefined {
    const node = this.#resolve(value);
    if (node === undefined) return undefined;
    return isSeq(node) ? this.list({ node, at: value.at }, what) : [{ node, at: value.at }];
  }

  /** A single value: text, number, true or false. `what` says what it should be, like "a port is a number". */
  scalar(value: Value, what: string): string | number | boolean | undefined {
    const node = this.#resolve(value);
    if (node === undefined) return undefined;
    const found = isScalar(node) ? node.value : undefined;
    if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') return found;
    this.wrong(value, what);
    return undefined;
  }

  /** Notes that a value is not what its key takes. */
  wrong(value: Value, reason: string, help?: string): void {
    this.problems.add(value.at, 'SURFACE_VALUE_WRONG', reason, help);
  }

  /** The node itself, behind a reference if it is one. Counts the work. */
  #resolve({ node, at }: Value): Node | null | undefined {
    if (++this.#values > MAX_VALUES) return this.#tooComplex(at, `there are more than ${MAX_VALUES} values`);
    let found = node;
    if (isAlias(node)) {
      if (++this.#aliases > MAX_ALIASES) {
        return this.#tooComplex(at, `more than ${MAX_ALIASES} references ("*") are followed`);
      }
      const meant = this.#targetOf(node);
      if (meant === undefined) {
        this.wrong({ node, at }, `"*${shorten(node.source)}" refers to nothing before it`);
        return undefined;
      }
      found = meant;
    }
    if (found !== null && 'tag' in found && found.tag !== undefined) {
      this.wrong({ node, at }, `the tag ${shorten(String(found.tag))} is not used here`, 'Take it out.');
      return undefined;
    }
    return found;
  }

  /** What a reference means: the last value of that name before it. All are found in one walk. */
  #targetOf(alias: Node): Node | undefined {
    if (!this.#targets) {
      const targets = new Map<Node, Node | undefined>();
      const named = new Map<string, Node>();
      visit(this.#document!, {
        Node: (_, node) => {
          if (isAlias(node)) targets.set(node, named.get(node.source));
          else if (node.anchor !== undefined) named.set(node.anchor, node);
        },
      });
      this.#targets = targets;
    }
    return this.#targets.get(alias);
  }

  #tooComplex(at: number, reason: string): undefined {
    // Said once: from here on every value would say it again.
    if (!this.#exhausted) this.problems.add(at, 'SURFACE_TOO_COMPLEX', reason);
    this.#exhausted = true;
    return undefined;
  }

  #open(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
    const reason = tooComplex(text);
    if (reason !== undefined) {
      this.problems.add(0, 'SURFACE_TOO_COMPLEX', reason);
      return undefined;
    }
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      // Looked at here instead (`mapping`), by a set: the library compares each key with every other.
      uniqueKeys: false,
      prettyErrors: false,
      // Quieter, it would also pass over a second document.
      logLevel: 'error',
      lineCounter,
    }) as Document.Parsed;
    for (const { pos, message } of document.errors) {
      this.problems.add(pos[0], 'SURFACE_NOT_YAML', plainMessage(message));
    }
    if (document.directives.yaml.explicit === true) {
      this.problems.add(0, 'SURFACE_NOT_YAML', 'a "%" directive is not used here', 'Take it out.');
    }
    return document;
  }
}

/**
 * Why a text must not reach the parser, or undefined. The library descends by recursion, and V8 ends the whole process
 * when it has to compile a regular expression on a stack that is nearly full; so depth is bounded before: by the
 * signs at the beginning of a line (`- - - -`), by indentation, and by brackets as the library's own lexer sees them,
 * which descends by the first of these only.
 */
function tooComplex(text: string): string | undefined {
  const reason = `values nest more than ${MAX_DEPTH} levels deep`;
  let signs = 0;
  for (const { 0: word, index } of text.matchAll(/[^ \t\r\n]+|\r?\n/g)) {
    if (word.endsWith('\n')) signs = 0;
    else signs = /^[-?:!&]/.test(word) ? signs + 1 : 0;
    if (signs > MAX_DEPTH || text.startsWith(INDENT, index - MAX_DEPTH)) return reason;
  }
  let depth = 0;
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) return `there are more than ${MAX_TOKENS} words and signs`;
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > MAX_DEPTH) return reason;
  }
  return undefined;
}
const INDENT = ' '.repeat(MAX_DEPTH);

/** A text as it may stand in a message: whatever the file holds, the message stays short and on one line. */
export function shorten(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return clean.length > MAX_QUOTED ? `${clean.slice(0, MAX_QUOTED)}...` : clean;
}
const MAX_QUOTED = 60;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function plainMessage(message: string): string {
  return shorten(message.replace(/\.$/, '').replaceAll('\n', ' '));
}
