/**
 * Whether a message in a mailbox is of the same campaign as one that was reported. What is moved out of mailboxes by mistake is work for
 * a clerk who waits for it, so links to people whom the office knows, pictures (every signature has one) and words in part are no
 * reason.
 */
import { ok, type Result } from '@bellwether/basics';
import type { MailError } from '../errors.ts';
import type { ProtectedIndex } from '../identify/compile-list.ts';
import { domainOf } from '../identify/organisation.ts';
import type { ReadCodes } from '../open/attachments/search.ts';
import { isSharedHost } from '../open/links/shared-hosts.ts';
import { openMessage } from '../open/open-message.ts';
import { readMessage } from '../read/read-message.ts';
import { viewHtml } from '../read/view-html.ts';
import { printsOf } from './prints.ts';

/** What of a message tells its campaign. */
export type CampaignMessage = {
  /** Address that it says it is from, small letters; empty where there is none, or several. */
  readonly from: string;
  readonly subject: string;
  readonly prints: readonly string[];
};

/** Kinds of files that are in signatures and letterheads. */
const PICTURES: ReadonlySet<string> = new Set(['png', 'jpeg', 'gif', 'webp', 'bmp', 'tiff', 'svg', 'ico']);

/** Whom an office knows. */
export type CampaignKnowing = Pick<ProtectedIndex, 'isKnownHost' | 'ownerOf'>;

/** Reads a message. Fails only where there is none. */
export async function campaignMessage(
  bytes: Uint8Array,
  { isKnownHost }: CampaignKnowing,
  readCodes?: ReadCodes,
): Promise<Result<CampaignMessage, MailError>> {
  const read = readMessage(bytes);
  if (read.isErr()) return read;
  const message = read.value;
  const view = viewHtml(message.html);
  const { opened } = await openMessage(message, view, { readCodes });
  const telling = {
    ...opened,
    files: opened.files.filter(({ kind }) => !PICTURES.has(kind)),
    links: opened.links.filter(({ host }) => host !== '' && !isKnownHost(host)),
  };
  return ok({
    from: message.from.length === 1 ? message.from[0]!.address.toLowerCase() : '',
    subject: message.subject,
    prints: printsOf(message, view, telling, isSharedHost),
  });
}

/** Bands of four that nearly the same text shares. */
const NEAR = 3;

/**
 * `of`: it is one of them. `spared`: it looks so, and somebody whom the office knows sent it who did not send the reported one: for a
 * person to look at.
 */
export function campaignStanding(
  one: CampaignMessage,
  reported: CampaignMessage,
  { isKnownHost, ownerOf }: CampaignKnowing,
): 'of' | 'spared' | 'other' {
  const theirs = new Set(reported.prints);
  const shared = one.prints.filter((print) => theirs.has(print));
  const count = (kind: string): number => shared.filter((print) => print.startsWith(`${kind}:`)).length;
  const isSameSender = one.from !== '' && one.from === reported.from;
  const isAlike =
    count('file') + count('link') > 0 ||
    count('near') >= NEAR ||
    (count('host') > 0 && (isSameSender || count('near') + count('page') > 0));
  if (!isAlike) return 'other';
  const isKnown = ownerOf(one.from) !== null || isKnownHost(domainOf(one.from));
  return isKnown && !isSameSender ? 'spared' : 'of';
}
