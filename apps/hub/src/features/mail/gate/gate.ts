/** What becomes of a message whatever happens to the judge. Hooks ask here, and do what the verdict says. */
import { createHash } from 'node:crypto';
import type { Arrival, MailDecision, MailReason } from '@bellwether/mail';
import type { GateJournal } from './journal.ts';

/** How long a message may be judged, in ms: Postfix waits five minutes for a filter, and people wait less for their mail. */
export const JUDGE_WITHIN = 20_000;

/** How long it is then looked for what is known to be bad, in ms. */
const KNOWN_WITHIN = 5_000;

/** How long mail is put off while nothing can be checked, in ms: longer, and an office misses mail because of us. */
export const PUT_OFF_FOR = 120_000;

/** How often a message may end the program before it is held unread. Once may be chance. */
export const MOST_CRASHES = 2;

/** What a hook is to do. */
export type Verdict = {
  readonly decision: MailDecision | 'unchecked';
  /** Only with `unchecked`: the sender's server is asked to try again; else it is delivered and marked. */
  readonly putOff: boolean;
  readonly reasons: readonly MailReason[];
  /** SHA-256 of the message, in hex. */
  readonly id: string;
};

/** What hooks need of the gate. */
export interface MailGate {
  /** Never rejects: whatever fails, there is a verdict. */
  take(arrival: Arrival): Promise<Verdict>;
}

/** Where every message is counted that came in. */
export interface MailAccount {
  /** A message that is over: delivered, marked, held, refused or not checked. What is put off is not over. */
  count(outcome: Verdict['decision'] | 'put-off'): void;
}

/** What the gate stands on. */
export type GateGround = {
  /** Null: it cannot be judged now. What it throws is told to `failed`, and the message was not checked. */
  readonly judge: (
    arrival: Arrival,
  ) => Promise<{ decision: MailDecision; reasons: readonly MailReason[] } | null>;
  /** Reasons to hold that need no judge: what is known to be bad. Asked while the judge is down. */
  readonly knownBad: (arrival: Arrival) => Promise<readonly MailReason[]>;
  readonly journal: GateJournal;
  readonly account: MailAccount;
  readonly now: () => number;
  /** Calls back after so many ms; gives what cancels it. */
  readonly after: (ms: number, then: () => void) => () => void;
  readonly failed: (cause: unknown) => void;
};

/** A gate before one judge. */
export function mailGate(ground: GateGround): MailGate {
  const { journal, account, now } = ground;
  return {
    async take(arrival) {
      const id = createHash('sha256').update(arrival.bytes).digest('hex');
      if (journal.crashesOf(id) >= MOST_CRASHES) {
        account.count('hold');
        return { decision: 'hold', putOff: false, reasons: [], id };
      }

      noted(ground, () => journal.began(id, now()));
      const judged =
        (await inTime(JUDGE_WITHIN, ground, judgedOrFailed(arrival, ground))) ??
        (await inTime(KNOWN_WITHIN, ground, held(arrival, ground)));
      const waited = now() - journal.firstSeen(id, now());
      const putOff = judged === null && waited < PUT_OFF_FOR;
      noted(ground, () => journal.ended(id, putOff));

      const decision = judged?.decision ?? 'unchecked';
      account.count(putOff ? 'put-off' : decision);
      return { decision, putOff, reasons: judged?.reasons ?? [], id };
    },
  };
}

type Decided = { readonly decision: MailDecision; readonly reasons: readonly MailReason[] };

/** Null: the time was over. */
async function inTime(
  ms: number,
  { after }: GateGround,
  work: Promise<Decided | null>,
): Promise<Decided | null> {
  let cancel = () => {};
  const late = new Promise<null>((resolve) => {
    cancel = after(ms, () => resolve(null));
  });
  const decided = await Promise.race([work, late]);
  cancel();
  return decided;
}

async function judgedOrFailed(arrival: Arrival, { judge, failed }: GateGround): Promise<Decided | null> {
  try {
    return await judge(arrival);
  } catch (cause) {
    failed(cause);
    return null;
  }
}

async function held(arrival: Arrival, { knownBad, failed }: GateGround): Promise<Decided | null> {
  try {
    const reasons = await knownBad(arrival);
    return reasons.length > 0 ? { decision: 'hold', reasons } : null;
  } catch (cause) {
    failed(cause);
    return null;
  }
}

/** A full disk must not stop the mail: without its entry, a message is only not known again. */
function noted({ failed }: GateGround, note: () => void): void {
  try {
    note();
  } catch (cause) {
    failed(cause);
  }
}
