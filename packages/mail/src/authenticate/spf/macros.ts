/** Macros in an SPF record: RFC 7208, section 7. */

/** What macros stand for. */
export type MacroValues = {
  /** The sender, its local part, its domain. */
  readonly s: string;
  readonly l: string;
  readonly o: string;
  /** The domain that is asked about. */
  readonly d: string;
  /** The client's address: dotted, nibbles for IPv6. */
  readonly i: string;
  readonly h: string;
  /** `in-addr` or `ip6`. */
  readonly v: string;
};

/** One macro: letter, how many labels, reversed or not, delimiters. */
const MACRO = /%\{([slodiphv])(\d{0,3})(r?)([-.+,/_=]*)\}/i;

/** Text and macros, to the end. */
const MACRO_STRING = /^(?:[\x21-\x24\x26-\x7e]|%%|%_|%-|%\{[slodiphv](?:[1-9]\d{0,2})?r?[-.+,/_=]*\})*$/i;

/** A domain-spec ends in a label that is no number, or in a macro. */
const DOMAIN_END = /(?:\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?|%\{[^{}]*\})$/i;

/** Longest name in DNS, as text. */
const MOST_NAME = 253;

/** Characters that need no escape in an upper-case macro (RFC 3986, unreserved). */
const RESERVED = /[^A-Za-z0-9\-._~]/g;

/** Whether a text is a macro-string. */
export function isMacroString(text: string): boolean {
  return MACRO_STRING.test(text);
}

/** Whether a text is a domain-spec. */
export function isDomainSpec(text: string): boolean {
  return isMacroString(text) && DOMAIN_END.test(text);
}

/** Expands a domain-spec. `validated`: asked only for `%{p}`. Labels are cut from the left where the name gets too long. */
export async function expanded(
  text: string,
  values: MacroValues,
  validated: () => Promise<string>,
): Promise<string> {
  let found = '';
  let rest = text;
  for (;;) {
    const macro = MACRO.exec(rest);
    const plain = macro === null ? rest : rest.slice(0, macro.index);
    found += plain.replaceAll('%%', '%').replaceAll('%_', ' ').replaceAll('%-', '%20');
    if (macro === null) break;
    const [whole, letter, digits, reversed, delimiters] = macro as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    const name = letter.toLowerCase();
    const value = name === 'p' ? await validated() : values[name as keyof MacroValues];
    const part = transformed(value, digits, reversed !== '', delimiters);
    found += letter === name ? part : part.replaceAll(RESERVED, escaped);
    rest = rest.slice(macro.index + whole.length);
  }
  let name = found.replace(/\.$/, '');
  while (name.length > MOST_NAME && name.includes('.')) name = name.slice(name.indexOf('.') + 1);
  return name;
}

function transformed(value: string, digits: string, isReversed: boolean, delimiters: string): string {
  if (digits === '' && !isReversed && delimiters === '') return value;
  const set = delimiters === '' ? '.' : delimiters;
  const parts: string[] = [''];
  for (const char of value)
    if (set.includes(char)) parts.push('');
    else parts[parts.length - 1] += char;
  if (isReversed) parts.reverse();
  return (digits === '' ? parts : parts.slice(-Number(digits))).join('.');
}

function escaped(char: string): string {
  return [...Buffer.from(char, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
