/**
 * The hub's tables as the program sees them, by hand from the steps in migrations/. Times are `Date`; whole numbers are
 * `number`, also where the database has 64 bits: one beyond 2^53 throws when it is read (see database.ts).
 */
import type { ColumnType, Generated, Insertable, Selectable, Updateable } from 'kysely';

/** A moment; ISO 8601 text is taken, too. */
type Moment = ColumnType<Date, Date | string, Date | string>;
type MaybeMoment = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** Has a default in the database, and is never written afterwards. */
type Stamp = ColumnType<Date, Date | string | undefined, Date | string>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** Local election authorities, and what they are called. */
export type AuthoritiesTable = {
  lea_id: string;
  name: string;
  fips: string;
  kind: string;
  registered: number;
};

/** A sensor is a stream of the journal. */
export type SensorsTable = {
  id: number;
  authority: string;
  name: string;
  transport: string;
  format: Maybe<string>;
  zone: Maybe<string>;
  completeness: Generated<string>;
  added_at: Stamp;
  last_heard: MaybeMoment;
  last_event: MaybeMoment;
  lines: Generated<number>;
  missing_batches: Generated<number>;
  unwrap: Generated<boolean>;
};

/** How far the flow has come: one row. */
export type ProgressTable = {
  only: Generated<boolean>;
  step: number;
  journal_offset: number;
  history_step: number;
  journal_id: string;
  updated_at: Stamp;
};

/** Counts of the account in one cell: lines + repeated = unreadable + ignored + detail + contacts. */
export type AccountCounts = {
  lines: number;
  repeated: number;
  unreadable: number;
  ignored: number;
  detail: number;
  contacts: number;
  knocks: number;
  late: number;
  lost: number;
  refused: number;
  blocked: number;
  served: number;
  authorised: number;
  test: number;
  reply: number;
  through: number;
  unsettled: number;
};

/** Names of the counts, in the order of the table. */
export const ACCOUNT_COUNTS = [
  'lines',
  'repeated',
  'unreadable',
  'ignored',
  'detail',
  'contacts',
  'knocks',
  'late',
  'lost',
  'refused',
  'blocked',
  'served',
  'authorised',
  'test',
  'reply',
  'through',
  'unsettled',
] as const satisfies readonly (keyof AccountCounts)[];

/** The account by minute and sensor. */
export type AccountMinutesTable = AccountCounts & { minute: Moment; sensor: number };

/** The account by hour and sensor. */
export type AccountHoursTable = AccountCounts & { hour: Moment; sensor: number };

/** Batches that were acknowledged. */
export type BatchesTable = {
  client: string;
  sequence: number;
  digest: Buffer;
  lines: number;
  at: Moment;
};

/** Followed files. */
export type FollowedTable = { path: string; file: string; offset: number };

/** What needs a person. */
export type IncidentsTable = {
  id: Generated<number>;
  key: string;
  kind: string;
  state: Generated<string>;
  authority: Maybe<string>;
  sensor: Maybe<number>;
  opened_at: Moment;
  last_at: Moment;
  count: number;
  reason: string;
  source: Maybe<string>;
  destination: Maybe<string>;
  port: Maybe<number>;
  protocol: Maybe<number>;
  line: Maybe<number>;
  note: Maybe<string>;
  closed_at: MaybeMoment;
};

/** Blocks that were decided. */
export type DecisionsTable = {
  id: Generated<number>;
  /** A network with its length: `192.0.2.7/32`. */
  value: string;
  reason: string;
  alpha: Maybe<number>;
  rule: string;
  forgeable: boolean;
  covers: string;
  contacts: number;
  targets: number;
  first_at: MaybeMoment;
  last_at: MaybeMoment;
  campaign: Maybe<string>;
  from_at: Moment;
  until_at: Moment;
  /** `packets` or `client`. */
  seen: Generated<string>;
};

/** Files of the history that count. */
export type HistoryFilesTable = {
  path: string;
  /** `2026-11-03`, UTC. */
  day: Maybe<string>;
  from_step: number;
  to_step: number;
  rows: number;
  bytes: number;
  first_at: MaybeMoment;
  last_at: MaybeMoment;
};

/** What the hub did not take in. */
export type RefusalsTable = {
  minute: Moment;
  port: string;
  reason: string;
  batches: number;
  lines: number;
  bytes: number;
};

/** Surfaces that were stated. */
export type SurfacesTable = { version: Generated<number>; yaml: string; sha256: string; at: Stamp };

/** Small facts about this hub. Written as JSON text. */
export type FactsTable = { name: string; value: ColumnType<unknown, string, string> };

/** Steps that made this database. */
export type MigrationsTable = { number: number; name: string; sha256: string; at: Stamp };

/** Batches up to `sequence` of a client have been forgotten. */
export type BatchFloorsTable = { client: string; sequence: number };

/** People. `id`: 128 random bits, base64url. */
export type PeopleTable = {
  id: string;
  name: string;
  phone: Maybe<string>;
  state: Generated<string>;
  created_at: Moment;
  removed_at: MaybeMoment;
};

/** Roles at places. */
export type GrantsTable = {
  id: Generated<number>;
  person: string;
  role: string;
  place: string;
  from_at: Moment;
  until_at: MaybeMoment;
  ended_at: MaybeMoment;
  given_by: string;
  why: Maybe<string>;
};

/** Passkeys; `id` and `site` as in WebAuthn: credential id in base64url, and RP ID. */
export type PasskeysTable = {
  id: string;
  person: string;
  site: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  backed_up: boolean;
  name: string;
  added_at: Moment;
  used_at: MaybeMoment;
  removed_at: MaybeMoment;
};

/** Codes that are read over the phone. */
export type CodesTable = {
  id: Generated<number>;
  person: string;
  hash: Buffer;
  purpose: string;
  made_by: string;
  made_at: Moment;
  until_at: Moment;
  used_at: MaybeMoment;
  withdrawn_at: MaybeMoment;
};

/** Codes that were printed. */
export type RecoveryCodesTable = {
  hash: Buffer;
  person: string;
  made_at: Moment;
  used_at: MaybeMoment;
  withdrawn_at: MaybeMoment;
};

/** Administrators who lost every passkey. */
export type RecoveriesTable = {
  id: Generated<number>;
  person: string;
  asked_at: Moment;
  asked_from: string;
  until_at: Moment;
  decided_by: Maybe<string>;
  decided_at: MaybeMoment;
  approved: Maybe<boolean>;
};

/** Who a directory says somebody is. */
export type IdentitiesTable = { directory: string; subject: string; person: string; added_at: Moment };

/** Sessions. `hash`: SHA-256 of what the cookie holds. */
export type SessionsTable = {
  hash: Buffer;
  number: Generated<number>;
  person: string;
  how: string;
  passkey: Maybe<string>;
  created_at: Moment;
  seen_at: Moment;
  stepped_up_at: MaybeMoment;
  network: string;
  agent: string;
  ended_at: MaybeMoment;
  ended_why: Maybe<string>;
};

/** Keys of programs that send lines, and of bouncers: `bouncer` is what such a one takes, written as JSON text. */
export type KeysTable = {
  id: Generated<number>;
  hash: Buffer;
  place: string;
  name: string;
  made_by: string;
  made_at: Moment;
  used_at: MaybeMoment;
  withdrawn_at: MaybeMoment;
  bouncer: ColumnType<unknown, string | null | undefined, never>;
  /** What the bouncer said of itself last. */
  report: ColumnType<unknown, never, string>;
};

/** Who looked at whose data, by hour. */
export type VisitsTable = {
  hour: Moment;
  place: string;
  who: string;
  verb: string;
  role: string;
  first_at: Moment;
  last_at: Moment;
  times: number;
};

/** Who did what. `before` and `after` are written as JSON text. */
export type TrailTable = {
  number: number;
  at: Moment;
  who: string;
  name: string;
  act: string;
  place: string;
  about: string;
  why: Maybe<string>;
  before: ColumnType<unknown, string | null, never>;
  after: ColumnType<unknown, string | null, never>;
  origin: Maybe<string>;
  previous: Buffer;
  hash: Buffer;
};

/** Codes by which agents enrol. `secret`: SHA-256 of it. */
export type AgentCodesTable = {
  id: Generated<number>;
  finder: string;
  secret: Buffer;
  office: string;
  name: string;
  made_by: string;
  made_at: Moment;
  until_at: Moment;
  tries: Generated<number>;
  used_at: MaybeMoment;
};

/** Agents of offices. `report` is written as JSON text. */
export type AgentsTable = {
  id: Generated<number>;
  office: string;
  name: string;
  serial: string;
  serial_before: Maybe<string>;
  enrolled_at: Moment;
  enrolled_by: string;
  until_at: Moment;
  version: Maybe<string>;
  last_heard: MaybeMoment;
  report: ColumnType<unknown, string | null | undefined, string | null>;
  /** ms. */
  clock_ahead: Maybe<number>;
  revoked_at: MaybeMoment;
  revoked_why: Maybe<string>;
};

/** Number of the last order: one row. */
export type OrderNumbersTable = { one: Generated<boolean>; number: number };

/** Blocks that people lifted. */
export type LiftedDecisionsTable = { decision: number; lifted_at: Moment; lifted_by: string; why: string };

/** Visits of known-good visitors. */
export type ProbesTable = {
  id: Generated<number>;
  at: Moment;
  name: string;
  persona: string;
  source: Maybe<string>;
  outcome: string;
  status: Maybe<number>;
  detail: string;
  /** ms. */
  took: number;
  by_block: boolean;
};

/** Who is spared at voters' services. `office` null: everywhere. */
export type SparedTable = {
  id: Generated<number>;
  network: string;
  from_at: Moment;
  until_at: Moment;
  how: string;
  made_by: Maybe<string>;
  note: Maybe<string>;
  office: Maybe<string>;
  ended_at: MaybeMoment;
};

/** Series of drills. `seed`, `nonce`: secret until the series has ended. */
export type DrillSeriesTable = {
  id: Generated<number>;
  seal: string;
  nonce: Buffer;
  seed: Buffer;
  mixture: string;
  detector: string;
  logged: Maybe<number>;
  began_at: Moment;
  ended_at: MaybeMoment;
};

/** Drills. `settings` are written as JSON text; `seen`, `judged` and `blocked` are ms from the first packet. */
export type DrillsTable = {
  id: Generated<number>;
  series: number;
  draw: Maybe<number>;
  repeats: Maybe<number>;
  kind: string;
  settings: ColumnType<unknown, string, never>;
  variation: string;
  office: string;
  target: string;
  source: string;
  seal: string;
  nonce: Buffer;
  logged: Maybe<number>;
  planned_at: Moment;
  started_at: MaybeMoment;
  ended_at: MaybeMoment;
  until_at: MaybeMoment;
  judged_at: MaybeMoment;
  decided_at: MaybeMoment;
  blocked_at: MaybeMoment;
  blocked_by: Maybe<string>;
  seen: Maybe<number>;
  judged: Maybe<number>;
  blocked: Maybe<number>;
  innocent: Maybe<number>;
  outcome: Maybe<string>;
  scored_at: MaybeMoment;
};

/** The account of mail, by day. */
export type MailDaysTable = {
  day: ColumnType<string, string, string>;
  hook: string;
  office: string;
  outcome: string;
  messages: number;
  last_at: Moment;
};

/** What hooks told of messages. */
export type MailMessagesTable = {
  id: Generated<number>;
  told: string;
  at: Moment;
  hook: string;
  office: string;
  outcome: string;
  state: Maybe<string>;
  sha256: string;
  score: number;
  sender: string;
  sender_name: string;
  recipients: string[];
  subject: string;
  reasons: ColumnType<unknown, string, string>;
  campaign: Maybe<string>;
  held_where: string;
  queue_id: Maybe<string>;
  exposed: number;
  is_kept: boolean;
  released_at: MaybeMoment;
  released_by: Maybe<string>;
  released_why: Maybe<string>;
  trouble: Maybe<string>;
};

/** What messages have in common. */
export type MailPrintsTable = { print: string; message: number };

/** Messages that somebody did not trust. */
export type MailReportsTable = {
  id: Generated<number>;
  told: string;
  at: Moment;
  reporter: string;
  office: string;
  subject: string;
  sha256: string;
  outcome: string;
  seconds: Maybe<number>;
  is_kept: boolean;
  answered_at: MaybeMoment;
  answered_by: Maybe<string>;
};

/** Messages that were moved out of mailboxes, and back. */
export type MailPullsTable = {
  id: Generated<number>;
  told: string;
  at: Moment;
  act: string;
  hook: string;
  campaign: string;
  office: string;
  mailbox: string;
  sha256: string;
  subject: string;
  wanted_by: string;
  why: string;
};

/** What hooks are asked to do. */
export type MailOrdersTable = {
  number: Generated<number>;
  act: string;
  /** Null for a pull, which has the next three, and prints where it is for no message. */
  message: Maybe<number>;
  sha256: Maybe<string>;
  campaign: Maybe<string>;
  office: Maybe<string>;
  prints: Maybe<string[]>;
  made_at: Moment;
  made_by: string;
  why: string;
  done_at: MaybeMoment;
  is_done: Maybe<boolean>;
  detail: Maybe<string>;
};

/** What mail is known to be bad by. */
export type MailMarksTable = {
  kind: string;
  value: string;
  change: number;
  list: string;
  is_confirmed: boolean;
  is_ended: boolean;
  at: Moment;
};

/** Who is protected. */
export type MailListsTable = {
  version: Generated<number>;
  yaml: string;
  changed_at: Moment;
  changed_by: string;
};

/** All tables, by name. */
export type Tables = {
  people: PeopleTable;
  grants: GrantsTable;
  passkeys: PasskeysTable;
  codes: CodesTable;
  recovery_codes: RecoveryCodesTable;
  recoveries: RecoveriesTable;
  identities: IdentitiesTable;
  sessions: SessionsTable;
  keys: KeysTable;
  visits: VisitsTable;
  trail: TrailTable;
  batch_floors: BatchFloorsTable;
  authorities: AuthoritiesTable;
  sensors: SensorsTable;
  progress: ProgressTable;
  account_minutes: AccountMinutesTable;
  account_hours: AccountHoursTable;
  batches: BatchesTable;
  followed: FollowedTable;
  incidents: IncidentsTable;
  decisions: DecisionsTable;
  /** A view: decisions that were lifted end when they were. */
  standing_decisions: DecisionsTable;
  lifted_decisions: LiftedDecisionsTable;
  spared: SparedTable;
  probes: ProbesTable;
  drill_series: DrillSeriesTable;
  drills: DrillsTable;
  mail_days: MailDaysTable;
  mail_messages: MailMessagesTable;
  mail_prints: MailPrintsTable;
  mail_reports: MailReportsTable;
  mail_pulls: MailPullsTable;
  mail_orders: MailOrdersTable;
  mail_marks: MailMarksTable;
  mail_lists: MailListsTable;
  agent_codes: AgentCodesTable;
  agents: AgentsTable;
  order_numbers: OrderNumbersTable;
  history_files: HistoryFilesTable;
  refusals: RefusalsTable;
  surfaces: SurfacesTable;
  facts: FactsTable;
  schema_migrations: MigrationsTable;
};

/** A row as it is read, written anew, or changed. */
export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>;
export type RowChange<T extends keyof Tables> = Updateable<Tables[T]>;
