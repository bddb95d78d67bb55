/**
 * Sign-in with the directory of an office: OpenID Connect Core 1.0, code flow, with PKCE (RFC 7636, S256), `state`,
 * `nonce`, and the check of who answers (RFC 9207 and the claim `iss`). The directory says who somebody is and in which
 * groups; which roles that gives stands in the configuration.
 */
import { err, ok, type Result } from '@bellwether/basics';
import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { type AuthError, authError } from './errors.ts';
import { CLOCK_TOLERANCE, DirectoryClient } from './oidc-client.ts';
import { isAskable, isDirectoryAway } from './oidc-fetch.ts';
import { admitTold, type DirectoryRecords } from './oidc-people.ts';
import { mappedRoles } from './oidc-roles.ts';
import type { Directories, DirectoryConfig } from './oidc-types.ts';
import { plainText } from './plain-text.ts';
import { sameSecret } from './secrets.ts';
import { Tickets } from './tickets.ts';

/** What directories need of the rest of the hub. */
export type DirectoryDependencies = DirectoryRecords & { readonly configs: readonly DirectoryConfig[] };

/** Who somebody is, and their name. Groups come with the client's settings at the directory. */
const SCOPE = 'openid profile';

/** A subject has 255 characters at most (Core 1.0, section 2). */
const LONGEST_SUBJECT = 255;

/** What a ticket stands for. */
type Question = {
  readonly name: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the directory sends the browser back to. */
  readonly redirect: string;
};

type Claims = Readonly<Record<string, unknown>> & { readonly sub: string; readonly iat: number };

/** Makes them. */
export function createDirectories(dependencies: DirectoryDependencies): Directories {
  const { configs, now } = dependencies;
  const clients = new Map(configs.map((config) => [config.name, new DirectoryClient(config, now)]));
  const tickets = new Tickets<Question>(now);

  return {
    list: configs.map(({ name, title }) => ({ name, title })),

    async leadOut(name, origin) {
      const found = await clients.get(name)?.configuration();
      if (found === undefined) return refused('There is no such directory here.');
      if (found.isErr()) return found;
      const question: Question = {
        name,
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
        redirect: `${origin.origin}/api/v1/sign-in/oidc/${name}/back`,
      };
      const url = await addressOf(found.value, question);
      if (url === undefined) return away('What it tells of itself cannot be used.');
      return ok({ url, ticket: tickets.issue(question, origin) });
    },

    async leadBack(name, url, ticket, origin) {
      const question = tickets.take(ticket, origin);
      const client = clients.get(name);
      if (client === undefined || question?.name !== name) return over();
      // Of another window, or made up: not even the directory hears of it.
      if (!sameSecret(url.searchParams.get('state') ?? '', question.state)) return over();
      const found = await client.configuration();
      if (found.isErr()) return found;
      const claims = await claimsFrom(found.value, client.config, question, url.search, now);
      if (claims.isErr()) return claims;
      return await admitTold(dependencies, {
        directory: name,
        subject: claims.value.sub,
        name: nameFrom(claims.value, client.config),
        roles: mappedRoles(client.config, claims.value[client.config.claim]),
        address: origin.address,
      });
    },
  };
}

/** Where the browser is sent; undefined where the metadata holds no usable address. */
async function addressOf(
  configuration: Configuration,
  { redirect, state, nonce, verifier }: Question,
): Promise<string | undefined> {
  const parameters = {
    redirect_uri: redirect,
    scope: SCOPE,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  try {
    const { href } = buildAuthorizationUrl(configuration, parameters);
    return isAskable(href) ? href : undefined;
  } catch {
    return undefined;
  }
}

/** What the directory says of them; asked a second time where it tells groups only when asked for them. */
async function claimsFrom(
  configuration: Configuration,
  { claim }: DirectoryConfig,
  { redirect, state, nonce, verifier }: Question,
  search: string,
  now: () => number,
): Promise<Result<Claims, AuthError>> {
  try {
    const tokens = await authorizationCodeGrant(configuration, new URL(`${redirect}${search}`), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined || claims.sub === '' || claims.sub.length > LONGEST_SUBJECT) {
      return refused('Its answer cannot be trusted.');
    }
    // The token was made just now, by whatever clock: further apart, its end means nothing.
    if (Math.abs(claims.iat - now() / 1000) > CLOCK_TOLERANCE) return clocksDiffer();
    if (claims[claim] !== undefined || !configuration.serverMetadata().userinfo_endpoint) return ok(claims);
    const more = await fetchUserInfo(configuration, tokens.access_token, claims.sub);
    return ok({ ...more, ...claims });
  } catch (error) {
    return failureOf(error);
  }
}

/** Everything that the library complains about is something that came from outside. */
function failureOf(error: unknown): Result<never, AuthError> {
  if (isDirectoryAway(error)) return away('');
  if (error instanceof AuthorizationResponseError) return refused('It did not sign you in.');
  if (error instanceof ResponseBodyError) return refused('It does not take its own answer any more.');
  const { code } = error as { code?: unknown };
  return code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED'
    ? clocksDiffer()
    : refused('Its answer cannot be trusted.');
}

/** A name for the lists: what they are called there, or that somebody came from there. */
function nameFrom(claims: Claims, { title }: DirectoryConfig): string {
  for (const told of [claims.name, claims.preferred_username, claims.email]) {
    if (typeof told !== 'string') continue;
    const name = plainText('name', told);
    if (name.isOk()) return name.value;
  }
  return `Somebody from ${title}`.slice(0, 100);
}

function over(): Result<never, AuthError> {
  return err(authError('AUTH_CEREMONY_OVER', ''));
}

function away(detail: string): Result<never, AuthError> {
  return err(authError('AUTH_DIRECTORY_AWAY', detail));
}

function refused(detail: string): Result<never, AuthError> {
  return err(authError('AUTH_DIRECTORY_REFUSED', detail));
}

function clocksDiffer(): Result<never, AuthError> {
  return refused('Its clock and that of the hub are minutes apart.');
}
