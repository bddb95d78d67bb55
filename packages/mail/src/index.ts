export type { Arrival, Envelope, Hook } from './arrival.ts';
export { type AuthenticateGround, authenticate, type Resolve } from './authenticate/authenticate.ts';
export type {
  ArcResult,
  Authenticated,
  DkimResult,
  DmarcResult,
  SpfResult,
} from './authenticate/authenticated.ts';
export { indicatorPrints } from './campaign/prints.ts';
export {
  type CampaignKnowing,
  type CampaignMessage,
  campaignMessage,
  campaignStanding,
} from './campaign/same-campaign.ts';
export { BANNER_POINTS, HOLD_FROM } from './decide/decide.ts';
export type { Judgement, MailDecision, MailReason } from './decide/judgement.ts';
export { MAIL_SIGNALS, MAIL_STEPS, type MailStep } from './decide/signals.ts';
export type {
  DkimSeen,
  DmarcReport,
  DmarcRequest,
  DmarcRow,
  PolicyOverride,
  PublishedPolicy,
  SpfSeen,
  Unread,
} from './domain-reports/dmarc-report.ts';
export { type DomainReports, domainReportsIn } from './domain-reports/domain-reports-in.ts';
export type {
  DomainSummary,
  KnownSender,
  MessageCounts,
  SourceSummary,
} from './domain-reports/domain-summary.ts';
export {
  DOMAIN_REPORT_ERRORS,
  type DomainReportError,
  type DomainReportErrorCode,
} from './domain-reports/errors.ts';
export type { FailureReport } from './domain-reports/failure-report.ts';
export { readFailureReport } from './domain-reports/read-failure-report.ts';
export { readDmarcReport, readTlsReport } from './domain-reports/read-report.ts';
export { summariseDomain } from './domain-reports/summarise-domain.ts';
export type { TlsFailure, TlsPolicy, TlsReport } from './domain-reports/tls-report.ts';
export { MAIL_ERRORS, type MailError, type MailErrorCode } from './errors.ts';
export {
  type CommonIndex,
  compileCommon,
  compileList,
  type ProtectedIndex,
} from './identify/compile-list.ts';
export type { Claimed, Identified } from './identify/identified.ts';
export { identify } from './identify/identify.ts';
export { mergeLists } from './identify/merge-lists.ts';
export type {
  ProtectedList,
  ProtectedOffice,
  ProtectedOrganisation,
  ProtectedPerson,
} from './identify/protected.ts';
export { readProtected } from './identify/protected-file.ts';
export { type Judged, judgeMail, type MailGround, type MailHeading } from './judge.ts';
export type { KnownBad, KnownKind } from './known-bad.ts';
export type { HeaderField, MailAddress, MailCut, MailPart, Message } from './message.ts';
export { agreedWith, type MilterAnswer, milterAnswer } from './milter/answers.ts';
export { type MilterCommand, milterCommand } from './milter/commands.ts';
export { type MilterPacket, MilterPackets } from './milter/frames.ts';
export type { GreyPicture } from './open/attachments/picture.ts';
export type { ReadCodes } from './open/attachments/search.ts';
export { openMessage } from './open/open-message.ts';
export type { Opened, OpenedFile, OpenedLink } from './open/opened.ts';
export type { HtmlForm, HtmlImage, HtmlLink, HtmlView } from './read/html-view.ts';
export { READ_LIMITS, type ReadLimits } from './read/limits.ts';
export { isMbox, mboxMessages } from './read/mbox.ts';
export { readMessage } from './read/read-message.ts';
export { viewHtml } from './read/view-html.ts';
export { FAN_OUT_WINDOW, Past, type PastMessage } from './relate/past.ts';
export type { Relation, RelationQuestion, Relations } from './relate/relations.ts';
export type { Signal, SignalCode, SignalEntry } from './signal.ts';
export { type LabelledMessage, weightsFrom } from './weigh/learn-from.ts';
export type { Provenance, Weights } from './weigh/weights.ts';
export { readWeights, weightsText } from './weigh/weights-file.ts';
export { shippedWeights } from './weigh/weights-shipped.ts';
