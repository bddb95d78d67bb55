/**
 * Who is protected: those whom attackers pretend to be, and what is ours. Kept once by the state, added to by offices; the file that
 * `--office` names has the same shape (YAML).
 */

/** A person whose name opens doors: the secretary of state, a director, a clerk. */
export type ProtectedPerson = {
  readonly name: string;
  /** `Secretary of State`; empty where there is none. */
  readonly title: string;
  /** Addresses they write from, the private ones that they told us among them. */
  readonly addresses: readonly string[];
};

/** A vendor or an agency. */
export type ProtectedOrganisation = {
  readonly name: string;
  readonly kind: 'vendor' | 'agency';
  /** Domains they really write from, organisational or below. */
  readonly domains: readonly string[];
  /** Words that stand for them: products, short names (`EViD`, `MS-ISAC`). */
  readonly words: readonly string[];
};

/** An office of ours: the one whose mail is judged, or one of the other 115. */
export type ProtectedOffice = {
  /** `lea_id`, or `state`. */
  readonly office: string;
  readonly name: string;
  /** Domains of it, `co.X.mo.us` names among them. */
  readonly domains: readonly string[];
  /** Mailboxes to which strangers write: ballot requests, public records. */
  readonly publicMailboxes: readonly string[];
  /** Addresses on freemail that are really an office's, as some small ones have. */
  readonly addresses: readonly string[];
};

/** All of it, as it is stated. */
export type ProtectedList = {
  /** Whose mail is judged, by `office`. */
  readonly own: string;
  readonly offices: readonly ProtectedOffice[];
  readonly people: readonly ProtectedPerson[];
  readonly organisations: readonly ProtectedOrganisation[];
  /** Whom this office writes with, known before anything was seen: its address book. */
  readonly correspondents: readonly string[];
  /** Domains whose ARC seals are believed. */
  readonly sealers: readonly string[];
  /** Networks of mail servers that are ours: the first hop outside of them delivered the message. */
  readonly relays: readonly string[];
};
