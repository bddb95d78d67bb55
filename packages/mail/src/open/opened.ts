/** What is in a message: where it leads, what it carries. */

/** A link after everything that hides it was unwrapped. */
export type OpenedLink = {
  /** Where it leads in the end, as far as it can be told without asking anybody; bounded. */
  readonly url: string;
  readonly host: string;
  /** What a registrar sold. */
  readonly organisation: string;
  /** What the reader sees. */
  readonly text: string;
  /** Where it stood. */
  readonly from: 'text' | 'html' | 'form' | 'attachment' | 'qr' | 'calendar';
};

/** A file in a message, in an archive of it, or in a document of it. */
export type OpenedFile = {
  /** `invoice.zip/invoice.iso`. */
  readonly name: string;
  /** What its bytes are, whatever its name says: `pdf`, `zip`, `ooxml`, `ole`, `html`, `svg`, `png`, `lnk`, `iso`, ... or `unknown`. */
  readonly kind: string;
  readonly size: number;
  /** SHA-256, hex. */
  readonly sha256: string;
};

/** All of it. */
export type Opened = {
  readonly links: readonly OpenedLink[];
  readonly files: readonly OpenedFile[];
  /** Texts found in attachments, for the classifier and for lures; bounded. */
  readonly texts: readonly string[];
  /** A limit ended the search: what was not looked into. */
  readonly unopened: readonly string[];
};
