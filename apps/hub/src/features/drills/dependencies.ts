/** What drills need of the rest of the hub. */
import type { LiveSource } from '@bellwether/contacts';
import type { Kysely } from 'kysely';
import type { Trail } from '../../platform/auth/auth-types.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import type { HistorySearch } from '../../platform/history/history-types.ts';
import type { Tables } from '../../platform/postgres/tables.ts';

/** The rest of the hub, as drills see it. */
export type DrillsDependencies = {
  readonly db: Kysely<Tables>;
  readonly log: Pick<EvidenceLog, 'appendEntries'>;
  readonly trail: Trail;
  readonly search: Pick<HistorySearch, 'search'>;
  /** What is thought of a source now; undefined if it is not remembered. */
  readonly sourceOf: (address: string) => Promise<LiveSource | undefined>;
  /** Number of the last order to agents. */
  readonly lastOrder: () => number;
  /** Version of the program: another one is another detector. */
  readonly detector: string;
  /** Days of elections that are not general ones, YYYY-MM-DD. */
  readonly elections: readonly string[];
  readonly random: (bytes: number) => Uint8Array;
  /** ms since 1970. */
  readonly now: () => number;
};
