/** All attacks, in the order in which they are given their nights. */
import type { Attack } from '../attack.ts';
import { changeAndRevert } from './change-and-revert.ts';
import { changedPollBook } from './changed-poll-book.ts';
import { directDelete } from './direct-delete.ts';
import { directInsert } from './direct-insert.ts';
import { directUpdate } from './direct-update.ts';
import { eraseAndTamper } from './erase-and-tamper.ts';
import { falseReconcile } from './false-reconcile.ts';
import {
  addedSigner,
  forkedLog,
  frozenLog,
  reorderedLog,
  rolledBackLog,
  swappedRoot,
} from './log-operations.ts';
import { replayedTransaction } from './replayed-transaction.ts';
import { shadowTwin, twinRecord } from './shadow-twin.ts';
import { slowSkew } from './slow-skew.ts';
import { stolenClerk } from './stolen-clerk.ts';

/** By name. */
export const ATTACKS = {
  update: directUpdate,
  delete: directDelete,
  insert: directInsert,
  revert: changeAndRevert,
  replay: replayedTransaction,
  reorder: reorderedLog,
  'rollback-log': rolledBackLog,
  'fork-log': forkedLog,
  'freeze-log': frozenLog,
  'stolen-clerk': stolenClerk,
  'swap-root': swappedRoot,
  'add-signer': addedSigner,
  skew: slowSkew,
  pollbook: changedPollBook,
  twin: shadowTwin,
  'twin-record': twinRecord,
  'erase-tamper': eraseAndTamper,
  'false-reconcile': falseReconcile,
} as const satisfies Readonly<Record<string, Attack>>;

/** The name of an attack. */
export type AttackName = keyof typeof ATTACKS;

/** All names. */
export const ATTACK_NAMES = Object.keys(ATTACKS) as readonly AttackName[];

/** What `all` asks for: everything that does not ruin a whole dump. */
export const ALL_ATTACKS: readonly AttackName[] = ATTACK_NAMES.filter(
  (name) => (ATTACKS[name] as Attack).byNameOnly !== true,
);

/** Whether there is an attack of this name. */
export function isAttackName(name: string): name is AttackName {
  return Object.hasOwn(ATTACKS, name);
}
