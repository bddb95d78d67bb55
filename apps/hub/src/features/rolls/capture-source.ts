/**
 * Changes one by one, from where the mapping says: everything that is new in the audit table or in the slot goes into
 * `captures/lines.ndjson` before the live database is read, so that a night has every change that it can see.
 */
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { Mapping, RollsError } from '@bellwether/rolls';
import { Client } from 'pg';
import { appendCaptured, type CapturedTransaction } from './capture-append.ts';
import { captureAudit } from './capture-audit.ts';
import { captureReplication } from './capture-replication.ts';
import { incompleteDump } from './live/live-types.ts';
import { reasonOf } from './live/postgres-rows.ts';
import type { RollPaths } from './roll-files.ts';
import type { CaptureHead } from './rolls-files.ts';

/** ms that the database may take to let us in, and for one round. */
const CONNECT_MS = 10_000;
const ROUND_MS = 300_000;

/** Rounds of one capture: some ten thousand changes each, so that a year that nobody read is read in one go. */
const MOST_ROUNDS = 1_000;

const ADDRESS = /^postgres(?:ql)?:\/\//;

/** What was captured: how, and the file of lines that may stand behind changes (null: none of these lines may). */
export type CapturedNow = {
  readonly captures: CaptureHead['captures'];
  /** Lines of all captures so far; null with plain dumps. */
  readonly lines: string | null;
  readonly path: string | null;
};

/** Captures all that is new. `address` is that of a database, and stands in no message. */
export async function captureNow(
  paths: Pick<RollPaths, 'captures'>,
  { transactions, record, office, status }: Mapping,
  address: string,
  zone: string,
): Promise<Result<CapturedNow, RollsError>> {
  if (transactions === null || transactions.kind === 'ndjson')
    return ok({ captures: 'dumps', lines: null, path: null });
  const { kind } = transactions;
  if (!ADDRESS.test(address))
    return err(
      incompleteDump(
        `the mapping captures by ${kind}: put the address of that database (postgres://...) into BELLWETHER_CHANGES`,
      ),
    );
  const lines = join(paths.captures, 'lines.ndjson');
  const keep = (more: readonly CapturedTransaction[]): Promise<void> => appendCaptured(lines, more);
  const state = join(paths.captures, 'audit-state.json');
  const client = new Client({
    connectionString: address,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ROUND_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    return err(incompleteDump(`the database of changes cannot be reached: ${reasonOf(error)}`));
  }
  try {
    // There is a file from the first time on, also where nothing has changed yet.
    await keep([]);
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds++) {
      const round =
        kind === 'audit-table'
          ? await captureAudit({ client, query: transactions.query, state, zone }, keep)
          : await captureReplication(
              { client, ...transactions, mapping: { record, office, status }, zone },
              keep,
            );
      if (round.isErr()) return round;
      // Who authorised it, an audit table tells; replication does not.
      if (round.value === 0)
        return ok({ captures: kind, lines, path: kind === 'audit-table' ? lines : null });
    }
    return err(incompleteDump('more changes came than can be captured at once; capture again'));
  } finally {
    await client.end().catch(() => {});
  }
}
