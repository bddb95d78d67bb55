/** Who a message claims to be from, and who it only looks like. */

/** Somebody on the list. */
export type Claimed =
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'vendor' | 'agency'; readonly name: string }
  | { readonly kind: 'office'; readonly office: string; readonly name: string };

/** What was found. */
export type Identified = {
  /** Address of the From, lower case; empty where there is none. */
  readonly address: string;
  /** Its domain in full, and what a registrar sold of it (Public Suffix List, with the names of localities under `.us`). */
  readonly domain: string;
  readonly organisation: string;
  /** Whose domain or address it really is; null: nobody on the list. */
  readonly is: Claimed | null;
  /** Whose name, words or lookalike it carries without being theirs. */
  readonly pretends: readonly Claimed[];
  /** A mail provider where anybody makes an address. */
  readonly isFreemail: boolean;
};
