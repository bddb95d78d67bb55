/** A vendor, an agency or another state warned of a link or a file: it is hunted in all mailboxes, and held from then on. */
import { createHash } from 'node:crypto';
import type { NewIndicator } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { Actor } from '../../../platform/auth/rights.ts';
import type { MailRoomDependencies } from './dependencies.ts';
import type { MailRoomError } from './errors.ts';
import { noteMarks } from './marks.ts';
import { orderPull } from './orders.ts';

/** Who says so. */
export type IndicatedBy = { readonly who: Actor; readonly by: string; readonly origin: string };

/** Writes it down, and orders the hunt. */
export async function takeIndicator(
  { db, trail, printKey, indicated, now }: MailRoomDependencies,
  { kind, value, why }: NewIndicator,
  { who, by, origin }: IndicatedBy,
): Promise<Result<void, MailRoomError>> {
  const prints = await indicated({ kind, value });
  if (prints.length === 0) return err({ code: 'MAIL_INDICATOR_WRONG', detail: `a ${kind}` });
  const sha256 = createHash('sha256').update(prints.join(' ')).digest('hex');
  const campaign = sha256.slice(0, 12);
  const at = new Date(now()).toISOString();
  await db.transaction().execute(async (tx) => {
    await noteMarks(tx, { prints, campaign, isConfirmed: true, at }, printKey);
    await orderPull(tx, { sha256, campaign, prints, office: 'state', by, why, now: now() });
    await trail.add(tx, {
      ...{ who, act: 'mail.indicator', place: 'state', about: `campaign:${campaign}`, why, origin },
      after: { kind, value },
    });
  });
  return ok();
}
