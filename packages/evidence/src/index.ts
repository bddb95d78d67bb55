export { EVIDENCE_ERRORS, type EvidenceError, type EvidenceErrorCode } from './errors.ts';
export { HASH_SIZE, type Hasher } from './hasher.ts';
export type { Verifier } from './verifier.ts';
