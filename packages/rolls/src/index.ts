export {
  batchClaim,
  type Claim,
  checkClaim,
  claimBytes,
  claimChallenge,
  keyClaim,
  policyText,
  type ReadingClaim,
  readingClaim,
  signerKeyId,
} from './claim.ts';
export type {
  BatchEntry,
  ClaimSignature,
  EraseEntry,
  ExtractEntry,
  GenesisEntry,
  IncidentEntry,
  JsonEntry,
  KeyEntry,
  PolicyEntry,
  ReconcileResult,
  SealEntry,
} from './entries.ts';
export { formatEntry } from './entries.ts';
export { ROLLS_ERRORS, type RollsError, type RollsErrorCode } from './errors.ts';
export { formatItem, ITEM_BYTES, itemsRoot, parseItem, readItems } from './item.ts';
export { merkleRoot } from './merkle-root.ts';
export { parseEntry } from './parse-entry.ts';
export {
  CHANGE_CLASSES,
  type ChangeClass,
  GROUPS,
  type Group,
  HANDLE_SIZE,
  ITEM_KINDS,
  type Item,
  type ItemCounts,
  type ItemKind,
  NO_LEAF,
  type RollFields,
  type RollRow,
  type RollsPolicy,
  SIGNER_SCHEMES,
  type SignerKey,
  type SignerScheme,
  STATE,
} from './rolls-types.ts';
