/** Which roles a directory gives: the values of one claim, by the map of the configuration. Pure. */
import type { DirectoryConfig } from './oidc-types.ts';
import { faultOfGrant, type Place, type Role } from './rights.ts';

/** A role at a place. */
export type MappedRole = { readonly role: Role; readonly place: Place };

/** Groups of somebody that are looked at: directories of large counties name hundreds. */
const MOST_VALUES = 2000;

/**
 * Roles for a claim: a text, or a list of texts (RFC 7643 and others leave it to the directory). Each role once, in the
 * order of the map. What is neither gives none, and an entry of the map that may not be gives nothing.
 */
export function mappedRoles(config: Pick<DirectoryConfig, 'roles'>, claim: unknown): readonly MappedRole[] {
  const values = new Set(Array.isArray(claim) ? claim.slice(0, MOST_VALUES) : [claim]);
  const found = new Map<string, MappedRole>();
  for (const entry of config.roles) {
    if (!values.has(entry.value) || faultOfMapping(entry) !== undefined) continue;
    const { role, place } = entry;
    found.set(`${role} ${place}`, { role, place });
  }
  return [...found.values()];
}

/** Why a directory cannot give this role there; undefined: it can. Who lets people in is chosen by people. */
export function faultOfMapping({ role, place }: MappedRole): 'administrator' | 'place' | undefined {
  if (role === 'administrator') return 'administrator';
  const fault = faultOfGrant({ kind: 'machine', alone: true }, { role, place, until: 1 }, 0);
  return fault === undefined ? undefined : 'place';
}
