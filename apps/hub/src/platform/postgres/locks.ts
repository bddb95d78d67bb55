/**
 * Advisory locks of the database: agreements between processes that work on it. The numbers are ours to choose; each is
 * used for one thing only.
 */

/** Held by the one process that brings the database up to its version. */
export const MIGRATION_LOCK = 7_348_201_001;

/**
 * The files of the history: a backup holds it shared from before it reads `history_files` until it has a hold of every
 * file listed there; who removes files that were listed holds it alone, until they are removed.
 */
export const HISTORY_LOCK = 7_348_201_002;
