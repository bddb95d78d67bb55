/** What was worked out of SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489, 9989) and ARC (RFC 8617). */

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror';
export type DkimResult = 'pass' | 'fail' | 'neutral' | 'none' | 'temperror' | 'permerror';
export type DmarcResult = 'pass' | 'fail' | 'none' | 'temperror' | 'permerror';
export type ArcResult = 'pass' | 'fail' | 'none';

/** All of it. */
export type Authenticated = {
  readonly spf: SpfResult;
  /** The domain that SPF was asked for; empty where there is none. */
  readonly spfDomain: string;
  readonly dkim: DkimResult;
  /** Domains whose signatures hold. */
  readonly dkimDomains: readonly string[];
  readonly dmarc: DmarcResult;
  /** What the domain asks for a failure. */
  readonly policy: 'none' | 'quarantine' | 'reject' | null;
  readonly arc: ArcResult;
  /** The last sealer of a chain that holds, where the list trusts it; null otherwise. */
  readonly trustedSealer: string | null;
  /** What that sealer saw before it changed the message; null without one. Only this may stand in for DMARC. */
  readonly sealed: { readonly spf: SpfResult; readonly dkim: DkimResult; readonly dmarc: DmarcResult } | null;
  /**
   * The organisational domain that this message is really from: aligned and passed, here or as a trusted sealer saw it. Null: nobody
   * vouches for the From. Whether a message comes from a friend is asked of this, never of the header alone.
   */
  readonly author: string | null;
};
