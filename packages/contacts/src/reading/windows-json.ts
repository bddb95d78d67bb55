/**
 * A Windows event as a JSON object on one line, in the three spellings of `windows-fields.ts`. Files that are one JSON
 * array with an object per line are read too: the brackets and commas around an object are no part of it.
 */
import { readEnd, readNumber } from './bytes.ts';
import { Json, JsonScanner } from './json.ts';
import {
  JSON_PATHS,
  PROPERTIES,
  PROPERTY_FIELDS,
  Spelling,
  WindowsField,
  type WindowsFields,
} from './windows-fields.ts';

const FIRST_PROPERTY = JSON_PATHS.length;

/** Finds the fields of an event in JSON. One per reader. */
export class WindowsJson {
  readonly #scanner = new JsonScanner([
    ...JSON_PATHS.map(([, segments]) => segments),
    ...Array.from({ length: PROPERTIES }, (_, i) => ['Properties', `[${i}]`, 'Value']),
  ]);

  /** Finds the fields of the object in [from, to). False if it is no object, or tells one thing twice. */
  scan(bytes: Uint8Array, from: number, to: number, fields: WindowsFields): boolean {
    if (!this.#scanner.scan(bytes, from, to)) return false;
    fields.clear();
    for (let path = 0; path < FIRST_PROPERTY; path++) this.#take(path, JSON_PATHS[path]![0], fields);
    if (!fields.has(WindowsField.EventID)) return true;
    const id = readNumber(bytes, fields.start[WindowsField.EventID]!, fields.end[WindowsField.EventID]!);
    const properties = PROPERTY_FIELDS.get(id);
    if (properties === undefined || readEnd !== fields.end[WindowsField.EventID]) return true;
    for (let k = 0; k < properties.length; k++) {
      const [property, field] = properties[k]!;
      this.#take(FIRST_PROPERTY + property, field, fields);
    }
    return true;
  }

  #take(path: number, field: WindowsField, fields: WindowsFields): void {
    const { start, end, type } = this.#scanner;
    const kind = type[path];
    if (kind === Json.string || kind === Json.number || kind === Json.escaped)
      fields.set(field, start[path]!, end[path]!, kind === Json.escaped ? Spelling.json : Spelling.plain);
  }
}
