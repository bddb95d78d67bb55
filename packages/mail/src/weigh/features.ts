/**
 * What the classifier sees of a message: words that a reader sees, in pairs and alone, and how links, pictures and files are made. It is
 * shown no header's presence, no date, no program's name and nobody who reads it: corpora of good and of bad mail differ in age, and a
 * model would learn the year. Each feature is hashed to a number (Weinberger et al. 2009, "feature hashing").
 */
import type { Message } from '../message.ts';
import type { Opened, OpenedLink } from '../open/opened.ts';
import type { HtmlView } from '../read/html-view.ts';

/**
 * Places of the table, as a power of two. 2^18 holds some 100,000 features with one in five sharing its place; at 2^16 recall fell by
 * two points where the shipped weights were made, at 2^20 nothing was gained.
 */
export const FEATURE_BITS = 18;

/** Words of one text that are read: nobody reads further before a click. */
const MOST_WORDS = 1_500;

/** Characters that are cut into words: the longest words are addresses. */
const MOST_CHARACTERS = 40_000;

/** Links whose hosts and paths are words. */
const MOST_LINKS = 40;

/** Places of the features that a message has, each once, in no order. */
export type Features = Uint32Array;

/** Features of a message. `recipients`: addresses that it went to; their words become one word. */
export function featuresOf(
  message: Message,
  view: HtmlView,
  opened: Opened,
  recipients: readonly string[],
): Features {
  const found = new Set<number>();
  const reader = readerWords(recipients);
  const body = view.text.length > message.text.length ? view.text : message.text;
  addWords(found, 'w', body, reader);
  addWords(found, 's', message.subject, reader);
  addWords(found, 'n', message.from[0]?.name ?? '', reader);
  for (const text of opened.texts.slice(0, 4)) addWords(found, 'a', text, reader);
  for (const link of opened.links.slice(0, MOST_LINKS)) addLink(found, link, reader);
  addStructure(found, body, view, opened);
  return Uint32Array.from(found);
}

/** Words of the reader's own address: whoever writes to them by name tells nothing by the name. */
function readerWords(recipients: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const address of recipients)
    for (const word of address.toLowerCase().match(/[\p{L}\p{N}]{3,64}/gu) ?? []) words.add(word);
  for (const ending of ['com', 'org', 'net', 'gov', 'mail', 'info', 'office', 'clerk', 'election'])
    words.delete(ending);
  return words;
}

/** Words alone and in pairs. Numbers keep their length only. */
function addWords(found: Set<number>, kind: string, text: string, reader: ReadonlySet<string>): void {
  const words =
    text
      .slice(0, MOST_CHARACTERS)
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]{0,40}|[$€£!]/gu) ?? [];
  let before = '';
  for (const raw of words.slice(0, MOST_WORDS)) {
    const word = reader.has(raw) ? '@you' : /\d/.test(raw) ? shapeOf(raw) : raw;
    found.add(placeOf(kind, word));
    found.add(placeOf(`${kind}2`, `${before} ${word}`));
    before = word;
  }
}

/** `2026` is `0000`, `a7f3` is `x0x0`, long ones are alike. */
function shapeOf(word: string): string {
  return word.slice(0, 6).replaceAll(/\d/g, '0').replaceAll(/\p{L}/gu, 'x');
}

/** The end of a host's name, how many names it has, and the words of its path; who it belongs to is for other steps. */
function addLink(found: Set<number>, { url, host, from }: OpenedLink, reader: ReadonlySet<string>): void {
  const labels = host.split('.');
  found.add(placeOf('tld', labels.at(-1) ?? ''));
  found.add(placeOf('labels', String(Math.min(labels.length, 6))));
  if (/\d/.test(host)) found.add(placeOf('host', 'digit'));
  if (host.includes('-')) found.add(placeOf('host', 'hyphen'));
  found.add(placeOf('link', `${from} ${sizeOf(url.length)}`));
  const path = url.slice(0, 400).toLowerCase().split('/').slice(3).join(' ');
  for (const word of path.match(/[a-z]{3,20}/g) ?? [])
    found.add(placeOf('path', reader.has(word) ? '@you' : word));
}

/** How the page is made, in steps of powers of two. */
function addStructure(found: Set<number>, body: string, view: HtmlView, opened: Opened): void {
  const add = (name: string, value: number): void => void found.add(placeOf(name, sizeOf(value)));
  add('characters', body.length);
  add('links', opened.links.length);
  add('places', new Set(opened.links.map(({ organisation }) => organisation)).size);
  add('pictures', view.images.length);
  add('hidden', view.hiddenText.length);
  for (const form of view.forms) found.add(placeOf('form', form.fields.slice(0, 5).join(' ')));
  for (const file of opened.files.slice(0, 20)) found.add(placeOf('file', file.kind));
}

/** The power of two below. */
function sizeOf(value: number): string {
  return String(value === 0 ? 0 : 1 + Math.floor(Math.log2(value)));
}

/** FNV-1a with a finalizer, to a place of the table. */
function placeOf(kind: string, text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < kind.length; at++) hash = Math.imul(hash ^ kind.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ 0x1f, 0x01000193);
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) & (2 ** FEATURE_BITS - 1);
}
