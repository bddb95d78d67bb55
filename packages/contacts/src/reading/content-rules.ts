/**
 * What a decoded target is judged by: the texts of needles.ts where they stand, and the rules of grammar (sql.ts,
 * markup.ts, commands.ts) wherever a quote, bracket or separator stands. Reached by a small part of all targets.
 */
import { Content } from '../contact.ts';
import { type Automaton, compile } from './automaton.ts';
import { codeCall, commandAtSeparator, commandAtSubshell, commandParameter, fetches } from './commands.ts';
import { AMPERSAND, decoded, decodedEnd, decodedPathEnd, EQUALS } from './decoding.ts';
import { isDigit, isLetter, isName, isQuote, nameAt, nameBegin, nameEnd, skipBlanks } from './lexing.ts';
import {
  codeAtAngle,
  dialogCall,
  elementAt,
  eventBefore,
  expressionAtDollar,
  templateAtBrace,
} from './markup.ts';
import { ARCHIVES, NEEDLES, Place } from './needles.ts';
import { sqlAtComment, sqlAtComparison, sqlAtNoise, sqlAtParenthesis, sqlAtQuote } from './sql.ts';
import { sqlAtSemicolon, sqlOrderBy, sqlUnion } from './sql-statements.ts';

const SLASH = 47;

let compiled: Automaton | undefined;

/** All the texts. Compiled on first use: logs that are not of the web never need it, and it takes as long as they do. */
export function contentAutomaton(): Automaton {
  compiled ??= compile(
    NEEDLES.map((needle) => needle.text),
    [
      [AMPERSAND, '&'],
      [EQUALS, '='],
      [10, ' '],
      [13, ' '],
    ],
  );
  return compiled;
}
const PLACES = Uint8Array.from(NEEDLES, (needle) => needle.place);
const LENGTHS = Uint8Array.from(NEEDLES, (needle) => needle.text.length);
const BITS = Uint16Array.from(NEEDLES, (needle) => needle.bits);

/** States that ended a text in this target, and where. What does not fit is a target that is full of them anyway. */
const MAX_HITS = 256;
const hitStates = new Uint16Array(MAX_HITS);
const hitEnds = new Uint32Array(MAX_HITS);
let hits = 0;

function hit(state: number, end: number): void {
  if (hits === MAX_HITS) return;
  hitStates[hits] = state;
  hitEnds[hits++] = end;
}

/** Content bits of the target that was decoded last. */
export function judgeDecoded(): number {
  const end = decodedEnd;
  const { classes, next, accepting } = contentAutomaton();
  let state = 0;
  hits = 0;
  for (let i = 0; i < end; i++) {
    state = next[(state << 6) | classes[decoded[i]!]!]!;
    if (state >= accepting) hit(state, i + 1);
  }
  const found = hits > 0 ? judgeHits(decoded, 0, decodedPathEnd, end) : 0;
  return found | judgeGrammar(decoded, end);
}

/** Bytes at which a rule of grammar is asked. */
const SPECIAL = new Uint8Array(256);
for (const character of '\'"`<>=(;|&${#/\n\r\u0000') SPECIAL[character.charCodeAt(0)] = 1;

function judgeGrammar(text: Uint8Array, end: number): number {
  let found = 0;
  for (let i = 0; i < end; i++) {
    if (SPECIAL[text[i]!] === 0) continue;
    switch (text[i]) {
      case 39:
      case 34:
        if (sqlAtQuote(text, i, end) || sqlAtNoise(text, i, end)) found |= Content.sqlInjection;
        break;
      case 96:
        if (commandAtSubshell(text, i + 1, end)) found |= Content.commandInjection;
        break;
      case 60:
        if (elementAt(text, i, end)) found |= Content.crossSiteScripting;
        if (codeAtAngle(text, i, end)) found |= Content.codeExecution;
        if (sqlAtComparison(text, i, end)) found |= Content.sqlInjection;
        break;
      case 62:
        if (sqlAtComparison(text, i, end)) found |= Content.sqlInjection;
        break;
      case 61:
        if (sqlAtComparison(text, i, end)) found |= Content.sqlInjection;
        if (eventBefore(text, i)) found |= Content.crossSiteScripting;
        break;
      case 40:
        if (sqlAtParenthesis(text, i, end) || sqlAtNoise(text, i, end)) found |= Content.sqlInjection;
        if (text[i - 1] === 36 && commandAtSubshell(text, i + 1, end)) found |= Content.commandInjection;
        if (text[i + 1] === 41 && isShellshock(text, i, end)) found |= Content.codeExecution;
        break;
      case 59:
        if (sqlAtSemicolon(text, i, end)) found |= Content.sqlInjection;
        if (commandAtSeparator(text, i, end)) found |= Content.commandInjection;
        break;
      case 124:
      case 38:
      case 10:
      case 13:
        if (commandAtSeparator(text, i, end)) found |= Content.commandInjection;
        break;
      case 36:
        if (expressionAtDollar(text, i, end)) found |= Content.codeExecution;
        break;
      case 123:
        if (templateAtBrace(text, i, end)) found |= Content.codeExecution;
        break;
      case SLASH:
        if (text[i + 1] === 42 && sqlAtComment(text, i, end)) found |= Content.sqlInjection;
        break;
      case 0:
        found |= Content.traversal;
        break;
      default:
    }
  }
  return found;
}

/** `() {` of CVE-2014-6271. */
function isShellshock(text: Uint8Array, at: number, end: number): boolean {
  const brace = skipBlanks(text, at + 2, end);
  return text[brace] === 123;
}

/** Judges the texts that the automaton found in [from, to) of `text`, whose path ends at `pathEnd`. */
function judgeHits(text: Uint8Array, from: number, pathEnd: number, to: number): number {
  let found = 0;
  let parents = 0;
  const { accepting, first, ids } = contentAutomaton();
  for (let h = 0; h < hits; h++) {
    const k = hitStates[h]! - accepting;
    const end = hitEnds[h]!;
    for (let j = first[k]!; j < first[k + 1]!; j++) {
      const id = ids[j]!;
      const begin = end - LENGTHS[id]!;
      if ((found & BITS[id]!) === BITS[id]! && PLACES[id] !== Place.parentFolder) continue;
      if (PLACES[id] === Place.parentFolder) {
        parents++;
        if (begin < pathEnd || parents > 1) found |= Content.traversal;
      } else if (stands(PLACES[id] as Place, text, from, begin, end, pathEnd, to)) {
        found |= BITS[id]!;
      }
    }
  }
  return found;
}

/** Whether a text at [begin, end) stands where it must. */
function stands(
  place: Place,
  text: Uint8Array,
  from: number,
  begin: number,
  end: number,
  pathEnd: number,
  to: number,
): boolean {
  const next = end < to ? text[end] : undefined;
  switch (place) {
    case Place.anywhere:
      return true;
    case Place.path:
      return end <= pathEnd;
    case Place.name:
      return (
        end <= pathEnd && (end === pathEnd || next === SLASH || next === 46 || next === 59 || isDigitAt(next))
      );
    case Place.pathEnd:
      return end === pathEnd && begin > from + 1;
    case Place.query:
      return begin >= pathEnd;
    case Place.word:
      return !isLetter(text[begin - 1]);
    case Place.script:
      return end <= pathEnd && endsInScript(text, end, pathEnd);
    case Place.dotSegment:
      return end <= pathEnd && isHidden(text, end, pathEnd);
    case Place.union:
      return !isLetter(text[begin - 1]) && !isLetter(next) && sqlUnion(text, begin, end, to);
    case Place.orderBy:
      return !isLetter(next) && sqlOrderBy(text, begin, end, to);
    case Place.sqlSleep:
      return !isName(text[begin - 1]) && (isDigitAt(next) || isQuote(next) || next === 40);
    case Place.sqlCharacter:
      return !isName(text[begin - 1]) && isNumberList(text, end, to);
    case Place.sqlConcat:
      return !isName(text[begin - 1]) && isSqlArgument(text, end, to);
    case Place.waitfor: {
      const word = skipBlanks(text, end, to);
      const name = nameAt(text, word, nameEnd(text, word, to));
      return word > end && (name === 'delay' || name === 'time');
    }
    case Place.dialog:
      return !isName(text[begin - 1]) && dialogCall(text, end, to);
    case Place.scheme:
      return !isLetter(text[begin - 1]) && next !== undefined && next !== 32 && next !== AMPERSAND;
    case Place.codeCall:
      return !isLetter(text[begin - 1]) && codeCall(text, end, to);
    case Place.commandParameter:
      return begin >= pathEnd && commandParameter(text, begin, end, to);
    case Place.fetch:
      return fetches(text, begin, end, to);
    case Place.archive:
      return end === pathEnd && isArchive(text, begin);
    case Place.backRoom:
      return end <= pathEnd && nameAt(text, end + 1, nameEnd(text, end + 1, pathEnd)) !== 'admin';
    case Place.author:
      return begin === pathEnd && isDigitAt(next) && pathEnd - from <= 1;
    case Place.parentFolder:
      return false;
  }
}

/** Whether the name that ends at `end`, of a whole segment of the path, is one of a backup's. */
function isArchive(text: Uint8Array, end: number): boolean {
  const begin = nameBegin(text, end - 1);
  return text[begin - 1] === SLASH && ARCHIVES.has(nameAt(text, begin, end));
}

function isDigitAt(byte: number | undefined): boolean {
  return isDigit(byte);
}

/** A file or folder that its name hides, but for `.well-known` (RFC 8615). `at` is behind the dot. */
function isHidden(text: Uint8Array, at: number, end: number): boolean {
  const first = text[at];
  if (at >= end || first === SLASH || first === 46 || first === 59) return false;
  return nameAt(text, at, Math.min(end, at + 10)) !== 'well-known';
}

const SCRIPTS = new Set(['php', 'php5', 'php7', 'phtml', 'phar', 'asp', 'aspx', 'jsp', 'cgi', 'sh']);

/** Whether the path ends in a script's name, other than WordPress's endpoint for its own pages. */
function endsInScript(text: Uint8Array, from: number, end: number): boolean {
  const begin = nameBegin(text, end - 1);
  if (text[begin - 1] !== 46 || begin <= from) return false;
  if (nameAt(text, from, begin - 1) === 'admin-ajax') return false;
  return SCRIPTS.has(nameAt(text, begin, end));
}

/** `char(58,120)`, `chr(65)||`: numbers and nothing else. */
function isNumberList(text: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && i - at < 64 && (isDigit(text[i]) || text[i] === 44 || text[i] === 32 || text[i] === 120))
    i++;
  return i > at && text[i] === 41 && isDigit(text[at]);
}

/** An argument as SQL has it and prose has not: a hexadecimal or quoted text, a call, a variable, a subquery, `*`. */
function isSqlArgument(text: Uint8Array, at: number, end: number): boolean {
  const i = skipBlanks(text, at, end);
  const byte = text[i];
  if (byte === 40 || isQuote(byte) || (byte === 64 && text[i + 1] === 64)) return true;
  if (byte === 42) return text[i + 1] === 41;
  const stop = nameEnd(text, i, end);
  const name = nameAt(text, i, stop);
  return text[stop] === 40 || name.startsWith('0x') || name === 'select';
}
