/**
 * Where the JSON object of a line begins and ends. Files that are one JSON array with an object to a line have
 * brackets and commas around it, and PowerShell begins a file with a byte order mark.
 */

const SPACE = 32;
const TAB = 9;
const COMMA = 44;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;

/** Index behind a byte order mark, spaces and one `[`. */
export function jsonStart(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (to - at >= 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  at = skip(bytes, at, to);
  return at < to && bytes[at] === OPEN_ARRAY ? skip(bytes, at + 1, to) : at;
}

/** Index behind the object that began at `from`: spaces, one `]` and one `,` are left out. */
export function jsonEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = skipBack(bytes, from, to);
  if (end > from && bytes[end - 1] === COMMA) end = skipBack(bytes, from, end - 1);
  if (end > from && bytes[end - 1] === CLOSE_ARRAY) end = skipBack(bytes, from, end - 1);
  return end;
}

function skip(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at;
}

function skipBack(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
  return end;
}
