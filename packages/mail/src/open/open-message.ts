/** What a reader would open: links, what is asked for, and every file, in one search. */
import { domainOf, organisationOf } from '../identify/organisation.ts';
import type { Message } from '../message.ts';
import type { HtmlView } from '../read/html-view.ts';
import type { Signal } from '../signal.ts';
import { OPEN_LIMITS, type OpenLimits, type ReadCodes, Search } from './attachments/search.ts';
import { linksOf } from './links/links.ts';
import { luresOf, passwordIn } from './lures/lures.ts';
import type { Opened } from './opened.ts';

/** Texts of attachments that are looked through for lures, and characters of each. */
const MOST_TEXTS = 12;
const MOST_TEXT = 20_000;

/** Characters of a page in which pictures of letters are looked for. */
const MOST_PAGE = 200_000;

/** What opening needs of outside. */
export type OpenGround = {
  /** Reads codes in pictures; undefined: pictures are not looked at. */
  readonly readCodes?: ReadCodes | undefined;
  readonly limits?: OpenLimits;
};

/** Opens a message. */
export async function openMessage(
  message: Message,
  view: HtmlView,
  { readCodes, limits = OPEN_LIMITS }: OpenGround = {},
): Promise<{ readonly opened: Opened; readonly signals: Signal[] }> {
  const shown = view.text === '' ? message.text : view.text;
  const sender = organisationOf(domainOf(message.from[0]?.address ?? ''));
  const { links, signals } = linksOf(message, view, sender);
  const away = links.find(({ host, organisation }) => host !== '' && organisation !== sender);
  if (away !== undefined) signals.push({ code: 'link-elsewhere', values: { host: away.host } });
  const search = new Search(
    {
      recipients: [...message.to, ...message.cc].map(({ address }) => address.toLowerCase()),
      sender,
      password: passwordIn([message.subject, shown]),
    },
    readCodes,
    limits,
  );
  for (const { name, bytes, type } of partsOf(message))
    await search.lookInto(name ?? nameOfType(type), bytes);
  await search.lookAcross([message.text, linesOf(message.html)]);
  const texts = search.texts.slice(0, MOST_TEXTS).map((text) => text.slice(0, MOST_TEXT));
  const all = [...links, ...search.links];
  const noticed = [...signals, ...search.signals, ...luresOf([message.subject, shown, ...texts], all)];
  return {
    opened: { links: all, files: search.files, texts, unopened: search.unopened },
    signals: [...new Map(noticed.reverse().map((signal) => [signal.code, signal])).values()].reverse(),
  };
}

/** Its own parts, and those of messages in it. */
function partsOf({ parts, enclosed }: Message): Message['parts'] {
  return enclosed.length === 0 ? parts : [...parts, ...enclosed.flatMap(partsOf)];
}

/** Lines of a page with their spaces as they are: pictures of letters stand in `<pre>`. */
function linesOf(html: string): string {
  if (!/[\u2580\u2584\u2588]|&#(?:x25(?:80|84|88)|96(?:00|04|08));/i.test(html)) return '';
  return html
    .slice(0, MOST_PAGE)
    .replaceAll(/<(?:br|\/p|\/div|\/pre|\/tr)\b[^<>]{0,200}>/gi, '\n')
    .replaceAll(/<[^<>]{0,2000}>/g, '')
    .replaceAll(
      /&#(?:x(25(?:80|84|88))|(96(?:00|04|08)));/gi,
      (_, hex: string | undefined, decimal: string) =>
        String.fromCharCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replaceAll('&nbsp;', ' ');
}

/** `image/png` without a name. */
function nameOfType(type: string): string {
  return `unnamed.${type.split('/')[1]?.replace(/[^a-z0-9]/g, '') ?? 'bin'}`;
}
