/**
 * Splits a command line into words without a shell: spaces separate, quotes of either kind keep together,
 * `$NAME` and `${NAME}` stand for values. Nothing else means anything: no globs, pipes or substitutions.
 */

/** The words of a line. Throws with the reason where the line is wrong: a quote left open, an unknown name. */
export function words(line: string, values: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    if (char === quote) {
      quote = '';
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (quote === '' && char === ' ') {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (quote !== "'" && char === '$') {
      const name = /^\$\{?([A-Z_]+)\}?/.exec(line.slice(at));
      if (name === null) throw new Error(`a $ without a name: ${line}`);
      word = (word ?? '') + valueNamed(name[1] as string, values);
      at += name[0].length - 1;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') throw new Error(`a quote is left open: ${line}`);
  if (word !== undefined) found.push(word);
  return found;
}

function valueNamed(name: string, values: Readonly<Record<string, string>>): string {
  const value = values[name];
  if (value === undefined)
    throw new Error(`there is no $${name}; there are ${Object.keys(values).join(', ')}`);
  return value;
}
