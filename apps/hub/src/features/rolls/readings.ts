/** What the reader of the live database signs about a night: the same bytes for whoever compared and for whoever seals. */
import { type ReadingClaim, readingClaim } from '@bellwether/rolls';
import type { Night } from './rolls-files.ts';

/** How many of each office. */
export function countsByOffice(
  records: readonly { readonly office: string }[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { office } of records) counts[office] = (counts[office] ?? 0) + 1;
  return counts;
}

/** The claim of the reader. */
export function readingOfNight(
  origin: string,
  night: Omit<Night, 'reader'> & { readonly reader: Omit<Night['reader'], 'signature'> },
): ReadingClaim {
  const { epoch, day, root, bucketBits, records, leaves, read, awaiting, captures, reader } = night;
  return readingClaim(origin, {
    epoch,
    day,
    after: root,
    bucketBits,
    records,
    leaves,
    result: {
      equal: night.unauthorised.length === 0,
      read,
      awaiting,
      unauthorised: countsByOffice(night.unauthorised),
      captures,
      reader,
    },
  });
}
