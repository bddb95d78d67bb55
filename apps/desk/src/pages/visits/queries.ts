/** What the page *Who looked* asks. */
import type { VisitsAnswer } from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask } from '../../api/ask.ts';

/** Who looked at the data of a place in the last days. */
export function visitsQuery(place: string, days: number) {
  return queryOptions({
    queryKey: ['visits', place, days],
    queryFn: ({ signal }) => ask<VisitsAnswer>('visits', { place, days }, signal),
  });
}
