/**
 * EVE events in windows, by WebAssembly: flows over IPv4 are read there, of other events it finds the values. Lines of a
 * shape that has not been seen are read plainly, and teach it.
 */
import { hashText } from './bytes.ts';
import type { EveEvents } from './eve-event.ts';
import { Eve, evePaths } from './eve-fields.ts';
import { EveShapes } from './eve-shapes.ts';
import { Json, type JsonScanner } from './json.ts';
import { Line } from './reader.ts';
import { Out, type ReadingMemory } from './wasm-memory.ts';
import { lineEnd, readPlain, type Window } from './wasm-windows.ts';

/** What `eve` of the module stopped for. */
const Why = { done: 0, event: 1, unknownShape: 2 } as const;
/** Words of the table for the name of the last host: length, hash, bytes. */
const HOST_AT = 64;
/** Longest name that is kept there. */
const MAX_HOST = 64;

const NEWLINE = 10;
const RETURN = 13;

/** Shapes are kept as long as the thread: files of one sensor follow each other. */
let shapes: EveShapes | undefined;
let shapesOf = '';

/** Reads windows of EVE events. One per reader. */
export class EveBlocks {
  readonly #memory: ReadingMemory;
  readonly #events: EveEvents;
  readonly #shapes: EveShapes;
  readonly #scanner: JsonScanner;

  constructor(memory: ReadingMemory, events: EveEvents, scanner: JsonScanner, forwardedHeader: string) {
    this.#memory = memory;
    this.#events = events;
    this.#scanner = scanner;
    if (shapes === undefined || shapesOf !== forwardedHeader) {
      shapes = new EveShapes(memory, evePaths(forwardedHeader));
      shapesOf = forwardedHeader;
    }
    this.#shapes = shapes;
  }

  /** Reads the lines of a window until its end or its limit. */
  readonly readWindow = (window: Window): void => {
    const { bytes, end, moved, limit } = window;
    const { exports, out, rows } = this.#memory;
    if (Number.isNaN(this.#events.since)) this.#noteFirst(bytes, window.at, lineEnd(bytes, window.at, end));
    while (window.at < end && rows.count < limit) {
      exports.eve(window.at + moved, end + moved, rows.count, limit, window.line, moved);
      rows.count = out[Out.rows]!;
      rows.lines += out[Out.lines]!;
      window.line += out[Out.lines]!;
      window.at = out[Out.stopAt]! - moved;
      const why = out[Out.why]!;
      if (why === Why.event) {
        this.#readEvent(window);
        window.at = out[Out.next]! - moved;
      } else if (why === Why.unknownShape) {
        const from = window.at;
        const next = lineEnd(bytes, from, end);
        readPlain(window, next);
        if (this.#shapes.isDue) this.#learn(bytes, from, next);
      }
    }
  };

  /** Reads the event at `window.at`, whose values have been found. */
  #readEvent(window: Window): void {
    const { rows } = this.#memory;
    const { bytes } = window;
    const said = this.#events.read(bytes, this.#memory, rows);
    rows.lines++;
    if (said === Line.row) {
      rows.host[rows.count] = this.#hostOf(bytes);
      rows.line[rows.count++] = window.line;
    } else if (said === Line.ignored) {
      rows.ignored++;
    } else {
      rows.unreadable++;
    }
    window.line++;
  }

  /** Hash of `host`, kept in the table for the events to come. */
  #hostOf(bytes: Buffer): number {
    const { start, end, type, table } = this.#memory;
    if (type[Eve.host] !== Json.string) return 0;
    const from = start[Eve.host]!;
    const to = end[Eve.host]!;
    if (from === to) return 0;
    const hash = hashText(bytes, from, to);
    if (to - from <= MAX_HOST) {
      table[HOST_AT] = to - from;
      table[HOST_AT + 1] = hash;
      const name = new Uint8Array(table.buffer, table.byteOffset + 4 * (HOST_AT + 2), MAX_HOST);
      name.set(bytes.subarray(from, to));
    }
    return hash;
  }

  #learn(bytes: Buffer, from: number, next: number): void {
    const end = textEnd(bytes, from, next);
    if (this.#scanner.scan(bytes, from, end)) this.#shapes.learn(bytes.toString('latin1', from, end));
  }

  /** The first event of a file may be one that is read without being looked at here. */
  #noteFirst(bytes: Buffer, from: number, next: number): void {
    if (this.#scanner.scan(bytes, from, textEnd(bytes, from, next))) {
      this.#events.noteFirst(bytes, this.#scanner);
    }
  }
}

function textEnd(bytes: Buffer, from: number, next: number): number {
  let end = next;
  if (end > from && bytes[end - 1] === NEWLINE) end--;
  if (end > from && bytes[end - 1] === RETURN) end--;
  return end;
}
