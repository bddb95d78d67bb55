export { type Misses, missBound } from './bound.ts';
export { DRILLS_ERRORS, type DrillsError, type DrillsErrorCode } from './errors.ts';
export {
  type DrillKind,
  type Expected,
  KIND_CODES,
  KINDS,
  type KindCode,
  mutantsOf,
  settingsOf,
} from './kinds.ts';
export {
  type Digest,
  type Drawn,
  drawDrill,
  EVEN_MIXTURE,
  type Mixture,
  mixtureText,
  readMixture,
  SEED_SIZE,
} from './mixture.ts';
export { type DrillOutcome, drillOutcome, isCaught, type Observed } from './outcome.ts';
export { type Finished, type Score, type SeriesScore, scoreRegressions, scoreSeries } from './score.ts';
export { NONCE_SIZE, type Opened, openSeal, sealOf } from './seal.ts';
export { sayScore } from './sentence.ts';
