export { AccountAnswer, AccountQuery } from './account.ts';
export { ContactRow, ContactsAnswer, ContactsQuery } from './contacts.ts';
export { DecisionsAnswer, DecisionsQuery } from './decisions.ts';
export { IncidentChange, IncidentsAnswer, IncidentsQuery } from './incidents.ts';
export { BATCH_HEADER, IntakeAnswer, IntakeParams, IntakeQuery } from './intake.ts';
export { Changed, LiveTopic } from './live.ts';
export { OfficeAnswer, OfficeRow, OfficesAnswer, SensorRow } from './offices.ts';
export { Problem, Readiness } from './problem.ts';
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
export { SourceAnswer } from './sources.ts';
export { SurfaceAnswer, SurfaceChange, SurfaceProblems, SurfaceQuestion, SurfaceReply } from './surface.ts';
export { OfficeOnMap, TodayAnswer, TodayQuery } from './today.ts';
