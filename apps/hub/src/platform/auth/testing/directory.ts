/** A directory for tests: oidc-provider on this machine, with one client and people who are signed in there already. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** What the hub is called at the directory, and its secret. */
export const CLIENT = { id: 'bellwether', secret: 'a secret of the directory, for tests' } as const;

/** What a directory can say of somebody. */
export type Claims = Readonly<Record<string, unknown>>;

/** A directory that runs. */
export type TestDirectory = {
  readonly issuer: string;
  /** Claims by subject; may be changed. */
  readonly people: Map<string, Claims>;
  /** Walks as the browser of this person, from where the hub sent it to where the directory sends it back. */
  walk(url: string, subject: string): Promise<URL>;
  close(): Promise<void>;
};

/** What may be chosen. */
export type DirectoryOptions = {
  readonly redirect: string;
  /** Claims only where they are asked for with the access token, as the standard has it. */
  readonly conform?: boolean;
  /** How the client shows its secret. */
  readonly way?: 'client_secret_basic' | 'client_secret_post' | 'none';
};

/** Starts one on a free port. */
export async function startDirectory(options: DirectoryOptions): Promise<TestDirectory> {
  const people = new Map<string, Claims>();
  const server = createServer();
  const issuer = await listening(server);
  const { way = 'client_secret_basic' } = options;
  let walker = '';
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        ...(way === 'none' ? {} : { client_secret: CLIENT.secret }),
        redirect_uris: [options.redirect],
        token_endpoint_auth_method: way,
      },
    ],
    clientAuthMethods: [way],
    claims: { openid: ['sub', 'groups'], profile: ['name'] },
    conformIdTokenClaims: options.conform ?? false,
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['for tests'] },
    findAccount: (_context: unknown, subject: string) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...people.get(subject) }),
    }),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    loadExistingGrant: async (context: {
      oidc: { provider: Provider; client: { clientId: string }; session: { accountId: string } };
    }) => {
      const { provider: own, client, session } = context.oidc;
      const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) answer(request, response);
    else void provider.interactionFinished(request, response, { login: { accountId: walker } });
  });
  return {
    issuer,
    people,
    walk: async (url, subject) => {
      walker = subject;
      return await walk(url, options.redirect);
    },
    close: () => closing(server),
  };
}

/** Opens a server on a free port of this machine; gives its address. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Closes it, with all connections. */
export async function closing(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Follows redirects with cookies, until one leads back to the hub. */
async function walk(from: string, redirect: string): Promise<URL> {
  const jar = new Map<string, string>();
  let url = new URL(from);
  for (let steps = 0; steps < 10; steps++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url);
    if (url.href.startsWith(redirect)) return url;
  }
  throw new Error('the directory sends the browser in circles');
}
