/** Sign-in, put together: every part gets what it needs of the others. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Auth } from '../platform/auth/auth-types.ts';
import { createKeys } from '../platform/auth/keys.ts';
import { createLimits } from '../platform/auth/limits.ts';
import { createDirectories } from '../platform/auth/oidc.ts';
import type { DirectoryConfig } from '../platform/auth/oidc-types.ts';
import { createPasskeys } from '../platform/auth/passkeys.ts';
import { createPeople } from '../platform/auth/people.ts';
import { createRecovery } from '../platform/auth/recovery.ts';
import { createSessions } from '../platform/auth/sessions.ts';
import { createTrail } from '../platform/auth/trail.ts';
import { type TrailWatch, watchTrail } from '../platform/auth/trail-watch.ts';
import { createVisits } from '../platform/auth/visits.ts';
import type { Config } from '../platform/config.ts';
import type { Tables } from '../platform/postgres/tables.ts';

/** Fact that says that this hub has had an administrator: it is never again whoever holds the machine who sees everything. */
const ADMINISTERED = 'administered';

/** What sign-in is made from. */
export type AuthOptions = {
  readonly db: Kysely<Tables>;
  readonly config: Config;
  readonly now: () => number;
  /** Told where the trail is no longer what was written. */
  readonly onBroken: (detail: string) => void;
};

/** Sign-in of a hub that runs, with an end. */
export type OpenAuth = Auth & { readonly watch: TrailWatch; close(): Promise<void> };

/** Opens it. Throws where the database is away. */
export async function openAuth({ db, config, now, onBroken }: AuthOptions): Promise<OpenAuth> {
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const trail = createTrail(now);
  const sessions = createSessions({ db, trail, now, random });
  const records = { db, trail, sessions, now, random };
  const people = createPeople(records);
  const visits = createVisits({ db, now });
  const limits = createLimits({ now });
  // Once there has been an administrator it is never alone again: removing the last one must not give
  // everything back to the token.
  let alone = true;
  const lookAgain = async (): Promise<void> => {
    if (!alone) return;
    const fact = await db
      .selectFrom('facts')
      .select('name')
      .where('name', '=', ADMINISTERED)
      .executeTakeFirst();
    if (fact === undefined && !(await people.hasAdministrator())) return;
    alone = false;
    await db
      .insertInto('facts')
      .values({ name: ADMINISTERED, value: 'true' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  };
  await lookAgain();
  const watch = watchTrail({ db, onBroken: (fault) => onBroken(JSON.stringify(fault)) });
  return {
    sessions,
    people,
    recovery: createRecovery(records),
    passkeys: createPasskeys({ db, trail, sessions, now }),
    directories: createDirectories({
      db,
      trail,
      now,
      random,
      configs: (config.oidc ?? []) as DirectoryConfig[],
    }),
    keys: createKeys({ db, trail, now, random }),
    trail,
    visits,
    limits,
    isAlone: () => alone,
    lookAgain,
    watch,
    close: async () => {
      await watch.stop();
      await visits.stop();
    },
  };
}
