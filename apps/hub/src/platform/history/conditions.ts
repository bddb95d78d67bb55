/**
 * What a search asks for, as a condition in SQL with parameters: no text of a question ever becomes text of a statement.
 * Parameters are cast to the type of the column, or DuckDB would cast the column and read what it could skip.
 */
import type { ContactsQuery } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { DISPOSITIONS, RULES } from '@bellwether/contacts';
import type { DuckDBValue } from '@duckdb/node-api';
import type { Place } from './cursor.ts';
import type { HistoryError, Within } from './history-types.ts';
import { type SourceRange, sourceRange } from './source-range.ts';

/** A condition, and the values of its parameters. */
export type Condition = {
  readonly sql: string;
  readonly values: readonly DuckDBValue[];
  /** Event times, ms: from the first on, before the second. Infinite where nobody asked. */
  readonly from: number;
  readonly to: number;
};

/** Most characters of an authority's key. */
const MAX_AUTHORITY = 32;

/** Offices of a question: every state has fewer authorities, and what is longer is no list of offices. */
const MOST_OFFICES = 4096;

/** What a question asks for within some offices, its page left aside. */
export function conditionOf(query: ContactsQuery, within: Within): Result<Condition, HistoryError> {
  const terms: string[] = [];
  const values: DuckDBValue[] = [];
  const bind = (value: DuckDBValue, type: string): string => `$${values.push(value)}::${type}`;

  if (query.source !== undefined) {
    const range = sourceRange(query.source);
    if (range === undefined)
      return invalid('source', query.source, 'an address, or a prefix like 203.0.113.0/24');
    terms.push(...sourceTerms(range, bind));
  }
  if (query.authority !== undefined) {
    if (query.authority.length > MAX_AUTHORITY)
      return invalid('authority', query.authority, 'the key of an office');
    terms.push(`authority = ${bind(query.authority, 'VARCHAR')}`);
  }
  terms.push(...officeTerms(within, bind));
  if (query.port !== undefined) {
    if (!Number.isInteger(query.port) || query.port < 0 || query.port > 65_535) {
      return invalid('port', String(query.port), 'a whole number up to 65535');
    }
    terms.push(`destination_port = ${bind(query.port, 'USMALLINT')}`);
  }
  if (query.disposition !== undefined) {
    if (!DISPOSITIONS.includes(query.disposition))
      return invalid('disposition', query.disposition, 'a disposition');
    terms.push(`disposition = ${bind(query.disposition, 'VARCHAR')}`);
  }
  if (query.rule !== undefined) {
    if (!RULES.some(({ code }) => code === query.rule)) return invalid('rule', query.rule, 'a rule');
    terms.push(`rule = ${bind(query.rule, 'VARCHAR')}`);
  }
  const from = query.from === undefined ? Number.NEGATIVE_INFINITY : momentOf(query.from);
  if (from === undefined) return invalid('from', query.from!, 'a moment like 2026-11-03T06:00:00Z');
  const to = query.to === undefined ? Number.POSITIVE_INFINITY : momentOf(query.to);
  if (to === undefined) return invalid('to', query.to!, 'a moment like 2026-11-03T06:00:00Z');
  if (from > Number.NEGATIVE_INFINITY) terms.push(`time >= ${moment(bind(from, 'DOUBLE'))}`);
  if (to < Number.POSITIVE_INFINITY) terms.push(`time < ${moment(bind(to, 'DOUBLE'))}`);
  return ok({ sql: terms.length === 0 ? 'true' : terms.join(' AND '), values, from, to });
}

/** The rows of a condition that have a time; where a place is given, only those that come behind it, newest first. */
export function timed({ sql, values, ...rest }: Condition, after: Place | undefined): Condition {
  if (after === undefined) return { ...rest, sql: `${sql} AND time IS NOT NULL`, values };
  if (after.time === null) return { ...rest, sql: 'false', values: [] };
  const all = [...values];
  const time = moment(`$${all.push(after.time)}::DOUBLE`);
  // The first term alone says what need not be read.
  return {
    ...rest,
    sql: `${sql} AND time <= ${time} AND (time < ${time} OR ${below(after, all)})`,
    values: all,
  };
}

/** The same of those that have none, which come behind all others. */
export function timeless({ sql, values, ...rest }: Condition, after: Place | undefined): Condition {
  const all = [...values];
  const behind = after !== undefined && after.time === null ? ` AND ${below(after, all)}` : '';
  return { ...rest, sql: `${sql} AND time IS NULL${behind}`, values: all };
}

/** Of two rows of one time, which comes behind. */
function below(place: Place, values: DuckDBValue[]): string {
  const stream = `$${values.push(place.stream)}::UINTEGER`;
  const line = `$${values.push(place.line)}::BIGINT`;
  const entry = `$${values.push(place.entry)}::UBIGINT`;
  return `(stream < ${stream} OR (stream = ${stream} AND (line < ${line} OR (line = ${line} AND entry < ${entry}))))`;
}

/** The rows of one source, or of a prefix, within some offices. */
export function ofSource(range: SourceRange, within: Within): Condition {
  const values: DuckDBValue[] = [];
  const bind = (value: DuckDBValue, type: string): string => `$${values.push(value)}::${type}`;
  const terms = [...sourceTerms(range, bind), ...officeTerms(within, bind)];
  return {
    sql: terms.join(' AND '),
    values,
    from: Number.NEGATIVE_INFINITY,
    to: Number.POSITIVE_INFINITY,
  };
}

function sourceTerms(
  { key, low }: SourceRange,
  bind: (value: DuckDBValue, type: string) => string,
): string[] {
  const between = (column: string, [first, last]: readonly [bigint, bigint]): string =>
    first === last
      ? `${column} = ${bind(first, 'UBIGINT')}`
      : `${column} BETWEEN ${bind(first, 'UBIGINT')} AND ${bind(last, 'UBIGINT')}`;
  const keyTerm = between('source_key', key);
  if (low === null) return [keyTerm, 'source_low IS NULL'];
  const wholeHalf = low[0] === 0n && low[1] === (1n << 64n) - 1n;
  return [keyTerm, wholeHalf ? 'source_low IS NOT NULL' : between('source_low', low)];
}

/** Which offices, as a list that DuckDB compares with the dictionaries of the files. */
function officeTerms(within: Within, bind: (value: DuckDBValue, type: string) => string): string[] {
  if (within === 'all') return [];
  if (within.size === 0) return ['false'];
  if (within.size > MOST_OFFICES) throw new RangeError(`${within.size} offices in one question`);
  return [`authority IN (${[...within].map((office) => bind(office, 'VARCHAR')).join(', ')})`];
}

/** A parameter in ms as a moment, by the same sum as the writer's. */
function moment(milliseconds: string): string {
  return `to_timestamp(${milliseconds} / 1000)`;
}

/** RFC 3339, and nothing else that `Date.parse` might make something of. */
const MOMENT =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$/;

function momentOf(text: string): number | undefined {
  const time = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Characters of a wrong value that are said again. */
const SAID_AGAIN = 64;

function invalid(name: string, value: string, wanted: string): Result<never, HistoryError> {
  const said = JSON.stringify(value.slice(0, SAID_AGAIN));
  return err({ code: 'HISTORY_QUERY_INVALID', detail: `${name} is ${said}, and should be ${wanted}` });
}
