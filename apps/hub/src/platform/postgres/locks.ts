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

/**
 * Administrators: whoever may take away one (a person, a role, a passkey) holds it to the end of the transaction, so that
 * two who remove each other at once do not leave a state without any.
 */
export const ADMINISTRATORS_LOCK = 7_348_201_003;

/** Held from the moment an entry of the trail gets its number until it is committed or taken back: no gaps. */
export const TRAIL_LOCK = 7_348_201_004;

/** Somebody who comes from a directory: held until they are known, so that two windows do not make two people of one. */
export const DIRECTORY_LOCK = 7_348_201_005;
