/** Host names as a reader sees them: the letters behind `xn--` (RFC 3492, RFC 5891). */

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 128;

/** Longest label (RFC 1035). */
const MOST_LABEL = 63;

/** Largest code point of Unicode. */
const MOST_CODE = 0x10ffff;

/** A host name with its letters; labels that decode to nothing stay as they are. */
export function readableHost(host: string): string {
  if (!host.includes('xn--')) return host;
  return host
    .split('.')
    .map((label) => (label.startsWith('xn--') ? decoded(label.slice(4)) || label : label))
    .join('.');
}

/** A label without its prefix, decoded; undefined where it is no punycode. */
function decoded(label: string): string | undefined {
  if (label.length > MOST_LABEL) return undefined;
  const delimiter = label.lastIndexOf('-');
  const codes = delimiter > 0 ? [...label.slice(0, delimiter)].map((char) => char.charCodeAt(0)) : [];
  let [code, place, bias] = [FIRST_CODE, 0, FIRST_BIAS];
  let at = delimiter > 0 ? delimiter + 1 : 0;
  while (at < label.length) {
    const before = place;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(label.charCodeAt(at++));
      if (digit === undefined) return undefined;
      place += digit * weight;
      if (place > Number.MAX_SAFE_INTEGER / BASE) return undefined;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const count = codes.length + 1;
    bias = adapted(place - before, count, before === 0);
    code += Math.floor(place / count);
    if (code > MOST_CODE) return undefined;
    place %= count;
    codes.splice(place++, 0, code);
  }
  return String.fromCodePoint(...codes);
}

/** `a` to `z` are 0 to 25, `0` to `9` are 26 to 35; past the end it is no digit. */
function digitOf(char: number): number | undefined {
  if (char >= 97 && char <= 122) return char - 97;
  if (char >= 48 && char <= 57) return char - 22;
  return undefined;
}

function adapted(delta: number, count: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : Math.floor(delta / 2);
  rest += Math.floor(rest / count);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
