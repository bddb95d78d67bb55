/**
 * One JSON object (RFC 8259), walked on its bytes: finds the values of wanted paths without making objects.
 *
 *     const scanner = new JsonScanner(['src_ip', 'flow.state', 'Properties.[5].Value']);
 *     if (scanner.scan(line, from, to) && scanner.type[0] === Json.string) use(scanner.start[0], scanner.end[0]);
 *
 * It takes exactly what `JSON.parse` takes, except: the top value must be an object, nesting is bounded, and an
 * object that holds a wanted key twice (also one spelled with escapes) is refused, because two readers of the same
 * line could believe different ones. A wanted name inside another object never stands for the path: the attacker
 * writes the insides of `http.url` or `payload`, not the top.
 *
 * Hot path: nothing is allocated by a scan; the result lies in three arrays of the scanner until the next.
 */
import { numberEnd, STOPS, skipSpace, stringEnd, unescapeJson, wordEnd } from './json-text.ts';

export { unescapeJson } from './json-text.ts';

/** What stands at a path: values of `JsonScanner.type`. */
export const Json = {
  absent: 0,
  /** `start` to `end` are the characters between the quotes, as they stand. */
  string: 1,
  /** A string with escapes: `unescapeJson` gives its bytes. */
  escaped: 2,
  number: 3,
  true: 4,
  false: 5,
  null: 6,
  /** Objects and arrays: `start` to `end` with their brackets. */
  object: 7,
  array: 8,
} as const;
export type Json = (typeof Json)[keyof typeof Json];

/** Deepest nesting that is walked. EVE and Windows events reach 6; deeper is damage or an attack on parsers. */
export const MAX_JSON_DEPTH = 16;

/** Longest wanted key, bytes. */
const MAX_KEY = 64;

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** A place in the tree of wanted paths. */
type Node = {
  /** Index of the path that ends here, or -1. */
  readonly path: number;
  /** Children by length of their key: object members. */
  readonly byLength: ReadonlyArray<readonly Member[] | undefined>;
  /** Children by index: array elements. */
  readonly elements: ReadonlyArray<Node | undefined>;
};
type Member = { readonly key: Uint8Array; readonly node: Node; readonly id: number };

const NO_MEMBERS: readonly Member[] = [];
/** The place of everything that nobody wants. */
const UNWANTED: Node = { path: -1, byLength: [], elements: [] };

/** Finds wanted paths in JSON objects. One per reader: it holds the result of its last scan. */
export class JsonScanner {
  /** Where the value of path `i` begins and ends, valid while `type[i]` is not `Json.absent`. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly type: Uint8Array;

  readonly #root: Node;
  /** Scan in which a member was last seen, by its id. */
  readonly #seen: Int32Array;
  #scan = 0;
  /** What the walk stands in: the place, the index of the element, the path to close; by depth. */
  readonly #nodes: Node[] = Array.from({ length: MAX_JSON_DEPTH + 1 }, () => UNWANTED);
  readonly #index = new Int32Array(MAX_JSON_DEPTH + 1);
  readonly #key = new Uint8Array(6 * MAX_KEY);

  /**
   * `paths`: member names joined by dots, `[5]` for the sixth element of an array. A name that holds a dot itself is
   * given as an array of segments.
   */
  constructor(paths: ReadonlyArray<string | readonly string[]>) {
    const members = { count: 0 };
    const split = paths.map((path) => (typeof path === 'string' ? path.split('.') : path));
    this.#root = compile(
      split.map((segments, path) => ({ segments, path })),
      members,
    );
    this.#seen = new Int32Array(members.count);
    this.start = new Int32Array(paths.length);
    this.end = new Int32Array(paths.length);
    this.type = new Uint8Array(paths.length);
  }

  /** Walks the object in [from, to), white space around it allowed. False: no such object, or a wanted key twice. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    const { start, end, type } = this;
    const nodes = this.#nodes;
    const index = this.#index;
    this.#nextScan();
    type.fill(0);
    let at = skipSpace(bytes, from, to);
    if (at >= to || bytes[at] !== OPEN_OBJECT) return false;
    at++;
    let depth = 1;
    let node = this.#root;
    let inObject = true;
    nodes[1] = node;
    let byte = 0;
    /** Whether the bracket just opened may close at once. */
    let fresh = true;
    for (;;) {
      // Here a member, an element, or (only behind an opening bracket) the closing bracket is due.
      if (bytes[at]! <= SPACE) at = skipSpace(bytes, at, to);
      if (at >= to) return false;
      byte = bytes[at]!;
      let child = UNWANTED;
      let closed = false;
      if (fresh && byte === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        closed = true;
      } else {
        if (inObject) {
          if (byte !== QUOTE) return false;
          const keyAt = at + 1;
          let i = keyAt;
          while (i < to && STOPS[bytes[i]!] === 0) i++;
          if (i >= to) return false;
          if (bytes[i] === QUOTE) {
            const candidates = node.byLength[i - keyAt];
            if (candidates !== undefined) {
              const member = find(candidates, bytes, keyAt);
              if (member !== undefined) {
                if (this.#seen[member.id] === this.#scan) return false;
                this.#seen[member.id] = this.#scan;
                child = member.node;
              }
            }
          } else {
            i = stringEnd(bytes, i, to);
            if (i < 0) return false;
            if (node.byLength.length > 0) {
              const member = this.#escapedMember(node, bytes, keyAt, i);
              if (member !== undefined) {
                if (this.#seen[member.id] === this.#scan) return false;
                this.#seen[member.id] = this.#scan;
                child = member.node;
              }
            }
          }
          at = i + 1;
          if (bytes[at]! <= SPACE) at = skipSpace(bytes, at, to);
          if (at >= to || bytes[at] !== COLON) return false;
          at++;
          if (bytes[at]! <= SPACE) at = skipSpace(bytes, at, to);
          if (at >= to) return false;
          byte = bytes[at]!;
        } else {
          const element = node.elements[index[depth]!];
          if (element !== undefined) child = element;
          index[depth]!++;
        }
        const path = child.path;
        if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
          if (++depth > MAX_JSON_DEPTH) return false;
          if (path >= 0) start[path] = at;
          node = child;
          nodes[depth] = child;
          inObject = byte === OPEN_OBJECT;
          index[depth] = inObject ? -1 : 0;
          fresh = true;
          at++;
          continue;
        }
        let kind: Json;
        let valueAt = at;
        if (byte === QUOTE) {
          valueAt = ++at;
          while (at < to && STOPS[bytes[at]!] === 0) at++;
          kind = Json.string;
          if (at < to && bytes[at] !== QUOTE) {
            kind = Json.escaped;
            at = stringEnd(bytes, at, to);
          }
          if (at < 0 || at >= to) return false;
          if (path >= 0) end[path] = at;
          at++;
        } else {
          if (byte === 116 || byte === 102 || byte === 110) {
            kind = byte === 116 ? Json.true : byte === 102 ? Json.false : Json.null;
            at = wordEnd(bytes, at, to);
          } else {
            kind = Json.number;
            at = numberEnd(bytes, at, to);
          }
          if (at < 0) return false;
          if (path >= 0) end[path] = at;
        }
        if (path >= 0) {
          start[path] = valueAt;
          type[path] = kind;
        }
      }
      // A value is behind us: a comma, or brackets that close.
      for (;;) {
        if (!closed) {
          if (bytes[at]! <= SPACE) at = skipSpace(bytes, at, to);
          if (at >= to) return false;
          byte = bytes[at]!;
          if (byte === COMMA) {
            at++;
            break;
          }
          if (byte !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return false;
        }
        closed = false;
        at++;
        const path = node.path;
        if (path >= 0) {
          end[path] = at;
          type[path] = inObject ? Json.object : Json.array;
        }
        if (--depth === 0) return skipSpace(bytes, at, to) === to;
        node = nodes[depth]!;
        inObject = depth === 1 || index[depth]! < 0;
      }
      fresh = false;
    }
  }

  /** Numbers the scan, so that what earlier scans saw need not be cleared. */
  #nextScan(): void {
    this.#scan = (this.#scan + 1) | 0;
    if (this.#scan > 0) return;
    this.#seen.fill(0);
    this.#scan = 1;
  }

  /** The member whose key is spelled with escapes in [from, to). */
  #escapedMember(node: Node, bytes: Uint8Array, from: number, to: number): Member | undefined {
    if (to - from > this.#key.length) return undefined;
    const length = unescapeJson(bytes, from, to, this.#key);
    return find(node.byLength[length] ?? NO_MEMBERS, this.#key, 0);
  }
}

function find(members: readonly Member[], bytes: Uint8Array, at: number): Member | undefined {
  for (let k = 0; k < members.length; k++) {
    const member = members[k]!;
    const key = member.key;
    let i = 0;
    while (i < key.length && key[i] === bytes[at + i]) i++;
    if (i === key.length) return member;
  }
  return undefined;
}

type WantedPath = { readonly segments: readonly string[]; readonly path: number };

function compile(paths: readonly WantedPath[], members: { count: number }): Node {
  const ends = paths.filter(({ segments }) => segments.length === 0);
  if (ends.length > 1) throw new RangeError('a path is wanted twice');
  const byLength: Member[][] = [];
  const elements: Node[] = [];
  const heads = new Set(paths.flatMap(({ segments }) => segments.slice(0, 1)));
  for (const head of heads) {
    const below = paths
      .filter(({ segments }) => segments[0] === head)
      .map(({ segments, path }) => ({ segments: segments.slice(1), path }));
    const node = compile(below, members);
    const element = /^\[(\d{1,3})\]$/.exec(head);
    if (element) {
      elements[Number(element[1])] = node;
      continue;
    }
    const key = Uint8Array.from(Buffer.from(head));
    if (key.length > MAX_KEY) throw new RangeError(`a wanted key is longer than ${MAX_KEY} bytes`);
    while (byLength.length <= key.length) byLength.push([]);
    byLength[key.length]!.push({ key, node, id: members.count++ });
  }
  return { path: ends[0]?.path ?? -1, byLength, elements };
}
