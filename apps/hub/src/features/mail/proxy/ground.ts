/** What a proxy stands on. */
import type { MailGate } from '../gate/gate.ts';
import type { Place } from './next-hop.ts';

/** What a proxy needs. */
export type ProxyGround = {
  readonly gate: MailGate;
  /** Whose mail it is, by those whom it goes to. */
  readonly officeOf: (recipients: readonly string[]) => string;
  /** Names under which our own mail servers write results of checks: nobody else may. */
  readonly ourNames: readonly string[];
  readonly now: () => number;
  /** The name by which it greets. */
  readonly name: string;
  /** Who gets what is delivered. */
  readonly next: Place;
  /** Who keeps what is held; null: it is refused. */
  readonly held: Place | null;
  /** Who may say for whom it speaks (XFORWARD), by the address of the peer. */
  readonly trusts: (address: string) => boolean;
};
