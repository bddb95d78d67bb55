/**
 * Changes from an audit table of the vendor's: a query with the columns of `transactions.ndjson` and `position`, a number that
 * only grows (a sequence or identity). It also sees what is undone before the next dump.
 *
 * Numbers of a sequence are drawn before the commit, so a row may appear below one that was read. Each round therefore looks
 * again at the last `LOOK_BACK` positions, and the state keeps which of them it has. A transaction that stays open while more
 * than that many others commit would be missed: the dump still shows what it left behind.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { CHANGE_CLASSES, type ChangeClass, type RollsError } from '@bellwether/rolls';
import type { Client } from 'pg';
import type { CapturedTransaction } from './capture-append.ts';
import { incompleteDump } from './live/live-types.ts';
import { dayIn } from './moment.ts';
import { readBounded, writeFileWhole } from './roll-files.ts';

/** Rows of one round. */
const ROWS_AT_ONCE = 10_000;

/** Positions that are looked at again: an hour of a state's busiest day. */
const LOOK_BACK = 5_000;

/** Bytes of the state: twice as many positions as can be looked at again. */
const MOST_STATE = 1024 * 1024;

/** Where changes come from, and where this is remembered. */
export type AuditSource = {
  readonly client: Client;
  /** The administrator's own SELECT; our account may read that and nothing else. */
  readonly query: string;
  /** File of the state, in the folder of captures. */
  readonly state: string;
  /** Time zone of the state, as IANA names it. */
  readonly zone: string;
};

type AuditState = {
  readonly schema: 'bellwether/audit-state@1';
  /** Decimal: the highest position that was read. */
  readonly position: string;
  /** Positions above `position - LOOK_BACK` that were read. */
  readonly seen: readonly string[];
};

const NOTHING: AuditState = { schema: 'bellwether/audit-state@1', position: '-1', seen: [] };

/** One round: `keep` makes the lines durable, then the state moves on. How many; 0 when there is nothing new. */
export async function captureAudit(
  source: AuditSource,
  keep: (lines: readonly CapturedTransaction[]) => Promise<void>,
): Promise<Result<number, RollsError>> {
  const bytes = await readBounded(source.state, MOST_STATE);
  const state = bytes === null ? NOTHING : stateOf(bytes.toString('utf8'));
  if (state === null) return err(incompleteDump(`${source.state} is no state of an audit table`));
  const from = BigInt(state.position) - BigInt(LOOK_BACK);
  const read = await source.client
    .query<Record<string, unknown>>(
      `SELECT * FROM (${source.query}) AS audit
       WHERE position > $1::bigint AND NOT (position = ANY ($2::bigint[])) ORDER BY position LIMIT $3`,
      [String(from), state.seen, ROWS_AT_ONCE],
    )
    .catch((error: Error) => error);
  if (read instanceof Error) return err(incompleteDump(`the audit table cannot be read: ${read.message}`));
  const lines: CapturedTransaction[] = [];
  const seen = state.seen.map(BigInt);
  for (const row of read.rows) {
    const line = lineOf(row, source.zone);
    if (line === null)
      return err(incompleteDump(`row ${String(row.position)} of the audit table is no transaction`));
    lines.push(line);
    seen.push(BigInt(String(row.position)));
  }
  if (lines.length === 0) return ok(0);
  await keep(lines);
  let highest = BigInt(state.position);
  for (const one of seen) {
    if (one > highest) highest = one;
  }
  const next: AuditState = {
    schema: NOTHING.schema,
    position: String(highest),
    seen: seen.filter((one) => one > highest - BigInt(LOOK_BACK)).map(String),
  };
  await writeFileWhole(source.state, JSON.stringify(next));
  return ok(lines.length);
}

function stateOf(text: string): AuditState | null {
  try {
    const value = JSON.parse(text) as AuditState;
    const isState =
      value.schema === NOTHING.schema &&
      [value.position, ...value.seen].every((one) => typeof one === 'string' && /^-?\d{1,19}$/.test(one));
    return isState ? value : null;
  } catch {
    return null;
  }
}

function lineOf(row: Readonly<Record<string, unknown>>, zone: string): CapturedTransaction | null {
  const { id, office, source, record, fields, class: kind } = row;
  const texts = [id, office, source, record].map((value) =>
    typeof value === 'number' || typeof value === 'string' ? String(value) : '',
  );
  const at = row.at instanceof Date ? row.at.getTime() : Date.parse(String(row.at));
  if (texts.includes('') || Number.isNaN(at) || !CHANGE_CLASSES.includes(kind as ChangeClass)) return null;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return null;
  const values = Object.entries(fields).map(([name, value]) => [name, value === null ? '' : String(value)]);
  const optional = (value: unknown): string | null => (value == null ? null : String(value));
  return {
    id: texts[0]!,
    day: dayIn(zone, at),
    at: new Date(at).toISOString(),
    office: texts[1]!,
    source: texts[2]!,
    clerk: optional(row.clerk),
    device: optional(row.device),
    address: optional(row.address),
    class: kind as ChangeClass,
    record: texts[3]!,
    fields: Object.fromEntries(values) as Record<string, string>,
  };
}
