/** What the main thread and the thread of the flow tell each other. Plain data. */
import type { LiveTopic } from '@bellwether/api';
import type { LiveSource } from '@bellwether/contacts';
import type { StreamRecord } from '../platform/bus/journal-types.ts';
import type { JournalPlace } from '../platform/bus/places.ts';
import type { Connection } from '../platform/postgres/connection.ts';

/** What the thread is started with. */
export type FlowOptions = {
  readonly journal: JournalPlace;
  readonly history: string;
  readonly snapshots: string;
  readonly connection: Connection;
  /** Offset up to which the journal is on disk. */
  readonly durable: number;
  /** First offset that the journal still has. */
  readonly begin: number;
  readonly journalId: string;
  /** Sensors that are known already. */
  readonly streams: readonly StreamRecord[];
  /** The surface that was stated last, YAML. */
  readonly surface: string | null;
};

/** To the flow. */
export type ToFlow =
  | { readonly kind: 'durable'; readonly offset: number }
  | {
      readonly kind: 'source';
      readonly id: number;
      readonly key0: number;
      readonly key1: number;
      readonly v6: boolean;
    }
  | { readonly kind: 'stop' };

/** Counts that a commit added. */
export type Added = {
  readonly lines: number;
  readonly contacts: number;
  readonly knocks: number;
  /** In the order of `DISPOSITIONS`. */
  readonly dispositions: readonly number[];
};

/** From the flow. */
export type FromFlow =
  /** It is caught up with what was in the journal when it began: so many bytes behind its snapshot. */
  | { readonly kind: 'ready'; readonly step: number; readonly bytes: number }
  | {
      readonly kind: 'committed';
      readonly step: number;
      readonly offset: number;
      readonly added: Added;
      readonly topics: readonly LiveTopic[];
      readonly incidents: number;
      readonly historyRows: number;
      /** Milliseconds that the transaction took. */
      readonly millis: number;
    }
  /** A file of the history was added without a step. */
  | { readonly kind: 'history'; readonly rows: number }
  /** Records before `offset` are not needed any more. */
  | { readonly kind: 'snapshot'; readonly step: number; readonly offset: number; readonly bytes: number }
  | { readonly kind: 'source'; readonly id: number; readonly source: LiveSource | undefined }
  /** PostgreSQL cannot be reached, or can again. */
  | { readonly kind: 'database'; readonly up: boolean; readonly detail: string }
  /** Something that is no reason to stop, and that somebody should read. */
  | { readonly kind: 'trouble'; readonly detail: string }
  | { readonly kind: 'stopped' };
