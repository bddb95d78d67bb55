/** What stands behind a change: one transaction of an office, of a feed, or of the state. */
import type { NewValues } from './columns.ts';

/** What a transaction did: the actions of NIST SP 1500-102, RequestSuccess. */
export const CLASSES = [
  'registration-created',
  'registration-updated',
  'registration-cancelled',
  'address-updated',
  'name-updated',
  'status-updated',
  'other',
] as const;
export type TransactionClass = (typeof CLASSES)[number];

/** Where it came from. */
export type TransactionSource = 'office' | 'motor-vehicle' | 'state';

/** One line of `transactions.ndjson`. */
export type RollsTransaction = {
  /** Unique. */
  readonly id: string;
  /** Local day in Missouri. */
  readonly day: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** lea_id of the office that answers for it. */
  readonly office: string;
  readonly source: TransactionSource;
  /** Account, device and address it came from; none for feeds. */
  readonly clerk: string | null;
  readonly device: string | null;
  readonly address: string | null;
  readonly class: TransactionClass;
  /** voter_id. */
  readonly record: string;
  readonly fields: NewValues;
};
