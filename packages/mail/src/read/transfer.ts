/** Transfer encodings (RFC 2045, 6): what was written as text becomes bytes again, up to a limit, however broken it is. */

/** Bytes of a part. */
export type DecodedBytes = { readonly bytes: Buffer; readonly isCut: boolean };

/** Decodes at most `most` bytes. */
export function decodeTransfer(raw: Buffer, encoding: string, most: number): DecodedBytes {
  switch (encoding) {
    case 'base64':
      return fromBase64(raw, most);
    case 'quoted-printable':
      return fromQuotedPrintable(raw, most);
    default:
      // 7bit, 8bit, binary, and whatever nobody knows: as it stands.
      return { bytes: raw.subarray(0, most), isCut: raw.length > most };
  }
}

/** Node reads over what is no base64, as mail programs do; only as much is read as may be kept. */
function fromBase64(raw: Buffer, most: number): DecodedBytes {
  // Lines of 76 characters and a line end hold 57 bytes; twice that leaves room for other lines.
  const enough = raw.subarray(0, Math.ceil(most * 2) + 4);
  const bytes = Buffer.from(enough.toString('latin1'), 'base64');
  const isCut = bytes.length > most || enough.length < raw.length;
  return { bytes: bytes.subarray(0, most), isCut };
}

const EQUALS = 61;
const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;

function fromQuotedPrintable(raw: Buffer, most: number): DecodedBytes {
  const out = Buffer.allocUnsafe(Math.min(raw.length, most));
  let length = 0;
  let at = 0;
  for (; at < raw.length && length < out.length; at++) {
    const byte = raw[at]!;
    if (byte !== EQUALS) {
      out[length++] = byte;
      continue;
    }
    const high = hexOf(raw[at + 1]);
    const low = hexOf(raw[at + 2]);
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low;
      at += 2;
      continue;
    }
    const next = softBreakEnd(raw, at + 1);
    if (next === -1) out[length++] = byte;
    else at = next;
  }
  return { bytes: out.subarray(0, length), isCut: at < raw.length };
}

/** The line end of a soft break, spaces before it allowed; -1: this is none. */
function softBreakEnd(raw: Buffer, from: number): number {
  let at = from;
  while (raw[at] === SPACE || raw[at] === TAB) at++;
  if (raw[at] === LF) return at;
  if (raw[at] === CR) return raw[at + 1] === LF ? at + 1 : at;
  return at >= raw.length ? raw.length : -1;
}

function hexOf(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
