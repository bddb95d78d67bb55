/** What the routes of people need of the rest of the hub. */
import type { Kysely } from 'kysely';
import type { Auth } from '../../platform/auth/auth-types.ts';
import type { TrailWatch } from '../../platform/auth/trail-watch.ts';
import type { Tables } from '../../platform/postgres/tables.ts';

/** The rest of the hub, as these routes see it. */
export type PeopleDependencies = {
  readonly db: Kysely<Tables>;
  readonly auth: Auth;
  /** Whether the trail is whole. */
  readonly watch: Pick<TrailWatch, 'isWhole'>;
  /** What this hub is called; null before it was told. */
  readonly stateName: () => Promise<string | null>;
  /** Where others reach this hub; null while they do not. */
  readonly address: () => string | null;
  /** ms since 1970. */
  readonly now: () => number;
};
