export type { RollState } from './batch-reading.ts';
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
export { type ShareInterval, shareInterval } from './clopper-pearson.ts';
export { codeWords } from './code-words.ts';
export { commitment, opening, recordLeaf } from './commitment.ts';
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
export {
  checkExtractRow,
  EXTRACT_ROW_BYTES,
  type ExtractRow,
  extractRoot,
  extractRow,
  formatExtract,
  parseExtract,
} from './extract.ts';
export { spelled } from './field-values.ts';
export { FIELD_WORDS, fieldWord } from './field-words.ts';
export { beginFold, type Fold, type FoldEvent } from './fold.ts';
export type { FoldOptions, FoldTools } from './fold-entries.ts';
export {
  areEnough,
  CHECKS_SUFFIX,
  checkPolicyChange,
  placeOf,
  secondOfficeNeeded,
  witnessPolicy,
} from './fold-policy.ts';
export { FOLD_RULES, type FoldRefusal, type FoldRule } from './fold-rules.ts';
export { formatItem, ITEM_BYTES, itemsRoot, parseItem, readItems } from './item.ts';
export { checkMapProof } from './map-proof.ts';
export {
  columnsOf,
  fieldNames,
  type MappedField,
  type Mapping,
  type MappingSource,
  type MappingTransactions,
  parseMapping,
} from './mapping.ts';
export { merkleRoot } from './merkle-root.ts';
export { formatNight, type NightlyStatement, nightText, parseNight, type Share } from './night.ts';
export {
  MOST_OPENINGS_HEAD,
  type OpenedRecord,
  type Openings,
  type OpeningsHead,
  OpeningsReader,
  openedRecordLine,
  openingsHeadLine,
} from './openings.ts';
export {
  formatOpeningsRequest,
  isRequestFresh,
  type OpeningsRequest,
  parseOpeningsRequest,
  REQUEST_FRESH_FOR,
} from './openings-request.ts';
export { parseEntry } from './parse-entry.ts';
export { type PolicyProposal, parsePolicyText, policyDifferences } from './policy-text.ts';
export { type MapProof, PrefixTree } from './prefix-tree.ts';
export {
  formatReceipt,
  leafOfReceipt,
  parseReceipt,
  RECEIPT_BYTES,
  type Receipt,
  readTyped,
  receiptOrigin,
  typedReceipt,
} from './receipt.ts';
export {
  beginRecomputing,
  type Recomputation,
  Recomputing,
  type RowDifference,
  type SealedState,
} from './recomputing.ts';
export { type FieldBytes, type LeafInput, LeafMaker } from './record-leaves.ts';
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
export { canonicalFields, fieldsOfCanonical, mostCanonicalBytes, type RowReader, rowReader } from './row.ts';
export { type RowValues, rowOfTexts, textAt } from './row-values.ts';
export { DRAWN_RECORDS, drawnRanks, drawSeed } from './second-hand.ts';
export { isLocalOffice, type KnownSigner, READER, type Signers, type WitnessClock } from './signers.ts';
export {
  BUCKET_RECORDS,
  bucketBitsOf,
  type FetchState,
  hexOf,
  MAX_BUCKET_BITS,
  MAX_STATE_FILE,
  namesOfState,
  readBucket,
  readState,
  readTile,
  recordIn,
  type StateSink,
  writeStateTiles,
} from './state-tiles.ts';
export { minuteText } from './strict-json.ts';
export { vriRecords, vriValues } from './vri.ts';
export { type DayCount, SEASON_DAYS, watchDayCounts } from './watching/day-counts.ts';
export { dayAfter, FINDING_KINDS, type Finding, type FindingKind } from './watching/finding.ts';
export { type DuplicateFinding, type Person, watchDuplicates } from './watching/near-duplicates.ts';
export { type RemovalCount, watchQuietRemovals } from './watching/quiet-removals.ts';
export { type ShareTest, watchShares } from './watching/shares.ts';
export { type PartyCount, SKEW_DAYS, watchSkew } from './watching/slow-skew.ts';
export {
  type BusiestHours,
  busiestHours,
  type HandKind,
  type HandledChange,
  watchVelocity,
} from './watching/velocity.ts';
export {
  type CheckOutcome,
  FRESH_FOR,
  formatWitnessStatement,
  isFresh,
  parseWitnessStatement,
  type Recomputed,
  WITNESS_CHECKS,
  type WitnessCheck,
  type WitnessStatement,
  witnessCheckOf,
} from './witness-statement.ts';
