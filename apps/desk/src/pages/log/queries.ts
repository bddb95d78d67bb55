/** What the pages of the log and of its witnesses ask. */
import type { LogAnswer, WitnessesAnswer } from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { address, ask } from '../../api/ask.ts';

/** Cosignatures come within a minute or so; a page that is open shows them without being loaded again, ms. */
const LOOK_AGAIN = 15_000;

export const logQuery = queryOptions({
  queryKey: ['evidence', 'log'],
  queryFn: ({ signal }) => ask<LogAnswer>('evidence/log', {}, signal),
  refetchInterval: LOOK_AGAIN,
});

export const witnessesQuery = queryOptions({
  queryKey: ['evidence', 'witnesses'],
  queryFn: ({ signal }) => ask<WitnessesAnswer>('evidence/witnesses', {}, signal),
  refetchInterval: LOOK_AGAIN,
});

/** Where the proof of an entry is fetched (C2SP tlog-proof). */
export function proofAddress(entry: string): string {
  return address(`evidence/proof/${encodeURIComponent(entry)}`);
}
