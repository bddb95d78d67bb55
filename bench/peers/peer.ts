/**
 * Other products, measured on the first lines of our inputs in the same run.
 *
 * Each is given what it does best: CrowdSec both cores and live tailing (it is slower in replay), psad its offline
 * analysis, fail2ban-server its polling backend. What counts is CPU-seconds for the lines, start-up apart.
 */

/** Lines that peers read: at their speed more would take hours. */
export const PEER_LINES = 20_000;

/** One peer on one input. */
export type PeerResult = {
  readonly peer: string;
  readonly version: string;
  readonly input: string;
  readonly lines: number;
  /** CPU-seconds for the lines, without start-up. */
  readonly cpu: number;
  /** CPU-seconds of the start-up, which are not in `cpu`. */
  readonly startup: number;
  /** Largest resident set, MB. */
  readonly memory: number;
  /** Lines that the peer says its rules or parsers matched. */
  readonly matched: number | null;
};

/** Why there is no figure of a peer. */
export type PeerMissing = { readonly peer: string; readonly input: string; readonly reason: string };

/** An input as peers get it: the first lines in a file of their own. */
export type PeerInput = { readonly name: string; readonly path: string; readonly lines: number };

/** A peer that has been unpacked. */
export type Peer = {
  readonly name: string;
  /** Inputs that it has a parser or filter for, as its Debian package ships it. */
  readonly reads: readonly string[];
  readonly run: (input: PeerInput) => Promise<PeerResult | PeerMissing>;
};

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}
