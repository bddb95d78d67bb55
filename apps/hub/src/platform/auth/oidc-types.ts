/** What sign-in with the directories of offices gives the routes, and what the configuration says of each. */
import type { Result } from '@bellwether/basics';
import type { Origin } from './auth-types.ts';
import type { AuthError } from './errors.ts';
import type { Place, Role } from './rights.ts';

/** A directory of an office, as the configuration names it. */
export type DirectoryConfig = {
  /** In addresses: letters, digits, hyphens. */
  readonly name: string;
  /** On the button. */
  readonly title: string;
  readonly issuer: string;
  readonly client: string;
  /** File that holds the client's secret. */
  readonly secret?: string;
  /** Claim whose values give roles: a text or a list of texts. */
  readonly claim: string;
  readonly roles: readonly { readonly value: string; readonly role: Role; readonly place: Place }[];
};

/** Sign-in with directories (OpenID Connect, code flow with PKCE, state and nonce). */
export type Directories = {
  readonly list: readonly { readonly name: string; readonly title: string }[];
  /** Where to send the browser, and the ticket (a cookie, Lax: the answer comes from the directory's page) that its answer has to bring. */
  leadOut(name: string, origin: Origin): Promise<Result<{ url: string; ticket: string }, AuthError>>;
  /** Who it is; roles are given and ended as the claim says. A directory never makes an administrator. */
  leadBack(
    name: string,
    url: URL,
    ticket: string,
    origin: Origin,
  ): Promise<Result<{ person: string }, AuthError>>;
};
