/** A person looked at a reported message: fraud, or fine. Either way it is learned from. */
import { err, ok, type Result } from '@bellwether/basics';
import type { Actor, Reach } from '../../../platform/auth/rights.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import type { MailRoomError } from './errors.ts';

/** What they said. */
export type ReportAnswer = {
  readonly is: 'fine' | 'bad';
  readonly who: Actor;
  readonly by: string;
  readonly origin: string;
};

/** Writes it down. */
export async function answerReport(
  { db, trail, kept, labelled, now }: MailRoomDependencies,
  reach: Reach,
  id: number,
  { is, who, by, origin }: ReportAnswer,
): Promise<Result<void, MailRoomError>> {
  const row = await db.transaction().execute(async (tx) => {
    let asked = tx
      .updateTable('mail_reports')
      .set({ outcome: is, answered_at: new Date(now()), answered_by: by })
      .where('id', '=', id)
      .where('outcome', '=', 'waits');
    if (reach !== 'all') asked = asked.where('office', 'in', [...reach]);
    const answered = await asked.returning(['office', 'sha256']).executeTakeFirst();
    if (answered !== undefined)
      await trail.add(tx, {
        ...{ who, act: 'mail.report', place: answered.office, about: `report:${id}`, origin },
        after: { is },
      });
    return answered;
  });
  if (row === undefined) return err({ code: 'MAIL_REPORT_UNKNOWN', detail: `number ${id}` });
  const bytes = kept.read(row.sha256);
  if (bytes !== null) labelled.put(is === 'bad' ? 'phish' : 'ham', row.sha256, bytes);
  return ok();
}
