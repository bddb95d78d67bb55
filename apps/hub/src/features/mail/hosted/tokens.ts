/** Who asks a mail service: tokens of OAuth 2.0 for an application, kept until shortly before they end. */
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { isAskable } from '../../../platform/auth/oidc-fetch.ts';
import { boundedAnswer, HostedFault, jsonOf } from './ask.ts';

/** A token is renewed so long before its end, ms: a question that has begun is answered with it. */
const BEFORE_END = 60_000;

/** How long an assertion of ours holds, seconds: clocks differ by minutes. */
const ASSERTION = 600;

/** Until a token is there, ms. */
const WITHIN = 30_000;

/** Tokens that are kept: mailboxes of a state. */
const MOST_KEPT = 10_000;

/** How an application of Microsoft Entra shows who it is: a secret, or the key of a certificate that is known there. PEM. */
export type GraphCredential =
  | { readonly secret: string }
  | { readonly key: string; readonly certificate: string };

/** An application of Microsoft Entra. */
export type GraphApplication = {
  /** Where tokens are given, `https://login.microsoftonline.com`. */
  readonly login: string;
  /** What they are for, `https://graph.microsoft.com`. */
  readonly service: string;
  readonly tenant: string;
  readonly application: string;
  readonly credential: GraphCredential;
};

/** A service account of Google: what its key file has. */
export type GoogleAccount = {
  readonly client_email: string;
  /** PKCS#8, PEM. */
  readonly private_key: string;
  readonly private_key_id: string;
  readonly token_uri: string;
};

/** All that moving a message needs; it cannot delete for good. */
const GMAIL_SCOPE = 'https://www.googleapis.com/auth/gmail.modify';

const Token = Type.Object({
  access_token: Type.String({ minLength: 1, maxLength: 32_768 }),
  expires_in: Type.Number({ minimum: 0, maximum: 1_000_000 }),
});

const NoToken = Type.Object({
  error: Type.String(),
  error_description: Type.Optional(Type.String()),
});

/** Gives a token for a mailbox; throws a `HostedFault`. */
export type Tokens = (mailbox: string, isFresh: boolean) => Promise<string>;

/** Tokens of an application of Microsoft Entra: one for all mailboxes of a tenant (client credentials, RFC 6749, 4.4). */
export function graphTokens(application: GraphApplication): Tokens {
  return kept(
    () => '',
    async () => {
      const address = `${application.login}/${encodeURIComponent(application.tenant)}/oauth2/v2.0/token`;
      return await tokenFrom(address, {
        grant_type: 'client_credentials',
        client_id: application.application,
        scope: `${application.service}/.default`,
        ...(await shownAs(application, address)),
      });
    },
  );
}

/** Tokens of a service account in the name of each mailbox (RFC 7523, 2.1). */
export function googleTokens(account: GoogleAccount): Tokens {
  return kept(
    (mailbox) => mailbox,
    async (mailbox) =>
      await tokenFrom(account.token_uri, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await new SignJWT({ scope: GMAIL_SCOPE })
          .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })
          .setIssuer(account.client_email)
          .setSubject(mailbox)
          .setAudience(account.token_uri)
          .setIssuedAt()
          .setExpirationTime(`${ASSERTION}s`)
          .sign(createPrivateKey(account.private_key)),
      }),
  );
}

/** The secret, or an assertion that is signed with the key (RFC 7523, 2.2). */
async function shownAs(
  { application, credential }: GraphApplication,
  address: string,
): Promise<Record<string, string>> {
  if ('secret' in credential) return { client_secret: credential.secret };
  const { raw } = new X509Certificate(credential.certificate);
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({
      ...{ alg: 'PS256', typ: 'JWT' },
      'x5t#S256': createHash('sha256').update(raw).digest('base64url'),
    })
    .setIssuer(application)
    .setSubject(application)
    .setAudience(address)
    .setNotBefore('0s')
    .setIssuedAt()
    .setExpirationTime(`${ASSERTION}s`)
    .sign(createPrivateKey(credential.key));
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}

type Given = { readonly token: string; readonly until: number };

/** Asked for once, however many want it. */
function kept(nameOf: (mailbox: string) => string, give: (mailbox: string) => Promise<Given>): Tokens {
  const given = new Map<string, Promise<Given>>();
  return async (mailbox, isFresh) => {
    const name = nameOf(mailbox);
    const there = given.get(name);
    if (there !== undefined && !isFresh) {
      const { token, until } = await there;
      if (Date.now() < until) return token;
      // Whoever comes second finds the new one.
      if (given.get(name) !== there) return (await given.get(name)!).token;
    }
    if (given.size >= MOST_KEPT) given.clear();
    const asked = give(mailbox);
    given.set(name, asked);
    try {
      return (await asked).token;
    } catch (cause) {
      if (given.get(name) === asked) given.delete(name);
      throw cause;
    }
  };
}

async function tokenFrom(address: string, form: Record<string, string>): Promise<Given> {
  if (!isAskable(address)) throw new HostedFault('MAILBOX_SERVER_UNSAFE', address.slice(0, 200));
  let status: number;
  let value: unknown;
  try {
    const answer = await fetch(address, {
      method: 'POST',
      redirect: 'error',
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(WITHIN),
    });
    ({ status } = answer);
    value = jsonOf((await boundedAnswer(answer, 131_072)).bytes);
  } catch (cause) {
    const { message, cause: behind } = cause as Error;
    const why = behind instanceof Error ? behind.message : message;
    throw new HostedFault('MAILBOX_SERVER_UNREACHABLE', `no token: ${why.slice(0, 200)}`);
  }
  if (status === 200 && Value.Check(Token, value))
    return { token: value.access_token, until: Date.now() + value.expires_in * 1_000 - BEFORE_END };
  if (Value.Check(NoToken, value)) {
    const { error, error_description: words = '' } = value;
    throw new HostedFault(
      'MAILBOX_LOGIN_REFUSED',
      `no token: ${error} ${words.split('\n')[0]!.slice(0, 200)}`,
    );
  }
  if (status >= 500 || status === 429)
    throw new HostedFault('MAILBOX_SERVER_UNREACHABLE', `no token: ${status}`, status);
  throw new HostedFault('MAILBOX_ANSWER_WRONG', `no token, and no reason: ${status}`, status);
}
