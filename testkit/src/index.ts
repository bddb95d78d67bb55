/**
 * The testkit's public names: generators with the truth beside what they write.
 */
export {
  CLASS_NAMES,
  type ClassName,
  CONTACT_CLASSES,
  type ContactClass,
} from './contacts/contact-classes.ts';
export { FORMAT_NAMES, FORMATS, type FormatName } from './contacts/formats.ts';
export { type ContactsOptions, generateContacts } from './contacts/generate.ts';
export type { ContactsTruth, SourceRow } from './contacts/truth.ts';
export type { FileTruth, Sink, ThroughTruth } from './contacts/writers/log-file.ts';
export { corpus } from './corpus.ts';
export type { MailHalf } from './mail/draw.ts';
export {
  generateMail,
  type MailOptions,
  type MailRun,
  type MailTruth,
  type MailTruthRow,
} from './mail/generate-mail.ts';
export type { MailRole } from './mail/plan.ts';
export { type ZoneRecord, zoneResolver } from './mail/world/domains.ts';
export { mutateLine } from './mutate.ts';
export { Random } from './random.ts';
export type { AttackTruth, CaughtBy } from './rolls/attack.ts';
export { ATTACK_NAMES, type AttackName } from './rolls/classes/index.ts';
export { COLUMNS, type Column, type VoterRow } from './rolls/columns.ts';
export { generateRolls, type RollsFiles } from './rolls/generate-rolls.ts';
export { mappingYaml } from './rolls/mapping.ts';
export type { RollsOptions } from './rolls/options.ts';
export {
  type RollsDay,
  type RollsRun,
  rollsDays,
  rollsPopulation,
  startRolls,
} from './rolls/play.ts';
export type { RollsChange } from './rolls/roll-book.ts';
export type { RollsTransaction } from './rolls/transactions.ts';
export type { NightTruth, RollsTruth } from './rolls/truth.ts';
export { runTestkit } from './run.ts';
export { readSampleOptions } from './run-sample.ts';
export { AUTHORITIES, type Authority } from './sample/authorities.ts';
export type { SampleBatch } from './sample/batches.ts';
export { generateSample, type Sample } from './sample/generate-sample.ts';
export {
  type LoadOptions,
  type LoadProgress,
  loadSample,
  type PostBatch,
  type PutSurface,
} from './sample/load-sample.ts';
export type { SampleOptions } from './sample/options.ts';
export type { SampleSource, SampleTruth } from './sample/truth.ts';
