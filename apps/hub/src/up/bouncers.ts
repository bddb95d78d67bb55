/**
 * What bouncers are told, put together: one book of blocks for the local API of CrowdSec and for lists. Those who send a key come
 * to the hub's own door, and those who show a certificate to the listener of the agents.
 */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { BlockBook } from '../features/blocks/lapi/block-book.ts';
import type { BouncerCertificates } from '../features/blocks/lapi/bouncer-certificates.ts';
import { keyDoor } from '../features/blocks/lapi/bouncer-door.ts';
import { BouncerViews } from '../features/blocks/lapi/bouncer-views.ts';
import { MachineTokens } from '../features/blocks/lapi/machine-tokens.ts';
import { lapiRoutes } from '../features/blocks/lapi/routes.ts';
import { addRenewalRoute } from '../features/blocks/lapi/routes-certificates.ts';
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

/** Their routes, with doors of their own. */
export type BouncerRoutes = {
  readonly byKey: readonly Routes[];
  readonly byCertificate: (certificates: BouncerCertificates) => Routes;
};

/** Makes them. */
export function bouncerRoutes({ db, intake, auth, now, onLeftOut }: BouncersOptions): BouncerRoutes {
  const book = new BlockBook({ db, now, onLeftOut });
  const views = new BouncerViews(book, now);
  const tokens = new MachineTokens((bytes) => randomBytes(bytes), now);
  const common = { db, auth, book, views, intake, tokens, now };
  const door = keyDoor(auth, now);
  return {
    byKey: [lapiRoutes({ ...common, door }), listsRoutes({ door, views })],
    byCertificate: (certificates) => (app) => {
      lapiRoutes({ ...common, door: certificates.door })(app);
      listsRoutes({ door: certificates.door, views })(app);
      addRenewalRoute(app, certificates);
    },
  };
}
