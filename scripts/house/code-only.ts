/**
 * The code of a TypeScript source without what only looks like code: comments, strings, templates and regular
 * expressions become blanks of the same length, so that a place in the result is the same place in the source.
 *
 * TypeScript 7 offers no compiler to programs, and the checks of the house need no more than this. Template
 * placeholders (`${...}`) stay code. The division sign is told from a regular expression by what stands before.
 */

/** Blanks everything in a source that is not code. Newlines stay where they are. */
export function codeOnly(source: string): string {
  const out = source.split('');
  /** For each template that we are inside of: how many braces are open in its placeholder. */
  const placeholders: number[] = [];
  let at = 0;
  while (at < source.length) {
    const end = skipBlank(source, at, out, placeholders);
    if (end > at) {
      for (let i = at; i < end; i += 1) if (source[i] !== '\n') out[i] = ' ';
      at = end;
    } else {
      at += 1;
    }
  }
  return out.join('');
}

/** Where the comment, string, template part or expression that starts here ends; `at` when none does. */
function skipBlank(source: string, at: number, out: readonly string[], placeholders: number[]): number {
  const char = source[at] as string;
  const inner = placeholders.length - 1;
  if (char === '{' && inner >= 0) placeholders[inner] = placeholders[inner]! + 1;
  if (char === '}' && inner >= 0) {
    placeholders[inner] = placeholders[inner]! - 1;
    if (placeholders[inner] === 0) {
      placeholders.pop();
      return endOfTemplate(source, at + 1, placeholders);
    }
  }
  if (char === '`') return endOfTemplate(source, at + 1, placeholders);
  if (char === "'" || char === '"') return endOfQuoted(source, at, char);
  if (char !== '/') return at;
  if (source[at + 1] === '/') return endOr(source.indexOf('\n', at), source);
  if (source[at + 1] === '*') return endOr(source.indexOf('*/', at + 2) + 2, source, 1);
  return startsExpression(out, at) ? endOfQuoted(source, at, '/') : at;
}

/** The end of a template, or the place behind the `${` of its next placeholder. */
function endOfTemplate(source: string, from: number, placeholders: number[]): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '`') return at + 1;
    else if (source[at] === '$' && source[at + 1] === '{') {
      placeholders.push(1);
      return at + 2;
    }
  }
  return source.length;
}

function endOfQuoted(source: string, from: number, quote: string): number {
  let inClass = false;
  for (let at = from + 1; at < source.length && source[at] !== '\n'; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (quote === '/' && source[at] === '[') inClass = true;
    else if (quote === '/' && source[at] === ']') inClass = false;
    else if (source[at] === quote && !inClass) return at + 1;
  }
  return from + 1;
}

function endOr(found: number, source: string, least = 0): number {
  return found > least ? found : source.length;
}

/** Whether a slash here starts a regular expression: after an operator, a bracket or a keyword, not a value. */
function startsExpression(out: readonly string[], at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(out[before] as string)) before -= 1;
  if (before < 0 || /[([{=,;:!&|?+\-*%<>~^}]/.test(out[before] as string)) return true;
  const word = out.slice(Math.max(0, before - 9), before + 1).join('');
  return /\b(return|typeof|case|in|of|do|else|yield|await)$/.test(word);
}
