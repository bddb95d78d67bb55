/**
 * Prints of a message: what two messages of one campaign share though their words differ. Links, files, the skeleton of the page, and
 * texts that are nearly the same; words alone never. A print is `kind:hash`, equal or not; the strong ones stand first.
 */
import { createHash } from 'node:crypto';
import type { Message } from '../message.ts';
import type { Opened, OpenedLink } from '../open/opened.ts';
import type { HtmlView } from '../read/html-view.ts';
import { nearPrints } from './near.ts';

/** Links whose prints are kept: a lure has a few, a newsletter hundreds. */
const MOST_LINKS = 20;

/** Files whose prints are kept. */
const MOST_FILES = 20;

/** Files that are smaller are spacers, signatures' pictures and empty parts. */
const SMALLEST_FILE = 256;

/** Elements of a page from which on its skeleton is its own. */
const SMALLEST_SKELETON = 40;

/** Prints of a message. `isShared`: a host where many unrelated people have pages; only its path tells them apart. */
export function printsOf(
  message: Message,
  view: HtmlView,
  opened: Opened,
  isShared: (host: string) => boolean,
): string[] {
  const prints = new Set<string>();
  for (const file of opened.files.slice(0, MOST_FILES))
    if (file.size >= SMALLEST_FILE) prints.add(`file:${file.sha256.slice(0, 32)}`);
  for (const link of opened.links.slice(0, MOST_LINKS))
    for (const print of linkPrints(link, isShared)) prints.add(print);
  if (view.skeleton.length >= SMALLEST_SKELETON) prints.add(`page:${hashed(view.skeleton.join(' '))}`);
  const words = view.text === '' ? message.text : view.text;
  for (const print of nearPrints(words)) prints.add(`near:${print}`);
  return [...prints];
}

/**
 * Prints by which mail is found that has a link or a file of which somebody warned; empty where they tell nothing: a link without a path, or
 * with one that is made for one reader. `value`: the link, or the SHA-256 of the file in hex.
 */
export function indicatorPrints(kind: 'link' | 'file', value: string): string[] {
  if (kind === 'file')
    return /^[0-9a-f]{64}$/i.test(value) ? [`file:${value.toLowerCase().slice(0, 32)}`] : [];
  if (!/^https?:/i.test(value) || !URL.canParse(value)) return [];
  const { hostname: host, href: url } = new URL(value);
  return linkPrints({ url, host, organisation: '', text: '', from: 'text' }, () => true);
}

/** The address without what differs from copy to copy, and its host where that is the sender's own. */
function linkPrints({ url, host }: OpenedLink, isShared: (host: string) => boolean): string[] {
  if (host === '') return [];
  const path = pathOf(url);
  const prints = path === '' ? [] : [`link:${hashed(`${host}${path}`)}`];
  return isShared(host) ? prints : [...prints, `host:${host.slice(0, 253)}`];
}

/** Its first two segments; none that looks made for one reader. */
function pathOf(url: string): string {
  const path = /^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?#]*(\/[^?#]*)/i.exec(url)?.[1] ?? '';
  const segments = path.split('/').filter((segment) => segment !== '');
  const shared = segments.slice(0, 2).filter((segment) => !/@|%40/.test(segment) && segment.length <= 64);
  return shared.map((segment) => `/${segment.toLowerCase()}`).join('');
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
