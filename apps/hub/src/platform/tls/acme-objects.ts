/** Objects of ACME as directories send them (RFC 8555, 7.1), with the members that we look at. Bounded; more may stand in them. */
import { ok, type Result } from '@bellwether/basics';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { type AcmeFailure, acmeFailed } from './acme-failure.ts';

const Url = Type.String({ pattern: '^https://', maxLength: 2048 });
const Status = Type.String({ maxLength: 32 });

/** A problem (RFC 7807), as an answer or inside another object. */
export const AcmeProblem = Type.Object({
  type: Type.Optional(Type.String({ maxLength: 512 })),
  detail: Type.Optional(Type.String()),
});

/** 7.1.1: where everything is. */
export const AcmeDirectory = Type.Object({
  newNonce: Url,
  newAccount: Url,
  newOrder: Url,
  meta: Type.Optional(Type.Object({ externalAccountRequired: Type.Optional(Type.Boolean()) })),
});

/** 7.1.2 */
export const AcmeAccount = Type.Object({
  status: Status,
  contact: Type.Optional(Type.Array(Type.String({ maxLength: 512 }), { maxItems: 16 })),
});

/** 7.1.3; we ask for one name, so there is one authorization. */
export const AcmeOrder = Type.Object({
  status: Status,
  authorizations: Type.Array(Url, { minItems: 1, maxItems: 4 }),
  finalize: Url,
  certificate: Type.Optional(Url),
  error: Type.Optional(AcmeProblem),
});

/** 8: a challenge. Its token is at least 128 random bits in base64url (8.3), and stands in a path. */
export const AcmeChallenge = Type.Object({
  type: Type.String({ maxLength: 64 }),
  url: Url,
  token: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{22,256}$' })),
  error: Type.Optional(AcmeProblem),
});

/** 7.1.4 */
export const AcmeAuthorization = Type.Object({
  status: Status,
  challenges: Type.Array(AcmeChallenge, { maxItems: 32 }),
});

/** The object in the text of an answer. */
export function acmeObject<T extends TSchema>(schema: T, text: string): Result<Static<T>, AcmeFailure> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return acmeFailed('the directory answered with something that is not JSON');
  }
  if (Value.Check(schema, value)) return ok(value as Static<T>);
  const { instancePath = '', message = '' } = Value.Errors(schema, value)[0] ?? {};
  return acmeFailed(`the directory answered otherwise than RFC 8555 says: ${instancePath} ${message}`.trim());
}
