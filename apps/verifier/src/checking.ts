/** What pages of the public site check with: the same code as the command and the page from disk. */
export {
  judgeInExtract,
  type ListedExtract,
  pollBooks,
  readExtractList,
} from './checking/extract-check.ts';
export { timeText } from './checking/freshness.ts';
export { type LogSource, logAway } from './checking/log-source.ts';
export { type CheckingTools, readPinnedPolicy, sha256Hex } from './checking/policy-check.ts';
export {
  type CheckedReceipt,
  judgeRecord,
  judgeRoll,
  receiptOf,
  type TrustedRoll,
} from './checking/receipt-check.ts';
export { findGenesisFields } from './checking/roll-entries.ts';
export { explainFailure, isAnsweredNo, type VerifyError } from './errors.ts';
