/** The answer of Today, of which every page shows parts: its zone, whether it is a sample, as of when it is. */
import type { TodayAnswer } from '@bellwether/api';
import { useQuery } from '@tanstack/react-query';
import { useMe } from '../api/me.ts';
import { todayQuery } from '../api/queries.ts';
import { isIn } from './pages.ts';

/** The day; undefined while nobody is in, and until it has come. */
export function useDay(): TodayAnswer | undefined {
  const enabled = isIn(useMe());
  const { data } = useQuery({ ...todayQuery, enabled });
  return enabled ? data : undefined;
}
