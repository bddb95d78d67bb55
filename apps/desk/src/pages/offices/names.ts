/** Names of offices by their number, as on the map; what is not an office is named for what it is. */
import { PLACES } from '../../map/shapes.ts';

const NAMES = new Map(PLACES.map(({ leaId, name }) => [leaId, name]));

/** The name of an office, if there is one of this number. */
export function nameOfOffice(leaId: string): string | undefined {
  return NAMES.get(leaId);
}

/** The name of an authority: an office, the state, or the number itself where nobody knows it. */
export function officeName(authority: string): string {
  return authority === 'state' ? 'State' : (NAMES.get(authority) ?? authority);
}
