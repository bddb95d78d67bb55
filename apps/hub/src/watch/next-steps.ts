/** What a person may want to do next, after an account: what was assumed, what could not be read, what is not saved. */
import type { Account } from './account.ts';
import type { FilePlan } from './plan.ts';
import { count } from './progress.ts';
import { harmless, paragraph, shortened } from './text-layout.ts';

/** What the words are about, beside the account. */
export type Telling = {
  readonly account: Account;
  readonly plans: readonly FilePlan[];
  /** Whether every sensor is stated to record everything. */
  readonly complete: boolean;
  /** Where decisions went, if anywhere. */
  readonly decisionsFile: string | undefined;
};

/** A file of which more lines than this share cannot be read may be of another format; fewer are damaged lines. */
const MOSTLY_READ = 0.05;

/** The steps, each a point of a list; nothing where there is nothing to do. */
export function whatNext({ account, plans, decisionsFile }: Telling): string[] {
  const items: string[] = [];
  if (account.surface === null) {
    const example = shortened(plans[0]?.info.path ?? 'FILE', 30);
    items.push(
      `No surface was given, so nothing says what you offer and to whom: denials are taken for refused, and what was let in elsewhere stays unsettled. Draft one: bellwether surface suggest ${example} > surface.yaml`,
    );
  }
  const assumedZones = plans.filter(({ zoneAssumed, window }) => zoneAssumed && window.firstMonth > 0).length;
  if (assumedZones > 0)
    items.push(
      `Times without a zone were read as UTC. If the sensors keep local time, say so: --tz America/Chicago`,
    );
  const guessedYears = plans.filter(({ yearGuessed }) => yearGuessed);
  if (guessedYears.length > 0) {
    items.push(
      `Lines without a year were dated ${guessedYears[0]!.window.year} by when the file was written. If that is wrong: --year N`,
    );
  }
  const unread = account.files.filter(({ lines, unreadable }) => unreadable > lines * MOSTLY_READ);
  for (const { path, format, lines, unreadable } of unread.slice(0, 3)) {
    items.push(
      `${shortened(harmless(path), 40)}: ${count(unreadable)} of ${count(lines)} lines are no ${format}. If it is another format, name it: --format NAME`,
    );
  }
  if (account.decisions > 0 && decisionsFile === undefined)
    items.push('To enforce the decisions, save them: --decisions FILE');
  if (account.dispositions.through > 0)
    items.push('Look at what came through first: each line above is an incident.');
  return items.length === 0
    ? []
    : ['What to do next', ...items.flatMap((item) => paragraph(item, 4, '  - '))];
}
