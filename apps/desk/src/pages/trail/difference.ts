/** What changed, member by member: the trail keeps what was before and what is after as JSON. */
import { longDay } from '../../words/formats.ts';
import { roleName } from '../../words/roles.ts';
import { PURPOSES, TRAIL } from './texts.ts';

/** One member that differs. Undefined: there was, or is, none. */
export type Change = {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** ISO 8601 in UTC, as the hub writes moments. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** Numbers of rows in the database: nobody's business but that of the file. */
const LEFT_OUT: ReadonlySet<string> = new Set(['grant']);

/** SHA-256 in hex, of which a person compares the beginning. */
const FINGERPRINT = /^[0-9a-f]{64}$/;

/** Letters of a fingerprint that are shown. */
const FINGERPRINT_SHOWN = 16;

/** Longest text of a value; who wants all of it saves the trail as a file. */
const LONGEST = 200;

/** What differs between two values of the trail. What is no object is one member without a name of its own. */
export function changesOf(before: unknown, after: unknown, zone: string): readonly Change[] {
  const old = membersOf(before);
  const fresh = membersOf(after);
  const names = [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => !LEFT_OUT.has(name));
  return names
    .map((name) => ({
      name: TRAIL.members[name] ?? name,
      before: written(name, old.get(name), zone),
      after: written(name, fresh.get(name), zone),
    }))
    .filter((change) => change.before !== change.after);
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  if (value === null || value === undefined) return new Map();
  if (Array.isArray(value) && value.length === 1) return membersOf(value[0]);
  if (typeof value === 'object' && !Array.isArray(value)) return new Map(Object.entries(value));
  return new Map([['', value]]);
}

function written(name: string, value: unknown, zone: string): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'boolean') return value ? TRAIL.yes : TRAIL.no;
  if (typeof value !== 'string') return cut(JSON.stringify(value));
  if (name === 'role') return roleName(value);
  if (name === 'purpose') return PURPOSES[value] ?? value;
  if (FINGERPRINT.test(value)) return `${value.slice(0, FINGERPRINT_SHOWN)}…`;
  return MOMENT.test(value) ? longDay(value, zone) : cut(value);
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
