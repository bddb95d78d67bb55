/** Which offices the list shows, as it stands in the address. */
import type { OfficeState } from '@bellwether/api';
import { OFFICE_STATES } from '../../words/offices.ts';

/** The filter; without a state, all 116. */
export type StateFilter = { readonly state?: OfficeState };

/** Reads the address. */
export function stateOf(given: Record<string, unknown>): StateFilter {
  const state = OFFICE_STATES.find((name) => name === given.state);
  return state === undefined ? {} : { state };
}
