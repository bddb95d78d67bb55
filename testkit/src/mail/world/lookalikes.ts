/** Names that look like another one: what attackers register. */
import { domainToASCII } from 'node:url';

/** Ways of coming close, each from a domain to another one, or to itself where the way does not fit. */
export const LOOKALIKES: readonly ((domain: string) => string)[] = [
  (domain) => domain.replace('m', 'rn'),
  (domain) => domain.replace(/\.[a-z.]+$/, '.co'),
  (domain) => domainToASCII(domain.replace('o', '\u043e')),
  (domain) => domain.replace(/^([^.]+)/, '$1-support'),
  (domain) => transposed(domain),
  (domain) => domain.replace(/(.)(e|s|t|l)/, '$1$2$2'),
  (domain) => domain.replace(/[li]/, '1'),
  (domain) =>
    domain.replace('.', '-').replace(/[^.]*$/, (end) => (domain.split('.').length > 2 ? end : `${end}.net`)),
  (domain) => domain.replace(/^([^.]{5})([^.]+)/, '$1-$2'),
  (domain) => domain.replace(/^([^.]+)/, '$1s'),
  (domain) => domainToASCII(domain.replace('a', '\u0430')),
  (domain) =>
    domain.replace(
      /([aeiou])([^.]*\.)/,
      (_, vowel: string, rest: string) => (vowel === 'e' ? 'a' : 'e') + rest,
    ),
  (domain) => domain.replace(/^([^.]+)\..*$/, '$1.com-us.org'),
  (domain) => domain.replace(/^co\.([a-z]+)\.mo\.us$/, 'co-$1-mo.us').replace(/mo\.gov$/, 'mo-gov.us'),
];

/** Endings that anybody can buy. Names below `.gov` are given to governments alone, so no attacker has one. */
const BOUGHT = ['.com', '.org', '.us', '-gov.com'] as const;

/** A name that an attacker could really register: what would end in `.gov` ends otherwise. */
export function registrable(domain: string, place: number): string {
  return domain.replace(/(?:\.mo)?\.gov$/, BOUGHT[place % BOUGHT.length] as string);
}

/** A name one edit away from a domain: a letter left out, doubled, or changed for its neighbour. */
export function oneEditAway(domain: string, place: number): string {
  const dot = domain.indexOf('.');
  const at = 1 + (place % Math.max(1, dot - 2));
  const [head, letter, tail] = [domain.slice(0, at), domain[at] as string, domain.slice(at + 1)];
  if (place % 3 === 0) return head + tail;
  if (place % 3 === 1) return head + letter + letter + tail;
  return `${head}${letter === 'e' ? 'a' : 'e'}${tail}`;
}

function transposed(domain: string): string {
  const letters = [...domain];
  for (let at = 2; letters[at + 1] !== undefined && letters[at + 1] !== '.'; at++) {
    if (letters[at] === letters[at + 1]) continue;
    [letters[at], letters[at + 1]] = [letters[at + 1] as string, letters[at] as string];
    break;
  }
  return letters.join('');
}
