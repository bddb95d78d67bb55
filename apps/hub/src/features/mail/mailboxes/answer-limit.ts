/** How many answers go out: a few to one address, and not many in all, since whoever forges a sender chooses who is written to. */

/** Limits within an hour. */
export type AnswerLimits = {
  /** To one address. */
  readonly perSender: number;
  readonly inAll: number;
};

export const ANSWER_LIMITS: AnswerLimits = {
  // A clerk who reports a wave forwards some; the first answers say what all would.
  perSender: 5,
  // 116 offices that report one wave within the hour.
  inAll: 300,
};

/** The time in which answers are counted, ms. */
const HOUR = 3_600_000;

/** Whether one more may go to an address at a time (ms); it counts as sent where it may. */
export function answerLimit(limits: AnswerLimits): (address: string, now: number) => boolean {
  let sent: { readonly address: string; readonly at: number }[] = [];
  return (address, now) => {
    sent = sent.filter(({ at }) => now - at < HOUR);
    const key = address.toLowerCase();
    const own = sent.filter((one) => one.address === key).length;
    if (sent.length >= limits.inAll || own >= limits.perSender) return false;
    sent.push({ address: key, at: now });
    return true;
  };
}
