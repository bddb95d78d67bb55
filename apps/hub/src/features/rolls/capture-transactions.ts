/**
 * What stands behind a difference: transactions of the vendor's system, one JSON object a line. A transaction counts once,
 * within some days, and only for the values that it set: whoever changes a row by hand finds no transaction that says so.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '@bellwether/basics';
import {
  CHANGE_CLASSES,
  type ChangeClass,
  columnsOf,
  GROUPS,
  type Mapping,
  type RollFields,
  type RollsError,
  type RowReader,
  rowReader,
} from '@bellwether/rolls';
import { OFFICE_FIELD } from './difference-class.ts';
import { incompleteDump } from './live/live-types.ts';
import type { Change, TransactionRef } from './rolls-files.ts';

/**
 * Days after which a transaction stands behind nothing any more: longer than a change waits for its office, with holidays;
 * shorter than anybody could keep one in store.
 */
export const TRANSACTION_DAYS = 30;

/** Characters of the longest line: a record has some hundred values of some ten letters. */
const MOST_LINE = 64 * 1024;

/** Transactions of one record within the window that are looked at. */
const MOST_OF_RECORD = 64;

/** How far a vendor's clock may be ahead of the moment that the dump is of, in ms: clocks that are kept differ by less. */
const MOST_AHEAD = 3_600_000;

const DAY = 86_400_000;

type Transaction = TransactionRef & { readonly fields: Readonly<Record<string, string>> };

/** Whether a mapping says where it stands what stands behind changes. Replication does not. */
export function namesTransactions({ transactions }: Pick<Mapping, 'transactions'>): boolean {
  return transactions !== null && transactions.kind !== 'replication';
}

/** Joins differences with the transactions behind them. `used`: those that stood behind something that was signed. */
export async function joinTransactions(
  changes: readonly Change[],
  mapping: Mapping,
  path: string | null,
  used: (id: string) => boolean,
  now: number,
): Promise<Result<readonly Change[], RollsError>> {
  // What replication tells happened; that it was allowed to happen it does not tell.
  if (!namesTransactions(mapping)) return ok(changes);
  const wanted = new Map<string, Transaction[]>(changes.map(({ recordId }) => [recordId, []]));
  const read = path === null ? ok() : await readTransactions(path, wanted, used, now);
  if (read.isErr()) return read;
  const reader = rowReader(mapping, columnsOf(mapping));
  if (reader.isErr()) return reader;
  return ok(
    changes.map((change) => {
      if (change.fault !== null) return change;
      const transaction = behind(change, wanted.get(change.recordId)!, mapping, reader.value);
      if (transaction === null) return { ...change, fault: 'no-transaction' as const };
      const { fields: _, ...ref } = transaction;
      return { ...change, class: ref.class, transaction: ref };
    }),
  );
}

async function readTransactions(
  path: string,
  wanted: ReadonlyMap<string, Transaction[]>,
  used: (id: string) => boolean,
  now: number,
): Promise<Result<void, RollsError>> {
  const file = createReadStream(path, 'utf8');
  const lines = createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY });
  const seen = new Set<string>();
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      const read = line.length > MOST_LINE ? null : transactionOf(line);
      if (read === null) return err(incompleteDump(`${path}, line ${number}: it is no transaction`));
      const time = Date.parse(read.transaction.at);
      const of = wanted.get(read.record);
      if (of === undefined || time < now - TRANSACTION_DAYS * DAY || time > now + MOST_AHEAD) continue;
      // The first of a number counts: one that comes again authorises nothing.
      if (seen.has(read.transaction.id) || used(read.transaction.id)) continue;
      seen.add(read.transaction.id);
      if (of.length < MOST_OF_RECORD) of.push(read.transaction);
    }
    return ok();
  } catch (error) {
    return err(incompleteDump(`${path}: ${(error as Error).message}`));
  } finally {
    file.destroy();
  }
}

function transactionOf(line: string): { readonly record: string; readonly transaction: Transaction } | null {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { id, at, office, source, class: kind, record, fields } = value;
  const texts = [id, at, office, source, record];
  if (texts.some((text) => typeof text !== 'string' || text === '')) return null;
  if (Number.isNaN(Date.parse(at as string)) || !CHANGE_CLASSES.includes(kind as ChangeClass)) return null;
  if (typeof fields !== 'object' || fields === null) return null;
  if (Object.values(fields).some((field) => typeof field !== 'string')) return null;
  const optional = (text: unknown): string | null => (typeof text === 'string' ? text : null);
  return {
    record: record as string,
    transaction: {
      id: id as string,
      at: at as string,
      office: office as string,
      source: source as string,
      clerk: optional(value.clerk),
      device: optional(value.device),
      address: optional(value.address),
      class: kind as ChangeClass,
      fields: fields as Readonly<Record<string, string>>,
    },
  };
}

/** The transaction behind a change: the last of those that together set what differs; null where they do not. */
function behind(
  change: Change,
  transactions: readonly Transaction[],
  mapping: Mapping,
  reader: RowReader,
): Transaction | null {
  if (transactions.length === 0) return null;
  const inTime = [...transactions].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const set: Readonly<Record<string, string>> = Object.assign({}, ...inTime.map(({ fields }) => fields));
  if (!explains(change, set, mapping, reader)) return null;
  // Where people and a feed did it together, people answer for it.
  return inTime.findLast(({ source }) => !mapping.feeds.includes(source)) ?? inTime.at(-1)!;
}

function explains(
  { kind, recordId, office, fields, after }: Change,
  set: Readonly<Record<string, string>>,
  mapping: Mapping,
  reader: RowReader,
): boolean {
  const columns = columnsOf(mapping);
  const status = mapping.status.live[0]!;
  const full: Readonly<Record<string, string>> = {
    [mapping.status.column]: status,
    ...set,
    [mapping.record]: recordId,
    [mapping.office]: set[mapping.office] ?? office,
  };
  const row = reader.readRow(columns.map((column) => full[column] ?? ''));
  if (row.isErr()) return false;
  if (row.value === 'not-live') return kind === 'removed';
  if (kind === 'removed' || after === null) return false;
  // A record that comes back has values that no transaction of these days set; what one did set has to agree.
  if (kind === 'new') return mapping.status.column in set && agrees(after, row.value.fields, set, mapping);
  return (
    row.value.office === office &&
    fields.every((field) => (field === OFFICE_FIELD ? mapping.office in set : isSet(field, set, mapping))) &&
    agrees(after, row.value.fields, set, mapping)
  );
}

/** Whether all fields whose columns were set have the values that were set. */
function agrees(
  after: RollFields,
  told: RollFields,
  set: Readonly<Record<string, string>>,
  mapping: Mapping,
): boolean {
  return GROUPS.every((group) =>
    mapping.groups[group].every(
      ({ name, column }) => !(column in set) || after[group][name] === told[group][name],
    ),
  );
}

function isSet(field: string, set: Readonly<Record<string, string>>, mapping: Mapping): boolean {
  return GROUPS.some((group) =>
    mapping.groups[group].some(({ name, column }) => `${group}.${name}` === field && column in set),
  );
}
