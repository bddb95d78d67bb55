/** The header section of a message or of a part (RFC 5322, 2.2): fields, unfolded, as far as the limits allow. */
import { decodeWords } from 'postal-mime';
import type { HeaderField, MailCut } from '../message.ts';
import type { ReadLimits } from './limits.ts';

const LF = 10;
const CR = 13;

/** Fields as they were written, and where the body begins. */
export type HeaderSection = {
  /** Unfolded, not decoded. */
  readonly fields: readonly HeaderField[];
  /** Offset of the first byte after the empty line. */
  readonly bodyAt: number;
};

/** Reads one from `from`; it ends at the empty line, at `to`, or before a line that is no field. */
export function readHeaderSection(
  bytes: Buffer,
  from: number,
  to: number,
  limits: ReadLimits,
  cut: Set<MailCut>,
): HeaderSection {
  const bodyAt = bodyStart(bytes, from, to);
  const end = Math.min(bodyAt, from + limits.headerBytes);
  if (end < bodyAt) cut.add('header-bytes');
  const fields: HeaderField[] = [];
  const text = textOfHeader(bytes.subarray(from, end));
  for (const line of unfoldedLines(text)) {
    const colon = line.indexOf(':');
    // "From " of an mbox, and whatever has no name, is no field.
    if (colon < 1 || !/^[!-9;-~]+[ \t]*$/.test(line.slice(0, colon))) continue;
    if (fields.length >= limits.headerCount) {
      cut.add('header-count');
      break;
    }
    fields.push({ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() });
  }
  return { fields, bodyAt };
}

/** First value of a field, not decoded. */
export function fieldOf(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

/** A value for people: encoded words read (RFC 2047), control characters gone. */
export function decodedValue(value: string): string {
  const text = value.includes('=?') ? decodeWords(value) : value;
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

/** Where the body begins: after the first empty line, or at the end. */
function bodyStart(bytes: Buffer, from: number, to: number): number {
  if (bytes[from] === LF) return from + 1;
  if (bytes[from] === CR && bytes[from + 1] === LF) return from + 2;
  for (let at = bytes.indexOf(LF, from); at !== -1 && at < to; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return Math.min(at + 2, to);
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return Math.min(at + 3, to);
  }
  return to;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 (RFC 6532) where it is; else each byte is a character, so that nothing is lost. */
function textOfHeader(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return utf8.decode(bytes);
  } catch {
    return text;
  }
}

function unfoldedLines(text: string): string[] {
  const lines: string[] = [];
  let pieces: string[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const isFolded = line.startsWith(' ') || line.startsWith('\t');
    if (!isFolded && pieces.length > 0) {
      lines.push(pieces.join(''));
      pieces = [];
    }
    pieces.push(line);
  }
  if (pieces.length > 0) lines.push(pieces.join(''));
  return lines;
}
