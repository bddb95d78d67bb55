/** The history's public names in the hub. */
export { HISTORY_ERRORS, HistoryUnwritable } from './errors.ts';
export type { HistoryError, HistoryFile, HistorySearch, HistoryWriter, WalkRow } from './history-types.ts';
export { FLUSH_ROWS, type HistoryWriterOptions, openHistoryWriter } from './writer.ts';
