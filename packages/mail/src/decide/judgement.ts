/** What becomes of a message, and why. */
import type { Authenticated } from '../authenticate/authenticated.ts';
import type { SignalCode } from '../signal.ts';

export type MailDecision = 'deliver' | 'banner' | 'hold' | 'block';

/** A signal as it is told. */
export type MailReason = {
  readonly code: SignalCode;
  /** A sentence, filled in. */
  readonly text: string;
  /** Bits, as they counted. */
  readonly points: number;
};

/** The judgement of one message for one office. */
export type Judgement = {
  readonly decision: MailDecision;
  /** How sure, 0 to 1; held from `HOLD_FROM` on. */
  readonly score: number;
  readonly auth: Pick<Authenticated, 'spf' | 'dkim' | 'dmarc' | 'arc'>;
  /** What weighs most stands first; what speaks for the message stands last. */
  readonly reasons: readonly MailReason[];
  readonly campaign: string | null;
  /** For the past, the hunt and the campaign. */
  readonly prints: readonly string[];
};
