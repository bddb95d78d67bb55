export { JOURNAL_ERRORS, JournalDamage } from './errors.ts';
export { MAX_CALL } from './group.ts';
export { type JournalOptions, openJournal } from './journal.ts';
export { openReader } from './journal-reader.ts';
export {
  type FollowedJournal,
  type Journal,
  type JournalError,
  type JournalErrorCode,
  type JournalReader,
  type JournalRecord,
  type LinesHead,
  MAX_PAYLOAD,
  type NewRecord,
  RecordKind,
  type StreamRecord,
  type TickRecord,
} from './journal-types.ts';
export { type JournalPlace, openReaderAt } from './places.ts';
export type { StreamPlace } from './stream/connection.ts';
