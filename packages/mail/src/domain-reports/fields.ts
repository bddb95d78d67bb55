/** Values of reports: each is read as the standard writes it, or is null. Nothing is filled in and nothing is mended but case and spaces. */
import { formatIPv4, formatIPv6, readAddressText } from '@bellwether/basics';
import type { Unread } from './dmarc-report.ts';
import { DOMAIN_REPORT_LIMITS } from './limits.ts';

/** A text for people: one line, without control characters, cut to its bound; null where there is none. */
export function shownText(text: string | undefined, most: number = DOMAIN_REPORT_LIMITS.text): string | null {
  if (text === undefined) return null;
  const line = text
    .slice(0, 4 * most)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line === '' ? null : line.slice(0, most);
}

/** Characters of a word or a name, with the spaces around it. */
const MOST_WORD = 1_000;

/** A word of the standard in lower case, whether it is known or not; null where it is none. */
export function wordOf(text: string | undefined): string | null {
  if (text === undefined || text.length > MOST_WORD) return null;
  const word = text.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9_.-]{0,63}$/.test(word) ? word : null;
}

/** One of the words that the standard has. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  text: string | undefined,
): Word | null {
  const word = wordOf(text);
  return words.find((known) => known === word) ?? null;
}

/** A number of messages or sessions; null where it is none, or more than there can be. */
export function countOf(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  if (!/^\d{1,20}$/.test(text)) return null;
  const count = Number(text);
  return count <= DOMAIN_REPORT_LIMITS.count ? count : null;
}

/** Seconds since 1970 as ms. Ten digits last until 2286: what has more is no second but a millisecond. */
export function msOfSeconds(text: string | undefined): number | null {
  const found = /^(\d{1,10})(?:\.0*)?$/.exec(text?.trim() ?? '');
  return found === null ? null : Number(found[1]) * 1000;
}

/** A moment as RFC 3339 writes it, with its zone, as ms since 1970. */
export function msOfMoment(text: unknown): number | null {
  if (typeof text !== 'string' || text.length > 40) return null;
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text.trim())) return null;
  const ms = Date.parse(text.trim().toUpperCase().replace(' ', 'T'));
  return Number.isNaN(ms) ? null : ms;
}

/** An address in its one spelling: IPv4, also where it is written inside IPv6, or IPv6. */
export function addressOf(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const found = readAddressText(text.trim());
  if (found === undefined) return null;
  const { family, words } = found;
  if (family === 4) return formatIPv4(words[3]);
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return isMapped ? formatIPv4(words[3]) : formatIPv6(words);
}

/** A name of DNS in lower case, without the dot at its end; letters of any script, since some receivers decode them. */
export function domainOf(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > MOST_WORD) return null;
  const name = text.trim().toLowerCase().replace(/\.$/, '');
  return /^[\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}._-]{0,252})$/u.test(name) && !name.includes('..')
    ? name
    : null;
}

/** Counts what cannot be read, and keeps the first of it. */
export type UnreadCount = {
  readonly add: (at: number, why: string) => void;
  readonly all: () => Unread;
};

/** Begins at none. */
export function unreadCount(): UnreadCount {
  let count = 0;
  const first: { readonly at: number; readonly why: string }[] = [];
  return {
    add: (at, why) => {
      count += 1;
      if (first.length < DOMAIN_REPORT_LIMITS.told) first.push({ at, why });
    },
    all: () => ({ count, first }),
  };
}
