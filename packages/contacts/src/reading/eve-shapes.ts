/**
 * The shapes of EVE events that have been seen: what stands between their values.
 *
 *     {"timestamp":"   value   ","flow_id":   value   ,"event_type":"   value   ...
 *
 * One sensor writes a few dozen of them. A line that the plain scanner has taken is cut into such texts, which go into
 * a tree in the memory of the WebAssembly reader, with the kind and the wanted path of the value behind each. A later
 * line with the same texts between well-formed values is then as well formed, with the same value at each path: the
 * tree never decides what a line means, only how fast it is read.
 */
import type { ReadingMemory } from './wasm-memory.ts';

/** Layout of a node: see `NODE_*` in ../../wasm/reading.as.ts. */
const CHILD = 4;
const LENGTH = 8;
const KIND = 10;
const PATH = 11;
const TEXT = 16;
const Kind = { end: 0, string: 1, bare: 2 } as const;

/** Longest text between two values: a key has some 30 characters, and five objects may open at once. */
const MAX_TEXT = 192;
/** Most values of a line that is learned. */
const MAX_VALUES = 250;
/** Part of the room that events other than flows may fill: they have more shapes, and flows are most of the lines. */
const OTHERS = 0.75;
/** Most odd lines passed over between two that are looked at, when looking has taught nothing new. */
const MAX_PATIENCE = 1024;

type Step = { readonly text: string; readonly kind: number; readonly path: number };

/** Learns shapes into the memory's arena. */
export class EveShapes {
  readonly #memory: ReadingMemory;
  readonly #paths: ReadonlyMap<string, number>;
  #used = TEXT;
  #patience = 0;
  #wait = 0;

  constructor(memory: ReadingMemory, paths: readonly string[]) {
    this.#memory = memory;
    this.#paths = new Map(paths.map((path, i) => [path, i]));
    memory.arena.setUint32(CHILD, 0, true);
  }

  /** Whether the next odd line is worth a look. */
  get isDue(): boolean {
    return this.#wait-- <= 0;
  }

  /** Learns the shape of a line that the plain scanner has taken. */
  learn(line: string): void {
    const steps = stepsOf(line, this.#paths);
    const added = steps !== undefined && this.#add(steps, /"event_type":\s*"flow"/.test(line));
    this.#patience = added ? 0 : Math.min(MAX_PATIENCE, 2 * this.#patience + 1);
    this.#wait = this.#patience;
  }

  /** Adds the nodes that are missing; false if none was, or there is no room. */
  #add(steps: readonly Step[], isFlow: boolean): boolean {
    const { arena, arenaAt } = this.#memory;
    const room = isFlow ? arena.byteLength : arena.byteLength * OTHERS;
    let node = 0;
    let added = false;
    for (const step of steps) {
      const found = this.#childOf(node, step);
      if (found > 0) {
        node = found;
        continue;
      }
      const made = this.#used;
      const size = TEXT + 16 * Math.ceil(step.text.length / 16);
      if (made + size > room) return added;
      this.#used += size;
      arena.setUint32(made + CHILD, 0, true);
      arena.setUint16(made + LENGTH, step.text.length, true);
      arena.setUint8(made + KIND, step.kind);
      arena.setUint8(made + PATH, step.path + 1);
      for (let i = 0; i < size - TEXT; i++) arena.setUint8(made + TEXT + i, step.text.charCodeAt(i) || 0);
      this.#link(node, made, step.text.length, arenaAt);
      node = made;
      added = true;
    }
    return added;
  }

  #childOf(node: number, step: Step): number {
    const { arena, arenaAt } = this.#memory;
    let child = arena.getUint32(node + CHILD, true);
    while (child !== 0) {
      const at = child - arenaAt;
      if (arena.getUint8(at + PATH) === step.path + 1 && this.#textOf(at) === step.text) return at;
      child = arena.getUint32(at, true);
    }
    return -1;
  }

  #textOf(at: number): string {
    const { arena } = this.#memory;
    const length = arena.getUint16(at + LENGTH, true);
    return Buffer.from(arena.buffer, arena.byteOffset + at + TEXT, length).toString('latin1');
  }

  /** Links a new child. Longer texts come first: `,"a":"` before `,"a":`, of which it is no value. */
  #link(node: number, made: number, length: number, arenaAt: number): void {
    const { arena } = this.#memory;
    let link = node + CHILD;
    for (;;) {
      const next = arena.getUint32(link, true);
      if (next === 0 || arena.getUint16(next - arenaAt + LENGTH, true) < length) {
        arena.setUint32(made, next, true);
        arena.setUint32(link, made + arenaAt, true);
        return;
      }
      link = next - arenaAt;
    }
  }
}

/** Cuts a well-formed line into what stands between its values; undefined where it is of no use as a pattern. */
function stepsOf(line: string, paths: ReadonlyMap<string, number>): readonly Step[] | undefined {
  if (line[0] !== '{') return undefined;
  const steps: Step[] = [];
  /** Paths of what is open: '' the top, undefined where nothing is wanted. */
  const open: Array<{ readonly path: string | undefined; readonly isObject: boolean }> = [];
  let from = 0;
  let key: string | undefined;
  let isKeyDue = false;
  const pathOf = (): string | undefined => {
    const top = open.at(-1);
    if (top === undefined) return '';
    if (!top.isObject || top.path === undefined || key === undefined || key.includes('.')) return undefined;
    return top.path === '' ? key : `${top.path}.${key}`;
  };
  const step = (kind: number, end: number): void => {
    const path = kind === Kind.end ? undefined : pathOf();
    steps.push({
      text: line.slice(from, end),
      kind,
      path: path === undefined ? -1 : (paths.get(path) ?? -1),
    });
  };
  for (let i = 0; i < line.length; ) {
    const character = line[i]!;
    if (character === '"') {
      const close = closingQuote(line, i + 1);
      if (isKeyDue) {
        key = line.slice(i + 1, close);
        if (key.includes('\\')) return undefined;
        isKeyDue = false;
      } else {
        step(Kind.string, i + 1);
        from = close;
      }
      i = close + 1;
    } else if (character === '{' || character === '[') {
      const path = pathOf();
      if (path !== undefined && paths.has(path)) return undefined;
      open.push({ path, isObject: character === '{' });
      isKeyDue = character === '{';
      i++;
    } else if (character === '}' || character === ']') {
      open.pop();
      isKeyDue = false;
      i++;
    } else if (character === ',') {
      isKeyDue = open.at(-1)?.isObject === true;
      i++;
    } else if (character === ':' || character === ' ' || character === '\t') {
      i++;
    } else {
      step(Kind.bare, i);
      while (i < line.length && !/[,}\] \t]/.test(line[i]!)) i++;
      from = i;
    }
  }
  step(Kind.end, line.length);
  if (steps.length > MAX_VALUES || steps.some(({ text }) => text.length > MAX_TEXT)) return undefined;
  return steps;
}

function closingQuote(line: string, from: number): number {
  let i = from;
  while (i < line.length && line[i] !== '"') i += line[i] === '\\' ? 2 : 1;
  return i;
}
