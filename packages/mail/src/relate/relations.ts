/**
 * What the past says of a message. Whoever keeps the past answers: the hub from its records, a command from the files it read before.
 * Between offices only keyed hashes of addresses are compared (docs/why tells what the hub can still see).
 */

/** What is asked, once for each message. */
export type RelationQuestion = {
  readonly office: string;
  /** Address and organisational domain of the From; addresses of Reply-To. */
  readonly sender: string;
  readonly domain: string;
  readonly replyTo: readonly string[];
  /** Message ids that it says it answers, newest first, bounded. */
  readonly answers: readonly string[];
  /** Prints of what it carries (see `campaign/`): what makes two messages one campaign. */
  readonly prints: readonly string[];
  /** ms since 1970. */
  readonly at: number;
};

/** The answer. */
export type Relation = {
  /** When this address first wrote to this office, and this domain, ms; null: never before. */
  readonly addressSince: number | null;
  readonly domainSince: number | null;
  /** The office itself has written to this address. */
  readonly isWrittenTo: boolean;
  /**
   * What it says it answers: a message that the office sent, one that it was sent, none that anybody knows, or it answers nothing. `untold`:
   * one that nobody could know, since what offices send is not seen here.
   */
  readonly answers: 'sent' | 'received' | 'unknown' | 'untold' | 'nothing';
  /** To whom the message that it answers was sent, by organisational domain; empty where nobody knows. */
  readonly answeredDomains: readonly string[];
  /** Other offices that the same sender, or the same prints, reached within the hour before. */
  readonly officesOfSender: number;
  readonly officesOfPrints: number;
  /** A campaign that it belongs to, where one is known. */
  readonly campaign: string | null;
};

/** Who keeps the past. */
export interface Relations {
  relate(question: RelationQuestion): Promise<Relation>;
}
