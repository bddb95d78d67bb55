/** What the page *Trail* asks. */
import type { TrailAnswer } from '@bellwether/api';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { address, ask, HubProblem } from '../../api/ask.ts';

/** Entries at a time: a day of a state, and quick to draw on an old PC. */
const ENTRIES = 100;

/** Which entries are shown, as it stands in the address. */
export type TrailFilter = { readonly place?: string; readonly who?: string };

/** Reads the address. */
export function trailFilterOf({ place, who }: Readonly<Partial<Record<string, string>>>): TrailFilter {
  return {
    ...(place === undefined || !/^(state|\d{5})$/.test(place) ? {} : { place }),
    ...(who === undefined || who === '' || who.length > 64 ? {} : { who }),
  };
}

/** The entries of a filter, newest first. */
export function trailQuery(filter: TrailFilter) {
  return infiniteQueryOptions({
    queryKey: ['trail', filter],
    queryFn: ({ signal, pageParam }) =>
      ask<TrailAnswer>(
        'trail',
        { ...filter, limit: ENTRIES, ...(pageParam === 0 ? {} : { before: pageParam }) },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: ({ entries, more }) => (more ? entries.at(-1)?.number : undefined),
  });
}

/** The whole trail as a file, and the name that the hub gave it. */
export async function trailFile(): Promise<{ readonly file: Blob; readonly name: string }> {
  let response: Response;
  try {
    response = await fetch(address('trail.ndjson'), { credentials: 'same-origin' });
  } catch {
    throw new HubProblem(0, CUT_OFF);
  }
  if (!response.ok) throw new HubProblem(response.status, await response.json().catch(() => CUT_OFF));
  const name = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  try {
    return { file: await response.blob(), name: name ?? 'trail.ndjson' };
  } catch {
    throw new HubProblem(0, CUT_OFF);
  }
}

const CUT_OFF = {
  code: 'HUB_UNREACHABLE',
  message: 'The file did not come to its end.',
  help: 'Nothing was saved. Check that the command `bellwether up` runs, and try again.',
};
