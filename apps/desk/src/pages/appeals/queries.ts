/** What the page of appeals asks and tells. */
import type { AppealAnswer, AppealsAnswer, NewAppeal } from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';

/** How often it looks again, ms: voters ask on a page of their own meanwhile. */
const LOOK_AGAIN = 30_000;

export const appealsQuery = queryOptions({
  queryKey: ['appeals'],
  queryFn: ({ signal }) => ask<AppealsAnswer>('appeals', {}, signal),
  refetchInterval: LOOK_AGAIN,
});

/** Lets a caller in, by the digits that they read out. */
export function letIn(appeal: NewAppeal): Promise<AppealAnswer> {
  return tell('POST', 'appeals', appeal);
}

export function endAppeal(id: number): Promise<unknown> {
  return tell('POST', `appeals/${id}/end`, {});
}
