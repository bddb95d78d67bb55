export { Accountant, type AccountPart, type Outcome } from './account.ts';
export {
  BATCH_BYTES,
  BATCH_ROWS,
  Batch,
  Flag,
  Kind,
  Outcome as EventOutcome,
  UNKNOWN_U32,
} from './contact.ts';
export type { Decision, LiveDecision } from './decisions.ts';
export { CONTACTS_ERRORS } from './errors.ts';
export { isContact } from './is-contact.ts';
export type { Findings, Through } from './judge/findings.ts';
export { type EngineOptions, type ShardReport, Shards } from './judge/shards.ts';
export { STAKE_LINES } from './judge/tiers.ts';
export { createLiveJudge, restoreLiveJudge } from './live.ts';
export {
  CELL_COUNTS,
  type Cells,
  type LiveJudge,
  type LiveOptions,
  type LiveSource,
  type Notice,
  type Resettled,
  type Step,
} from './live-types.ts';
export { addLosses, type Losses, lossesOfFile, noLosses } from './losses.ts';
export { Clock, type FileWindow, UTC, type Zone, zoneNamed } from './reading/clock.ts';
export { COLUMN_NAMES } from './reading/columns.ts';
export { type Detected, detectFormat } from './reading/detect.ts';
export { formatsMarkdown } from './reading/formats.markdown.ts';
export { FORMATS } from './reading/formats.ts';
export { type Format, LineLoop, type LineReader, MAX_LINE, type ReaderOptions } from './reading/reader.ts';
export { KNOWN_SCANNERS } from './scanners/known-scanners.ts';
export { knownScannerLists, readScannerList, type ScannerList, scannerOf } from './scanners/scanner-lists.ts';
export { DISPOSITIONS, dispositionsMarkdown, RULES } from './settle/dispositions.ts';
export { prepare } from './settle/prepare.ts';
export type { SnapshotError } from './snapshot.ts';
export type { FileInfo, Part, Stretch } from './stretch.ts';
export { type CompiledSurface, compileSurface } from './surface/compile.ts';
export type { Surface } from './surface/surface.ts';
export type { SourceVerdict } from './verdicts.ts';
