/** What is known to be bad: campaigns, indicators, what clerks reported. It holds where nothing else can be checked, too. */

/** What can be known. */
export type KnownKind = 'sha256' | 'host' | 'url' | 'address' | 'print';

/** Asked in memory, without waiting: hooks ask it while the rest is down. */
export interface KnownBad {
  /** The campaign, or the name of the list, that a value belongs to; null: not known to be bad. */
  badAs(kind: KnownKind, value: string): string | null;
}
