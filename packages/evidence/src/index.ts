export { type AcceptedCheckpoint, checkCheckpoint } from './accepted.ts';
export { concat, decodeBase64, decodeText, encodeBase64, encodeText, isSame } from './bytes.ts';
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
export {
  type CheckedSignature,
  checkSignatures,
  cosignedPart,
  type NoteSigner,
  signText,
} from './cosignature.ts';
export { bundleHashes, entryHashes, formatEntries, MAX_ENTRY_BYTES, parseEntries } from './entries.ts';
export { EVIDENCE_ERRORS, type EvidenceError, type EvidenceErrorCode } from './errors.ts';
export { HASH_SIZE, type Hasher } from './hasher.ts';
export { consistencyProof, inclusionProof, type ReadTile } from './making-proofs.ts';
export {
  formatPolicy,
  isQuorum,
  MAX_POLICY_BYTES,
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyWitness,
  parsePolicy,
} from './policy.ts';
export {
  type Consistency,
  checkConsistency,
  checkInclusion,
  checkPartInclusion,
  type Inclusion,
  type PartInclusion,
  type Proof,
} from './proofs.ts';
export { sha256Hasher } from './sha256.ts';
export {
  formatNote,
  formatNoteKey,
  formatSignature,
  KeyKind,
  MAX_NOTE_BYTES,
  type NoteKey,
  type NoteSignature,
  noteKey,
  parseNote,
  parseNoteKey,
  parseSignatures,
  type SignedNote,
} from './signed-note.ts';
export {
  parseTilePath,
  rightEdge,
  TILE_HEIGHT,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tileWidth,
} from './tiles.ts';
export { checkTlogProof, formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';
export {
  emptyRoot,
  GrowingTree,
  LEAF_PREFIX,
  leafHash,
  NODE_PREFIX,
  nodeHash,
  type TileSink,
} from './tree.ts';
export type { Verifier } from './verifier.ts';
export { wasmSha256Hasher } from './wasm-sha256.ts';
export { type Subtle, webVerifier } from './web-verifier.ts';
export {
  answerAddCheckpoint,
  MAX_REQUEST_BYTES,
  parseAddCheckpoint,
  type Witness,
  type WitnessAnswer,
  type Witnessed,
  type WitnessState,
} from './witness.ts';
