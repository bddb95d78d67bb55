/** The rules of the fold by name, and what a refusal by one of them is. */
import { err, type Result } from '@bellwether/basics';
import type { RollsError, RollsErrorCode } from './errors.ts';

/** What each rule asks for, in the order in which an entry meets them. */
export const FOLD_RULES = {
  form: 'an entry is in its one form',
  order: 'the genesis comes first and once, entries one after the other, items at once behind their batch',
  time: 'times do not go back, and are not ahead of the clock of whoever watches',
  place: 'an office, the state and a feed each change what is theirs to change',
  number: 'no number of a batch comes twice',
  sequence: 'batches of an office and source are numbered one by one, and their days do not go back',
  protected: 'changes of protected voters come in batches large enough to hide them',
  signer: 'whoever signs is a signer of that place, and has been for as long as the policy asks',
  signature: 'the signature is over what stands in the entry',
  mass: 'more changes than the policy allows at once need a second office',
  quiet: 'removals in a quiet period need a second office',
  handle: 'a new record has a new handle, and any other one that is in the state',
  version: 'versions grow by one',
  leaf: 'the old leaf is the one in the state',
  counts: 'what is counted is what was there',
  root: 'the root of a batch is that of its items',
  key: 'an older signer of the same place or two other offices let a signer come or go',
  policy: 'a quorum of the witnesses of the old policy agreed to the new one',
  erase: 'a voter whose key is destroyed is not in the state',
  extract: 'an extract is of a state that was sealed',
  seal: 'seals follow one on another without a gap',
  state: 'the state that is computed is the one that is told',
} as const;

/** Name of a rule. */
export type FoldRule = keyof typeof FOLD_RULES;

/** A log that breaks a rule, and at which entry. */
export type FoldRefusal = RollsError & { readonly rule: FoldRule; readonly index: bigint };

/** A refusal; `what` tells the particulars. */
export function refusedBy(rule: FoldRule, index: bigint, what: string): Result<never, FoldRefusal> {
  return err({
    code: codeOf(rule),
    rule,
    index,
    detail: `entry ${index}: ${what} (rule ${rule}: ${FOLD_RULES[rule]})`,
  });
}

function codeOf(rule: FoldRule): RollsErrorCode {
  if (rule === 'form') return 'ROLLS_ENTRY_MALFORMED';
  if (rule === 'signature') return 'ROLLS_SIGNATURE_WRONG';
  return rule === 'state' ? 'ROLLS_STATE_DIFFERS' : 'ROLLS_FOLD_REFUSED';
}
