/**
 * Step 1, intake: how every way in (HTTP, RELP, syslog, followed files) hands its lines over, and what it is told.
 */
import type { Result } from '@bellwether/basics';
import type { Refusals } from './refusals.ts';

/** Ways in. */
export type Transport = 'http' | 'relp' | 'syslog-tls' | 'syslog-tcp' | 'syslog-udp' | 'file';

/** Whose lines these are. */
export type SensorName = {
  /** `lea_id` of an authority, or `state`. */
  readonly authority: string;
  readonly sensor: string;
};

/** Lines that arrived. */
export type Arrival = SensorName & {
  readonly transport: Transport;
  /** Whole lines; a newline is added to the last if it has none. The buffer is the intake's from now on. */
  readonly lines: Buffer;
  /** Named by the client or the configuration; else the lines tell. */
  readonly format?: string;
  readonly zone?: string;
  readonly batch?: { readonly client: string; readonly sequence: number };
  readonly follow?: { readonly path: string; readonly file: string; readonly offset: number };
};

/** The lines are on disk. */
export type Receipt = { readonly lines: number; readonly bytes: number; readonly duplicate: boolean };

export type IntakeErrorCode =
  | 'INTAKE_AUTHORITY_UNKNOWN'
  | 'INTAKE_SENSOR_INVALID'
  | 'INTAKE_FORMAT_UNLISTED'
  | 'INTAKE_ZONE_UNKNOWN'
  | 'INTAKE_BATCH_CHANGED'
  | 'INTAKE_BATCH_TOO_OLD'
  | 'INTAKE_TOO_LARGE'
  | 'INTAKE_EMPTY'
  | 'INTAKE_DISK_FULL'
  | 'INTAKE_BUSY'
  | 'INTAKE_ELSEWHERE'
  | 'INTAKE_TOO_MANY_SENSORS'
  | 'INTAKE_STOPPING';
export type IntakeError = { readonly code: IntakeErrorCode; readonly detail: string };

/** The door of a hub, with what the hub itself does with it. */
export interface HubIntake extends Intake {
  readonly refusals: Refusals;
  /** Why nothing can be written down at present; empty if it can. */
  readonly trouble: string;
  /** Whether everything that came is judged and kept, and nothing is on its way. */
  readonly isQuiet: boolean;
  /** Writes down a surface that holds from now on; it was checked. Gives the offset behind it. */
  recordSurface(yaml: string): Promise<Result<number, IntakeError>>;
  /** Everything up to the offset is judged and kept. */
  keptUpTo(offset: number): void;
  /** So many bytes had to be read again at a start: a snapshot is due if they were many. */
  readAgain(bytes: number): void;
  /** Takes in nothing more, and ends the last step. */
  stop(): Promise<void>;
}

/** The one door. */
export interface Intake {
  /** Resolves when the lines are on disk, or says why they are not and never will be. */
  submit(arrival: Arrival): Promise<Result<Receipt, IntakeError>>;
  /** Counts what a way in did not take: too fast, too long, in no shape. Kept by minute, and shown. */
  refuse(port: Transport, reason: string, batches: number, lines: number, bytes: number): void;
  /** Where a followed file goes on; undefined if it was never read. */
  followedTo(path: string): { readonly file: string; readonly offset: number } | undefined;
  /** Bytes that were taken in and are not judged yet: a way in that can wait, waits when it is large. */
  readonly backlog: number;
}
