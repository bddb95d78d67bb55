/**
 * Logins, as columns: the lines that an SSH daemon writes, and the sign-ins of Windows and Entra ID.
 */
import { FIRST_EVENTS, grown, roomFor } from './columns.ts';

/** What one line of sshd says. `open` is the connection itself, which only the network sees. */
export const SshLine = {
  open: 0,
  invalidUser: 1,
  pamUnknown: 2,
  pamFailure: 3,
  failedInvalid: 4,
  failed: 5,
  closedInvalid: 6,
  closedAuthenticating: 7,
  byeBye: 8,
  tooMany: 9,
  acceptedPassword: 10,
  acceptedKey: 11,
  sessionOpened: 12,
  sessionClosed: 13,
  disconnected: 14,
  noIdentification: 15,
  badBanner: 16,
  noKeyExchange: 17,
  timeout: 18,
  kexReset: 19,
} as const;
export type SshLine = (typeof SshLine)[keyof typeof SshLine];

/** How a whole connection ended, for sensors that see only the wire. */
export const SshOutcome = { failed: 0, succeeded: 1, nothing: 2 } as const;
export type SshOutcome = (typeof SshOutcome)[keyof typeof SshOutcome];

/** Lines of SSH daemons, in the order they were made; times in microseconds from the start. */
export class SshLines {
  count = 0;
  /** What counts against the budget: lines of the daemon, or connections. */
  told = 0;
  time = new Float64Array(FIRST_EVENTS);
  source = new Uint32Array(FIRST_EVENTS);
  sourcePort = new Uint16Array(FIRST_EVENTS);
  connection = new Uint32Array(FIRST_EVENTS);
  line = new Uint8Array(FIRST_EVENTS);
  marks = new Uint8Array(FIRST_EVENTS);
  /** With `open` only: how it ended, and how many passwords were tried. */
  outcome = new Uint8Array(FIRST_EVENTS);
  tries = new Uint8Array(FIRST_EVENTS);
  readonly user: string[] = [];
  private readonly kept: boolean;
  private readonly countsLines: boolean;

  /**
   * @param kept false to count the lines and forget them, when no format tells them
   * @param countsLines whether `told` counts a daemon's lines, or connections, as a sensor of the wire tells them
   */
  constructor(kept: boolean, countsLines: boolean) {
    this.kept = kept;
    this.countsLines = countsLines;
  }

  /** Adds a row. */
  add(row: SshRow): void {
    if ((row.line !== SshLine.open) === this.countsLines) this.told++;
    const at = this.count++;
    if (!this.kept) return;
    if (at >= this.time.length) this.grow();
    this.time[at] = row.time;
    this.source[at] = row.source;
    this.sourcePort[at] = row.sourcePort;
    this.connection[at] = row.connection;
    this.line[at] = row.line;
    if (row.marks !== undefined) this.marks[at] = row.marks;
    if (row.outcome !== undefined) this.outcome[at] = row.outcome;
    if (row.tries !== undefined) this.tries[at] = row.tries;
    this.user.push(row.user);
  }

  private grow(): void {
    const rows = roomFor(this.time.length);
    this.time = grown(this.time, rows);
    this.source = grown(this.source, rows);
    this.sourcePort = grown(this.sourcePort, rows);
    this.connection = grown(this.connection, rows);
    this.line = grown(this.line, rows);
    this.marks = grown(this.marks, rows);
    this.outcome = grown(this.outcome, rows);
    this.tries = grown(this.tries, rows);
  }
}

/** One row of `SshLines`. */
export type SshRow = {
  readonly time: number;
  readonly source: number;
  readonly sourcePort: number;
  readonly connection: number;
  readonly line: SshLine;
  readonly user: string;
  readonly marks?: number;
  readonly outcome?: SshOutcome;
  readonly tries?: number;
};

/** How a sign-in ended. */
export const SignInResult = { wrongPassword: 0, unknownUser: 1, lockedOut: 2, succeeded: 3 } as const;
export type SignInResult = (typeof SignInResult)[keyof typeof SignInResult];

/** Sign-ins of Windows (logon events) or of Entra ID. */
export class SignIns {
  count = 0;
  time = new Float64Array(FIRST_EVENTS);
  source = new Uint32Array(FIRST_EVENTS);
  sourcePort = new Uint16Array(FIRST_EVENTS);
  result = new Uint8Array(FIRST_EVENTS);
  marks = new Uint8Array(FIRST_EVENTS);
  readonly user: string[] = [];

  /** Adds a sign-in at `time` (microseconds from the start). */
  add(time: number, source: number, sourcePort: number, result: SignInResult, user: string, marks = 0): void {
    const row = this.count++;
    if (row >= this.time.length) this.grow();
    this.time[row] = time;
    this.source[row] = source;
    this.sourcePort[row] = sourcePort;
    this.result[row] = result;
    this.marks[row] = marks;
    this.user.push(user);
  }

  private grow(): void {
    const rows = roomFor(this.time.length);
    this.time = grown(this.time, rows);
    this.source = grown(this.source, rows);
    this.sourcePort = grown(this.sourcePort, rows);
    this.result = grown(this.result, rows);
    this.marks = grown(this.marks, rows);
  }
}
