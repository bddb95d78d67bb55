/**
 * A Windows event as XML on one line (Event Viewer's XML view, `wevtutil qe /f:RenderedXml`, CrowdSec's test logs).
 *
 *     <Event xmlns="..."><System>...<EventID>4625</EventID>...<TimeCreated SystemTime="2026-10-09T10:00:00.1Z" />
 *     <Channel>Security</Channel><Computer>DC1</Computer>...</System><EventData><Data Name="TargetUserName">x</Data>
 *
 * No general XML: only elements that Windows writes are looked at, by their tags. Text cannot hold a `<` (it is
 * `&lt;`), so a user name cannot write a tag.
 */
import { ascii, find, findByte, startsWith } from './bytes.ts';
import { FIELD_NAMES, FIRST_DATA, Spelling, WindowsField, type WindowsFields } from './windows-fields.ts';
import { WordTable } from './words.ts';

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const AMPERSAND = 38;

const EVENT = ascii('<Event ');
const EVENT_BARE = ascii('<Event>');
const DATA = ascii('<Data Name=');
const END_OF_DATA = ascii('</Data>');
const SYSTEM_TIME = ascii('SystemTime=');
const ELEMENTS = new WordTable(['EventID', 'Channel', 'Computer', 'TimeCreated']);
const ELEMENT_FIELDS = [
  WindowsField.EventID,
  WindowsField.Channel,
  WindowsField.Host,
  WindowsField.Time,
] as const;
const TIME_ELEMENT = 3;
const DATA_NAMES = new WordTable(FIELD_NAMES.slice(FIRST_DATA));

/** Where an event begins in [from, to): at once, or behind the `- ` that browsers put before open elements. -1 if none. */
export function eventStart(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (bytes[at] === 45) at++;
  while (at < to && bytes[at] === 32) at++;
  return startsWith(bytes, at, to, EVENT) || startsWith(bytes, at, to, EVENT_BARE) ? at : -1;
}

/** Finds the fields of the event in [from, to). False if an element is cut, or a field is told twice. */
export function scanXml(bytes: Uint8Array, from: number, to: number, fields: WindowsFields): boolean {
  fields.clear();
  let at = findByte(bytes, LESS, from, to);
  while (at >= 0) {
    const close = findByte(bytes, GREATER, at, to);
    if (close < 0) return false;
    if (startsWith(bytes, at, close, DATA)) {
      if (!takeData(bytes, at + DATA.length, close, to, fields)) return false;
    } else if (!takeElement(bytes, at + 1, close, to, fields)) {
      return false;
    }
    at = findByte(bytes, LESS, close, to);
  }
  return true;
}

/** `<Data Name="TargetUserName">x</Data>`; `at` is at the quote. */
function takeData(bytes: Uint8Array, at: number, close: number, to: number, fields: WindowsFields): boolean {
  const quote = bytes[at]!;
  const nameEnd = findByte(bytes, quote, at + 1, close);
  if ((quote !== 34 && quote !== 39) || nameEnd < 0) return false;
  const name = DATA_NAMES.find(bytes, at + 1, nameEnd);
  if (bytes[close - 1] === SLASH) return true;
  const end = findByte(bytes, LESS, close, to);
  if (end < 0 || !startsWith(bytes, end, to, END_OF_DATA)) return false;
  return name < 0 || fields.set(FIRST_DATA + name, close + 1, end, spellingOf(bytes, close + 1, end));
}

/** `<EventID Qualifiers="0">4625</EventID>`, `<TimeCreated SystemTime="..." />`. */
function takeElement(
  bytes: Uint8Array,
  at: number,
  close: number,
  to: number,
  fields: WindowsFields,
): boolean {
  let nameEnd = at;
  while (nameEnd < close && bytes[nameEnd] !== 32 && bytes[nameEnd] !== SLASH) nameEnd++;
  const element = ELEMENTS.find(bytes, at, nameEnd);
  if (element < 0) return true;
  const field = ELEMENT_FIELDS[element]!;
  if (element === TIME_ELEMENT) {
    const attribute = find(bytes, SYSTEM_TIME, nameEnd, close);
    if (attribute < 0) return true;
    const from = attribute + SYSTEM_TIME.length + 1;
    const end = findByte(bytes, bytes[from - 1]!, from, close);
    return end >= 0 && fields.set(field, from, end, Spelling.plain);
  }
  const end = findByte(bytes, LESS, close, to);
  return end >= 0 && fields.set(field, close + 1, end, spellingOf(bytes, close + 1, end));
}

function spellingOf(bytes: Uint8Array, from: number, to: number): Spelling {
  return findByte(bytes, AMPERSAND, from, to) < 0 ? Spelling.plain : Spelling.xml;
}

const ENTITIES = [
  [ascii('&lt;'), 60],
  [ascii('&gt;'), 62],
  [ascii('&amp;'), 38],
  [ascii('&quot;'), 34],
  [ascii('&apos;'), 39],
] as const;

/** Writes [from, to) with the five entities of XML undone into `out`, returns how many bytes. */
export function unescapeXml(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  let i = from;
  while (i < to && length < out.length) {
    let byte = bytes[i]!;
    let size = 1;
    if (byte === AMPERSAND) {
      for (const [name, code] of ENTITIES) {
        if (!startsWith(bytes, i, to, name)) continue;
        byte = code;
        size = name.length;
        break;
      }
    }
    out[length++] = byte;
    i += size;
  }
  return length;
}
