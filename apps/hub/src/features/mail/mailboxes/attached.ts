/** Messages that a message carries as attachments (RFC 2046, 5.2.1), byte for byte: what their signatures are over. */

/** One that was carried. */
export type AttachedMessage = {
  readonly bytes: Uint8Array;
  /** The carrying message broke off in it. */
  readonly isCut: boolean;
};

/** Messages that are taken from one: a person reports one, rarely a handful. */
export const MOST_ATTACHED = 20;

/** Parts that are looked at, in all. */
const MOST_PARTS = 500;

/** Parts inside of parts. A forward of a signed message has four. */
const MOST_DEPTH = 12;

/** Bytes of the header of a part that are read. */
const MOST_HEADER = 65_536;

/** Characters of a value that are read. */
const MOST_VALUE = 2_000;

/** Bytes of a boundary: RFC 2046 allows 70. */
const MOST_BOUNDARY = 200;

type Walk = { readonly bytes: Buffer; readonly found: AttachedMessage[]; parts: number };

/** The messages, in order. What they carry themselves stays in them. */
export function attachedMessages(bytes: Uint8Array, isCut: boolean): AttachedMessage[] {
  const walk: Walk = {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    found: [],
    parts: 0,
  };
  walkPart(walk, 0, bytes.length, 'text/plain', 0, isCut);
  return walk.found;
}

/** `isCut`: it ends where the whole broke off. `usual`: its type where it states none. */
function walkPart(walk: Walk, from: number, to: number, usual: string, depth: number, isCut: boolean): void {
  if (++walk.parts > MOST_PARTS || depth > MOST_DEPTH || walk.found.length >= MOST_ATTACHED) return;
  const bodyAt = bodyStart(walk.bytes, from, to);
  const header = headerText(walk.bytes.subarray(from, Math.min(bodyAt, from + MOST_HEADER)));
  const type = field(header, 'content-type');
  const kind = (/^[^;\s]*/.exec(type)?.[0].toLowerCase() ?? '') || usual;
  if (kind.startsWith('multipart/')) {
    const boundary = boundaryOf(type);
    if (boundary === '') return;
    const inner = kind === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const part of parts(walk.bytes, bodyAt, to, boundary))
      walkPart(walk, part.from, part.to, inner, depth + 1, isCut && part.isOpen);
    return;
  }
  // The whole itself is no attachment, whatever it says of itself.
  if (depth > 0 && isMessage(kind, `${type};${field(header, 'content-disposition')}`)) {
    const encoding = field(header, 'content-transfer-encoding').toLowerCase();
    const bytes = decoded(walk.bytes.subarray(bodyAt, to), encoding);
    if (bytes.length > 0) walk.found.push({ bytes, isCut });
  }
}

/** Programs that do not know better send a saved message as a file. */
function isMessage(kind: string, parameters: string): boolean {
  if (kind === 'message/rfc822' || kind === 'message/global') return true;
  if (kind !== 'application/octet-stream') return false;
  const named = parameters.split(';').filter((parameter) => /^\s*(?:file)?name[*\d]*\s*=/i.test(parameter));
  return named.some((parameter) => /\.eml"?$/i.test(parameter.trimEnd()));
}

/** Parts between boundary lines; one at a time, since there may be millions. `isOpen`: nothing closes it. */
function* parts(
  bytes: Buffer,
  from: number,
  to: number,
  boundary: string,
): Generator<{ readonly from: number; readonly to: number; readonly isOpen: boolean }> {
  const marker = Buffer.from(`--${boundary}`, 'latin1');
  let start = -1;
  for (
    let at = bytes.indexOf(marker, from);
    at !== -1 && at < to;
    at = bytes.indexOf(marker, at + marker.length)
  ) {
    if (at > from && bytes[at - 1] !== 10) continue;
    const isLast = bytes[at + marker.length] === 45 && bytes[at + marker.length + 1] === 45;
    let end = at + marker.length + (isLast ? 2 : 0);
    while (end < to && (bytes[end] === 32 || bytes[end] === 9 || bytes[end] === 13)) end++;
    if (end < to && bytes[end] !== 10) continue;
    if (start !== -1) yield { from: start, to: beforeLineEnd(bytes, start, at), isOpen: false };
    start = isLast ? -1 : Math.min(end + 1, to);
    if (isLast) return;
  }
  if (start !== -1 && start < to) yield { from: start, to, isOpen: true };
}

/** The line end before a boundary line belongs to that. */
function beforeLineEnd(bytes: Buffer, start: number, at: number): number {
  const end = at > start && bytes[at - 1] === 10 ? at - 1 : at;
  return end > start && bytes[end - 1] === 13 ? end - 1 : end;
}

function bodyStart(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; ) {
    if (bytes[at] === 10) return at + 1;
    if (bytes[at] === 13 && bytes[at + 1] === 10) return Math.min(at + 2, to);
    const next = bytes.indexOf(10, at);
    if (next === -1) return to;
    at = next + 1;
  }
  return to;
}

/** Unfolded. */
function headerText(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll(/\r?\n[ \t]+/g, ' ');
}

/** The value of a field; empty where there is none. */
function field(header: string, name: string): string {
  const value = new RegExp(`^${name}[ \\t]*:([^\\r\\n]*)`, 'im').exec(header)?.[1] ?? '';
  return value.slice(0, MOST_VALUE).trim();
}

function boundaryOf(type: string): string {
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(type) ?? [];
  const boundary = quoted ?? plain ?? '';
  return boundary.length <= MOST_BOUNDARY ? boundary : '';
}

function decoded(raw: Buffer, encoding: string): Uint8Array {
  if (encoding === 'base64') return Buffer.from(raw.toString('latin1'), 'base64');
  if (encoding !== 'quoted-printable') return raw;
  const text = raw.toString('latin1').replaceAll(/=[ \t]*\r?\n/g, '');
  return Buffer.from(
    text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
