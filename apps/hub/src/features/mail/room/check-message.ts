/** What we think of a message that somebody pasted or uploaded. Nothing of it is kept. */
import type { MailChecked, MailCheckWish } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { READ_LIMITS, readMessage } from '@bellwether/mail';
import { sql } from 'kysely';
import type { MailRoomDependencies } from './dependencies.ts';
import type { MailRoomError } from './errors.ts';
import { wordsOf } from './look-at.ts';
import { NEAR_ENOUGH, nearOnes, storedPrints, strongPrints } from './prints.ts';

/** Judges it as if it came to that office now. */
export async function checkMessage(
  { db, judge, printKey }: Pick<MailRoomDependencies, 'db' | 'judge' | 'printKey'>,
  { message, as }: MailCheckWish,
  office: string,
): Promise<Result<MailChecked, MailRoomError>> {
  const bytes = as === 'base64' ? Buffer.from(message, 'base64') : asSent(message);
  const read = readMessage(bytes.subarray(0, READ_LIMITS.messageBytes));
  if (read.isErr()) return err({ code: 'MAIL_NOT_READABLE', detail: read.error.detail });
  const judged = read.value.headers.length === 0 ? null : await judge(bytes, office);
  if (judged === null) return err({ code: 'MAIL_NOT_READABLE', detail: 'there are no headers in it' });
  const { decision, score, reasons, prints } = judged;
  const known = await knownAs({ db }, storedPrints(prints, printKey()));
  const { from, subject } = read.value;
  return ok({
    ...{ outcome: decision, score, subject, ...known },
    from: from.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', '),
    reasons: reasons.map(({ code, text }) => ({ code, text })),
    text: wordsOf(read.value),
  });
}

/** What was copied out of a window has the line ends of that window. */
function asSent(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'), 'utf8');
}

/** The campaign that it belongs to, and at how many offices one like it came in. */
async function knownAs(
  { db }: Pick<MailRoomDependencies, 'db'>,
  prints: readonly string[],
): Promise<Pick<MailChecked, 'campaign' | 'offices'>> {
  const telling = [...strongPrints(prints), ...nearOnes(prints)];
  if (telling.length === 0) return { campaign: null, offices: 0 };
  const { rows } = await sql<{ campaign: string; offices: number }>`
    SELECT campaign, count(DISTINCT office)::int AS offices
    FROM mail_messages
    WHERE campaign IN (
      SELECT m.campaign FROM mail_prints p JOIN mail_messages m ON m.id = p.message
      WHERE p.print IN (${sql.join(telling)}) AND m.campaign IS NOT NULL AND m.state IS NOT NULL
      GROUP BY m.id
      HAVING count(*) FILTER (WHERE p.print NOT LIKE 'near:%') > 0
          OR count(*) FILTER (WHERE p.print LIKE 'near:%') >= ${NEAR_ENOUGH})
    GROUP BY campaign ORDER BY 2 DESC LIMIT 1`.execute(db);
  return { campaign: rows[0]?.campaign ?? null, offices: rows[0]?.offices ?? 0 };
}
