/** A directory that lies: it answers as told, right or wrong, with ID tokens (OpenID Connect Core 1.0, section 2) by hand. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { closing, listening } from './directory.ts';

/** What it says otherwise than a good directory would. */
export type Lies = {
  /** Claims of the ID token, in place of the right ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Members of its metadata, in place of the right ones. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Signs with a key that it does not show. */
  readonly foreignKey?: boolean;
  /** Header of the ID token says that it is not signed, and so it is. */
  readonly unsigned?: boolean;
  /** What the token endpoint answers with, in place of tokens. */
  readonly token?: { readonly status: number; readonly body: string };
  /** What is asked for metadata gets this status. */
  readonly status?: number;
};

/** One that runs. */
export type FalseDirectory = {
  readonly issuer: string;
  lies: Lies;
  /** Paths that it was asked for. */
  readonly asked: string[];
  close(): Promise<void>;
};

/** Starts one. `nonce`: of the question that is asked; `client`: who asks. */
export async function startFalseDirectory(client: string, nonce: () => string): Promise<FalseDirectory> {
  const shown = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hidden = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = createServer();
  const issuer = await listening(server);
  const directory: FalseDirectory = { issuer, lies: {}, asked: [], close: () => closing(server) };

  function idToken(): string {
    const { claims, foreignKey, unsigned } = directory.lies;
    const at = Math.floor(Date.now() / 1000);
    const good = { iss: issuer, sub: 'ann', aud: client, iat: at, exp: at + 60, nonce: nonce() };
    const head = unsigned ? { alg: 'none' } : { alg: 'ES256', kid: 'one' };
    const text = `${base64(head)}.${base64({ groups: ['bw-clerks'], name: 'Ann', ...good, ...claims })}`;
    return `${text}.${unsigned ? '' : signed(text, foreignKey ? hidden.privateKey : shown.privateKey)}`;
  }

  server.on('request', (request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname;
    directory.asked.push(path);
    const { metadata, token, status = 200 } = directory.lies;
    if (path === '/.well-known/openid-configuration') {
      json(response, status, JSON.stringify({ ...metadataOf(issuer), ...metadata }));
    } else if (path === '/jwks') {
      const key = { ...shown.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' };
      json(response, 200, JSON.stringify({ keys: [key] }));
    } else if (path === '/token') {
      const good = { access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: idToken() };
      json(response, token?.status ?? 200, token?.body ?? JSON.stringify(good));
    } else json(response, 404, '{}');
  });
  return directory;
}

function metadataOf(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

function signed(text: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function json(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
