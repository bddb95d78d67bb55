/** SQL that puts names in place of the numbers of packed rows: of rules, kinds, outcomes and addresses. */
import { DISPOSITIONS, EventOutcome, Flag, Kind, RULES, UNKNOWN_U32 } from '@bellwether/contacts';

/** Text in SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const RULE_CODES = RULES.map(({ code }, i) => [code, i] as const);
const DISPOSITION_OF_RULE = RULES.map(({ disposition }, i) => [DISPOSITIONS[disposition], i] as const);

/** Makes the types of columns with few values, which Parquet then writes as the dictionaries that they are. */
export function typesSql(): string {
  const types: [string, readonly string[]][] = [
    ['kind_name', Object.keys(Kind)],
    ['outcome_name', Object.keys(EventOutcome)],
    ['disposition_name', DISPOSITIONS],
    ['rule_name', RULES.map(({ code }) => code)],
  ];
  return types
    .map(([type, names]) => `CREATE TYPE ${type} AS ENUM (${names.map(quoted).join(', ')});`)
    .join('\n');
}

/**
 * Times that are kept, ms: what a clock gone mad says beyond the year 9999 is no time at all. (NaN, for lines without
 * a readable time, is above every number in SQL.)
 */
export const KEPT_TIMES = { first: 0, last: Date.UTC(9999, 11, 31, 23, 59, 59, 999) } as const;

/** Whether a packed row has a time. */
export const HAS_TIME = `time BETWEEN ${KEPT_TIMES.first} AND ${KEPT_TIMES.last}`;

/** Columns of a history by their names, as expressions over a packed row. Needs the types of `typesSql`. */
export const NAMED = {
  time: `CASE WHEN ${HAS_TIME} THEN to_timestamp(time / 1000) END`,
  line: 'line::BIGINT',
  source: `CASE WHEN (flags & ${Flag.noSource}) = 0 THEN coalesce(source6, ${dotted('src')}) END`,
  destination: `CASE WHEN (flags & ${Flag.noDestination}) = 0 THEN coalesce(destination6, ${dotted('dst')}) END`,
  source_port: '(ports >> 16)::USMALLINT',
  destination_port: '(ports & 65535)::USMALLINT',
  protocol: '((what >> 16) & 255)::UTINYINT',
  kind: named('kind_name', Object.entries(Kind), '(what & 255)'),
  outcome: named('outcome_name', Object.entries(EventOutcome), '((what >> 8) & 255)'),
  status: 'nullif(answer & 65535, 0)::USMALLINT',
  disposition: named('disposition_name', DISPOSITION_OF_RULE, '(what >> 24)'),
  rule: named('rule_name', RULE_CODES, '(what >> 24)'),
  account: 'nullif((acct0::UBIGINT << 32) | acct1::UBIGINT, 0)',
  route: 'nullif(route, 0)',
  content: '(answer >> 16)::USMALLINT',
  bytes: `nullif(size, ${UNKNOWN_U32})`,
  millis: `nullif(millis, ${UNKNOWN_U32})`,
} as const;

/** Columns with their names, for a SELECT. */
export function listed(columns: readonly (keyof typeof NAMED)[]): string {
  return columns.map((column) => `${NAMED[column]} AS ${column}`).join(',\n    ');
}

/** Of a byte as such, which is spelled faster than a number of 32 bits. */
function dotted(word: string): string {
  return `concat(${[24, 16, 8, 0].map((shift) => `((${word} >> ${shift}) & 255)::UTINYINT`).join(`, '.', `)})`;
}

/** The name of a number, by a list of names with the numbers they stand for. */
function named(type: string, names: Iterable<readonly [string, number]>, number: string): string {
  const list: string[] = [];
  for (const [name, code] of names) list[code] = quoted(name);
  return `([${Array.from(list, (name) => name ?? 'NULL').join(', ')}]::${type}[])[${number} + 1]`;
}
