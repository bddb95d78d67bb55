/** What the page *Rolls* asks. A roll changes once a night, so nothing here is asked again under the reader's eyes. */
import type {
  ExtractsAnswer,
  NightAnswer,
  NightsAnswer,
  RollChangesAnswer,
  RollsAnswer,
} from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask } from '../../api/ask.ts';

export const rollsQuery = queryOptions({
  queryKey: ['rolls'],
  queryFn: ({ signal }) => ask<RollsAnswer>('rolls', {}, signal),
});

/** Changes by day, of all offices in reach. */
export const rollChangesQuery = queryOptions({
  queryKey: ['rolls', 'changes'],
  queryFn: ({ signal }) => ask<RollChangesAnswer>('rolls/changes', {}, signal),
});

export const nightsQuery = queryOptions({
  queryKey: ['rolls', 'nights'],
  queryFn: ({ signal }) => ask<NightsAnswer>('rolls/nights', {}, signal),
});

export function nightQuery(epoch: string) {
  return queryOptions({
    queryKey: ['rolls', 'nights', epoch],
    queryFn: ({ signal }) => ask<NightAnswer>(`rolls/nights/${encodeURIComponent(epoch)}`, {}, signal),
  });
}

/** Poll books and public lists. */
export const extractsQuery = queryOptions({
  queryKey: ['rolls', 'extracts'],
  queryFn: ({ signal }) => ask<ExtractsAnswer>('rolls/extracts', {}, signal),
});
