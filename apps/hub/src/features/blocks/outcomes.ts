/**
 * "Decided N, enforced N": what agents read back from their kernels, beside what was decided. And the way to lift a block: a row
 * beside the decision, which stays as it was written.
 */
import type { BlockException, BlocksAnswer, BlocksAtAgent } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { type Kysely, sql } from 'kysely';
import type { Trail } from '../../platform/auth/auth-types.ts';
import type { Actor, Reach } from '../../platform/auth/rights.ts';
import type { Row, Tables } from '../../platform/postgres/tables.ts';
import { type AgentsError, agentsError } from '../agents/errors.ts';
import { reportOf } from '../agents/store.ts';
import { officeNames } from '../people/store-names.ts';
import { bouncerRows } from './bouncer-rows.ts';

/** Three reports that did not come, ms: one may be lost with its connection. */
const HEARD_WITHIN = 180_000;

/** Exceptions in one answer: more than anybody reads. The counts tell of all. */
const MOST_EXCEPTIONS_SHOWN = 1_000;

/** A day, ms: as long as a lifted block is counted. */
const LIFTED_WITHIN = 86_400_000;

/** What became of the blocks, at the agents of offices in reach. */
export async function blocksAnswer(
  db: Kysely<Tables>,
  reach: Reach,
  sequence: number,
  now: number,
): Promise<BlocksAnswer> {
  const nameOf = await officeNames(db, null);
  let query = db.selectFrom('agents').selectAll().where('revoked_at', 'is', null);
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  const rows = await query.orderBy('office').orderBy('name').execute();
  const counted = await sql<{ decided: number; atClients: number; lifted: number }>`
    SELECT (SELECT count(*) FROM standing_decisions
            WHERE from_at <= ${new Date(now)} AND until_at > ${new Date(now)} AND seen = 'packets') AS decided,
           (SELECT count(*) FROM standing_decisions
            WHERE from_at <= ${new Date(now)} AND until_at > ${new Date(now)} AND seen = 'client') AS "atClients",
           (SELECT count(*) FROM lifted_decisions WHERE lifted_at > ${new Date(now - LIFTED_WITHIN)}) AS lifted`.execute(
    db,
  );
  const told = rows.flatMap(exceptionsOf).slice(0, MOST_EXCEPTIONS_SHOWN);
  const values = await valuesOf(db, told);
  return {
    at: new Date(now).toISOString(),
    ...counted.rows[0]!,
    sequence,
    agents: rows.map((row) => atAgent(row, nameOf(row.office), now)),
    bouncers: await bouncerRows(db, reach, nameOf),
    exceptions: told.map((one) => ({ ...one, value: values.get(one.block) ?? null })),
  };
}

/** A block that was lifted. */
export type LiftedBlock = { readonly id: number; readonly value: string; readonly liftedAt: number };

/** Lifts a block that is in force: it ends now, wherever it is enforced. */
export async function undoBlock(
  db: Kysely<Tables>,
  trail: Trail,
  by: Actor & { readonly kind: 'person' | 'machine' },
  what: { readonly id: number; readonly why: string; readonly origin: string; readonly now: number },
): Promise<Result<LiftedBlock, AgentsError>> {
  const { id, why, origin, now } = what;
  return await db.transaction().execute(async (tx) => {
    const standing = await tx
      .selectFrom('standing_decisions')
      .select(['value', 'until_at'])
      .where('id', '=', id)
      .where('until_at', '>', new Date(now))
      .executeTakeFirst();
    if (standing === undefined) return err(agentsError('AGENT_BLOCK_OVER', `block ${id}`));
    const { value } = standing;
    const lifted = {
      decision: id,
      lifted_at: new Date(now),
      lifted_by: by.kind === 'person' ? by.name : 'machine',
      why,
    };
    const row = await tx
      .insertInto('lifted_decisions')
      .values(lifted)
      .onConflict((conflict) => conflict.doNothing())
      .returning('decision')
      .executeTakeFirst();
    if (row === undefined) return err(agentsError('AGENT_BLOCK_OVER', `block ${id}`));
    const before = { value, until: standing.until_at };
    await trail.add(tx, {
      who: by,
      act: 'block.undo',
      place: 'state',
      about: `block:${id}`,
      why,
      before,
      origin,
    });
    return ok({ id, value, liftedAt: now });
  });
}

function atAgent(row: Row<'agents'>, officeName: string, now: number): BlocksAtAgent {
  const report = reportOf(row);
  const { id: agent, office, name, last_heard } = row;
  const isHeard = last_heard !== null && now - last_heard.getTime() < HEARD_WITHIN;
  return {
    office,
    officeName,
    agent,
    name,
    heardAt: last_heard?.toISOString() ?? null,
    isHeard,
    point: report?.point.state ?? null,
    why: [...(report?.point.why ?? [])],
    sequence: report?.sequence ?? 0,
    decided: report?.decided ?? 0,
    enforced: report?.enforced ?? 0,
    refused: report?.refusedCount ?? 0,
    missing: report?.missingCount ?? 0,
    vetoes: report?.vetoes ?? 0,
  };
}

function exceptionsOf(row: Row<'agents'>): Omit<BlockException, 'value'>[] {
  const report = reportOf(row);
  if (report === null) return [];
  const { office, id: agent } = row;
  return [
    ...report.missing.map(({ id, detail }) => ({
      block: id,
      office,
      agent,
      state: 'missing' as const,
      why: null,
      detail,
    })),
    ...report.refused.map(({ id, why, detail }) => ({
      block: id,
      office,
      agent,
      state: 'refused' as const,
      why,
      detail,
    })),
  ];
}

async function valuesOf(
  db: Kysely<Tables>,
  told: readonly Omit<BlockException, 'value'>[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(told.map(({ block }) => block))]
    .filter((id) => /^[1-9]\d{0,14}$/.test(id))
    .map(Number);
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('decisions').select(['id', 'value']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, value }) => [String(id), value]));
}
