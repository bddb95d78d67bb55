/** One message to look at: its words, where its links lead, what files it brings. Nothing of it is run or asked for. */
import type { KeptMailDetail, MailPartRow } from '@bellwether/api';
import { type Message, openMessage, READ_LIMITS, readMessage, viewHtml } from '@bellwether/mail';

/** Characters of a text that are shown: several pages. */
const MOST_TEXT = 100_000;

/** Links that are listed, and characters of one. */
const MOST_LINKS = 100;
const MOST_URL = 500;

/** Files that are listed. */
const MOST_PARTS = 100;

type Looked = Pick<KeptMailDetail, 'text' | 'links' | 'parts'>;

/** What of it is shown; null: it is no message. */
export async function lookAt(bytes: Uint8Array): Promise<Looked | null> {
  const read = readMessage(bytes);
  if (read.isErr()) return null;
  const message = read.value;
  const view = viewHtml(message.html);
  const { opened } = await openMessage(message, view, {});
  return {
    text: wordsOf(message),
    links: opened.links
      .filter(({ host }) => host !== '')
      .slice(0, MOST_LINKS)
      .map(({ text, host, url }) => ({ text: text.slice(0, MOST_URL), host, url: url.slice(0, MOST_URL) })),
    parts: partsOf(message),
  };
}

/** Words that a reader sees; of a message with both, those of the page, since programs show that. */
export function wordsOf(message: Message): string {
  const { text } = viewHtml(message.html);
  return (text.trim() === '' ? message.text : text).slice(0, MOST_TEXT);
}

/** The part of a number, as it is listed; null: there is none. */
export function partOf(
  bytes: Uint8Array,
  number: number,
): { readonly name: string; readonly type: string; readonly bytes: Uint8Array } | null {
  const read = readMessage(bytes.subarray(0, READ_LIMITS.messageBytes));
  const part = read.isOk() && number > 0 ? read.value.parts[number - 1] : undefined;
  return part === undefined ? null : { name: part.name ?? '', type: part.type, bytes: part.bytes };
}

function partsOf({ parts }: Message): MailPartRow[] {
  return parts.slice(0, MOST_PARTS).map(({ name, type, bytes }, at) => ({
    number: at + 1,
    ...{ name: name ?? '', type, bytes: bytes.length },
  }));
}
