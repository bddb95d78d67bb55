/** What an operator may say under `probes`: which services are visited as a known-good visitor would, by whom, and from where. */
import { isIP } from 'node:net';
import { type Static, Type } from 'typebox';

/** Visitors that must never be kept waiting; `features/probes/personas.ts` says what each of them is. */
export const PersonaName = Type.Union([
  Type.Literal('overseas-military'),
  Type.Literal('library'),
  Type.Literal('mobile-carrier'),
  Type.Literal('screen-reader'),
  Type.Literal('search-engine'),
]);
export type PersonaName = Static<typeof PersonaName>;

/** One of them at one service. */
export const Probe = Type.Object(
  {
    /** What it is called on the desk. */
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$' }),
    /** A page of a service for voters, by the address that voters use. */
    url: Type.String({ maxLength: 2048 }),
    persona: PersonaName,
    /** Address of this machine to come from; the one that its routes choose if it is left out. */
    from: Type.Optional(Type.String({ maxLength: 45 })),
  },
  { additionalProperties: false },
);
export type Probe = Static<typeof Probe>;

/** Each service by each visitor, in a large state. */
export const Probes = Type.Array(Probe, { maxItems: 256 });

/** What is wrong with them beyond their shape; undefined if nothing. */
export function faultOfProbes(probes: readonly Probe[]): string | undefined {
  const names = new Set<string>();
  for (const { name, url, from } of probes) {
    if (names.has(name)) return `two are called ${JSON.stringify(name)}`;
    names.add(name);
    const protocol = URL.canParse(url) ? new URL(url).protocol : '';
    if (protocol !== 'http:' && protocol !== 'https:')
      return `${JSON.stringify(url)} is no address of a page`;
    if (from !== undefined && isIP(from) === 0) return `${JSON.stringify(from)} is no address`;
  }
  return undefined;
}
