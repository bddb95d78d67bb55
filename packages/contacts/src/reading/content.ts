/**
 * What a web request asks for: its route, and whether it carries an attack.
 *
 * Hot path. Most targets hold none of the bytes that an injection needs, so one pass over the raw bytes, with one table
 * lookup each, answers for them: it looks for a byte that needs a closer look and runs the automaton of needles.ts.
 * Only a target with such a byte, or with one of those texts, is decoded (decoding.ts) and judged
 * by content-rules.ts.
 */
import type { Batch } from '../contact.ts';
import { contentAutomaton, judgeDecoded } from './content-rules.ts';
import { decoded, decodedPathEnd, decodeParts, decodeTarget } from './decoding.ts';
import { FOLDS, finishRoute, MAX_ROUTE, MIN_ID, ROUTE_BEGIN, ROUTE_STEP, routeOf } from './route.ts';

export { readAgent } from './agents.ts';

/** Column `textLength` holds 16 bits. */
const MAX_TEXT = 0xffff;

const QUESTION = 63;
const SLASH = 47;

/** In a packed class: the byte that the route hashes, and the bits of FOLD_DIGIT and FOLD_HEX. */
const FOLD_SHIFT = 6;
const DIGIT_SHIFT = 14;
const HEX_SHIFT = 15;

/**
 * The automaton over raw bytes: a byte that makes decoding necessary counts as the end of a text, in every state. Each
 * byte's class has what the route hashes of it in the bits above, so that one lookup serves both.
 */
type RawTables = {
  readonly path: Uint16Array;
  readonly query: Uint8Array;
  readonly next: Uint16Array;
  readonly accepting: number;
};

const CLOSER = 63;
let rawTables: RawTables | undefined;

function makeRawTables(): RawTables {
  const { classes, next: nextOfTexts, accepting } = contentAutomaton();
  const path = new Uint16Array(256);
  const query = new Uint8Array(256);
  const next = nextOfTexts.slice();
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte);
    const closer = byte < 33 || byte > 126 || '%\\\'"<>();$|`*+{}'.includes(character);
    query[byte] = closer ? CLOSER : classes[byte]!;
    const inPath = '&=#'.includes(character) ? CLOSER : query[byte]!;
    path[byte] = inPath | ((FOLDS[byte]! & 1023) << FOLD_SHIFT);
  }
  for (let at = CLOSER; at < next.length; at += 64) next[at] = accepting;
  return { path, query, next, accepting };
}

/**
 * Reads the request target [from, to) (path and query as the log writes them) into row `row` of `batch`: `route`,
 * `textAt`, `textLength`, and what of `Content` is found is added to `content`.
 */
export function readTarget(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  batch.textAt[row] = from;
  batch.textLength[row] = Math.min(to - from, MAX_TEXT);
  if (from < to && bytes[from] !== SLASH) {
    readClosely(bytes, from, to, batch, row);
    return;
  }
  rawTables ??= makeRawTables();
  // Locals, because the tables of a module are looked up anew at each access.
  const { path: rawPath, query: rawQuery, next, accepting } = rawTables;
  let state = 0;
  let hash: number = ROUTE_BEGIN;
  let before = 0;
  let run = 0;
  let runs = 0;
  let i = from;
  for (; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === QUESTION) break;
    const packed = rawPath[byte]!;
    state = next[(state << 6) | (packed & 63)]!;
    if (state >= accepting) {
      readClosely(bytes, from, to, batch, row);
      return;
    }
    // Without branches, which a processor would guess wrong at each number: a digit behind a digit multiplies by one.
    const again = ((packed & before) >>> DIGIT_SHIFT) & 1;
    hash = Math.imul(
      hash ^ ((packed >>> FOLD_SHIFT) & 255 & (again - 1)),
      ROUTE_STEP - again * (ROUTE_STEP - 1),
    );
    run = (run + 1) & -((packed >>> HEX_SHIFT) & 1);
    runs |= run;
    before = packed;
  }
  const plain = runs < MIN_ID && i - from <= MAX_ROUTE;
  batch.route[row] = plain ? finishRoute(hash) : routeOf(bytes, from, i);
  for (; i < to; i++) {
    state = next[(state << 6) | rawQuery[bytes[i]!]!]!;
    if (state >= accepting) {
      readClosely(bytes, from, to, batch, row);
      return;
    }
  }
}

/**
 * Reads a target whose path and query the log writes as two fields (IIS). `textAt` and `textLength` point at both where
 * they are neighbours, with the separator of the log between them, else at the path.
 */
export function readTargetParts(
  bytes: Uint8Array,
  pathAt: number,
  pathEnd: number,
  queryAt: number,
  queryEnd: number,
  batch: Batch,
  row: number,
): void {
  batch.textAt[row] = pathAt;
  batch.textLength[row] = Math.min((queryAt === pathEnd + 1 ? queryEnd : pathEnd) - pathAt, MAX_TEXT);
  rawTables ??= makeRawTables();
  const { path, query } = rawTables;
  if (
    isPlain(bytes, pathAt, pathEnd, path, rawTables) &&
    isPlain(bytes, queryAt, queryEnd, query, rawTables)
  ) {
    batch.route[row] = routeOf(bytes, pathAt, pathEnd);
    return;
  }
  decodeParts(bytes, pathAt, pathEnd, queryAt, queryEnd);
  takeDecoded(batch, row);
}

/** Whether [from, to) holds neither a byte that makes decoding necessary nor one of the texts. */
function isPlain(
  bytes: Uint8Array,
  from: number,
  to: number,
  raw: Uint16Array | Uint8Array,
  { next, accepting }: RawTables,
): boolean {
  let state = 0;
  for (let i = from; i < to; i++) {
    state = next[(state << 6) | (raw[bytes[i]!]! & 63)]!;
    if (state >= accepting) return false;
  }
  return true;
}

/** Where the path of a target begins: behind `http://host` of the absolute form that proxies are asked in. */
function pathBegin(bytes: Uint8Array, from: number, pathEnd: number): number {
  if (bytes[from] === SLASH || (bytes[from]! | 32) !== 104) return from;
  let i = from;
  while (i < pathEnd && bytes[i] !== SLASH) i++;
  if (bytes[i - 1] !== 58 || bytes[i + 1] !== SLASH) return from;
  i += 2;
  while (i < pathEnd && bytes[i] !== SLASH) i++;
  return i;
}

/** Decodes the target and reads it with every rule. */
function readClosely(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  decodeTarget(bytes, from, to);
  takeDecoded(batch, row);
}

/** Route and content of what is decoded. */
function takeDecoded(batch: Batch, row: number): void {
  batch.route[row] = routeOf(decoded, pathBegin(decoded, 0, decodedPathEnd), decodedPathEnd);
  batch.content[row] = batch.content[row]! | judgeDecoded();
}
