/** The state's list of those whom attackers pretend to be: every version is kept, and the last one is in force. */
import type { NewProtected, ProtectedAnswer } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { type ProtectedList, readProtected } from '@bellwether/mail';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../../platform/postgres/tables.ts';
import type { MailRoomError } from './errors.ts';

/** What a list begins as: the offices have to be written, the rest may follow. */
export const EMPTY_LIST = `own: state
offices: []
people: []
organisations: []
`;

/** The list in force. */
export async function protectedNow(db: Kysely<Tables>): Promise<ProtectedAnswer> {
  const row = await db
    .selectFrom('mail_lists')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const yaml = row?.yaml ?? EMPTY_LIST;
  const read = readProtected(yaml);
  const list = read.isOk() ? read.value : null;
  return {
    ...{ yaml, version: row?.version ?? 0, by: row?.changed_by ?? null },
    changedAt: row?.changed_at.toISOString() ?? null,
    people: list?.people.length ?? 0,
    organisations: list?.organisations.length ?? 0,
    offices: list?.offices.length ?? 0,
  };
}

/** Version of the list in force; 0: there is none. */
export async function listVersion(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('mail_lists')
    .select(({ fn }) => fn.max<number | null>('version').as('version'))
    .executeTakeFirstOrThrow();
  return row.version ?? 0;
}

/** The list in force, as the judge takes it; null where none was written, or none that this version reads. */
export async function listInForce(db: Kysely<Tables>): Promise<ProtectedList | null> {
  const { yaml, version } = await protectedNow(db);
  if (version === 0) return null;
  const read = readProtected(yaml);
  return read.isOk() ? read.value : null;
}

/** Puts a new version in force. */
export async function changeProtected(
  db: Kysely<Tables>,
  { yaml, version }: NewProtected,
  by: string,
  now: number,
): Promise<Result<ProtectedAnswer, MailRoomError>> {
  const read = readProtected(yaml);
  if (read.isErr()) return err({ code: 'MAIL_LIST_WRONG', detail: read.error.detail });
  const isIn = await db.transaction().execute(async (tx) => {
    await sql`LOCK TABLE mail_lists IN EXCLUSIVE MODE`.execute(tx);
    const last = await tx
      .selectFrom('mail_lists')
      .select(({ fn }) => fn.max<number | null>('version').as('version'))
      .executeTakeFirstOrThrow();
    if ((last.version ?? 0) !== version) return false;
    await tx
      .insertInto('mail_lists')
      .values({ yaml, changed_at: new Date(now), changed_by: by })
      .execute();
    return true;
  });
  if (!isIn) return err({ code: 'MAIL_LIST_CHANGED', detail: `yours was made from version ${version}` });
  return ok(await protectedNow(db));
}
