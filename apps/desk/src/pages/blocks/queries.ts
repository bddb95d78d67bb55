/** What the page *Blocks* asks and tells. */
import type { BlocksAnswer, BlockUndone, DecisionsAnswer, Reason } from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';

/** How often it looks again, ms. Agents report each minute, and as soon as something changed: this is soon after. */
const LOOK_AGAIN = 10_000;

/** The list is long and changes slowly: it is looked at again less often, ms. What was undone here is gone at once. */
const LIST_LOOK_AGAIN = 60_000;

/** Blocks in the list: half a megabyte. There are seldom more, and how many more is said. */
const MOST_LISTED = 1_000;

/** What was decided, and what became of it at each computer. */
export const blocksQuery = queryOptions({
  queryKey: ['blocks'],
  queryFn: ({ signal }) => ask<BlocksAnswer>('blocks', {}, signal),
  refetchInterval: LOOK_AGAIN,
});

/** Blocks that are in force, the newest first. */
export const inForceQuery = queryOptions({
  queryKey: ['blocks', 'in-force'],
  queryFn: ({ signal }) => ask<DecisionsAnswer>('decisions', { limit: MOST_LISTED }, signal),
  refetchInterval: LIST_LOOK_AGAIN,
});

/** Lifts a block at every office. */
export function undoBlock(id: number, why: string): Promise<BlockUndone> {
  return tell('POST', `blocks/${id}/undo`, { why } satisfies Reason);
}
