/** Names of offices by their number, as on the map; what is not an office is named for what it is. */
import type { Reach } from '../../api/me.ts';
import { PLACES } from '../../map/shapes.ts';

const NAMES = new Map(PLACES.map(({ leaId, name }) => [leaId, name]));

/** The name of an office, if there is one of this number. */
export function nameOfOffice(leaId: string): string | undefined {
  return NAMES.get(leaId);
}

/** The offices among these places, by name. A number that is not on the map is its own name. */
export function officesWithin(reach: Reach): readonly { readonly leaId: string; readonly name: string }[] {
  const all =
    reach === 'all'
      ? PLACES.map(({ leaId, name }) => ({ leaId, name }))
      : reach.filter((place) => place !== 'state').map((leaId) => ({ leaId, name: officeName(leaId) }));
  return all.sort((a, b) => a.name.localeCompare(b.name));
}

/** The name of an authority: an office, the state, or the number itself where nobody knows it. */
export function officeName(authority: string): string {
  return authority === 'state' ? 'State' : (NAMES.get(authority) ?? authority);
}
