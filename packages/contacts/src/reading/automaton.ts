/**
 * Finds many literal texts in one pass over bytes (Aho and Corasick, CACM 18(6), 1975), ASCII letters in either case.
 * States that end a text are numbered last, so that the hot loop tells a hit by one comparison.
 */

/** A compiled set of texts. The hot loop: `state = next[(state << 6) | classes[byte]]`, a hit if `state >= accepting`. */
export type Automaton = {
  /** Class of each byte, 0 to 62; 0 = in no text, 63 is free for the caller. */
  readonly classes: Uint8Array;
  /** 64 entries a state. State 0 is the start. */
  readonly next: Uint16Array;
  /** First state that ends a text. */
  readonly accepting: number;
  /** For state `accepting + k`: its texts are `ids[first[k]]` to `ids[first[k + 1] - 1]`. */
  readonly first: Uint32Array;
  readonly ids: Uint16Array;
};

/** Classes a state has room for. */
const CLASSES = 64;

/**
 * Compiles `texts` (ASCII; upper case is taken as lower). `alike` names bytes to be read as others. Throws a
 * RangeError if the texts use more than 62 different characters: they are constants of this package.
 */
export function compile(
  texts: readonly string[],
  alike: ReadonlyArray<readonly [number, string]> = [],
): Automaton {
  const classes = classesOf(texts, alike);
  const trie: Int32Array[] = [new Int32Array(CLASSES).fill(-1)];
  const ends: number[][] = [[]];
  texts.forEach((text, id) => {
    let state = 0;
    for (const character of text) {
      const row = trie[state]!;
      const at = classes[character.charCodeAt(0)]!;
      if (row[at]! < 0) {
        row[at] = trie.length;
        trie.push(new Int32Array(CLASSES).fill(-1));
        ends.push([]);
      }
      state = row[at]!;
    }
    ends[state]!.push(id);
  });
  complete(trie, ends);
  return pack(classes, trie, ends);
}

function classesOf(texts: readonly string[], alike: ReadonlyArray<readonly [number, string]>): Uint8Array {
  const classes = new Uint8Array(256);
  let count = 0;
  for (const character of new Set(texts.join('').toLowerCase())) {
    if (++count >= CLASSES) throw new RangeError('more than 62 different characters');
    classes[character.charCodeAt(0)] = count;
    classes[character.toUpperCase().charCodeAt(0)] = count;
  }
  for (const [byte, character] of alike) classes[byte] = classes[character.charCodeAt(0)]!;
  return classes;
}

/** Turns the trie into an automaton: missing branches go where the longest proper suffix goes. */
function complete(trie: readonly Int32Array[], ends: readonly number[][]): void {
  const fallback = new Int32Array(trie.length);
  const queue: number[] = [];
  const root = trie[0]!;
  for (let at = 0; at < CLASSES; at++) {
    if (root[at]! < 0) root[at] = 0;
    else queue.push(root[at]!);
  }
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    const row = trie[state]!;
    const suffix = trie[fallback[state]!]!;
    for (let at = 0; at < CLASSES; at++) {
      const child = row[at]!;
      if (child < 0) {
        row[at] = suffix[at]!;
        continue;
      }
      fallback[child] = suffix[at]!;
      ends[child]!.push(...ends[suffix[at]!]!);
      queue.push(child);
    }
  }
}

function pack(classes: Uint8Array, trie: readonly Int32Array[], ends: readonly number[][]): Automaton {
  const states = trie.map((_, state) => state);
  const order = [
    ...states.filter((state) => ends[state]!.length === 0),
    ...states.filter((state) => ends[state]!.length > 0),
  ];
  const number = new Uint16Array(trie.length);
  order.forEach((state, place) => {
    number[state] = place;
  });
  const next = new Uint16Array(trie.length * CLASSES);
  order.forEach((state, place) => {
    for (let at = 0; at < CLASSES; at++) next[place * CLASSES + at] = number[trie[state]![at]!]!;
  });
  const accepting = ends.filter((ids) => ids.length === 0).length;
  const lists = order.slice(accepting).map((state) => ends[state]!);
  const first = new Uint32Array(lists.length + 1);
  lists.forEach((ids, k) => {
    first[k + 1] = first[k]! + ids.length;
  });
  return { classes, next, accepting, first, ids: Uint16Array.from(lists.flat()) };
}
