/** Which rows of a batch are contacts, as far as one row can tell. */
import { type Batch, Flag } from './contact.ts';
import { R } from './settle/dispositions.ts';

/**
 * Whether a row that has been prepared tells of a contact: it is no request of ours to others, and does not merely
 * tell more of a contact that another line tells. Lines of the same connection that prove to be one attempt count each.
 */
export function isContact(batch: Batch, row: number): boolean {
  return batch.rule[row] !== R['no-contact'] && (batch.flags[row]! & Flag.detail) === 0;
}
