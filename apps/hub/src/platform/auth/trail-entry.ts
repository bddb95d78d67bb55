/**
 * One entry of the trail: what it says, in text that PostgreSQL gives back as it was, and its hash.
 *
 *     hash = SHA-256 (canonical JSON (RFC 8785) of { number, at, who, name, act, place, about, why, before, after, origin,
 *            previous }), in hex; `previous` is the hash of the entry before it, 64 zeros for the first
 *
 * PostgreSQL writes numbers and the order of members in jsonb as it likes. The canonical form does not depend on either,
 * so what is read back has the same hash. NUL and halves of characters it does not keep at all: those become U+FFFD.
 */
import { createHash } from 'node:crypto';
import type { TrailRow } from '@bellwether/api';
import { type CanonicalError, canonicalJson, type Result } from '@bellwether/basics';
import type { Row } from '../postgres/tables.ts';
import type { Act } from './auth-types.ts';

/** `previous` of the first entry. */
export const NO_HASH = '0'.repeat(64);

/** What an entry says, before it has its place in the chain. */
export type Entry = Omit<TrailRow, 'number' | 'at' | 'previous' | 'hash'>;

/** Longest texts, in UTF-16 units: names and reasons as forms take them, with room; the rest is ours and short. */
const LONGEST = { who: 64, name: 200, act: 64, place: 16, about: 200, why: 1000, origin: 100 } as const;

/** Largest `before` or `after` that is kept word for word, in UTF-16 units: a page of text; of a larger one, its hash. */
export const LONGEST_VALUE = 16 * 1024;

/** Largest entry, and `before` or `after`, that is taken at all: a surface of 1 MiB, with every character escaped. */
export const ENTRY_BOUNDS = { depth: 32, length: 8 * 1024 * 1024 } as const;

/** The entry of an act. A `before` or `after` that JSON cannot say throws: a defect of who wrote the act. */
export function entryOfAct(act: Act): Entry {
  const { who, name } = actorOfAct(act);
  return {
    who: cut(who, LONGEST.who),
    name: cut(name, LONGEST.name),
    act: cut(act.act, LONGEST.act),
    place: cut(act.place, LONGEST.place),
    about: cut(act.about, LONGEST.about),
    why: act.why === undefined ? null : cut(act.why, LONGEST.why),
    before: jsonOf(act.before),
    after: jsonOf(act.after),
    origin: act.origin === undefined ? null : cut(act.origin, LONGEST.origin),
  };
}

/** Hash of an entry, in hex: over all its members but the hash. What was changed to something without a spelling has none. */
export function hashOfEntry(
  entry: Omit<TrailRow, 'hash'> & { readonly hash?: string },
): Result<string, CanonicalError> {
  const { hash: _, ...rest } = entry;
  return canonicalJson(rest, ENTRY_BOUNDS).map((text) => createHash('sha256').update(text).digest('hex'));
}

/** An entry as the API and the export show it, from its row. */
export function trailRowOf(row: Row<'trail'>): TrailRow {
  const { number, at, who, name, act, place, about, why, before, after, origin, previous, hash } = row;
  return {
    number,
    // 'infinity' is no Date: nothing of ours, but an entry that was changed has to be shown all the same.
    at: at instanceof Date ? at.toISOString() : String(at),
    who,
    name,
    act,
    place,
    about,
    why,
    before,
    after,
    origin,
    previous: previous.toString('hex'),
    hash: hash.toString('hex'),
  };
}

function actorOfAct({ who }: Act): { readonly who: string; readonly name: string } {
  if (who === 'hub') return { who: 'hub', name: 'Bellwether' };
  if (who.kind === 'machine') return { who: 'machine', name: 'whoever runs the machine' };
  if (who.kind !== 'person') return { who: `key:${who.key}`, name: who.name };
  return { who: who.person, name: who.name };
}

/** What changed, as plain JSON: moments as ISO 8601, members without a value left out. */
function jsonOf(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  const plain = plainOf(value, 0);
  const text = canonicalJson(plain, ENTRY_BOUNDS).okOrThrow();
  if (text.length <= LONGEST_VALUE) return plain;
  return { longer: text.length, sha256: createHash('sha256').update(text).digest('hex') };
}

function plainOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return sayable(value);
  if (value instanceof Date) return value.toISOString();
  // Beyond the depth, and what is no JSON, is left for canonicalJson to refuse.
  if (typeof value !== 'object' || value === null || depth > ENTRY_BOUNDS.depth) return value;
  if (Array.isArray(value)) return value.map((item) => plainOf(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [sayable(name), plainOf(member, depth + 1)]));
}

function cut(text: string, longest: number): string {
  return sayable(text.slice(0, longest));
}

/** Text as PostgreSQL can keep it. */
function sayable(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}
