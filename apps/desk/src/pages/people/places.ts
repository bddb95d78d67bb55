/** Places as a person reads them, and the places at which somebody may do something: what a field offers. */
import { type Reach, useReach } from '../../api/me.ts';
import { useOfficeNames } from '../../words/office-names.ts';
import { PLACE_WORDS } from './texts.ts';

/** A place and its name. */
export type NamedPlace = { readonly place: string; readonly name: string };

/** Place of who looked at all offices at once. */
export const EVERYWHERE = '*';

/** Writes a place: the state, an office, or its number where nobody knows it. */
export function placeName(place: string, offices: ReadonlyMap<string, string>): string {
  if (place === 'state') return PLACE_WORDS.state;
  if (place === EVERYWHERE) return PLACE_WORDS.everywhere;
  return offices.get(place) ?? PLACE_WORDS.numbered(place);
}

/** Writes places. */
export function usePlaceName(): (place: string) => string {
  const offices = useOfficeNames();
  return (place) => placeName(place, offices);
}

/** Where who is signed in may do it, the state first and then by name. */
export function usePlaces(verb: string): readonly NamedPlace[] {
  const reach = useReach(verb);
  return placesOf(reach, useOfficeNames());
}

/** The places of a reach, the state first and then by name. */
export function placesOf(reach: Reach, offices: ReadonlyMap<string, string>): readonly NamedPlace[] {
  const places = reach === 'all' ? ['state', ...offices.keys()] : reach;
  return places
    .map((place) => ({ place, name: placeName(place, offices) }))
    .sort(
      (a, b) =>
        Number(b.place === 'state') - Number(a.place === 'state') || a.name.localeCompare(b.name, 'en'),
    );
}
