/** `bellwether rolls reconcile`: compares the live database with what was signed. */

import { reconcileRoll } from '../features/rolls/reconcile.ts';
import type { Night, RowsTold } from '../features/rolls/rolls-files.ts';
import { ROLL_EXIT, rollFailed, withRoll } from './rolls-opened.ts';
import { readingArgs, readingFrom } from './rolls-reading.ts';

declare const BELLWETHER_VERSION: string;

const COMMAND = 'rolls reconcile';

/** Records that are told one by one on a screen; --json and the desk have all. */
const MOST_TOLD = 50;

/** Runs `bellwether rolls reconcile ARGS`; gives the exit code: 3 where something is unauthorised. */
export async function rollsReconcileCommand(args: string[]): Promise<number> {
  const values = readingArgs(COMMAND, args, HELP, { seal: { type: 'boolean' } });
  if (typeof values === 'number') return values;
  const reading = readingFrom(COMMAND, values, HELP);
  if (typeof reading === 'number') return reading;
  const found = await reconcileRoll(reading, BELLWETHER_VERSION);
  if (found.isErr()) return rollFailed(COMMAND, found.error);
  let night = found.value;
  if (values.seal === true) {
    const code = await withRoll(COMMAND, values.data, async (rolls) => {
      const sealed = await rolls.sealPending();
      if (sealed.isErr()) return rollFailed(COMMAND, sealed.error);
      night = sealed.value;
      return ROLL_EXIT.done;
    });
    if (code !== ROLL_EXIT.done) return code;
  }
  process.stdout.write(values.json === true ? asJson(night) : asText(night));
  return night.unauthorised.length === 0 ? ROLL_EXIT.done : ROLL_EXIT.no;
}

function asJson({
  read,
  changed,
  authorised,
  fromFeeds,
  awaiting,
  unauthorised,
  root,
  rows,
  undone,
  sealed,
}: Night): string {
  const counts = { records: read, changed, authorised, fromFeeds, awaiting };
  const answer = { schema: 'bellwether/reconcile@1', ...counts, unauthorised, undone, root, rows, sealed };
  return `${JSON.stringify(answer)}\n`;
}

function asText(night: Night): string {
  const { read, day, authorised, fromFeeds, awaiting, unauthorised, rows, sealed, undone = [] } = night;
  const told = unauthorised
    .slice(0, MOST_TOLD)
    .map(
      ({ recordId, office, kind, fields }) =>
        `  ${recordId}, office ${office}: ${kind}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}\n`,
    );
  const more = unauthorised.length - told.length;
  const bad =
    unauthorised.length === 0
      ? `No difference found on ${day} among ${read} registrations, but for what awaits its office.\n`
      : `${unauthorised.length} of ${read} registrations differ, and nobody with authority signed for it:\n`;
  const rest = more > 0 ? `  and ${more} more: --json names all.\n` : '';
  return `${bad}${told.join('')}${rest}${undoneText(undone)}${authorised} changes were signed by offices, ${fromFeeds} by feeds; ${awaiting} await their office.
${rows === undefined ? '' : rowsText(rows)}${sealed ? 'The night is sealed.' : 'Nothing is sealed yet: `bellwether rolls seal` does it.'}
`;
}

function undoneText(undone: NonNullable<Night['undone']>): string {
  const told = undone
    .slice(0, MOST_TOLD)
    .map(({ recordId, office, fields }) => `  ${recordId}, office ${office}: ${fields.join(', ')}\n`);
  return undone.length === 0
    ? ''
    : `${undone.length} were changed and changed back since the night before:\n${told.join('')}`;
}

function rowsText({ known, why }: RowsTold): string {
  return why === null
    ? `${known} rows are byte for byte what an earlier comparison found equal; the others were computed.\n`
    : `Every row was computed: ${why}.\n`;
}

const HELP = `Usage: bellwether rolls reconcile [--data DIR] --live FILE [--transactions FILE] [OPTIONS]

Reads the whole registration database, and compares it with what the genesis and signed changes make of it. Changes
nothing in either. Run it under an account of its own, where there is one.

  --data DIR           the hub's data folder
  --live FILE          the dump, as at the genesis; or the address of the database
  --transactions FILE  what the vendor's system says it did, one JSON object a line
  --day DAY            the day that the dump is of; without it today
  --whole              the dump is whole, although it has far fewer registrations than the roll
  --full               compute every row again, also those known from an earlier night; without it once in 7 days
  --seal               seal the night as well; no hub may run then
  --json               tell as JSON what was found

Exit codes: 0 nothing unauthorised, 1 something could not be read and nothing was sealed, 2 wrong usage,
3 something is unauthorised.
`;
