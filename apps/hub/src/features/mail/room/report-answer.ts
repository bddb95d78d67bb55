/**
 * A person looked at a reported message: fraud, or fine. Either way it is learned from. What is fraud is moved out of all mailboxes and
 * held from then on, so that only somebody of the state says so.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely } from 'kysely';
import type { Actor, Reach } from '../../../platform/auth/rights.ts';
import type { Tables } from '../../../platform/postgres/tables.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import type { MailRoomError } from './errors.ts';
import { noteMarks } from './marks.ts';
import { orderPull } from './orders.ts';

/** What they said. */
export type ReportAnswer = {
  readonly is: 'fine' | 'bad';
  readonly who: Actor;
  readonly by: string;
  readonly origin: string;
};

/** What owners of mailboxes are told. */
const WHY = 'somebody reported it, and the state office found that it is fraudulent.';

/** Writes it down. */
export async function answerReport(
  { db, trail, kept, labelled, printKey, printsIn, now }: MailRoomDependencies,
  reach: Reach,
  id: number,
  { is, who, by, origin }: ReportAnswer,
): Promise<Result<void, MailRoomError>> {
  if (is === 'bad' && reach !== 'all' && !reach.has('state'))
    return err({ code: 'MAIL_REPORT_OF_STATE', detail: `number ${id}` });
  const asked = await reported(db, reach, id);
  const bytes = asked === undefined ? null : kept.read(asked.sha256);
  const isHunted = is === 'bad' && bytes !== null;
  const prints = isHunted ? await printsIn(bytes) : [];
  const row = await db.transaction().execute(async (tx) => {
    let update = tx
      .updateTable('mail_reports')
      .set({ outcome: is, answered_at: new Date(now()), answered_by: by })
      .where('id', '=', id)
      .where('outcome', '=', 'waits');
    if (reach !== 'all') update = update.where('office', 'in', [...reach]);
    const answered = await update.returning(['office', 'sha256']).executeTakeFirst();
    if (answered !== undefined && isHunted) {
      const campaign = answered.sha256.slice(0, 12);
      const at = new Date(now()).toISOString();
      await noteMarks(tx, { prints, campaign, isConfirmed: true, at }, printKey);
      await orderPull(tx, { ...answered, campaign, by, why: WHY, now: now() });
    }
    if (answered !== undefined)
      await trail.add(tx, {
        ...{ who, act: 'mail.report', place: answered.office, about: `report:${id}`, origin },
        after: { is },
      });
    return answered;
  });
  if (row === undefined) return err({ code: 'MAIL_REPORT_UNKNOWN', detail: `number ${id}` });
  if (bytes !== null) labelled.put(is === 'bad' ? 'phish' : 'ham', row.sha256, bytes);
  return ok();
}

async function reported(
  db: Kysely<Tables>,
  reach: Reach,
  id: number,
): Promise<{ readonly sha256: string } | undefined> {
  let query = db.selectFrom('mail_reports').select('sha256').where('id', '=', id);
  if (reach !== 'all') query = query.where('office', 'in', [...reach]);
  return await query.executeTakeFirst();
}
