/**
 * Finds floating Results: calls of a function that can fail, whose outcome nobody looks at.
 *
 *     saveStatement(statement);             // may have failed; nobody would know
 *
 * An exception would stop the program there; a Result that is dropped does not, so something has to watch.
 * Biome sees floating promises but no types of ours, and TypeScript 7 offers no compiler to programs. So:
 * the names of all functions and methods whose declared type ends in `Result<...>` or `Promise<Result<...>>`
 * are collected over the whole repository, and every statement that is nothing but a call of one of them
 * (awaited or not, also behind `void`) is reported.
 *
 * Not seen: a function whose type is inferred (`undeclaredResults` reports those that say `return ok(`), and a
 * function that was given another name. A method of another class with the same name is reported too: rename one.
 */
import { codeOnly } from './code-only.ts';
import type { Source } from './sources.ts';

/** `Result<` as a declared return type, directly or promised: after the closing bracket of the parameters. */
const DECLARED = /\)\s*(?::|=>)\s*(?:Promise<\s*)?Result</g;

/** The names of functions, methods and function-typed members that are declared to give a Result. */
export function resultFunctions(sources: readonly Source[]): Set<string> {
  const names = new Set(['ok', 'err']);
  for (const { text } of sources) {
    const code = codeOnly(text);
    for (const { index } of code.matchAll(DECLARED)) {
      const name = nameBefore(code, openingBracket(code, index));
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/** Every statement that drops a Result, in sentences with file and line. */
export function floatingResults(source: Source, names: ReadonlySet<string>): string[] {
  const code = codeOnly(source.text);
  const found: string[] = [];
  for (const { index, 1: name } of code.matchAll(/\b([A-Za-z_$][\w$]*)\s*(?:<[^<>()]*>)?\(/g)) {
    if (!names.has(name as string)) continue;
    const open = code.indexOf('(', index);
    if (!endsStatement(code, closingBracket(code, open) + 1)) continue;
    if (startsStatement(code, index)) {
      found.push(
        `${source.path}:${lineOf(code, index)} drops the Result of ${name}(): look at it, or return it`,
      );
    }
  }
  return found;
}

/** Functions that return `ok(...)` or `err(...)` without a declared type, which `resultFunctions` cannot see. */
export function undeclaredResults(source: Source): string[] {
  const code = codeOnly(source.text);
  const found: string[] = [];
  for (const { index, 1: name } of code.matchAll(/\bfunction\s+([\w$]+)\s*(?:<[^()]*>)?\(/g)) {
    const close = closingBracket(code, code.indexOf('(', index));
    if (!/^\s*\{/.test(code.slice(close + 1))) continue;
    const open = code.indexOf('{', close);
    const body = code.slice(open, closingBracket(code, open));
    if (/\breturn (?:ok|err)\(/.test(body)) {
      found.push(
        `${source.path}:${lineOf(code, index)} ${name} returns Results but does not declare its type`,
      );
    }
  }
  return found;
}

function startsStatement(code: string, callee: number): boolean {
  // Back over `await`, `void` and what the callee hangs on: `this.store?.save`, `stores[0].save`, `open(path).save`.
  let at = callee;
  for (;;) {
    const before = code.slice(0, at).trimEnd();
    if (/(?:^|[^\w$.])(?:await|void)$/.test(before))
      at = before.lastIndexOf(before.endsWith('t') ? 'await' : 'void');
    else if (before.endsWith('.')) at = startOfReceiver(before.replace(/[?!]?\.$/, '').trimEnd());
    else return before === '' || /[;{}]$|\)$|(?:^|[^\w$.])(?:else|do)$/.test(before);
  }
}

function startOfReceiver(code: string): number {
  let end = code.length;
  for (;;) {
    const last = code[end - 1];
    if (last === '!') end -= 1;
    else if (last === ')' || last === ']') end = openingBracket(code, end - 1);
    else break;
  }
  const word = /[\w$]*$/.exec(code.slice(0, end));
  return end - (word?.[0].length ?? 0);
}

function endsStatement(code: string, at: number): boolean {
  return /^\s*(?:;|\}|$)/.test(code.slice(at, at + 200));
}

/** The name of the function whose parameters open here, past type parameters: `name<T>(`, `const name = (`. */
function nameBefore(code: string, open: number): string | undefined {
  const before = code.slice(Math.max(0, open - 300), open);
  return /([\w$]+)\s*(?:<[^()]*>)?\s*$/.exec(
    before.replace(/\s*[:=]\s*(?:async\s*)?$/, '').replace(/\s+async$/, ''),
  )?.[1];
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The place of the bracket that closes the one here; the end where none does. */
function closingBracket(code: string, open: number): number {
  const opening = code[open] as string;
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === opening) depth += 1;
    else if (code[at] === PAIRS[opening]) depth -= 1;
    if (depth === 0) return at;
  }
  return code.length;
}

/** The place of the bracket that opened the one here; the start where none did. */
function openingBracket(code: string, close: number): number {
  const closing = code[close] as string;
  const opening = Object.keys(PAIRS).find((key) => PAIRS[key] === closing);
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (code[at] === closing) depth += 1;
    else if (code[at] === opening) depth -= 1;
    if (depth === 0) return at;
  }
  return 0;
}

function lineOf(code: string, at: number): number {
  return code.slice(0, at).split('\n').length;
}
