/** What the routes of Watch need of the rest of the hub. */
import type { SourceAnswer } from '@bellwether/api';
import type { Result } from '@bellwether/basics';
import type { LiveSource, ScannerList } from '@bellwether/contacts';
import type { Kysely } from 'kysely';
import type { Intake } from '../../flow/intake-types.ts';
import type { Trail } from '../../platform/auth/auth-types.ts';
import type { HistorySearch } from '../../platform/history/history-types.ts';
import type { LiveHub } from '../../platform/http/sse.ts';
import type { Tables } from '../../platform/postgres/tables.ts';

/** The hub's records. */
export type Records = Kysely<Tables>;

/** The rest of the hub, as these routes see it. */
export type WatchDependencies = {
  readonly db: Records;
  readonly search: Pick<HistorySearch, 'search' | 'csv' | 'walk'>;
  readonly intake: Intake;
  /**
   * States a surface that was checked, and resolves when it holds and stands in the table `surfaces`. The error's code
   * is in the catalogue of the flow.
   */
  readonly stateSurface: (
    yaml: string,
  ) => Promise<Result<void, { readonly code: string; readonly detail: string }>>;
  /** What is thought of a source now; undefined if it is not remembered. An IPv4 address, or any address of a /64. */
  readonly sourceOf: (address: string) => Promise<LiveSource | undefined>;
  /** Research scanners that say where they scan from. */
  readonly scanners: readonly ScannerList[];
  /** Lines to be crossed by the likelihood of a source, as powers of ten. */
  readonly thresholds: SourceAnswer['thresholds'];
  readonly live: LiveHub;
  /** Where it is told what people changed. */
  readonly trail: Trail;
  /** IANA name of the state's zone. */
  readonly zone: string;
  /** ms since 1970. */
  readonly now: () => number;
};
