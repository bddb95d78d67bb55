/** Names of offices by their number, as the hub tells them to whoever is signed in. */
import { type Reach, useMe } from '../api/me.ts';

/** All offices of the hub, by number. */
export function useOfficeNames(): ReadonlyMap<string, string> {
  return new Map(useMe().offices.map(({ leaId, name }) => [leaId, name]));
}

/** Names an authority: an office, the state, or the number itself where nobody knows it. */
export function useOfficeName(): (authority: string) => string {
  const names = useOfficeNames();
  return (authority) => (authority === 'state' ? 'State' : (names.get(authority) ?? authority));
}

/** The offices among these places, by name. */
export function officesWithin(
  reach: Reach,
  names: ReadonlyMap<string, string>,
): readonly { readonly leaId: string; readonly name: string }[] {
  const numbers = reach === 'all' ? [...names.keys()] : reach.filter((place) => place !== 'state');
  return numbers
    .map((leaId) => ({ leaId, name: names.get(leaId) ?? leaId }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
