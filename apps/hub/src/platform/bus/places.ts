/** Where a journal is, and how it is read there. Plain data: threads are handed it. */
import type { Result } from '@bellwether/basics';
import { openReader } from './journal-reader.ts';
import type { JournalError, JournalReader } from './journal-types.ts';
import type { StreamPlace } from './stream/connection.ts';

/** A folder of this machine, or a stream of NATS. */
export type JournalPlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | ({ readonly kind: 'stream' } & StreamPlace);

/** Opens a reader where the journal is, at an offset: 0, or where a record ended. */
export async function openReaderAt(
  place: JournalPlace,
  offset: number,
): Promise<Result<JournalReader, JournalError>> {
  if (place.kind === 'folder') return openReader(place.folder, offset);
  // Loaded only where there is a NATS.
  const { openStreamReader } = await import('./stream/stream-reader.ts');
  return openStreamReader(place, offset);
}
