/** What an operator may say under `https`: the name of the hub, where it listens, and where its certificate comes from. */
import { type Static, Type } from 'typebox';
import { mayBind } from './http/addresses.ts';

const closed = { additionalProperties: false } as const;

/** Port of HTTPS where nobody names another: one that a user who is not root may take. */
export const USUAL_HTTPS_PORT = 8443;

/** A name of the DNS as RFC 1123, 2.1 has it, in small letters; its last label has a letter, so that it is no address. */
const DNS_NAME =
  '^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*(?!\\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';

/** An address of mail, as far as a directory needs it: nothing that could be read as a second one (RFC 8555, 7.3). */
const MAILBOX = '^[^\\s@,;?&=<>]{1,64}@[A-Za-z0-9.-]{1,190}$';

const Path = Type.String({ pattern: '^/', maxLength: 4096 });

/** What may stand under `https`. */
export const Https = Type.Object(
  {
    name: Type.String({ pattern: DNS_NAME }),
    host: Type.Optional(Type.String({ maxLength: 64 })),
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    certificate: Type.Optional(Path),
    key: Type.Optional(Path),
    acme: Type.Optional(
      Type.Object(
        {
          directory: Type.String({ pattern: '^https://[^\\s@]+$', maxLength: 2048 }),
          contact: Type.Optional(Type.String({ pattern: MAILBOX })),
          port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
          ca: Type.Optional(Path),
        },
        closed,
      ),
    ),
    own: Type.Optional(Type.Literal(true)),
  },
  closed,
);

/** What is wrong with it beyond its shape; undefined if nothing. */
export function faultOfHttps(https: Static<typeof Https>): string | undefined {
  if ((https.certificate === undefined) !== (https.key === undefined)) {
    return 'name `certificate` and `key` together';
  }
  const sources = [https.certificate, https.acme, https.own].filter((one) => one !== undefined);
  if (sources.length !== 1) return 'name one of `certificate` (with `key`), `acme` and `own`';
  return mayBind(https.host, true)?.detail;
}
