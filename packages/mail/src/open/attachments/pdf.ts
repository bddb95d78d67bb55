/**
 * PDF without running it: what a reader would click, what would happen on opening, words, and pictures (ISO 32000-1). Objects are found by
 * their marks, not by the tables of the file, so that what is hidden from the tables is found too; every stream is unpacked within a budget.
 */
import { unzlibSync } from 'fflate';

/** A picture without compression of its own. */
export type PdfPicture =
  | { readonly jpeg: Uint8Array }
  | {
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3;
      readonly pixels: Uint8Array;
    };

/** What was found. */
export type PdfFinding = {
  readonly links: readonly string[];
  readonly text: string;
  readonly pictures: readonly PdfPicture[];
  /** It runs JavaScript, or starts a program, when it is opened or clicked. */
  readonly runs: 'script' | 'command' | null;
  readonly isLocked: boolean;
  /** Files inside. */
  readonly hasFiles: boolean;
  readonly asks: boolean;
  readonly isCut: boolean;
};

/** Budgets of one document: streams, bytes unpacked of each and of all, links, characters, pictures. */
const MOST = {
  streams: 400,
  stream: 2_097_152,
  unpacked: 16_777_216,
  links: 200,
  text: 20_000,
  pictures: 10,
} as const;

/** Looks through a document. */
export function lookThroughPdf(bytes: Uint8Array): PdfFinding {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pictures: PdfPicture[] = [];
  const texts: string[] = [];
  const objects: string[] = [];
  let [streams, unpacked, at, plainFrom] = [0, 0, 0, 0];
  let isCut = false;
  for (;;) {
    const begin = raw.indexOf('stream', at, 'latin1');
    if (begin === -1) break;
    if (streams++ >= MOST.streams || unpacked >= MOST.unpacked) {
      isCut = true;
      break;
    }
    const from = begin + 6 + (raw[begin + 6] === 0x0d ? 2 : 1);
    const end = raw.indexOf('endstream', from, 'latin1');
    if (end === -1) break;
    objects.push(raw.toString('latin1', plainFrom, begin));
    plainFrom = end;
    at = end + 9;
    const head = dictionaryBefore(raw, begin);
    const data = raw.subarray(from, end);
    if (/\/DCTDecode/.test(head)) {
      if (pictures.length < MOST.pictures) pictures.push({ jpeg: data });
      continue;
    }
    const content = /\/FlateDecode|\/Fl\b/.test(head) ? unflated(data) : /\/Filter/.test(head) ? null : data;
    if (content === null) continue;
    unpacked += content.length;
    if (/\/Subtype\s*\/Image/.test(head)) {
      const picture = pictureOf(head, content);
      if (picture !== null && pictures.length < MOST.pictures) pictures.push(picture);
    } else if (/\/ObjStm/.test(head)) objects.push(Buffer.from(content).toString('latin1'));
    else texts.push(Buffer.from(content).toString('latin1'));
  }
  objects.push(raw.toString('latin1', plainFrom, Math.min(raw.length, plainFrom + MOST.stream)));
  const all = objects.join('\n');
  return {
    links: linksIn(all),
    text: textIn(texts),
    pictures,
    runs: /\/Launch\b/.test(all) ? 'command' : /\/(?:JavaScript|JS)\b/.test(all) ? 'script' : null,
    isLocked: /\/Encrypt\s+\d/.test(all),
    hasFiles: /\/EmbeddedFiles?\b/.test(all),
    asks: /\/SubmitForm\b/.test(all),
    isCut,
  };
}

/** What stands between `<<` and `stream`, bounded. */
function dictionaryBefore(raw: Buffer, at: number): string {
  const text = raw.toString('latin1', Math.max(0, at - 2_000), at);
  const object = text.lastIndexOf(' obj');
  return object === -1 ? text : text.slice(object);
}

function unflated(data: Uint8Array): Uint8Array | null {
  const out = new Uint8Array(Math.min(MOST.stream, Math.max(4_096, data.length * 40)));
  try {
    return unzlibSync(data, { out });
  } catch {
    return null;
  }
}

/** Places where a link may stand that are looked at. */
const MOST_PLACES = 2_000;

function linksIn(objects: string): string[] {
  const links = new Set<string>();
  let at = -1;
  for (let places = 0; places < MOST_PLACES && links.size < MOST.links; places++) {
    at = objects.indexOf('/URI', at + 1);
    if (at === -1) break;
    const rest = objects.slice(at + 4, at + 8_200).trimStart();
    if (rest.startsWith('(')) links.add(unescaped(stringAt(rest, 0).text));
    const hex = /^<([0-9A-Fa-f\s]{2,8000})>/.exec(rest)?.[1];
    if (hex !== undefined) links.add(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex').toString('latin1'));
  }
  return [...links];
}

/** Strings that are shown: `(…) Tj`, `[(…) -20 (…)] TJ`. Fonts with tables of their own give nothing readable. */
function textIn(contents: readonly string[]): string {
  let text = '';
  for (const content of contents) {
    let line = '';
    for (let at = 0; at < content.length && text.length < MOST.text; at++) {
      const char = content[at]!;
      if (char === '(') {
        const found = stringAt(content, at);
        line += unescaped(found.text);
        at = found.end;
      } else if (char === 'T' && (content[at + 1] === 'j' || content[at + 1] === 'J')) {
        if (/^[\x20-\x7e\xa0-\xff]*$/.test(line)) text += `${line}\n`;
        line = '';
      }
    }
  }
  return text.slice(0, MOST.text);
}

/** The string that begins with the bracket at a place, brackets inside balanced; its end. */
function stringAt(content: string, from: number): { readonly text: string; readonly end: number } {
  let depth = 0;
  let at = from;
  for (; at < content.length && at < from + 8_000; at++) {
    const char = content[at];
    if (char === '\\') at++;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return { text: content.slice(from + 1, at), end: at };
  }
  return { text: '', end: at };
}

function unescaped(literal: string): string {
  return literal.replaceAll(/\\(?:([0-7]{1,3})|([\s\S]))/g, (_, octal: string | undefined, char: string) =>
    octal === undefined
      ? char === 'n' || char === 'r'
        ? ' '
        : char === '\n'
          ? ''
          : char
      : String.fromCharCode(Number.parseInt(octal, 8) & 255),
  );
}

/** Grey or colours of eight bits; nothing else holds codes in lures that were seen. */
function pictureOf(head: string, pixels: Uint8Array): PdfPicture | null {
  const number = (name: string): number =>
    Number(new RegExp(`/${name}\\s+(\\d{1,5})\\b`).exec(head)?.[1] ?? 0);
  const [width, height, bits] = [number('Width'), number('Height'), number('BitsPerComponent')];
  if (bits !== 8 || width === 0 || height === 0) return null;
  for (const channels of [1, 3] as const) {
    const length = width * height * channels;
    // The end of a line before the mark of the end belongs to nothing.
    if (pixels.length >= length && pixels.length <= length + 2)
      return { width, height, channels, pixels: pixels.subarray(0, length) };
  }
  return null;
}
