/**
 * Changes as PostgreSQL's logical replication tells them: also those that are undone before the next dump. The vendor's
 * administrator makes the publication and the slot (plugin `pgoutput`), and gives our account REPLICATION and nothing else:
 *
 *     CREATE PUBLICATION bellwether FOR TABLE voters;
 *     ALTER TABLE voters REPLICA IDENTITY FULL;
 *     SELECT pg_create_logical_replication_slot('bellwether', 'pgoutput');
 *
 * Read with `pg_logical_slot_peek_binary_changes`, and acknowledged (`pg_replication_slot_advance`) only when the lines are on
 * disk: a crash between repeats lines, and loses none. Replication sees that a row changed, never by whom or with what right:
 * these lines are what happened, and must not stand as what authorises it.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { ChangeClass, Mapping, RollsError } from '@bellwether/rolls';
import type { Client } from 'pg';
import type { CapturedTransaction } from './capture-append.ts';
import { incompleteDump } from './live/live-types.ts';
import { dayIn } from './moment.ts';
import { type PgMessage, parsePgoutput, type Tuple } from './pgoutput.ts';

/** Changes taken at a time; PostgreSQL ends at the end of the transaction in which they are reached. */
const CHANGES_AT_ONCE = 10_000;

/** Messages of one round at most: a transaction that changes every registration of a large office twice has fewer. */
const MOST_MESSAGES = 2_000_000;

/** Where changes come from. */
export type ReplicationSource = {
  readonly client: Client;
  readonly slot: string;
  readonly publication: string;
  readonly mapping: Pick<Mapping, 'record' | 'office' | 'status'>;
  /** Time zone of the state, as IANA names it. */
  readonly zone: string;
};

/** One round: what was told, `keep` has made durable and the slot was moved past. How many; 0 when there is nothing new. */
export async function captureReplication(
  source: ReplicationSource,
  keep: (lines: readonly CapturedTransaction[]) => Promise<void>,
): Promise<Result<number, RollsError>> {
  const { client, slot, publication } = source;
  const read = await client
    .query<{ data: Buffer }>(
      "SELECT data FROM pg_logical_slot_peek_binary_changes($1, NULL, $2, 'proto_version', '1', 'publication_names', $3)",
      [slot, CHANGES_AT_ONCE, publication],
    )
    .catch((error: Error) => error);
  if (read instanceof Error) return err(incompleteDump(`the slot ${slot} cannot be read: ${read.message}`));
  if (read.rows.length > MOST_MESSAGES)
    return err(incompleteDump(`${read.rows.length} messages in one transaction`));
  const told = linesOf(
    read.rows.map(({ data }) => data),
    source,
  );
  if (told.isErr()) return told;
  const { lines, end } = told.value;
  if (end === null) return ok(0);
  if (lines.length > 0) await keep(lines);
  const moved = await client
    .query('SELECT pg_replication_slot_advance($1, $2::pg_lsn)', [slot, lsnText(end)])
    .catch((error: Error) => error);
  if (moved instanceof Error)
    return err(incompleteDump(`the slot ${slot} cannot be moved: ${moved.message}`));
  return ok(lines.length);
}

type Told = { readonly lines: readonly CapturedTransaction[]; readonly end: bigint | null };
type Relation = Extract<PgMessage, { kind: 'relation' }>;

function linesOf(messages: readonly Uint8Array[], source: ReplicationSource): Result<Told, RollsError> {
  const relations = new Map<number, Relation>();
  const lines: CapturedTransaction[] = [];
  let open: { readonly lsn: bigint; readonly at: number; count: number } | null = null;
  let end: bigint | null = null;
  for (const bytes of messages) {
    const parsed = parsePgoutput(bytes);
    if (parsed.isErr()) return parsed;
    const message = parsed.value;
    if (message.kind === 'other') continue;
    if (message.kind === 'relation') {
      relations.set(message.id, message);
      continue;
    }
    if (message.kind === 'begin') {
      open = { lsn: message.lsn, at: message.at, count: 0 };
      continue;
    }
    if (open === null) return err(incompleteDump('a replicated change outside of a transaction'));
    if (message.kind === 'commit') {
      end = message.end;
      open = null;
      continue;
    }
    if (message.kind === 'truncate')
      return err(incompleteDump('the table of registrations was emptied at once (TRUNCATE)'));
    const relation = relations.get(message.relation);
    if (relation === undefined) return err(incompleteDump('a replicated change of an unknown table'));
    const line = lineOf(message, relation, source, `wal-${open.lsn.toString(16)}-${++open.count}`, open.at);
    if (line.isErr()) return line;
    if (line.value !== null) lines.push(line.value);
  }
  return ok({ lines, end });
}

function lineOf(
  message: Extract<PgMessage, { kind: 'insert' | 'update' | 'delete' }>,
  relation: Relation,
  { mapping, zone }: ReplicationSource,
  id: string,
  at: number,
): Result<CapturedTransaction | null, RollsError> {
  const old = message.kind === 'insert' || message.old === null ? null : valuesOf(message.old, relation);
  const row = message.kind === 'delete' ? null : valuesOf(message.row, relation);
  const whole = { ...old, ...row };
  const [record, office] = [whole[mapping.record], whole[mapping.office]];
  if (record === undefined || office === undefined)
    return err(
      incompleteDump(
        `${relation.name}: a change without ${mapping.record} or ${mapping.office}; set REPLICA IDENTITY FULL`,
      ),
    );
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(row ?? {})) if (old?.[name] !== value) fields[name] = value;
  // A row that was written again with the same values is no change.
  if (message.kind === 'update' && Object.keys(fields).length === 0) return ok(null);
  return ok({
    id,
    day: dayIn(zone, at),
    at: new Date(at).toISOString(),
    office,
    source: 'database',
    clerk: null,
    device: null,
    address: null,
    class: classOf(message.kind, fields, mapping),
    record,
    fields,
  });
}

function classOf(
  kind: 'insert' | 'update' | 'delete',
  fields: Readonly<Record<string, string>>,
  { status }: Pick<Mapping, 'status'>,
): ChangeClass {
  if (kind === 'insert') return 'registration-created';
  if (kind === 'delete') return 'registration-cancelled';
  const set = fields[status.column];
  if (set === undefined) return 'registration-updated';
  return status.live.includes(set) ? 'status-updated' : 'registration-cancelled';
}

/** By column; what was not sent, since it is unchanged, is left out, and null is empty as it is in a dump. */
function valuesOf(tuple: Tuple, { columns }: Relation): Record<string, string> {
  const values: Record<string, string> = {};
  tuple.forEach((value, at) => {
    const column = columns[at];
    if (column !== undefined && value !== undefined) values[column] = value ?? '';
  });
  return values;
}

function lsnText(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
}
