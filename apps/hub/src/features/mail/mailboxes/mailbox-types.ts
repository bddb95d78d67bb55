/** Mailboxes of an office as the pull-back needs them, whatever keeps them: IMAP, Graph, Gmail. */
import type { Result } from '@bellwether/basics';
import type { MailboxError } from './errors.ts';

/** Folder for what is held, in the mailbox itself: its owner and whoever may see the mailbox can read what is in it. */
export const HOLD_FOLDER = 'Held by Bellwether';

/**
 * One message in one mailbox, so that it can be written down and found again years later. Where its number is no longer true, it is
 * known by `messageId`, `size` and `sha256` together.
 */
export type StoredId = {
  /** Whose mailbox: the address that the account is made from. */
  readonly mailbox: string;
  /** Full path of the folder, as the server names it. */
  readonly folder: string;
  /** Numbers are true for as long as this is the same; IMAP: UIDVALIDITY, decimal. */
  readonly uidValidity: string;
  /** Number or name within the folder; IMAP: UID, decimal. */
  readonly uid: string;
  /** `Message-ID` without angle brackets; null where there is none. */
  readonly messageId: string | null;
  /** Bytes, as the server counts them. */
  readonly size: number;
  /** SHA-256 of header and body, hex; of as many bytes as `READ_LIMITS.messageBytes` where it has more. */
  readonly sha256: string;
};

/** A message with its bytes. */
export type StoredMessage = {
  readonly id: StoredId;
  /** When the server took it in, ms since 1970. */
  readonly at: number;
  /** Header and body as the server keeps them, at most `READ_LIMITS.messageBytes`. */
  readonly bytes: Uint8Array;
  /** It went on beyond the limit. */
  readonly isCut: boolean;
};

/** A message that is held, and what it needs to be as before. */
export type HeldAt = {
  /** Where it is now. */
  readonly message: StoredId;
  /** Path of the folder from which it came. */
  readonly from: string;
  /** Its flags before it was held: `\Seen`, `\Flagged`, words of the owner. */
  readonly flags: readonly string[];
};

/** What keeps mailboxes. Nothing here deletes, and all of it may be done again. */
export interface Mailboxes {
  /**
   * Messages that came in at or after `since` (ms since 1970), newest first, at most `limit`: of all folders but those for what was
   * sent, drafted, thrown away or held. Ends after the first failure. Between two messages nothing is kept open.
   */
  search(mailbox: string, since: number, limit: number): AsyncIterable<Result<StoredMessage, MailboxError>>;
  /** Moves a message into a folder of its mailbox, which is made where it is missing. Is it there already, that is told alike. */
  holdStored(message: StoredId, hold: { readonly folder: string }): Promise<Result<HeldAt, MailboxError>>;
  /** Moves it back, with the flags that it had. Is it back already, or did its owner move it, nothing is done. */
  releaseHeld(held: HeldAt): Promise<Result<void, MailboxError>>;
  /** Ends what is open. */
  close(): void;
}
