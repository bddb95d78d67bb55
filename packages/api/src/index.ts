export { AccountAnswer, AccountQuery } from './account.ts';
export {
  AgentEnrolled,
  AgentEnrolment,
  AgentRenewal,
  AgentRenewed,
  AgentReport,
  AgentReportTaken,
  AgentRow,
  AgentsAnswer,
  AgentsQuery,
  BlockException,
  BlocksAnswer,
  BlocksAtAgent,
  BlocksQuery,
  BlocksReadBack,
  BlockUndone,
  MadeAgentCode,
  MissingOutcome,
  MOST_EXCEPTIONS,
  NewAgentCode,
  OrderBlockText,
  OrderLine,
  OrdersQuery,
  OrderText,
  PointState,
  RefusedOutcome,
} from './agents.ts';
export { AppealAnswer, AppealHow, AppealOutcome, AppealRow, AppealsAnswer, NewAppeal } from './appeals.ts';
export { ContactRow, ContactsAnswer, ContactsQuery } from './contacts.ts';
export { DecisionsAnswer, DecisionsQuery } from './decisions.ts';
export {
  DrawnDrill,
  DrillLabel,
  DrillOutcomeName,
  DrillRan,
  DrillRow,
  DrillSeriesRow,
  DrillSettings,
  DrillsAnswer,
  NewDrill,
  OpenedSeal,
} from './drills.ts';
export { LogAnswer, WitnessesAnswer, WitnessRow } from './evidence.ts';
export { IncidentChange, IncidentsAnswer, IncidentsQuery } from './incidents.ts';
export { BATCH_HEADER, IntakeAnswer, IntakeParams, IntakeQuery } from './intake.ts';
export { Changed, LiveTopic } from './live.ts';
export {
  KeptMail,
  KeptMailAnswer,
  KeptMailDetail,
  KeptMailQuery,
  MailAnswer,
  MailCampaignAnswer,
  MailCampaignRow,
  MailChecked,
  MailCheckWish,
  MailCounts,
  MailHeldWhere,
  MailHook,
  MailHookRow,
  MailOrder,
  MailOrderDone,
  MailOrdersAnswer,
  MailOrdersQuery,
  MailOutcome,
  MailPartRow,
  MailReasonRow,
  MailReportAnswer,
  MailReportRow,
  MailState,
  MailView,
  NewProtected,
  ProtectedAnswer,
  ToldMail,
  ToldMessage,
  ToldPull,
  ToldReport,
} from './mail.ts';
export { GrantRow, MeAnswer } from './me.ts';
export { OfficeAnswer, OfficeRow, OfficesAnswer, SensorRow } from './offices.ts';
export { OwnAnswer, OwnSession, PasskeyRow, RecoveryCodes } from './own.ts';
export {
  BouncerCertificateAnswer,
  BouncerCertificateRequest,
  BouncerKey,
  CodeWish,
  GiveRole,
  InvitePerson,
  KeyRow,
  KeysAnswer,
  MadeKey,
  NewKey,
  PeopleAnswer,
  PeopleQuery,
  PersonRow,
  PhoneCode,
  Reason,
  RecoveryDecision,
  RecoveryRow,
} from './people.ts';
export { Problem, Readiness } from './problem.ts';
export {
  ChangeClassName,
  ErasuresAnswer,
  ExtractsAnswer,
  NewErasure,
  NewSigner,
  NightAnswer,
  NightSummary,
  NightsAnswer,
  RollChangesAnswer,
  RollOffice,
  RollsAnswer,
  SheetAnswer,
  SheetFile,
  SheetLooked,
  SheetRefusal,
  SheetSignature,
  SheetSigning,
  SheetSummary,
  SheetsAnswer,
  SignerAnswer,
  SignerChange,
  SignerEndorsement,
  SignerRow,
  SignerSigning,
  SignersAnswer,
} from './rolls.ts';
export {
  SetUpAdministrator,
  SetUpAnswer,
  SetUpHttps,
  SetUpOffices,
  SetUpSample,
  SetUpState,
  SetUpStep,
} from './set-up.ts';
export {
  AccountCounts,
  DecisionRow,
  DispositionName,
  Dispositions,
  Incident,
  IncidentKind,
  Moment,
  OfficeState,
} from './shapes.ts';
export {
  CeremonyAnswer,
  CeremonyOptions,
  CodeAnswer,
  CodeEntry,
  Enrolled,
  NewPasskey,
  SignedIn,
  WebAuthnJson,
} from './sign-in.ts';
export { SourceAnswer } from './sources.ts';
export { SurfaceAnswer, SurfaceChange, SurfaceProblems, SurfaceQuestion, SurfaceReply } from './surface.ts';
export { OfficeOnMap, TodayAnswer, TodayQuery } from './today.ts';
export { TrailAnswer, TrailQuery, TrailRow, VisitRow, VisitsAnswer, VisitsQuery } from './trail.ts';
