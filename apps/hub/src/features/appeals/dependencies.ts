/** What the routes of appeals need of the rest of the hub. */
import type { Auth } from '../../platform/auth/auth-types.ts';
import type { AppealRecords } from './sparing.ts';

/** The rest of the hub, as these routes see it. */
export type AppealsDependencies = {
  readonly db: AppealRecords;
  readonly auth: Pick<Auth, 'trail'>;
  /** Somebody was let in, or is not any more: offices are told. */
  readonly onSpared: () => void;
  /** ms since 1970. */
  readonly now: () => number;
};
