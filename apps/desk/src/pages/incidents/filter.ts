/** Which incidents the list shows, as it stands in the address. */
import type { IncidentsQuery } from '@bellwether/api';
import { INCIDENT_KINDS } from '../../words/incidents.ts';

/** The filter, without how many. */
export type Filter = Omit<IncidentsQuery, 'limit'>;

/** States to choose from; the first is what the page shows by itself. */
export const STATES = ['open', 'closed', 'all'] as const;

/** Reads the address. */
export function filterOf(given: Record<string, unknown>): Filter {
  const state = STATES.find((name) => name === given.state);
  const kind = INCIDENT_KINDS.find((name) => name === given.kind);
  const authority =
    typeof given.authority === 'string' && /^(state|\d{5})$/.test(given.authority)
      ? given.authority
      : undefined;
  return {
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(authority === undefined ? {} : { authority }),
  };
}
