/** Links of a message: where each leads, and what is remarkable about it. */
import { organisationOf } from '../../identify/organisation.ts';
import type { Message } from '../../message.ts';
import type { HtmlLink, HtmlView } from '../../read/html-view.ts';
import type { Signal } from '../../signal.ts';
import type { OpenedLink } from '../opened.ts';
import { isSharedHost, isShortener } from './shared-hosts.ts';
import { type LinkTarget, targetOf } from './target.ts';

/** Links that are looked at: a lure has a few, a newsletter hundreds; the first of each place are what is clicked. */
const MOST_LINKS = 300;

/** Hidden words from which on it is told: a line of preview has up to thirty. */
const HIDDEN_WORDS = 60;

/** Words below which a message is a picture. */
const FEW_WORDS = 12;

/** Where people really sign in with an account of theirs. */
const KNOWN_LOGINS: ReadonlySet<string> = new Set(
  'microsoft.com microsoftonline.com office.com live.com google.com login.gov id.me apple.com okta.com duosecurity.com cisa.gov'.split(
    ' ',
  ),
);

/** A link with what its address tells. */
type Found = { readonly link: OpenedLink; readonly target: LinkTarget; readonly hasImage: boolean };

/** Links of text and HTML, those that lead somewhere, and their signals. `sender`: organisation of the From. */
export function linksOf(
  message: Pick<Message, 'text' | 'to' | 'cc'>,
  view: HtmlView,
  sender: string,
): { readonly links: readonly OpenedLink[]; readonly signals: Signal[] } {
  const found = [
    ...view.links.slice(0, MOST_LINKS).flatMap((link) => ofHtml(link)),
    ...addressesIn(message.text)
      .slice(0, MOST_LINKS)
      .flatMap((href) => foundIn(href, '', 'text', false)),
  ].slice(0, MOST_LINKS);
  const recipients = [...message.to, ...message.cc].map(({ address }) => address.toLowerCase());
  const signals = new Map<string, Signal>();
  const note = (signal: Signal): void => {
    if (!signals.has(signal.code)) signals.set(signal.code, signal);
  };
  for (const one of found) for (const signal of signalsOf(one, recipients, sender)) note(signal);
  for (const signal of pageSignals(message, view, found, sender)) note(signal);
  return { links: found.map(({ link }) => link), signals: [...signals.values()] };
}

/** Signals of one link, from wherever it was taken. `sender`: organisation of the From, whose own pages are their own affair. */
export function signalsOf(
  { link, target }: Pick<Found, 'link' | 'target'>,
  recipients: readonly string[],
  sender: string,
): Signal[] {
  const { host, scheme, through, hasUser, url } = target;
  const signals: Signal[] = [];
  if (scheme === 'javascript' || scheme === 'data' || scheme === 'vbscript' || scheme === 'blob')
    return [{ code: 'link-runs', values: { scheme } }];
  if (hasUser) signals.push({ code: 'link-hides-host', values: { host } });
  if (/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/.test(host))
    signals.push({ code: 'link-to-number', values: { host } });
  const shown = shownHost(link.text);
  if (shown !== undefined && organisationOf(shown) !== link.organisation && through[0] !== shown)
    signals.push({ code: 'link-text-differs', values: { shown, leads: host } });
  if (isShortener(host)) signals.push({ code: 'link-shortened', values: { host } });
  else if (isSharedHost(host)) signals.push({ code: 'link-free-host', values: { host } });
  if (isLoginPage(url) && link.organisation !== sender && !KNOWN_LOGINS.has(link.organisation))
    signals.push({ code: 'link-to-login', values: { host } });
  if (through.length > 0) signals.push({ code: 'link-led-on', values: { through: through[0]!, host } });
  if (recipients.some((recipient) => isInside(url, recipient)))
    signals.push({ code: 'link-has-recipient', values: { host } });
  return signals;
}

/** Words of a path or a host at which people sign in. */
function isLoginPage(url: string): boolean {
  return /[/.?=_-](?:log-?in|log-?on|sign-?in|sign-?on|auth|sso|owa|webmail|verify|verification|secure|account-?(?:update|verify|recovery)|password|passwd|reset)(?:[/.?=_&#-]|$)/i.test(
    url.slice(0, 1_000),
  );
}

/** A link that leads somewhere; none where it does not. */
export function foundIn(
  href: string,
  text: string,
  from: OpenedLink['from'],
  hasImage: boolean,
): readonly Found[] {
  const target = targetOf(href);
  if (target === undefined) return [];
  const { url, host } = target;
  return [{ link: { url, host, organisation: organisationOf(host), text, from }, target, hasImage }];
}

function ofHtml({ href, text, of, hasImage }: HtmlLink): readonly Found[] {
  return of === 'base' ? [] : foundIn(href, text, of === 'form' ? 'form' : 'html', hasImage);
}

function pageSignals(
  message: Pick<Message, 'text'>,
  view: HtmlView,
  found: readonly Found[],
  sender: string,
): Signal[] {
  const signals: Signal[] = [];
  if (view.forms.some(({ fields }) => fields.includes('password')))
    signals.push({ code: 'form-asks-password' });
  const form = found.find(({ link }) => link.from === 'form' && link.organisation !== sender);
  if (form !== undefined) signals.push({ code: 'form-leads-elsewhere', values: { host: form.link.host } });
  const words = countOf(view.text === '' ? message.text : view.text);
  if (words < FEW_WORDS && found.some(({ hasImage }) => hasImage)) signals.push({ code: 'picture-is-link' });
  const hidden = countOf(view.hiddenText);
  if (hidden >= HIDDEN_WORDS) signals.push({ code: 'words-hidden', values: { count: String(hidden) } });
  return signals;
}

/** Addresses in plain text, as mail programs make links of them. */
function addressesIn(text: string): string[] {
  return (text.match(/\b(?:https?:\/\/|www\.)[^\s<>"'`\u0000-\u001f]{3,2000}/gi) ?? []).map((found) =>
    found.replace(/[).,;:!?\]}>]+$/, ''),
  );
}

/** The host that a link's words name: `https://office.example/x`, `office.example`; words alone name none. */
function shownHost(text: string): string | undefined {
  const plain = text
    .replaceAll(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, '')
    .trim()
    .slice(0, 500);
  const named = /^(?:https?:\/\/)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?:[/:?#]\S*)?$/i.exec(plain)?.[1];
  if (named === undefined) return undefined;
  const host = named.toLowerCase();
  // `invoice.pdf` is a file's name; what no registrar sells is no host.
  return /\.(?:pdf|docx?|xlsx?|pptx?|html?|zip|png|jpe?g|gif|txt|csv|ics|eml)$/.test(host) ? undefined : host;
}

/** The address plainly, escaped, or as base64 or hex, as senders put it in. */
function isInside(url: string, recipient: string): boolean {
  if (recipient.length < 6 || !recipient.includes('@')) return false;
  const lower = url.toLowerCase();
  if (lower.includes(recipient) || lower.includes(encodeURIComponent(recipient).toLowerCase())) return true;
  const bytes = Buffer.from(recipient, 'utf8');
  if (lower.includes(bytes.toString('hex'))) return true;
  // Base64 of text in the middle of other text differs by where it stands; at the beginning of a term it does not.
  return url.includes(bytes.toString('base64').replace(/=+$/, '').slice(0, -1));
}

function countOf(text: string): number {
  return text.match(/\p{L}{2,}/gu)?.length ?? 0;
}
