/**
 * Statements of SQL that an injection adds: union selects, stacked statements, columns counted by `order by`. Works on a
 * decoded target (see decoding.ts).
 */
import {
  isBegin,
  isDigit,
  isEnd,
  isLetter,
  isName,
  isQuote,
  nameAt,
  nameEnd,
  REACH,
  skipBlanks,
  skipBlanksBack,
} from './lexing.ts';

const OPEN = 40;
const CLOSE = 41;
const COMMA = 44;

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

/** Whether what follows the word `select` is a list of SQL and no prose. */
export function selects(text: Uint8Array, at: number, end: number, union: boolean): boolean {
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

/** `union` in [from, at), joined to a select. */
export function sqlUnion(text: Uint8Array, from: number, at: number, end: number): boolean {
  let i = skipBlanks(text, at, end);
  while (i < end && i - at < REACH && text[i] === OPEN) i = skipBlanks(text, i + 1, end);
  let wordEnd = nameEnd(text, i, end);
  const word = nameAt(text, i, wordEnd);
  if (word === 'all' || word === 'distinct') {
    i = skipBlanks(text, wordEnd, end);
    while (i < end && i - at < REACH && text[i] === OPEN) i = skipBlanks(text, i + 1, end);
    wordEnd = nameEnd(text, i, end);
  }
  if (nameAt(text, i, wordEnd) !== 'select') return false;
  const before = text[skipBlanksBack(text, from)];
  if (isQuote(before) || before === CLOSE) return true;
  return selects(text, wordEnd, end, true);
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
