/** For tests: what a broken gateway, a careless program or an attacker makes of a message. The same random numbers give the same bytes. */
import type { Random } from '@bellwether/testkit';

/** One way to break a message. */
type Break = (bytes: Buffer, random: Random) => Buffer;

const TEXTS = [
  '\r\n\r\n',
  '\r\n',
  '\0',
  '=?',
  '?=',
  '--',
  '=3D',
  '&#x',
  '<!--',
  ']]>',
  '\x1b[2J',
  '\u202e',
  ': ',
  ';',
  '"',
  '(',
];
const FIELDS = [
  'From',
  'To',
  'Subject',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Received',
  'Reply-To',
  'DKIM-Signature',
  'ARC-Seal',
  'Date',
];
const CHARSETS = [
  'utf-16le',
  'utf-7',
  'iso-2022-jp',
  'x-unknown',
  'gb18030',
  "'; --",
  'utf-8\0',
  'ibm037',
  '',
];
const LARGE = [300, 3_000, 60_000, 300_000];

const cut: Break = (bytes, random) => bytes.subarray(0, random.below(bytes.length));

const flip: Break = (bytes, random) => {
  const flipped = Buffer.from(bytes);
  for (let left = random.integer(1, 30); left > 0; left--)
    flipped[random.below(flipped.length)] = random.below(256);
  return flipped;
};

const insert: Break = (bytes, random) => {
  const at = random.below(bytes.length);
  return joined(bytes.subarray(0, at), random.pick(TEXTS).repeat(random.integer(1, 40)), bytes.subarray(at));
};

/** A piece again, elsewhere. */
const splice: Break = (bytes, random) => {
  const [from, at] = [random.below(bytes.length), random.below(bytes.length)];
  return joined(bytes.subarray(0, at), bytes.subarray(from, from + random.below(4_000)), bytes.subarray(at));
};

const fieldsAgain: Break = (bytes, random) => {
  const head = bytes.subarray(0, Math.max(1, headOf(bytes)));
  return joined(
    ...Array.from({ length: random.integer(1, 3) }, () => `${head.toString('latin1')}\r\n`),
    bytes,
  );
};

const hugeField: Break = (bytes, random) => {
  const value = random.pick([' ', 'a', '<', '(', '"', '=?utf-8?q?', 'a@b.c, ', '\r\n ', '=?utf-8?b?QUJD?= ']);
  const size = Math.ceil(random.pick(LARGE) / value.length);
  return joined(`${random.pick(FIELDS)}: ${value.repeat(size)}\r\n`, bytes);
};

const manyFields: Break = (bytes, random) =>
  joined(`${random.pick(FIELDS)}: a@b.example; i=1; boundary=x\r\n`.repeat(random.integer(2, 1_500)), bytes);

/** Parts in parts, deeper than anybody looks, sometimes with one boundary for all. */
const nested: Break = (bytes, random) => {
  const isSame = random.chance(0.5);
  const depth = random.integer(2, 60);
  const kind = random.pick([
    'multipart/mixed',
    'multipart/alternative',
    'multipart/related',
    'message/rfc822',
  ]);
  let head = 'From: a@b.example\r\nSubject: s\r\n';
  for (let level = 0; level < depth; level++) {
    const boundary = isSame ? 'same' : `b${level}`;
    head += `Content-Type: ${kind}; boundary="${boundary}"\r\n\r\n--${boundary}\r\n`;
  }
  return joined(head, bytes);
};

/** Boundaries that are announced and never come, or come and were never announced. */
const boundaries: Break = (bytes, random) => {
  const text = bytes.toString('latin1');
  return Buffer.from(
    random.chance(0.5)
      ? text.replaceAll(/boundary="?[^"\r\n;]+/gi, 'boundary="never')
      : text.replaceAll(/\r?\n--[^\r\n]+/g, (line) => (random.chance(0.5) ? line : `${line}--`)),
    'latin1',
  );
};

const charsets: Break = (bytes, random) => {
  const charset = random.pick(CHARSETS);
  const text = bytes.toString('latin1').replaceAll(/charset="?[\w-]+"?/gi, `charset="${charset}"`);
  return Buffer.from(text.replaceAll(/=\?[\w-]+\?/g, `=?${charset}?`), 'latin1');
};

/** What is said of the encoding is not so. */
const encodings: Break = (bytes, random) => {
  const encoding = random.pick([
    'base64',
    'quoted-printable',
    'uuencode',
    '8bit',
    'binary',
    'base64, base64',
  ]);
  const text = bytes.toString('latin1');
  const told = /^content-transfer-encoding:/im.test(text)
    ? text.replaceAll(/^content-transfer-encoding:.*$/gim, `Content-Transfer-Encoding: ${encoding}`)
    : `Content-Transfer-Encoding: ${encoding}\r\n${text}`;
  return Buffer.from(told, 'latin1');
};

/** Bytes that no base64 has, and ends that are missing. */
const base64: Break = (bytes, random) => {
  const text = bytes.toString('latin1');
  return Buffer.from(
    text.replaceAll(/^[A-Za-z0-9+/]{40,}=*\r?$/gm, (line) =>
      random.chance(0.3)
        ? line.slice(0, random.below(line.length)) + random.pick(['=', '====', '*', '\0', ''])
        : line,
    ),
    'latin1',
  );
};

const BREAKS = {
  cut,
  flip,
  insert,
  splice,
  fieldsAgain,
  hugeField,
  manyFields,
  nested,
  boundaries,
  charsets,
  encodings,
  base64,
};

/** Names of the ways, for who wants each of them tried. */
export const BREAK_NAMES = Object.keys(BREAKS) as readonly (keyof typeof BREAKS)[];

/** A broken copy: in the way that is named, and one time in three in another way on top. */
export function brokenMail(bytes: Buffer, name: keyof typeof BREAKS, random: Random): Buffer {
  const once = bytes.length === 0 ? bytes : BREAKS[name](bytes, random);
  if (once.length === 0 || !random.chance(1 / 3)) return once;
  return BREAKS[random.pick(BREAK_NAMES)](once, random);
}

function headOf(bytes: Buffer): number {
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'));
  return end === null ? bytes.length : end.index;
}

function joined(...parts: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}
