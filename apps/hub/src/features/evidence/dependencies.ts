/** What the routes of the evidence log need of the rest of the hub. */
import type { Policy } from '@bellwether/evidence';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import type { Witnessing } from '../../platform/evidence/witnessing.ts';

/** The rest of the hub, as these routes see it. */
export type EvidenceDependencies = {
  readonly log: EvidenceLog;
  readonly witnessing: Witnessing;
  readonly policy: Policy | null;
  /** The policy as it was written; null where there is none. */
  readonly policyText: string | null;
  /** Folder of the log, what is private beside it, and that of state tiles and extracts, which may not be there yet. */
  readonly folder: string;
  readonly privateFolder: string;
  readonly stateFolder: string;
  /** ms since 1970. */
  readonly now: () => number;
};
