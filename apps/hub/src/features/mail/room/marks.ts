/**
 * What mail is known to be bad by: files, and pages that links lead to. Confirmed marks hold mail everywhere from then on; those of what
 * is only held hold it where nothing can be judged. A message that a person lets go ends the marks of its campaign.
 */
import type { MailMark } from '@bellwether/api';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { storedPrints, strongPrints } from './prints.ts';

/** Of one answer. */
const AT_ONCE = 5_000;

/** Marks of one message. */
const MOST_OF_MESSAGE = 40;

/** Marks that begin. */
export type NewMarks = {
  /** As the judge makes them, not under the key of this hub. */
  readonly prints: readonly string[];
  readonly campaign: string;
  readonly isConfirmed: boolean;
  /** ISO 8601. */
  readonly at: string;
};

/**
 * Notes what a fraud can be known by. Left out: what mail has in it that was delivered, such as the page of a newspaper, where nobody
 * has looked at it. A mark that was ended does not begin again by itself.
 */
export async function noteMarks(
  tx: Transaction<Tables>,
  { prints, campaign, isConfirmed, at }: NewMarks,
  printKey: () => Uint8Array,
): Promise<void> {
  const strong = strongPrints(prints).slice(0, MOST_OF_MESSAGE);
  if (strong.length === 0) return;
  const everyday = isConfirmed ? new Set<string>() : await delivered(tx, strong, printKey);
  const values = strong.filter((print) => !everyday.has(print));
  if (values.length === 0) return;
  await oneAfterTheOther(tx);
  await sql`
    INSERT INTO mail_marks (kind, value, change, list, is_confirmed, is_ended, at)
    SELECT 'print', value, nextval('mail_mark_changes'), ${campaign}, ${isConfirmed}, false, ${at}::timestamptz
    FROM unnest(${values}::text[]) AS value
    ON CONFLICT (kind, value) DO UPDATE
      SET change = excluded.change, list = excluded.list, is_confirmed = excluded.is_confirmed,
          is_ended = false, at = excluded.at
      WHERE excluded.is_confirmed AND (NOT mail_marks.is_confirmed OR mail_marks.is_ended)`.execute(tx);
}

/** The campaign that somebody confirmed, by what a message is known by; null: none. */
export async function confirmedAs(
  tx: Transaction<Tables>,
  prints: readonly string[],
): Promise<string | null> {
  const strong = strongPrints(prints).slice(0, MOST_OF_MESSAGE);
  if (strong.length === 0) return null;
  const row = await tx
    .selectFrom('mail_marks')
    .select('list')
    .where('kind', '=', 'print')
    .where('value', 'in', strong)
    .where('is_confirmed', '=', true)
    .where('is_ended', '=', false)
    .orderBy('change', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.list ?? null;
}

/** A mistake: what was known of a campaign holds nothing any more. */
export async function endMarks(tx: Transaction<Tables>, campaign: string): Promise<void> {
  await oneAfterTheOther(tx);
  await sql`
    UPDATE mail_marks SET is_ended = true, change = nextval('mail_mark_changes')
    WHERE list = ${campaign} AND NOT is_ended`.execute(tx);
}

/** What changed after a number, in order. */
export async function marksAfter(
  db: Kysely<Tables>,
  after: number,
): Promise<{ readonly marks: MailMark[]; readonly last: number }> {
  const rows = await db
    .selectFrom('mail_marks')
    .selectAll()
    .where('change', '>', after)
    .orderBy('change')
    .limit(AT_ONCE)
    .execute();
  return {
    marks: rows.map(({ value, list, is_confirmed: isConfirmed, is_ended: isEnded }) => {
      return { kind: 'print', value, list, isConfirmed, isEnded };
    }),
    last: rows.at(-1)?.change ?? after,
  };
}

/** Number of the last change; 0: there was none. */
export async function lastMark(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('mail_marks')
    .select(({ fn }) => fn.max<number | null>('change').as('change'))
    .executeTakeFirstOrThrow();
  return row.change ?? 0;
}

/** Changes are seen in the order of their numbers. */
async function oneAfterTheOther(tx: Transaction<Tables>): Promise<void> {
  await sql`LOCK TABLE mail_marks IN EXCLUSIVE MODE`.execute(tx);
}

/** Those that mail has which reached people. */
async function delivered(
  tx: Transaction<Tables>,
  prints: readonly string[],
  printKey: () => Uint8Array,
): Promise<ReadonlySet<string>> {
  const byStored = new Map(prints.map((print) => [storedPrints([print], printKey())[0]!, print]));
  const rows = await tx
    .selectFrom('mail_prints as p')
    .innerJoin('mail_messages as m', 'm.id', 'p.message')
    .where('p.print', 'in', [...byStored.keys()])
    .where('m.state', 'is', null)
    .select('p.print')
    .distinct()
    .execute();
  return new Set(rows.map(({ print }) => byStored.get(print)!));
}
