/** MIME entities and their bytes: RFC 2045, 2046, 2047, 2231. Lines end in CRLF. */
import type { Draw } from '../draw.ts';

/** How a body is put into seven bits, or not. */
export type TransferEncoding = '7bit' | '8bit' | 'quoted-printable' | 'base64';

/** Character sets of texts. */
export type Charset = 'utf-8' | 'us-ascii' | 'iso-8859-1' | 'windows-1252';

/** Header fields with the body, which is bytes that are encoded already. */
export type Entity = { readonly headers: readonly (readonly [string, string])[]; readonly body: Buffer };

/** Longest line of an encoded body (RFC 2045, 6.7 and 6.8). */
const LONGEST_ENCODED_LINE = 76;

/** A text part. What the charset or the encoding cannot hold makes it fall back to UTF-8 and quoted-printable. */
export function textEntity(
  text: string,
  subtype: 'plain' | 'html',
  wanted: { readonly charset: Charset; readonly encoding: TransferEncoding },
): Entity {
  const crlf = text.replace(/\r?\n/g, '\r\n');
  const isAscii = /^[\x00-\x7f]*$/.test(crlf);
  const isLatin = /^[\x00-\x7f\xa0-\xff]*$/.test(crlf);
  const charset =
    isAscii || wanted.charset === 'utf-8' || (isLatin && wanted.charset !== 'us-ascii')
      ? wanted.charset
      : 'utf-8';
  const bytes = Buffer.from(crlf, charset === 'utf-8' ? 'utf8' : 'latin1');
  const isShort = crlf.split('\r\n').every((line) => line.length <= 900);
  const isFine = wanted.encoding === '7bit' ? isAscii && isShort : wanted.encoding !== '8bit' || isShort;
  const encoding = isFine ? wanted.encoding : 'quoted-printable';
  return {
    headers: [
      ['Content-Type', `text/${subtype}; charset="${charset}"`],
      ['Content-Transfer-Encoding', encoding],
    ],
    body: encodeBody(bytes, encoding),
  };
}

/** A file. */
export type MailFile = {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
  /** Shown in the message by this name, instead of beside it. */
  readonly contentId?: string;
  /** Header fields in place of the usual ones, `method=REQUEST` of a calendar for example. */
  readonly parameters?: string;
};

/** The part that carries a file, in base64. */
export function fileEntity({ name, type, bytes, contentId, parameters }: MailFile): Entity {
  const how = contentId === undefined ? 'attachment' : 'inline';
  const isPlain = /^[\x20-\x7e]*$/.test(name) && !name.includes('"');
  const named = isPlain ? `filename="${name}"` : `filename*=UTF-8''${encodeURIComponent(name)}`;
  return {
    headers: [
      [
        'Content-Type',
        `${type};${parameters === undefined ? '' : ` ${parameters};`} name="${isPlain ? name : encodedWord(name)}"`,
      ],
      ['Content-Transfer-Encoding', 'base64'],
      ['Content-Disposition', `${how}; ${named}`],
      ...(contentId === undefined ? [] : ([['Content-ID', `<${contentId}>`]] as const)),
    ],
    body: encodeBody(bytes, 'base64'),
  };
}

/** Parts together; one alone stays what it is. */
export function multipart(subtype: string, parts: readonly Entity[], draw: Draw): Entity {
  if (parts.length === 1 && subtype !== 'signed') return parts[0] as Entity;
  const boundary = draw.any([
    `_000_${draw.letters(32, '0123456789ABCDEF')}_`,
    `0000000000${draw.letters(12, '0123456789abcdef')}`,
    `------------${draw.letters(24)}`,
    `Apple-Mail=_${draw.letters(8, '0123456789ABCDEF')}`,
    `b1_${draw.letters(32, '0123456789abcdef')}`,
  ]);
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n`),
    entityBytes(part),
    Buffer.from('\r\n'),
  ]);
  return {
    headers: [['Content-Type', `multipart/${subtype}; boundary="${boundary}"`]],
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** A message inside another one. */
export function enclosedMessage(bytes: Buffer): Entity {
  return {
    headers: [
      ['Content-Type', 'message/rfc822'],
      ['Content-Disposition', 'attachment'],
    ],
    body: bytes,
  };
}

/** The entity as it is sent. */
export function entityBytes({ headers, body }: Entity): Buffer {
  return Buffer.concat([
    Buffer.from(`${headers.map(([name, value]) => foldedField(name, value)).join('')}\r\n`),
    body,
  ]);
}

/** A header field, folded at blanks before column 78 where it can be. */
export function foldedField(name: string, value: string): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of value.split(' ')) {
    if (line.length + word.length + 1 > 78 && line !== `${name}:`) {
      lines.push(line);
      line = ` ${word}`;
    } else {
      line += ` ${word}`;
    }
  }
  return `${[...lines, line].join('\r\n')}\r\n`;
}

/** Text for a header: as it is where that is allowed, else as encoded words (RFC 2047). */
export function encodedWord(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let piece = '';
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > 42) {
      words.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...words, piece].map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}

function encodeBody(bytes: Buffer, encoding: TransferEncoding): Buffer {
  if (encoding === 'quoted-printable') return Buffer.from(quotedPrintable(bytes));
  if (encoding !== 'base64') return bytes;
  const lines = bytes.toString('base64').match(new RegExp(`.{1,${LONGEST_ENCODED_LINE}}`, 'g')) ?? [];
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

function quotedPrintable(bytes: Buffer): string {
  const lines = bytes.toString('latin1').split('\r\n');
  return lines
    .map((line) => {
      const out: string[] = [];
      let current = '';
      for (let at = 0; at < line.length; at++) {
        const code = line.charCodeAt(at);
        const isLast = at === line.length - 1;
        const isPlain =
          (code >= 33 && code <= 126 && code !== 61) || ((code === 32 || code === 9) && !isLast);
        const token = isPlain ? (line[at] as string) : `=${code.toString(16).toUpperCase().padStart(2, '0')}`;
        if (current.length + token.length > LONGEST_ENCODED_LINE - 1) {
          out.push(`${current}=`);
          current = '';
        }
        current += token;
      }
      return [...out, current].join('\r\n');
    })
    .join('\r\n');
}
