/** What the routes of rolls need of the rest of the hub. */
import type { NightlyStatement } from '@bellwether/rolls';
import type { Kysely } from 'kysely';
import type { Auth } from '../../platform/auth/auth-types.ts';
import type { Place } from '../../platform/auth/rights.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import type { EraseRules } from './erase.ts';
import type { Rolls } from './rolls.ts';

/** The rest of the hub, as these routes see it. */
export type RollsDependencies = {
  readonly db: Kysely<Tables>;
  readonly auth: Pick<Auth, 'trail'>;
  /** The roll; null while there is none, or while it is being opened. */
  readonly rolls: () => Rolls | null;
  /** What is being done to the roll in the background, in a sentence; null: nothing. */
  readonly progress: () => string | null;
  /** What offices are called. */
  readonly names: () => Promise<(place: Place) => string>;
  /** Entries that the newest checkpoint with a quorum of witnesses holds. */
  readonly witnessedSize: () => bigint;
  /** The last nightly statement; null before the first. */
  readonly statement: () => Promise<NightlyStatement | null>;
  /** When each office stated last that its own rows match the sealed state, ISO 8601, by office. */
  readonly recomputed: () => ReadonlyMap<Place, string>;
  /** What holds erasures. */
  readonly rules: EraseRules;
  /** ms since 1970. */
  readonly now: () => number;
};
