/**
 * What bouncers say of themselves at `/v1/usage-metrics`: kind, version, how many decisions they hold, and what they dropped. One
 * report stands with each key, the last one, whatever is sent; of its text only what is asked for here is kept.
 *
 * The form is CrowdSec's, of its local API since 1.6.3: `remediation_components`, each with `metrics` of `items` that have a name, a unit
 * and a value. `active_decisions` is how it is now; `dropped` is counted from one report to the next.
 */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/postgres/tables.ts';

/** A report. */
export type BouncerReport = {
  /** When it came: ms since 1970, by the hub's clock. */
  readonly at: number;
  readonly kind: string;
  readonly version: string;
  /** Decisions that it holds; null where it does not say. */
  readonly active: number | null;
  /** Packets, or requests to a website, that it turned away since its report before this one; null where it does not say. */
  readonly dropped: number | null;
};

/** Parts of a report that are looked at: one bouncer sends one, with an item for each origin. */
const MOST_PARTS = 100;

/** Longest kind or version, characters: theirs have some thirty. */
const LONGEST_NAME = 64;

/** Units in which `dropped` is a number of visits; it comes in bytes too. */
const VISITS = new Set(['packet', 'request', 'ip']);

type Item = { readonly name: unknown; readonly unit: unknown; readonly value: number };

/** The report in what was sent; undefined where it tells nothing of a bouncer. `now`: ms since 1970. */
export function bouncerReportIn(content: object, now: number): BouncerReport | undefined {
  const [first] = listIn(content, 'remediation_components');
  if (!isObject(first)) return undefined;
  const { type, name, version } = first as { type?: unknown; name?: unknown; version?: unknown };
  const items = listIn(first, 'metrics').flatMap((metric) => listIn(metric, 'items').flatMap(itemsOf));
  return {
    at: now,
    kind: plain(type) || plain(name),
    version: plain(version),
    active: sumOf(items.filter((item) => item.name === 'active_decisions')),
    dropped: sumOf(items.filter((item) => item.name === 'dropped' && VISITS.has(String(item.unit)))),
  };
}

/** Keeps it with its key, in place of the one before. */
export async function keepBouncerReport(
  db: Kysely<Tables>,
  key: string,
  report: BouncerReport,
): Promise<void> {
  await sql`UPDATE keys SET report = ${JSON.stringify(report)}::jsonb WHERE id = ${key}::bigint`.execute(db);
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isObject(value) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  return Array.isArray(list) ? list.slice(0, MOST_PARTS) : [];
}

function itemsOf(value: unknown): readonly Item[] {
  if (!isObject(value)) return [];
  const { name, unit, value: number } = value as { name?: unknown; unit?: unknown; value?: unknown };
  return typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER
    ? [{ name, unit, value: number }]
    : [];
}

function sumOf(items: readonly Item[]): number | null {
  if (items.length === 0) return null;
  const sum = items.reduce((all, { value }) => all + value, 0);
  return Math.min(Math.floor(sum), Number.MAX_SAFE_INTEGER);
}

/** A name as it may be shown: signs that steer a screen are no part of it. */
function plain(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, LONGEST_NAME).replace(/[^A-Za-z0-9 ._+/-]/g, '') : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
