/** JSON of strangers (RFC 8259): its shape is looked at before it is read, since small texts can make large structures. */

/** Arrays and objects in each other; a report has five. */
const MOST_DEPTH = 16;

/** Values: 100,000 failures of ten fields each, and as much again. */
const MOST_VALUES = 2_000_000;

/** Reads it; undefined where it is no JSON, or is larger or deeper than any report. */
export function boundedJson(text: string): unknown {
  if (!isWithinBounds(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

function isWithinBounds(text: string): boolean {
  let depth = 0;
  let values = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      values += 1;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
    else if (code === COMMA) values += 1;
    if (depth > MOST_DEPTH || values > MOST_VALUES) return false;
  }
  return true;
}

/** A field of an object of its own; undefined where there is none. */
export function fieldIn(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** A field that is a text. */
export function textFieldIn(value: unknown, name: string): string | undefined {
  const found = fieldIn(value, name);
  return typeof found === 'string' ? found : undefined;
}
