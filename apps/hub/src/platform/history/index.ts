/** The history's public names in the hub. */

export { type CompactionOptions, compact, removeHalfCompacted } from './compact.ts';
export { type CompactionTask, whatToCompact } from './compaction-plan.ts';
export { HISTORY_ERRORS, HistoryUnreadable, HistoryUnwritable } from './errors.ts';
export type {
  HistoryError,
  HistoryFile,
  HistorySearch,
  HistoryWriter,
  SearchAnswer,
  WalkRow,
  Within,
} from './history-types.ts';
export { openHistorySearch } from './search.ts';
export { type FileProblem, verifyHistory } from './verify.ts';
export { FLUSH_ROWS, type HistoryWriterOptions, openHistoryWriter } from './writer.ts';
