/** What the routes of the set-up need of the rest of the hub. */
import type { SetUpAnswer } from '@bellwether/api';
import type { Result } from '@bellwether/basics';
import type { Kysely } from 'kysely';
import type { Auth } from '../../platform/auth/auth-types.ts';
import type { Config } from '../../platform/config.ts';
import type { Tables } from '../../platform/postgres/tables.ts';
import type { HttpsConfig } from '../../platform/tls/tls-types.ts';

/** The rest of the hub, as the set-up sees it. */
export type SetUpDependencies = {
  readonly db: Kysely<Tables>;
  readonly auth: Auth;
  /** As the hub was started with it. */
  readonly config: Config;
  /** Where it is written. */
  readonly configPath: string;
  /** How the hub is reached from elsewhere now. */
  readonly https: () => SetUpAnswer['https'];
  /** Certificate of the hub's own CA, PEM; null where it has none. */
  readonly ownAuthority: () => string | null;
  /** Whether HTTPS could be opened like this. */
  readonly checkHttps: (
    config: HttpsConfig,
  ) => Promise<Result<void, { readonly code: string; readonly detail: string }>>;
  /** Asks for the sample state to be cleared at the next start. */
  readonly clearSample: () => void;
  /** Stops the hub when the answer is out, and starts it again in the same process: some seconds. */
  readonly restart: () => void;
  /** ms since 1970. */
  readonly now: () => number;
};
