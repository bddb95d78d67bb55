/** What the pages ask, each under a key that begins with its topic, so that a live event knows what to ask anew. */
import type {
  ContactsAnswer,
  ContactsQuery,
  IncidentsAnswer,
  IncidentsQuery,
  LiveTopic,
  MeAnswer,
  OfficeAnswer,
  OfficesAnswer,
  SetUpAnswer,
  SourceAnswer,
  SurfaceAnswer,
  TodayAnswer,
} from '@bellwether/api';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, type Terms } from './ask.ts';

/** Rows of *Contacts* and *Incidents* at a time: three screens, quick to draw on an old PC. */
const ROWS = 100;

/** Who is signed in, and what they may do; nobody gets an answer, too. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => ask<MeAnswer>('me', {}, signal),
});

/** How often a page looks again whether something that it waits for is there, ms. */
const WAITING_LOOK = 3_000;

/** What of the set-up is done. */
export const setUpQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: ({ signal }) => ask<SetUpAnswer>('set-up', {}, signal),
  // What is waited for comes by itself: a certificate, an administrator.
  refetchInterval: ({ state }) => (state.data?.https.waiting == null ? false : WAITING_LOOK),
});

export const todayQuery = queryOptions({
  queryKey: ['today'],
  queryFn: ({ signal }) => ask<TodayAnswer>('today', {}, signal),
});

export const officesQuery = queryOptions({
  queryKey: ['offices'],
  queryFn: ({ signal }) => ask<OfficesAnswer>('offices', {}, signal),
});

export function officeQuery(leaId: string) {
  return queryOptions({
    queryKey: ['offices', leaId],
    queryFn: ({ signal }) => ask<OfficeAnswer>(`offices/${encodeURIComponent(leaId)}`, {}, signal),
  });
}

/** Terms of a search, as they stand in the address of the page. */
export type Search = Omit<ContactsQuery, 'limit' | 'cursor'>;

export function contactsQuery(search: Search) {
  return infiniteQueryOptions({
    queryKey: ['contacts', search],
    queryFn: ({ signal, pageParam }) =>
      ask<ContactsAnswer>(
        'contacts',
        { ...(search as Terms), limit: ROWS, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}

export function sourceQuery(source: string) {
  return queryOptions({
    queryKey: ['sources', source],
    queryFn: ({ signal }) => ask<SourceAnswer>(`sources/${encodeURIComponent(source)}`, {}, signal),
  });
}

export const surfaceQuery = queryOptions({
  queryKey: ['surface'],
  queryFn: ({ signal }) => ask<SurfaceAnswer>('surface', {}, signal),
});

export function incidentsQuery(filter: IncidentsQuery) {
  return queryOptions({
    queryKey: ['incidents', filter],
    queryFn: ({ signal }) => ask<IncidentsAnswer>('incidents', { ...filter, limit: ROWS }, signal),
  });
}

/** First parts of the keys that show something of a topic. A search is not run again under the reader's eyes. */
export const KEYS_OF_TOPIC: Readonly<Record<LiveTopic, readonly string[]>> = {
  account: ['today', 'offices'],
  incidents: ['today', 'incidents', 'offices', 'surface'],
  decisions: ['today', 'sources'],
  offices: ['today', 'offices'],
  surface: ['surface', 'today'],
  mail: ['mail'],
};
