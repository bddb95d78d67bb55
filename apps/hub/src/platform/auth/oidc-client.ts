/**
 * The hub as a client of one directory: its metadata (OpenID Connect Discovery 1.0) is asked for when somebody first wants
 * to sign in, and again if that failed, so that a directory that is away stops nobody else.
 */
import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '@bellwether/basics';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  clockSkew,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
} from 'openid-client';
import { type AuthError, authError } from './errors.ts';
import { ANSWER_TIME, askDirectory, isAskable, isDirectoryAway } from './oidc-fetch.ts';
import type { DirectoryConfig } from './oidc-types.ts';

/** An hour, ms: after that the metadata is asked for anew; directories announce changes days before. */
const METADATA_LIFE = 3_600_000;

/** Five seconds, ms: so long after a failure nobody asks again, or everybody who waits would wait for the whole time. */
const FAILURE_LIFE = 5_000;

/** Two minutes, seconds: clocks of offices are kept by a time service, and are that far apart when it fails for a day. */
export const CLOCK_TOLERANCE = 120;

/** A secret is a line. Bytes. */
const LONGEST_SECRET = 4096;

type Found = Result<Configuration, AuthError>;

/** One directory. */
export class DirectoryClient {
  readonly config: DirectoryConfig;
  readonly #now: () => number;
  #known: { readonly found: Found; readonly until: number } | undefined;
  #asking: Promise<Found> | undefined;

  /** `now`: ms since 1970. */
  constructor(config: DirectoryConfig, now: () => number) {
    this.config = config;
    this.#now = now;
  }

  /** What is known of it; asked for if nothing is. Everybody who waits shares one question. */
  async configuration(): Promise<Result<Configuration, AuthError>> {
    if (this.#known !== undefined && this.#now() < this.#known.until) return this.#known.found;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  async #ask(): Promise<Found> {
    const found = await discoveredAt(this.config, this.#now);
    this.#known = { found, until: this.#now() + (found.isOk() ? METADATA_LIFE : FAILURE_LIFE) };
    return found;
  }
}

async function discoveredAt(config: DirectoryConfig, now: () => number): Promise<Found> {
  if (!isAskable(config.issuer)) return away('Its address in the configuration has no HTTPS.');
  const issuer = new URL(config.issuer);
  const secret = await secretOf(config);
  if (secret.isErr()) return secret;
  const metadata = {
    [clockSkew]: Math.round((now() - Date.now()) / 1000),
    [clockTolerance]: CLOCK_TOLERANCE,
  };
  try {
    const found = await discovery(issuer, config.client, metadata, secret.value, {
      timeout: ANSWER_TIME,
      [customFetch]: askDirectory,
      // A signature from the keys of the directory, also where the connection alone could be trusted.
      execute: [enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [allowInsecureRequests] : [])],
    });
    // The library lets some directories of many tenants answer for any of them.
    if (sameIssuer(found.serverMetadata().issuer, config.issuer)) return ok(found);
    return away('It calls itself by another name than the configuration does.');
  } catch (error) {
    return away(isDirectoryAway(error) ? '' : 'What it tells of itself cannot be used.');
  }
}

/** How the hub shows that it is the client: with its secret, in the way that the directory takes; with none, by PKCE alone. */
async function secretOf({ secret: path }: DirectoryConfig): Promise<Result<ClientAuth, AuthError>> {
  if (path === undefined) return ok(None());
  let secret: string;
  try {
    secret = (await readFile(path)).subarray(0, LONGEST_SECRET).toString().trim();
  } catch {
    return away('The hub cannot read the file with its secret.');
  }
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return ok((server, client, body, headers) => {
    // What is not said is `client_secret_basic` (Discovery 1.0, section 3).
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (ways.includes('client_secret_basic') ? basic : post)(server, client, body, headers);
  });
}

function sameIssuer(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '');
}

function away(detail: string): Result<never, AuthError> {
  return err(authError('AUTH_DIRECTORY_AWAY', detail));
}
