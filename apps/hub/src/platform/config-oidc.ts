/** What an operator may say under `oidc`: directories whose people may sign in, and which roles they get. */
import { type Static, Type } from 'typebox';
import type { DirectoryConfig } from './auth/oidc-types.ts';
import { ROLES, type Role } from './auth/rights.ts';

const closed = { additionalProperties: false } as const;

/** The state's directory, and those of the few offices that have one of their own. */
const MOST_DIRECTORIES = 32;

/** A directory that serves all 116 offices names a group for each, and a few for the state. */
const MOST_ROLES = 512;

/** A directory never makes an administrator: whoever runs it would own the hub. */
const GIVEN_BY_DIRECTORIES = ROLES.filter((role) => role !== 'administrator').join('|');

/** Over TLS; in the clear only on this machine. */
const ISSUER =
  '^(?:https://[^\\s@]+|http://(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?::\\d{1,5})?(?:/[^\\s]*)?)$';

/** What may stand under `oidc`. */
export const Oidc = Type.Array(
  Type.Object(
    {
      name: Type.String({ pattern: '^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$' }),
      title: Type.String({ minLength: 1, maxLength: 64 }),
      issuer: Type.String({ pattern: ISSUER, maxLength: 2048 }),
      client: Type.String({ minLength: 1, maxLength: 256 }),
      secret: Type.Optional(Type.String({ pattern: '^/', maxLength: 4096 })),
      claim: Type.String({ minLength: 1, maxLength: 128 }),
      roles: Type.Array(
        Type.Object(
          {
            value: Type.String({ minLength: 1, maxLength: 256 }),
            role: Type.Unsafe<Role>(Type.String({ pattern: `^(?:${GIVEN_BY_DIRECTORIES})$` })),
            place: Type.String({ pattern: '^(?:state|\\d{5})$' }),
          },
          closed,
        ),
        { minItems: 1, maxItems: MOST_ROLES },
      ),
    },
    closed,
  ),
  { maxItems: MOST_DIRECTORIES },
);

/** What is wrong with them beyond their shape; undefined if nothing. */
export function faultOfOidc(directories: Static<typeof Oidc>): string | undefined {
  const names = new Set<string>();
  for (const { name } of directories satisfies readonly DirectoryConfig[]) {
    if (names.has(name)) return `there are two directories with the name ${JSON.stringify(name)}`;
    names.add(name);
  }
  return undefined;
}
