/**
 * How an agent comes to its certificate, gets the next one, and loses it. Of what a request says only its key is taken: office and
 * name stand with the code, and the hub chooses the subject.
 */
import { timingSafeEqual } from 'node:crypto';
import type { AgentEnrolled, AgentEnrolment } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely, Transaction } from 'kysely';
import type { Trail } from '../../platform/auth/auth-types.ts';
import type { Actor } from '../../platform/auth/rights.ts';
import { hashOf, type RandomBytes } from '../../platform/auth/secrets.ts';
import type { Row, Tables } from '../../platform/postgres/tables.ts';
import { type OwnCa, serialText } from '../../platform/tls/own-ca.ts';
import { type AgentBook, type KnownAgent, subjectOf } from './agent-book.ts';
import { CODE_LIFE, finderOf, MOST_TRIES, newAgentSecret, spokenCode } from './enrolment-code.ts';
import { type AgentsError, agentsError } from './errors.ts';

/** What enrolment needs. */
export type EnrolmentOptions = {
  readonly db: Kysely<Tables>;
  readonly trail: Trail;
  readonly ca: OwnCa;
  readonly book: AgentBook;
  /** Public key of orders: SPKI, base64. */
  readonly orderKey: string;
  /** Networks that no block may touch. */
  readonly never: readonly string[];
  /** ms since 1970. */
  readonly now: () => number;
  readonly random: RandomBytes;
};

/** A code that was made. */
export type MadeCode = { readonly code: string; readonly until: number };

/** Enrolment over these records. */
export class Enrolment {
  readonly #options: EnrolmentOptions;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
  }

  /** A code for one agent of an office. */
  async makeAgentCode(
    by: Actor,
    office: string,
    name: string,
    origin: string,
  ): Promise<Result<MadeCode, AgentsError>> {
    const { db, trail, ca, now, random } = this.#options;
    const secret = newAgentSecret(random);
    const until = now() + CODE_LIFE;
    const kept = await db.transaction().execute(async (tx) => {
      if ((await officeName(tx, office)) === undefined)
        return err(agentsError('AGENT_OFFICE_UNKNOWN', office));
      if (await isTaken(tx, office, name)) return err(agentsError('AGENT_NAME_TAKEN', name));
      const made = {
        finder: finderOf(secret),
        secret: hashOf(secret),
        office,
        name,
        made_by: nameOf(by),
        made_at: new Date(now()),
        until_at: new Date(until),
      };
      const row = await tx.insertInto('agent_codes').values(made).returning('id').executeTakeFirstOrThrow();
      const about = `agent-code:${row.id}`;
      await trail.add(tx, { who: by, act: 'agent.code', place: office, about, after: { name }, origin });
      return ok();
    });
    // Slow on purpose: nothing in the records waits for it.
    return kept.isErr() ? kept : ok({ code: await spokenCode(secret, ca.certificate), until });
  }

  /** A code and a request become an agent. A wrong code counts; a request that cannot be read does not use a right one up. */
  async enrolAgent(
    { code, request, version }: AgentEnrolment,
    origin: string,
  ): Promise<Result<AgentEnrolled, AgentsError>> {
    const { db, trail, ca, book, orderKey, never, now } = this.#options;
    return await db.transaction().execute(async (tx) => {
      const found = await takeCode(tx, code, now());
      if (found === undefined) return err(agentsError('AGENT_CODE_WRONG', ''));
      const { office, name, made_by } = found;
      if (await isTaken(tx, office, name)) return err(agentsError('AGENT_NAME_TAKEN', name));
      const begun = { office, name, version, enrolled_at: new Date(now()), enrolled_by: made_by };
      const { id } = await tx
        .insertInto('agents')
        .values({ ...begun, serial: '', until_at: new Date(now()) })
        .returning('id')
        .executeTakeFirstOrThrow();
      const issued = await ca.issueClient(request, subjectOf(office, id));
      if (issued.isErr()) {
        await tx.deleteFrom('agents').where('id', '=', id).execute();
        return err(agentsError('AGENT_REQUEST_REFUSED', issued.error.detail));
      }
      const serial = serialText(issued.value.serial);
      const until_at = new Date(issued.value.notAfter);
      await tx.updateTable('agents').set({ serial, until_at }).where('id', '=', id).execute();
      await tx
        .updateTable('agent_codes')
        .set({ used_at: new Date(now()) })
        .where('id', '=', found.id)
        .execute();
      const about = `agent:${id}`;
      const after = { name, serial, version };
      await trail.add(tx, { who: 'hub', act: 'agent.enrol', place: office, about, after, origin });
      book.keep({ id, office, name, serial, serialBefore: null, isRevoked: false });
      return ok({
        certificate: issued.value.certificate,
        authority: ca.certificate,
        office,
        officeName: (await officeName(tx, office)) ?? office,
        name,
        orderKey,
        never: [...never],
      });
    });
  }

  /** The next certificate. The one that is shown holds on until the renewal after this one, for an agent that loses power in between. */
  async renewAgent(
    agent: KnownAgent,
    shownSerial: string,
    request: string,
  ): Promise<Result<{ certificate: string }, AgentsError>> {
    const { db, trail, ca, book } = this.#options;
    const issued = await ca.issueClient(request, subjectOf(agent.office, agent.id));
    if (issued.isErr()) return err(agentsError('AGENT_REQUEST_REFUSED', issued.error.detail));
    const serial = serialText(issued.value.serial);
    await db.transaction().execute(async (tx) => {
      const until_at = new Date(issued.value.notAfter);
      await tx
        .updateTable('agents')
        .set({ serial, serial_before: shownSerial, until_at })
        .where('id', '=', agent.id)
        .execute();
      const { id, office } = agent;
      const after = { serial };
      await trail.add(tx, { who: 'hub', act: 'agent.renew', place: office, about: `agent:${id}`, after });
    });
    // Whoever was revoked meanwhile stays so.
    const now = book.get(agent.id) ?? agent;
    book.keep({ ...now, serial, serialBefore: shownSerial });
    return ok({ certificate: issued.value.certificate });
  }

  /** Revokes an agent for good. When it gives ok, its certificates are on the list and nothing lets it in. */
  async revokeAgent(by: Actor, id: number, why: string, origin: string): Promise<Result<void, AgentsError>> {
    const { db, trail, ca, book, now } = this.#options;
    const agent = book.get(id);
    if (agent === undefined || agent.isRevoked) return err(agentsError('AGENT_UNKNOWN', `agent ${id}`));
    for (const serial of [agent.serial, agent.serialBefore]) {
      if (serial === null) continue;
      const listed = await ca.revokeClient(serial);
      // The record below keeps it out all the same; only a list that is full, or a full disk, gets here.
      if (listed.isErr()) break;
    }
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('agents')
        .set({ revoked_at: new Date(now()), revoked_why: why })
        .where('id', '=', id)
        .execute();
      const { office: place, name } = agent;
      const about = `agent:${id}`;
      await trail.add(tx, { who: by, act: 'agent.revoke', place, about, why, before: { name }, origin });
    });
    book.keep({ ...(book.get(id) ?? agent), isRevoked: true });
    return ok();
  }
}

/** The code that a secret opens, locked for this transaction; a wrong one is counted against what it may have been meant for. */
async function takeCode(
  tx: Transaction<Tables>,
  secret: string,
  now: number,
): Promise<Row<'agent_codes'> | undefined> {
  const finder = finderOf(secret);
  const rows = await tx
    .selectFrom('agent_codes')
    .selectAll()
    .where('finder', '=', finder)
    .where('used_at', 'is', null)
    .where('until_at', '>', new Date(now))
    .where('tries', '<', MOST_TRIES)
    .forUpdate()
    .execute();
  const hash = hashOf(secret);
  const found = rows.find((row) => timingSafeEqual(row.secret, hash));
  if (found !== undefined || rows.length === 0) return found;
  await tx
    .updateTable('agent_codes')
    .set(({ eb }) => ({ tries: eb('tries', '+', 1) }))
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return undefined;
}

async function isTaken(tx: Transaction<Tables>, office: string, name: string): Promise<boolean> {
  const row = await tx
    .selectFrom('agents')
    .select('id')
    .where('office', '=', office)
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

async function officeName(tx: Transaction<Tables>, office: string): Promise<string | undefined> {
  if (office === 'state') return 'the state office';
  const row = await tx
    .selectFrom('authorities')
    .select('name')
    .where('lea_id', '=', office)
    .executeTakeFirst();
  return row?.name;
}

function nameOf(by: Actor): string {
  return by.kind === 'machine' ? 'whoever runs the machine' : by.name;
}
