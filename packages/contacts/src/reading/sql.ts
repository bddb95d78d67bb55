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
import { selects } from './sql-statements.ts';

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
/** Those that go on behind a quote; the others are words of any sentence with a quoted word in it. */
const JOINTS = new Set(['or', 'and', 'xor', 'having', 'where', 'rlike']);
const CONSTANTS = new Set(['true', 'false', 'null']);
const COMPARERS = new Set(['like', 'between', 'in', 'is', 'rlike', 'regexp', 'sounds', 'glob', 'similar']);

/** A quote at `at`: closes the application's text and goes on in SQL. */
export function sqlAtQuote(text: Uint8Array, at: number, end: number): boolean {
  if (isLetter(text[at - 1]) && isLetter(text[at + 1])) {
    // An apostrophe inside a word, unless the word behind it is a connective: x'or'1'='1.
    const word = nameAt(text, at + 1, nameEnd(text, at + 1, end));
    if (word !== 'or' && word !== 'and' && word !== 'xor') return false;
  }
  if (cutsOff(text, at + 1, end) || isOperatorBetweenQuotes(text, at, end)) return true;
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
  if (!JOINTS.has(nameAt(text, i, wordEnd))) return false;
  return continuesCondition(text, wordEnd, end);
}

/** `-- `, `#` or an open comment that ends the value: what is left of the application's statement is cut off. */
function closesStatement(text: Uint8Array, at: number, end: number): boolean {
  if (text[at] === 45 && text[at + 1] === 45) {
    let i = at + 2;
    // A longer line of dashes is a line of dashes.
    const limit = at + 8;
    while (i < limit && !isEnd(text, i, end) && (isBlank(text[i]) || text[i] === 45 || text[i] === 43)) i++;
    return isEnd(text, i, end);
  }
  return text[at] === 35 && isEnd(text, at + 1, end);
}

/** An open comment right behind the quote. */
function cutsOff(text: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && i - at < 8 && isBlank(text[i])) i++;
  return text[i] === 47 && text[i + 1] === 42;
}

/** `'-'`, `"^"`: a value of nothing but an operator between quotes, which makes numbers of two texts. */
function isOperatorBetweenQuotes(text: Uint8Array, at: number, end: number): boolean {
  if (!isBegin(text, at)) return false;
  let i = at + 1;
  while (i < end && i - at < 6 && (isBlank(text[i]) || isOperator(text[i]!))) i++;
  return i > at + 1 && text[i] === text[at] && isEnd(text, i + 1, end);
}

/** `- & ^ * | + = % < >` */
function isOperator(byte: number): boolean {
  return (
    byte === 45 ||
    byte === 38 ||
    byte === 94 ||
    byte === 42 ||
    byte === 124 ||
    byte === 43 ||
    byte === 61 ||
    byte === 37 ||
    byte === 60 ||
    byte === 62
  );
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
  // An empty text: ' or ''=' and the like.
  if (isQuote(text[i]) && text[i + 1] === text[i]) return true;
  const nameStop = nameEnd(text, i, end);
  const word = nameAt(text, i, nameStop);
  let operandEnd = nameStop;
  while (text[operandEnd] === 46 && isName(text[operandEnd + 1]))
    operandEnd = nameEnd(text, operandEnd + 1, end);
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
  return comparesByWord(text, next, end);
}

/** `like '%a'`, `between 1 and 2`, `in (1)`, `is null`, `is not null`: each with what prose does not put behind it. */
function comparesByWord(text: Uint8Array, at: number, end: number): boolean {
  const wordEnd = nameEnd(text, at, end);
  const word = nameAt(text, at, wordEnd);
  if (!COMPARERS.has(word)) return false;
  let right = skipBlanks(text, wordEnd, end);
  let rightEnd = nameEnd(text, right, end);
  if (word !== 'is')
    return isQuote(text[right]) || text[right] === OPEN || (word !== 'in' && isDigit(text[right]));
  if (nameAt(text, right, rightEnd) === 'not') {
    right = skipBlanks(text, rightEnd, end);
    rightEnd = nameEnd(text, right, end);
  }
  return nameAt(text, right, rightEnd) === 'null';
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
  if (kind === Operand.name && isSameName(text, operandBegin, last + 1, right, end)) return true;
  const byte = text[before];
  const closed = before >= 0 && (isQuote(byte) || byte === CLOSE || byte === 47);
  return closed || (kind === Operand.call && (isDigit(byte) || before < 0 || byte === EQUALS));
}

/** `a=a`: true whatever it is. */
function isSameName(text: Uint8Array, from: number, to: number, right: number, end: number): boolean {
  if (right + to - from > end || (right + to - from < end && isName(text[right + to - from]))) return false;
  for (let k = 0; k < to - from; k++) if (text[from + k] !== text[right + k]) return false;
  return true;
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

/** A run of quotes, brackets and operators such as scanners send first: `1'"(),..)('`, `<>"'%;)(&+`. */
export function sqlAtNoise(text: Uint8Array, at: number, end: number): boolean {
  let i = at;
  let quotes = 0;
  let brackets = 0;
  let others = 0;
  for (; i < end && i - at < REACH; i++) {
    const byte = text[i]!;
    if (isQuote(byte)) quotes++;
    else if (byte === OPEN || byte === CLOSE) brackets++;
    else if (isOperator(byte) || byte === 59) others++;
    else if (byte !== COMMA && byte !== 46) break;
  }
  return quotes > 0 && brackets > 0 && i - at >= (others > 0 ? 7 : 6);
}
