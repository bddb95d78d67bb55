/** A message out of its bytes, within limits, in one walk over its parts; however broken it is, something is read. */
import { err, ok, type Result } from '@bellwether/basics';
import { addressParser } from 'postal-mime';
import type { MailError } from '../errors.ts';
import type { HeaderField, MailAddress, MailCut, MailPart, Message } from '../message.ts';
import { decodeText } from './charset.ts';
import { type ParameterValue, readParameters } from './content-type.ts';
import { decodedValue, fieldOf, readHeaderSection } from './header-section.ts';
import { READ_LIMITS, type ReadLimits } from './limits.ts';
import { partRanges } from './multipart.ts';
import { decodeTransfer } from './transfer.ts';

/** Most of an address field that is read: some hundred addresses. */
const MOST_ADDRESS_TEXT = 16_384;

/** Most addresses of one field. */
const MOST_ADDRESSES = 500;

/** Most message ids of `References`: threads of years have a hundred. */
const MOST_IDS = 200;

/** Most of a file's name: file systems take 255 characters. */
const MOST_NAME = 255;

/** Reads a message. The only failure: there is nothing. */
export function readMessage(bytes: Uint8Array, limits: ReadLimits = READ_LIMITS): Result<Message, MailError> {
  if (bytes.length === 0) return err({ code: 'MAIL_EMPTY', detail: '0 bytes' });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walk: Walk = { limits, count: 0 };
  return ok(messageIn(buffer, walk, 0, ''));
}

/** What all messages of one reading share. */
type Walk = { readonly limits: ReadLimits; count: number };

/** What one message gathers while its parts are walked over. */
type Gathering = {
  readonly walk: Walk;
  readonly cut: Set<MailCut>;
  readonly text: string[];
  readonly html: string[];
  readonly parts: MailPart[];
  readonly enclosed: Message[];
  textBytes: number;
  htmlBytes: number;
};

function messageIn(bytes: Buffer, walk: Walk, depth: number, path: string): Message {
  const cut = new Set<MailCut>();
  const to = Math.min(bytes.length, walk.limits.messageBytes);
  if (to < bytes.length) cut.add('message-bytes');
  const section = readHeaderSection(bytes, 0, to, walk.limits, cut);
  const into: Gathering = {
    ...{ walk, cut, text: [], html: [], parts: [], enclosed: [] },
    ...{ textBytes: 0, htmlBytes: 0 },
  };
  readPart(bytes.subarray(0, to), section.bodyAt, to, section.fields, depth, path, into);
  return {
    size: bytes.length,
    ...readFields(section.fields),
    text: into.text.join('\n'),
    html: into.html.join('\n'),
    parts: into.parts,
    enclosed: into.enclosed,
    cut: [...cut],
  };
}

/** One part: a text of the message, an attachment, a message in it, or what holds further parts. */
function readPart(
  bytes: Buffer,
  from: number,
  to: number,
  fields: readonly HeaderField[],
  depth: number,
  path: string,
  into: Gathering,
): void {
  const { limits } = into.walk;
  if (++into.walk.count > limits.partCount) {
    into.cut.add('part-count');
    return;
  }
  const type = readParameters(fieldOf(fields, 'content-type'), 'text/plain');
  const boundary = type.parameters.get('boundary');
  if (type.value.startsWith('multipart/') && boundary !== undefined && boundary !== '') {
    if (depth >= limits.partDepth) into.cut.add('part-depth');
    else readParts(bytes, from, to, boundary, depth, path, into);
    return;
  }
  const disposition = readParameters(fieldOf(fields, 'content-disposition'), '');
  const encoding = (fieldOf(fields, 'content-transfer-encoding') ?? '').trim().toLowerCase();
  const raw = bytes.subarray(from, to);
  const isText = type.value === 'text/plain' || type.value === 'text/html';
  if (isText && disposition.value !== 'attachment') {
    readText(raw, encoding, type, into);
    return;
  }
  const { bytes: decoded, isCut } = decodeTransfer(raw, encoding, limits.partBytes);
  if (isCut) into.cut.add('part-bytes');
  const own = path === '' ? '1' : path;
  if (type.value === 'message/rfc822' || type.value === 'message/global') {
    if (depth >= limits.partDepth) into.cut.add('part-depth');
    else into.enclosed.push(messageIn(decoded, into.walk, depth + 1, `${own}.`));
    return;
  }
  into.parts.push({
    path: own.replace(/\.$/, ''),
    type: type.value,
    name: nameOf(disposition, type),
    disposition: disposition.value === 'inline' ? 'inline' : disposition.value === '' ? null : 'attachment',
    contentId: idsOf(fieldOf(fields, 'content-id'))[0] ?? null,
    bytes: decoded,
    isCut,
  });
}

function readParts(
  bytes: Buffer,
  from: number,
  to: number,
  boundary: string,
  depth: number,
  path: string,
  into: Gathering,
): void {
  const { limits, count } = into.walk;
  const { ranges, isCut } = partRanges(bytes, from, to, boundary, limits.partCount - count);
  if (isCut) into.cut.add('part-count');
  const above = path === '' || path.endsWith('.') ? path : `${path}.`;
  for (const [at, range] of ranges.entries()) {
    const section = readHeaderSection(bytes, range.from, range.to, limits, into.cut);
    readPart(bytes, section.bodyAt, range.to, section.fields, depth + 1, `${above}${at + 1}`, into);
  }
}

function readText(raw: Buffer, encoding: string, type: ParameterValue, into: Gathering): void {
  const isHtml = type.value === 'text/html';
  const room = into.walk.limits.textBytes - (isHtml ? into.htmlBytes : into.textBytes);
  const { bytes, isCut } = decodeTransfer(raw, encoding, room);
  if (isCut) into.cut.add('text-bytes');
  const text = decodeText(bytes, type.parameters.get('charset'));
  if (isHtml) into.htmlBytes += bytes.length;
  else into.textBytes += bytes.length;
  (isHtml ? into.html : into.text).push(text);
}

type Fields = Omit<Message, 'size' | 'text' | 'html' | 'parts' | 'enclosed' | 'cut'>;

function readFields(fields: readonly HeaderField[]): Fields {
  const headers = fields.map(({ name, value }) => ({ name, value: decodedValue(value) }));
  const addresses = (name: string): MailAddress[] =>
    fields
      .filter((field) => field.name === name)
      .flatMap(({ value }) => addressesIn(value))
      .slice(0, MOST_ADDRESSES);
  const date = Date.parse(fieldOf(fields, 'date')?.slice(0, 100) ?? '');
  return {
    headers,
    from: addresses('from'),
    sender: addresses('sender')[0] ?? null,
    replyTo: addresses('reply-to'),
    to: addresses('to'),
    cc: addresses('cc'),
    subject: fieldOf(headers, 'subject') ?? '',
    messageId: idsOf(fieldOf(fields, 'message-id'))[0] ?? null,
    inReplyTo: idsOf(fieldOf(fields, 'in-reply-to')),
    references: idsOf(fieldOf(fields, 'references')),
    date: Number.isNaN(date) ? null : date,
    listId: idsOf(fieldOf(fields, 'list-id')).at(-1) ?? null,
  };
}

/** Mailboxes of a field, those of groups among them. */
function addressesIn(value: string): MailAddress[] {
  return addressParser(value.slice(0, MOST_ADDRESS_TEXT), { flatten: true }).map(({ name, address }) => ({
    name: decodedValue(name),
    // Marked, not left out: what is left might be somebody else's address.
    address: withLowerDomain((address ?? '').trim().replaceAll(/\p{Cc}/gu, '\ufffd')),
  }));
}

function withLowerDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? address : address.slice(0, at + 1) + address.slice(at + 1).toLowerCase();
}

/** What stands in angle brackets. */
function idsOf(value: string | undefined): string[] {
  if (value === undefined) return [];
  const ids: string[] = [];
  for (const [, id] of value.matchAll(/<([^<>\s]{1,998})>/g)) {
    if (ids.length >= MOST_IDS) break;
    ids.push(id!);
  }
  return ids;
}

function nameOf(disposition: ParameterValue, type: ParameterValue): string | null {
  const name = disposition.parameters.get('filename') ?? type.parameters.get('name');
  if (name === undefined) return null;
  // Only the last piece: nobody writes into a folder that a sender names.
  return name.split(/[/\\]/).at(-1)!.slice(0, MOST_NAME);
}
