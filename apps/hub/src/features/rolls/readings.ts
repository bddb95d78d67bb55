/** What the reader of the live database signs about a night: the same bytes for whoever compared and for whoever seals. */
import { type ReadingClaim, readingClaim } from '@bellwether/rolls';
import type { Night } from './rolls-files.ts';

/** Unauthorised changes by office. */
export function unauthorisedByOffice(unauthorised: Night['unauthorised']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { office } of unauthorised) counts[office] = (counts[office] ?? 0) + 1;
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
      unauthorised: unauthorisedByOffice(night.unauthorised),
      captures,
      reader,
    },
  });
}
