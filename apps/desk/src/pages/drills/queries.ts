/** What the page *Drills* asks. */
import type { DrillsAnswer } from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask } from '../../api/ask.ts';

/** How often it looks again, ms: a drill is scored minutes after it ran. */
const LOOK_AGAIN = 60_000;

export const drillsQuery = queryOptions({
  queryKey: ['drills'],
  queryFn: ({ signal }) => ask<DrillsAnswer>('drills', {}, signal),
  refetchInterval: LOOK_AGAIN,
});
