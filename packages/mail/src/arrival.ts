/** A message as a hook took it in. */

/** How it came to us, and so what can still be done with it. */
export type Hook = 'milter' | 'proxy' | 'imap' | 'graph' | 'gmail' | 'file';

/** What the mail server says of the delivery (RFC 5321); a file knows only some of it. */
export type Envelope = {
  /** Address of who delivered it, as text; null where nobody knows. */
  readonly client: string | null;
  /** What they called themselves; empty where nobody knows. */
  readonly helo: string;
  /** MAIL FROM without angle brackets; empty for a bounce; null where nobody knows. */
  readonly from: string | null;
  /** RCPT TO. */
  readonly to: readonly string[];
  /** Account that signed in to send it; null where nobody did. */
  readonly account: string | null;
};

/** A message as one hook took it in, for one office. */
export type Arrival = {
  readonly bytes: Uint8Array;
  readonly envelope: Envelope;
  readonly hook: Hook;
  /** The office whose mailbox it is, by `lea_id`, or `state`. */
  readonly office: string;
  /** Its number in the queue of the mail server that asks; undefined where it has none. */
  readonly queueId?: string | undefined;
  /** ms since 1970. */
  readonly at: number;
};
