/** Every signal there is: the rows of all steps in one table, and which step each came from. */
import { AUTHENTICATE_SIGNALS } from '../authenticate/signals.ts';
import { IDENTIFY_SIGNALS } from '../identify/signals.ts';
import { ATTACHMENT_SIGNALS } from '../open/attachments/signals.ts';
import { LINK_SIGNALS } from '../open/links/signals.ts';
import { LURE_SIGNALS } from '../open/lures/signals.ts';
import { RELATE_SIGNALS } from '../relate/signals.ts';
import type { SignalCode, SignalEntry } from '../signal.ts';
import { KNOWN_SIGNALS } from './known.ts';
import { TOGETHER_SIGNALS } from './together.ts';

/** Steps whose signals can be left out, to see what each is worth. */
export const MAIL_STEPS = ['authenticate', 'identify', 'relate', 'open', 'known', 'weigh'] as const;

export type MailStep = (typeof MAIL_STEPS)[number];

const ROWS: Readonly<Record<Exclude<MailStep, 'weigh'>, Readonly<Record<SignalCode, SignalEntry>>>> = {
  authenticate: AUTHENTICATE_SIGNALS,
  identify: IDENTIFY_SIGNALS,
  relate: RELATE_SIGNALS,
  open: { ...LINK_SIGNALS, ...LURE_SIGNALS, ...ATTACHMENT_SIGNALS },
  known: KNOWN_SIGNALS,
};

/** All rows, by code. */
export const MAIL_SIGNALS: ReadonlyMap<SignalCode, SignalEntry> = new Map(
  [...Object.values(ROWS), TOGETHER_SIGNALS].flatMap((rows) => Object.entries(rows)),
);

const STEP_OF: ReadonlyMap<SignalCode, MailStep> = new Map(
  (Object.keys(ROWS) as (keyof typeof ROWS)[]).flatMap((step) =>
    Object.keys(ROWS[step]).map((code) => [code, step] as const),
  ),
);

/** The step that states a code; null for what follows from several. */
export function stepOf(code: SignalCode): MailStep | null {
  return STEP_OF.get(code) ?? null;
}
