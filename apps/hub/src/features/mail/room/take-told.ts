/** What hooks tell is taken in: each event once, however often it is told; all of a batch, or nothing of it. */
import type { ToldMail, ToldMessage, ToldPull, ToldRecheck, ToldReport } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Reach } from '../../../platform/auth/rights.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import { campaignOf } from './campaign-of.ts';
import type { MailRoomError } from './errors.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { confirmedAs, endMarks, noteMarks } from './marks.ts';
import { orderPull } from './orders.ts';
import { storedPrints } from './prints.ts';

/** A quarter of a year: as far as campaigns are looked for. What was delivered is forgotten then. ms. */
export const REMEMBERED = 90 * 86_400_000;

/** What it stands on. */
export type TakingGround = {
  readonly db: Kysely<Tables>;
  readonly kept: KeptBytes;
  readonly printKey: () => Uint8Array;
  /** What a message is known by, for marks; empty where it is none. */
  readonly printsIn: (bytes: Uint8Array) => Promise<readonly string[]>;
  readonly now: () => number;
};

type Told = ToldMail['events'][number];

/** Takes a batch in. `reach`: offices that whoever tells may tell of. Gives how many events were new. */
export async function takeToldMail(
  { events }: ToldMail,
  reach: Reach,
  ground: TakingGround,
): Promise<Result<number, MailRoomError>> {
  const { db } = ground;
  const offices = await officesAmong(
    db,
    events.map(({ office }) => office),
  );
  const strange = events.find(
    ({ office }) => !offices.has(office) || (reach !== 'all' && !reach.has(office)),
  );
  if (strange !== undefined) return err({ code: 'MAIL_OFFICE_UNKNOWN', detail: `"${strange.office}"` });
  const areKept = events.map((event) => keptHere(event, ground.kept));
  const pulled = await Promise.all(events.map((event) => printsOfPulled(event, ground)));
  const taken = await db.transaction().execute(async (tx) => {
    // One after the other: two batches at once must not make two campaigns of one.
    await sql`LOCK TABLE mail_days IN EXCLUSIVE MODE`.execute(tx);
    let fresh = 0;
    for (const [at, event] of events.entries()) {
      const isKept = areKept[at]!;
      if (event.kind === 'message') fresh += await takeOne(tx, event, isKept, ground);
      else if (event.kind === 'report') fresh += await takeOneReport(tx, event, isKept, pulled[at]!, ground);
      else if (event.kind === 'recheck') fresh += await takeOneRecheck(tx, event, isKept, ground);
      else fresh += await takeOnePull(tx, event);
    }
    return fresh;
  });
  return ok(taken);
}

/** Forgets what was delivered more than ninety days ago. What was kept from somebody stays: it is a public record. */
export async function forgetDelivered(db: Kysely<Tables>, now: number): Promise<void> {
  await db
    .deleteFrom('mail_messages')
    .where('state', 'is', null)
    .where('at', '<', new Date(now - REMEMBERED))
    .execute();
}

async function officesAmong(db: Kysely<Tables>, asked: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(asked)];
  if (wanted.length === 0) return new Set();
  const rows = await db.selectFrom('authorities').select('lea_id').where('lea_id', 'in', wanted).execute();
  return new Set(['state', ...rows.map(({ lea_id: id }) => id)]);
}

/** Before the database knows of it, so that what it says is kept is there. */
function keptHere(event: Told, kept: KeptBytes): boolean {
  if (event.kind === 'pull' || event.message === undefined) return false;
  return kept.keep(event.sha256, Buffer.from(event.message, 'base64'));
}

/** What a report was moved out of mailboxes for. */
async function printsOfPulled(event: Told, { printsIn }: TakingGround): Promise<readonly string[]> {
  if (event.kind !== 'report' || event.outcome !== 'pulled-back' || event.message === undefined) return [];
  return await printsIn(Buffer.from(event.message, 'base64'));
}

async function takeOne(
  tx: Transaction<Tables>,
  event: ToldMessage,
  isKept: boolean,
  { printKey }: TakingGround,
): Promise<number> {
  const { outcome, office, hook } = event;
  const state = outcome === 'hold' ? 'held' : outcome === 'block' ? 'refused' : null;
  const prints = storedPrints(event.prints, printKey());
  const isFraud = state !== null;
  const campaign = outcome === 'put-off' ? null : await campaignFor(tx, { ...event, isFraud }, prints);
  const row = await tx
    .insertInto('mail_messages')
    .values({
      ...{ told: event.id, at: event.at, hook, office, outcome, state, sha256: event.sha256 },
      ...{ score: event.score, sender: event.from, sender_name: isFraud ? event.fromName : '' },
      ...{ recipients: event.to, subject: isFraud ? event.subject : '' },
      ...{ reasons: JSON.stringify(isFraud ? event.reasons : []), campaign },
      ...{ held_where: event.where, queue_id: event.queueId, exposed: Math.round(event.exposed) },
      is_kept: isKept,
    })
    .onConflict((conflict) => conflict.column('told').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return 0;
  if (prints.length > 0 && outcome !== 'put-off')
    await tx
      .insertInto('mail_prints')
      .values(prints.map((print) => ({ print, message: row.id })))
      .execute();
  if (isFraud && campaign !== null)
    await noteMarks(tx, { prints: event.prints, campaign, isConfirmed: false, at: event.at }, printKey);
  await count(tx, event, outcome);
  return 1;
}

/** Of what was kept back for what somebody confirmed, that campaign; else by what it is like. */
async function campaignFor(
  tx: Transaction<Tables>,
  event: ToldMessage & { readonly isFraud: boolean },
  prints: readonly string[],
): Promise<string | null> {
  const confirmed = event.isFraud ? await confirmedAs(tx, event.prints) : null;
  return confirmed ?? (await campaignOf(tx, { ...event, prints }));
}

async function count(
  tx: Transaction<Tables>,
  { at, hook, office }: Pick<ToldMessage, 'at' | 'hook' | 'office'>,
  outcome: string,
): Promise<void> {
  await tx
    .insertInto('mail_days')
    .values({ day: at.slice(0, 10), hook, office, outcome, messages: 1, last_at: at })
    .onConflict((conflict) =>
      conflict.columns(['day', 'hook', 'office', 'outcome']).doUpdateSet({
        messages: sql`mail_days.messages + 1`,
        last_at: sql`greatest(mail_days.last_at, excluded.last_at)`,
      }),
    )
    .execute();
}

/**
 * A message was checked that had been delivered without: one that should have been kept back is moved out of mailboxes, with all that is
 * like it. Told again, it finds no message that waits for it.
 */
async function takeOneRecheck(
  tx: Transaction<Tables>,
  { at, hook, office, sha256, outcome, reasons, prints }: ToldRecheck,
  isKept: boolean,
  { printKey, now }: TakingGround,
): Promise<number> {
  const row = await tx
    .updateTable('mail_messages')
    .set({ outcome: 'recheck' })
    .where('sha256', '=', sha256)
    .where('office', '=', office)
    .where('outcome', '=', 'unchecked')
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return 0;
  await count(tx, { at, hook, office }, 'recheck');
  if (outcome !== 'hold' && outcome !== 'block') return 1;
  const stored = storedPrints(prints, printKey());
  const asked = { sha256, from: '', at, prints: stored, isFraud: true };
  const campaign = (await campaignOf(tx, asked)) ?? sha256.slice(0, 12);
  await noteMarks(tx, { prints, campaign, isConfirmed: true, at }, printKey);
  const why = `it could not be checked when it came, and is fraudulent: ${reasons[0]?.text ?? 'our check says so.'}`;
  if (isKept) await orderPull(tx, { sha256, campaign, office, by: 'the filter', why, now: now() });
  return 1;
}

async function takeOneReport(
  tx: Transaction<Tables>,
  event: ToldReport,
  isKept: boolean,
  prints: readonly string[],
  { printKey }: TakingGround,
): Promise<number> {
  const { id: told, at, office, reporter, subject, sha256, outcome, seconds } = event;
  const row = await tx
    .insertInto('mail_reports')
    .values({ told, at, office, reporter, subject, sha256, outcome, seconds, is_kept: isKept })
    .onConflict((conflict) => conflict.column('told').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return 0;
  if (outcome === 'pulled-back')
    await noteMarks(tx, { prints, campaign: sha256.slice(0, 12), isConfirmed: true, at }, printKey);
  return 1;
}

/** A message that was moved out of a mailbox is kept from its owner: it stands among what is held, and was received before. */
async function takeOnePull(tx: Transaction<Tables>, event: ToldPull): Promise<number> {
  const { id: told, at, act, hook, campaign, office, mailbox, sha256, subject, by, why, exposed } = event;
  const row = await tx
    .insertInto('mail_pulls')
    .values({
      ...{ told, at, act, hook, campaign, office, mailbox, sha256, subject },
      ...{ wanted_by: by, why },
    })
    .onConflict((conflict) => conflict.column('told').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return 0;
  if (act === 'release') {
    await endMarks(tx, campaign);
    await tx
      .updateTable('mail_messages')
      .set({
        state: 'released',
        released_at: sql`coalesce(released_at, ${at}::timestamptz)`,
        released_by: sql`coalesce(released_by, ${by})`,
        released_why: sql`coalesce(released_why, ${why})`,
      })
      .where('campaign', '=', campaign)
      .where('sha256', '=', sha256)
      .where('held_where', '=', 'folder')
      .where(sql<boolean>`recipients = ARRAY[${mailbox}]`)
      .execute();
    return 1;
  }
  const reasons = JSON.stringify([{ code: 'pulled-back', text: why }]);
  await tx
    .insertInto('mail_messages')
    .values({
      ...{ told: `pull ${told}`, at, hook, office, outcome: 'hold', state: 'held', sha256, score: 1 },
      ...{ sender: '', sender_name: '', recipients: [mailbox], subject, reasons, campaign },
      ...{ held_where: 'folder', exposed: Math.round(exposed), is_kept: false },
    })
    .onConflict((conflict) => conflict.column('told').doNothing())
    .execute();
  return 1;
}
