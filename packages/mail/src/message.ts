/** A message as it was read: everything in it is what its sender says, bounded, and nothing is trusted. RFC 5322, RFC 2045 to 2049. */

/** A header field, in the order of the message. */
export type HeaderField = {
  /** Lower case. */
  readonly name: string;
  /** Unfolded, encoded words decoded (RFC 2047), without control characters. */
  readonly value: string;
};

/** A mailbox as a header names it. */
export type MailAddress = {
  /** Display name, decoded; empty where there is none. */
  readonly name: string;
  /** `local@domain` as written, the domain in lower case; empty where the header has none. */
  readonly address: string;
};

/** A part that is no text of the message itself: an attachment, an inline picture, a calendar. */
export type MailPart = {
  /** Place in the tree of parts, `2.1`; parts of an enclosed message go on below its own. */
  readonly path: string;
  /** Media type as stated, lower case, without parameters. */
  readonly type: string;
  /** File name as stated (RFC 2231 and encoded words decoded), without folders; null where there is none. */
  readonly name: string | null;
  readonly disposition: 'attachment' | 'inline' | null;
  /** Without angle brackets. */
  readonly contentId: string | null;
  /** Decoded; as far as the limits allow. */
  readonly bytes: Uint8Array;
  /** It went on beyond the limit, or its encoding broke off. */
  readonly isCut: boolean;
};

/** What a limit left out, for the account and for the clerk. */
export type MailCut =
  | 'header-bytes'
  | 'header-count'
  | 'text-bytes'
  | 'part-bytes'
  | 'part-count'
  | 'part-depth'
  | 'message-bytes'
  | 'time';

/** A message. */
export type Message = {
  /** Bytes of the whole, as it came. */
  readonly size: number;
  /** In order, as far as the limits allow. */
  readonly headers: readonly HeaderField[];
  /** All addresses of all From fields: more than one is unusual, and programs show different ones. */
  readonly from: readonly MailAddress[];
  readonly sender: MailAddress | null;
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  /** Without angle brackets, as are the next two. */
  readonly messageId: string | null;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** What the header says, ms since 1970; null where it says nothing that is a date. */
  readonly date: number | null;
  /** Mailing list (RFC 2919), without angle brackets. */
  readonly listId: string | null;
  /** All text/plain parts of the message itself, joined. */
  readonly text: string;
  /** All text/html parts of the message itself, joined. */
  readonly html: string;
  readonly parts: readonly MailPart[];
  /** Messages that are enclosed (message/rfc822), read alike, to the depth that limits allow. */
  readonly enclosed: readonly Message[];
  readonly cut: readonly MailCut[];
};
