/**
 * SQL injection, known by its grammar rather than by its words: a voter may be called Union or Select, live on Drop
 * Road and write O'Brien, but writes no quote followed by a comparison. Works on a decoded target (see decoding.ts).
 */
import { EQUALS } from './decoding.ts';
import {
  isBegin,
  isBlank,
  isDigit,
  isEnd,
  isLetter,
  isName,
  isQuote,
  nameAt,
  nameBegin,
  nameEnd,
  REACH,
  skipBlanks,
  skipBlanksBack,
} from './lexing.ts';

const OPEN = 40;
const CLOSE = 41;
const COMMA = 44;

const CONNECTIVES = new Set([
  'or',
  'and',
  'xor',
  'having',
  'where',
  'rlike',
  'not',
  'when',
  'if',
  'div',
  'mod',
]);
const CONSTANTS = new Set(['true', 'false', 'null']);
const COMPARERS = new Set(['like', 'between', 'in', 'is', 'rlike', 'regexp', 'sounds', 'glob', 'similar']);

/** Second words that make a statement of a word behind a semicolon. */
const STATEMENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    drop: 'table database view user procedure function index schema column trigger login',
    create: 'table user function procedure database login alias or temporary view',
    alter: 'table user login database role server',
    insert: 'into',
    delete: 'from',
    truncate: 'table',
    waitfor: 'delay time',
    grant: 'all select insert execute dba',
    shutdown: 'with nowait immediate abort',
    merge: 'into',
  }).map(([word, seconds]) => [word, new Set(seconds.split(' '))]),
);

/** A quote at `at`: closes the application's text and goes on in SQL. */
export function sqlAtQuote(text: Uint8Array, at: number, end: number): boolean {
  if (isLetter(text[at - 1]) && isLetter(text[at + 1])) {
    // An apostrophe inside a word, unless the word behind it is a connective: x'or'1'='1.
    const word = nameAt(text, at + 1, nameEnd(text, at + 1, end));
    if (word !== 'or' && word !== 'and' && word !== 'xor') return false;
  }
  let i = at + 1;
  for (;;) {
    const next = skipBlanks(text, i, end);
    const byte = text[next];
    if (next < end && (byte === CLOSE || byte === 59)) i = next + 1;
    else {
      i = next;
      break;
    }
    if (i - at > REACH) return false;
  }
  if (closesStatement(text, i, end)) return true;
  if (probesQuote(text, at, i, end)) return true;
  const first = text[i];
  if ((first === 124 && text[i + 1] === 124) || (first === 38 && text[i + 1] === 38)) {
    const behind = skipBlanks(text, i + 2, end);
    return isQuote(text[behind]) || continuesCondition(text, behind, end);
  }
  const wordEnd = nameEnd(text, i, end);
  if (!CONNECTIVES.has(nameAt(text, i, wordEnd))) return false;
  return continuesCondition(text, wordEnd, end);
}

/** `-- `, `#` or an open comment that ends the value: what is left of the application's statement is cut off. */
function closesStatement(text: Uint8Array, at: number, end: number): boolean {
  if (text[at] === 45 && text[at + 1] === 45) {
    let i = at + 2;
    while (!isEnd(text, i, end) && (isBlank(text[i]) || text[i] === 45 || text[i] === 43)) i++;
    return isEnd(text, i, end);
  }
  return text[at] === 35 && isEnd(text, at + 1, end);
}

/** `id=1'`: the first thing that everybody tries. A voter's value of digits does not end in a quote in a field named id. */
function probesQuote(text: Uint8Array, at: number, next: number, end: number): boolean {
  if (!isEnd(text, next, end)) return false;
  let i = at - 1;
  while (i >= 0 && (isDigit(text[i]) || text[i] === 45)) i--;
  if (text[i] !== EQUALS || i === at - 1) return false;
  const name = nameAt(text, nameBegin(text, i - 1), i);
  return name.endsWith('id') || name === 'cat' || name === 'page' || name === 'p' || name === 'item';
}

/** What stands behind `' or`: a constant or number that is compared or ends the statement, a call, a subquery. */
function continuesCondition(text: Uint8Array, at: number, end: number): boolean {
  let i = at;
  for (let step = 0; step < 8; step++) {
    i = skipBlanks(text, i, end);
    const byte = text[i];
    if (i < end && (byte === OPEN || byte === 33 || byte === 45 || byte === 126)) i++;
    else break;
  }
  const operandEnd = nameEnd(text, i, end);
  const word = nameAt(text, i, operandEnd);
  if (word === '') return false;
  if (word === 'not' || word === 'exists') return continuesCondition(text, operandEnd, end);
  if (word === 'select' || word === 'case') return true;
  if (text[operandEnd] === OPEN) return true;
  let next = skipBlanks(text, operandEnd, end);
  while (text[next] === CLOSE) next = skipBlanks(text, next + 1, end);
  if (isComparison(text[next])) return isOperand(text, next + 1, end);
  const plain = isDigit(text[i]) || CONSTANTS.has(word);
  if (plain && (closesStatement(text, next, end) || (text[next] === 45 && text[next + 1] === 45)))
    return true;
  if (CONSTANTS.has(word) && isEnd(text, next, end)) return true;
  const comparerEnd = nameEnd(text, next, end);
  if (!COMPARERS.has(nameAt(text, next, comparerEnd))) return false;
  const right = skipBlanks(text, comparerEnd, end);
  const rightWord = nameAt(text, right, nameEnd(text, right, end));
  return (
    isQuote(text[right]) ||
    text[right] === OPEN ||
    isDigit(text[right]) ||
    rightWord === 'null' ||
    rightWord === 'not'
  );
}

function isComparison(byte: number | undefined): boolean {
  return byte === 61 || byte === 60 || byte === 62 || byte === 33;
}

function isOperand(text: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && i - at < 4 && (isComparison(text[i]) || text[i] === 45)) i++;
  i = skipBlanks(text, i, end);
  while (i < end && i - at < 12 && text[i] === OPEN) i++;
  return i < end && (isName(text[i]) || isQuote(text[i]));
}

/** A `=`, `<` or `>` at `at`, inside a value: `or 1=1`, `and 'a'='a`, `and ascii(substr(x,1,1))>64`. */
export function sqlAtComparison(text: Uint8Array, at: number, end: number): boolean {
  if (!isOperand(text, at + 1, end)) return false;
  let last = at - 1;
  while (isComparison(text[last])) last--;
  last = skipBlanksBack(text, last + 1);
  if (last < 0) return false;
  const right = skipBlanks(text, at + 1, end);
  const kind = operandBack(text, last);
  if (kind === Operand.none) return false;
  const before = connectiveBack(text, operandBegin);
  if (before < -1) return false;
  if (kind === Operand.number) return isDigit(text[right]) || isQuote(text[right]) || text[right] === OPEN;
  if (kind === Operand.quoted) return isQuote(text[right]) || isName(text[right]);
  const byte = text[before];
  const closed = before >= 0 && (isQuote(byte) || byte === CLOSE || byte === 47);
  return closed || (kind === Operand.call && (isDigit(byte) || before < 0 || byte === EQUALS));
}

const Operand = { none: 0, number: 1, quoted: 2, call: 3, name: 4 } as const;
let operandBegin = 0;

/** What operand ends at `last`; where it begins is left in `operandBegin`. */
function operandBack(text: Uint8Array, last: number): number {
  const byte = text[last];
  const limit = Math.max(-1, last - REACH);
  let i = last;
  while (i > limit && text[i] === CLOSE && isDigit(text[i - 1])) i--;
  if (isQuote(byte)) {
    i = last - 1;
    while (i > limit && !isQuote(text[i])) i--;
    if (i <= limit) return Operand.none;
    operandBegin = i;
    return Operand.quoted;
  }
  if (text[i] === CLOSE) {
    let depth = 0;
    for (; i > limit; i--) {
      if (text[i] === CLOSE) depth++;
      else if (text[i] === OPEN && --depth === 0) break;
    }
    if (i <= limit) return Operand.none;
    operandBegin = nameBegin(text, i - 1);
    return Operand.call;
  }
  const begin = nameBegin(text, i);
  if (begin > i) return Operand.none;
  operandBegin = begin;
  for (let k = begin; k <= i; k++) if (!isDigit(text[k])) return Operand.name;
  return Operand.number;
}

/** Place of what stands before the connective (`or`, `and`, `||`) that ends before `at`; -2 if there is none. */
function connectiveBack(text: Uint8Array, at: number): number {
  let last = skipBlanksBack(text, at);
  const limit = at - REACH;
  while (
    last > limit &&
    (text[last] === OPEN || text[last] === 33 || text[last] === 45 || text[last] === 126)
  )
    last = skipBlanksBack(text, last);
  if (last < 1) return -2;
  const byte = text[last];
  if ((byte === 124 || byte === 38) && text[last - 1] === byte) return skipBlanksBack(text, last - 1);
  if (byte === 94 || byte === 124) return skipBlanksBack(text, last);
  const begin = nameBegin(text, last);
  if (!CONNECTIVES.has(nameAt(text, begin, last + 1))) {
    // 1or 1=1 and 1and(1)=(1): MySQL ends the number where the letters begin.
    let letters = begin;
    while (isDigit(text[letters])) letters++;
    if (letters === begin || !CONNECTIVES.has(nameAt(text, letters, last + 1))) return -2;
    return letters - 1;
  }
  return skipBlanksBack(text, begin);
}

/** A parenthesis at `at` that opens a subquery: `(select password from users)`. */
export function sqlAtParenthesis(text: Uint8Array, at: number, end: number): boolean {
  const i = skipBlanks(text, at + 1, end);
  const wordEnd = nameEnd(text, i, end);
  return nameAt(text, i, wordEnd) === 'select' && selects(text, wordEnd, end, false);
}

/** Whether what follows the word `select` is a list of SQL and no prose. */
function selects(text: Uint8Array, at: number, end: number, union: boolean): boolean {
  let i = skipBlanks(text, at, end);
  let itemEnd = nameEnd(text, i, end);
  let word = nameAt(text, i, itemEnd);
  if (word === 'all' || word === 'distinct' || word === 'distinctrow' || word === 'top') {
    i = skipBlanks(text, itemEnd, end);
    itemEnd = nameEnd(text, i, end);
    word = nameAt(text, i, itemEnd);
  }
  const first = text[i];
  if (i >= end) return false;
  if (first === 42 || first === OPEN || first === 64 || isQuote(first) || first === 45) return true;
  if (text[itemEnd] === OPEN || word === 'null' || word === 'case' || word.startsWith('0x')) return true;
  let next = skipBlanks(text, itemEnd, end);
  if (isDigit(first)) {
    if (text[next] === COMMA) return true;
    const after = nameAt(text, next, nameEnd(text, next, end));
    return (
      (union && (isEnd(text, next, end) || text[next] === 35 || text[next] === 45 || text[next] === CLOSE)) ||
      after === 'from' ||
      after === 'union' ||
      after === 'where'
    );
  }
  if (text[next] === COMMA) return hasFrom(text, next, end);
  while (text[next] === 46) {
    itemEnd = nameEnd(text, next + 1, end);
    next = skipBlanks(text, itemEnd, end);
  }
  const fromEnd = nameEnd(text, next, end);
  if (nameAt(text, next, fromEnd) !== 'from') return false;
  const table = skipBlanks(text, fromEnd, end);
  const tableEnd = nameEnd(text, table, end);
  const behind = skipBlanks(text, tableEnd, end);
  const clause = nameAt(text, behind, nameEnd(text, behind, end));
  return (
    tableEnd > table &&
    (!isLetter(text[behind]) || clause === 'where' || clause === 'limit' || clause === 'order')
  );
}

function hasFrom(text: Uint8Array, at: number, end: number): boolean {
  const limit = Math.min(end, at + REACH);
  for (let i = at; i + 4 < limit; i++) {
    if (text[i] === 102 && !isName(text[i - 1]) && nameAt(text, i, nameEnd(text, i, end)) === 'from')
      return true;
  }
  return false;
}

/** A semicolon at `at` with another statement behind it. */
export function sqlAtSemicolon(text: Uint8Array, at: number, end: number): boolean {
  const i = skipBlanks(text, at + 1, end);
  const wordEnd = nameEnd(text, i, end);
  const word = nameAt(text, i, wordEnd);
  if (word === '') return false;
  const second = skipBlanks(text, wordEnd, end);
  const secondEnd = nameEnd(text, second, end);
  const seconds = STATEMENTS.get(word);
  if (word === 'shutdown' && (isEnd(text, second, end) || text[second] === 45)) return true;
  if (seconds !== undefined) return seconds.has(nameAt(text, second, secondEnd));
  if (word === 'select') return selects(text, wordEnd, end, true);
  if (word === 'declare') return text[second] === 64;
  if (word === 'update') {
    const third = skipBlanks(text, secondEnd, end);
    return secondEnd > second && nameAt(text, third, nameEnd(text, third, end)) === 'set';
  }
  if (word === 'exec' || word === 'execute') {
    const name = nameAt(text, second, secondEnd);
    return text[second] === OPEN || text[second] === 64 || name.includes('_') || name === 'master';
  }
  if (word === 'copy') return nameAt(text, secondEnd + 1, nameEnd(text, secondEnd + 1, end)) === 'from';
  return word === 'call' && text[secondEnd] === OPEN;
}

/** `union` that ends before `at`, joined to a select. */
export function sqlUnion(text: Uint8Array, at: number, end: number): boolean {
  let i = skipBlanks(text, at, end);
  while (i < end && i - at < REACH && text[i] === OPEN) i = skipBlanks(text, i + 1, end);
  let wordEnd = nameEnd(text, i, end);
  const word = nameAt(text, i, wordEnd);
  if (word === 'all' || word === 'distinct') {
    i = skipBlanks(text, wordEnd, end);
    while (i < end && i - at < REACH && text[i] === OPEN) i = skipBlanks(text, i + 1, end);
    wordEnd = nameEnd(text, i, end);
  }
  return nameAt(text, i, wordEnd) === 'select' && selects(text, wordEnd, end, true);
}

/** `order` or `group` in [from, to), counting columns behind a closed value: `1' order by 7--`. */
export function sqlOrderBy(text: Uint8Array, from: number, to: number, end: number): boolean {
  const by = skipBlanks(text, to, end);
  const byEnd = nameEnd(text, by, end);
  if (nameAt(text, by, byEnd) !== 'by') return false;
  const column = skipBlanks(text, byEnd, end);
  const columnEnd = nameEnd(text, column, end);
  const before = skipBlanksBack(text, from);
  const byte = text[before];
  if (before < 0 || isBegin(text, from)) return false;
  if (!(isQuote(byte) || byte === CLOSE || isDigit(byte) || byte === 47)) return false;
  if (!isDigit(text[column])) return isQuote(byte) && isName(text[column]) && text[columnEnd] !== 32;
  const next = skipBlanks(text, columnEnd, end);
  return !isLetter(text[next]);
}

/** A comment at `at` that splits what a filter would have known: `un/ * * /ion`, written without the blanks. */
export function sqlAtComment(text: Uint8Array, at: number, end: number): boolean {
  if (text[at + 2] === 33) return isDigit(text[at + 3]) || isLetter(text[at + 3]);
  if (text[at + 2] === 42 && text[at + 3] === 47) return true;
  const limit = Math.min(end, at + 40);
  for (let i = at + 2; i + 1 < limit; i++) {
    if (text[i] === 47) return false;
    if (text[i] === 42 && text[i + 1] === 47)
      return i > at + 2 && (isName(text[at - 1]) || isBlank(text[at - 1]));
  }
  return false;
}

/** A run of quotes, brackets, dots and commas such as sqlmap sends first: `1'"(),..)('`. */
export function sqlAtNoise(text: Uint8Array, at: number, end: number): boolean {
  let i = at;
  let quotes = 0;
  let brackets = 0;
  for (; i < end && i - at < REACH; i++) {
    const byte = text[i];
    if (isQuote(byte)) quotes++;
    else if (byte === OPEN || byte === CLOSE) brackets++;
    else if (byte !== COMMA && byte !== 46) break;
  }
  return i - at >= 6 && quotes > 0 && brackets > 0;
}
