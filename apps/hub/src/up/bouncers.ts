/** What bouncers are told, put together: one book of blocks for the local API of CrowdSec and for lists. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { BlockBook } from '../features/blocks/lapi/block-book.ts';
import { BouncerViews } from '../features/blocks/lapi/bouncer-views.ts';
import { MachineTokens } from '../features/blocks/lapi/machine-tokens.ts';
import { lapiRoutes } from '../features/blocks/lapi/routes.ts';
import { listsRoutes } from '../features/blocks/lists/routes.ts';
import type { Intake } from '../flow/intake-types.ts';
import type { Auth } from '../platform/auth/auth-types.ts';
import type { Routes } from '../platform/http/app.ts';
import type { Tables } from '../platform/postgres/tables.ts';

/** What they need. `now`: ms since 1970. */
export type BouncersOptions = {
  readonly db: Kysely<Tables>;
  readonly intake: Intake;
  readonly auth: Pick<Auth, 'keys' | 'limits'>;
  readonly now: () => number;
  /** Told of decisions that no bouncer is told of. */
  readonly onLeftOut: (count: number) => void;
};

/** The routes, with doors of their own. */
export function bouncerRoutes({ db, intake, auth, now, onLeftOut }: BouncersOptions): readonly Routes[] {
  const book = new BlockBook({ db, now, onLeftOut });
  const views = new BouncerViews(book, now);
  const tokens = new MachineTokens((bytes) => randomBytes(bytes), now);
  return [lapiRoutes({ db, auth, book, views, intake, tokens, now }), listsRoutes({ auth, views, now })];
}
