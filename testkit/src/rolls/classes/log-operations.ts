/**
 * What is done to the log or by the hub itself: the data stays as it is, and the truth says what the scenario has to do.
 */
import { type Attack, leavesTheData } from '../attack.ts';

const onTheLog = { leastDays: 2, prepare: leavesTheData } as const;

export const reorderedLog: Attack = {
  ...onTheLog,
  kind: 'reorder',
  caughtBy: 'witness',
  why: 'The new tree does not have the old one for its beginning; a replay finds versions out of order.',
  operation: 'Swap two items of the night in the entries and tiles, and sign a checkpoint over the new tree.',
};

export const rolledBackLog: Attack = {
  ...onTheLog,
  kind: 'rollback-log',
  caughtBy: 'witness',
  why: 'A checkpoint smaller than the one that the witnesses cosigned.',
  operation: 'Put the log folder back to the night before, and sign again.',
};

export const forkedLog: Attack = {
  ...onTheLog,
  kind: 'fork-log',
  caughtBy: 'witness',
  why: 'Two roots for one size, or a tree that does not begin with what was cosigned.',
  operation:
    'From the checkpoint of the night before, append other entries in a copy, and show each half of the witnesses another.',
};

export const frozenLog: Attack = {
  ...onTheLog,
  kind: 'freeze-log',
  caughtBy: 'witness',
  why: 'The newest cosignatures are older than 26 hours.',
  operation: 'Serve the checkpoint of the night before, unchanged, for 27 hours.',
};

export const swappedRoot: Attack = {
  ...onTheLog,
  kind: 'swap-root',
  caughtBy: 'clerk',
  why: 'The code words of the office differ from those of the hub.',
  operation:
    'Show the clerk the true changes of the night, and ask for a signature under the root of others.',
};

export const addedSigner: Attack = {
  ...onTheLog,
  kind: 'add-signer',
  caughtBy: 'witness',
  why: 'A new signer without the key of its office or two others, or before the public delay of 72 hours.',
  operation:
    'Append a key entry for one of the offices, signed by nobody of it, and a batch signed with that key the same night.',
};
