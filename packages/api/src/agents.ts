/**
 * What hub and agents say to each other under `/agent/v1`, and what the desk is told of it. Only `enrol` is asked without a
 * certificate; everything else is asked with that of an agent, which names its office, so that no question has to.
 *
 *     POST /agent/v1/enrol             a code that was read over the phone becomes a certificate
 *     POST /agent/v1/renew             another certificate, at two thirds of the life of the last
 *     POST /agent/v1/intake/{sensor}   lines, as at /api/v1/intake
 *     GET  /agent/v1/orders?after=N    NDJSON that stays open: one `OrderLine` a line, an empty line every 15 s
 *     POST /agent/v1/outcomes          what was read back, at least each minute
 */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

const Place = Type.String({ pattern: '^(state|\\d{5})$' });
/** Name of a computer at its office, as people say it: letters and digits, with points and dashes between. */
const AgentName = Type.String({ pattern: '^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?$' });
const Version = Type.String({ pattern: '^[A-Za-z0-9.+_-]{1,64}$' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** A request for a certificate (PKCS #10), PEM. One for P-256 has 400 bytes. */
const CertificateRequest = Type.String({ minLength: 1, maxLength: 8_192 });
/** ms since 1970, by the clock of who says it: 0 and the year 9999 are clocks that were never set, and can be said. */
const ClockTime = Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 });

/** `POST /agent/v1/enrol`. `code`: the secret half alone, ten characters; the other half tells the agent whom it speaks to. */
export const AgentEnrolment = Type.Object({
  code: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{10}$' }),
  request: CertificateRequest,
  version: Version,
});
export type AgentEnrolment = Static<typeof AgentEnrolment>;

/** What an agent is told once, and keeps. */
export const AgentEnrolled = Type.Object({
  /** PEM. */
  certificate: Type.String(),
  /** Certificate of the hub's CA, PEM. */
  authority: Type.String(),
  /** `lea_id`. */
  office: Type.String(),
  officeName: Type.String(),
  /** Of this agent, at its office. */
  name: Type.String(),
  /** Public key of orders: SPKI of Ed25519 (RFC 8410), base64. */
  orderKey: Type.String(),
  /** Networks that no block may touch: the hub's own. CIDR. */
  never: Type.Array(Type.String()),
});
export type AgentEnrolled = Static<typeof AgentEnrolled>;

/** `POST /agent/v1/renew`. */
export const AgentRenewal = Type.Object({ request: CertificateRequest });
export type AgentRenewal = Static<typeof AgentRenewal>;

export const AgentRenewed = Type.Object({ certificate: Type.String() });
export type AgentRenewed = Static<typeof AgentRenewed>;

/** `GET /agent/v1/orders`. `after`: number of the last order that was taken; 0 for none. */
export const OrdersQuery = Type.Object({ after: Type.Optional(Count) });
export type OrdersQuery = Static<typeof OrdersQuery>;

/** One line of the stream: an order as text, and the Ed25519 signature over its bytes in UTF-8, base64. */
export const OrderLine = Type.Object({ order: Type.String(), signature: Type.String() });
export type OrderLine = Static<typeof OrderLine>;

/** A block inside the text of an order: `Block` of packages/blocks, its network as CIDR. */
export const OrderBlockText = Type.Object({
  id: Type.String(),
  network: Type.String(),
  covers: Type.Union([Type.Literal('all'), Type.Literal('private')]),
  from: Type.Number(),
  until: Type.Number(),
  reason: Type.String(),
});
export type OrderBlockText = Static<typeof OrderBlockText>;

/** The text of an order, read as JSON: `Order` of packages/blocks, networks as CIDR. */
export const OrderText = Type.Object({
  schema: Type.Literal('bellwether/order@1'),
  hub: Type.String(),
  office: Type.String(),
  sequence: Type.Number(),
  at: Type.Number(),
  isWhole: Type.Boolean(),
  add: Type.Array(OrderBlockText),
  spare: Type.Array(Type.Object({ id: Type.String(), network: Type.String(), until: Type.Number() })),
  lift: Type.Array(Type.String()),
});
export type OrderText = Static<typeof OrderText>;

/** Blocks that are told one by one in a report. What is beyond is in the counts: nobody reads more than some hundreds. */
export const MOST_EXCEPTIONS = 1_000;

/** Whether packets meet the blocks at all where the agent stands. */
export const PointState = Type.Union([
  /** They do: blocks are in force. */
  Type.Literal('enforcing'),
  /** Nothing goes through here, or nobody asked it to block. */
  Type.Literal('none'),
  /** They should, and do not, or not all of them. */
  Type.Literal('damaged'),
]);
export type PointState = Static<typeof PointState>;

const BlockId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });
const Detail = Type.String({ maxLength: 300 });

/** A block that is not enforced: `Outcome` of packages/blocks without those that are. */
export const RefusedOutcome = Type.Object({
  id: BlockId,
  state: Type.Literal('refused'),
  why: Type.Union([
    Type.Literal('veto'),
    Type.Literal('never'),
    Type.Literal('too-wide'),
    Type.Literal('too-long'),
    Type.Literal('over'),
    Type.Literal('not-yet'),
    Type.Literal('too-many'),
    Type.Literal('too-fast'),
    Type.Literal('kernel'),
  ]),
  detail: Detail,
});
export type RefusedOutcome = Static<typeof RefusedOutcome>;
export const MissingOutcome = Type.Object({ id: BlockId, state: Type.Literal('missing'), detail: Detail });
export type MissingOutcome = Static<typeof MissingOutcome>;

/** What the part of an agent that blocks read back. */
export const BlocksReadBack = Type.Object({
  /** Of the last order that was taken; 0 before the first. */
  sequence: Count,
  /** When it was read back, ms since 1970 by the agent's clock. */
  at: ClockTime,
  point: Type.Object({ state: PointState, why: Type.Array(Detail, { maxItems: 32 }) }),
  /** Blocks that were ordered and are not over; those read back as ordered; the rest is refused or missing. */
  decided: Count,
  enforced: Count,
  refusedCount: Count,
  missingCount: Count,
  refused: Type.Array(RefusedOutcome, { maxItems: MOST_EXCEPTIONS }),
  missing: Type.Array(MissingOutcome, { maxItems: MOST_EXCEPTIONS }),
  /** Blocks and networks that a person of the office refused. */
  vetoes: Count,
});
export type BlocksReadBack = Static<typeof BlocksReadBack>;

/** `POST /agent/v1/outcomes`: what was read back, what waits, and a sign of life. */
export const AgentReport = Type.Object({
  ...BlocksReadBack.properties,
  /** Lines that wait at the office; `oldest` in ms since 1970. */
  backlog: Type.Object({ lines: Count, bytes: Count, oldest: Type.Optional(ClockTime) }),
  version: Version,
  /** What the agent's clock says as it sends this, ms since 1970. */
  clock: ClockTime,
});
export type AgentReport = Static<typeof AgentReport>;

/** The hub's answer to a report. */
export const AgentReportTaken = Type.Object({
  /** What the hub's clock says, ms since 1970. */
  clock: Type.Number(),
});
export type AgentReportTaken = Static<typeof AgentReportTaken>;

/** An agent, as the desk shows it. */
export const AgentRow = Type.Object({
  id: Type.Number(),
  office: Type.String(),
  officeName: Type.String(),
  name: Type.String(),
  enrolledAt: Moment,
  enrolledBy: Type.String(),
  lastHeard: Type.Union([Moment, Type.Null()]),
  version: Type.Union([Type.String(), Type.Null()]),
  /** When its certificate ends; it renews it a month before. */
  until: Moment,
  revokedAt: Type.Union([Moment, Type.Null()]),
  revokedWhy: Type.Union([Type.String(), Type.Null()]),
  /** Whether its stream of orders is open now. */
  isConnected: Type.Boolean(),
  point: Type.Union([Type.Object({ state: PointState, why: Type.Array(Type.String()) }), Type.Null()]),
  backlog: Type.Union([
    Type.Object({ lines: Type.Number(), bytes: Type.Number(), oldest: Type.Union([Moment, Type.Null()]) }),
    Type.Null(),
  ]),
  /** How far its clock is ahead of the hub's, ms; behind: below zero. */
  clockAhead: Type.Union([Type.Number(), Type.Null()]),
});
export type AgentRow = Static<typeof AgentRow>;

/** `GET /api/v1/agents?place=`. */
export const AgentsQuery = Type.Object({ place: Type.Optional(Place) });
export type AgentsQuery = Static<typeof AgentsQuery>;

export const AgentsAnswer = Type.Object({
  /** Where agents reach the hub, `NAME:PORT`; null where the configuration does not open it. */
  hub: Type.Union([Type.String(), Type.Null()]),
  agents: Type.Array(AgentRow),
});
export type AgentsAnswer = Static<typeof AgentsAnswer>;

/** `POST /api/v1/agents/codes`: a code by which one agent of an office enrols. */
export const NewAgentCode = Type.Object({ office: Place, name: AgentName });
export type NewAgentCode = Static<typeof NewAgentCode>;

export const MadeAgentCode = Type.Object({
  /** Four groups of five characters: told this once. */
  code: Type.String(),
  until: Moment,
  /** What to type on the computer at the office. */
  hub: Type.String(),
});
export type MadeAgentCode = Static<typeof MadeAgentCode>;

/** What became of the blocks at one agent. */
export const BlocksAtAgent = Type.Object({
  office: Type.String(),
  officeName: Type.String(),
  agent: Type.Number(),
  name: Type.String(),
  /** When the agent said so last, by the hub's clock; null: never. */
  heardAt: Type.Union([Moment, Type.Null()]),
  /** It was heard within three minutes. */
  isHeard: Type.Boolean(),
  point: Type.Union([PointState, Type.Null()]),
  why: Type.Array(Type.String()),
  sequence: Type.Number(),
  decided: Type.Number(),
  enforced: Type.Number(),
  refused: Type.Number(),
  missing: Type.Number(),
  vetoes: Type.Number(),
});
export type BlocksAtAgent = Static<typeof BlocksAtAgent>;

/** One block that one agent does not enforce. */
export const BlockException = Type.Object({
  /** Number of the decision. */
  block: Type.String(),
  value: Type.Union([Type.String(), Type.Null()]),
  office: Type.String(),
  agent: Type.Number(),
  state: Type.Union([Type.Literal('refused'), Type.Literal('missing')]),
  /** Code of the refusal; null for what is missing. */
  why: Type.Union([Type.String(), Type.Null()]),
  detail: Type.String(),
});
export type BlockException = Static<typeof BlockException>;

/** A bouncer: a firewall or web server of others that asks for blocks, and what it said of itself. */
export const BlocksAtBouncer = Type.Object({
  /** Number of its key. */
  key: Type.String(),
  office: Type.String(),
  officeName: Type.String(),
  name: Type.String(),
  /** When its key was used last, to the minute or so; null: never. */
  askedAt: Type.Union([Moment, Type.Null()]),
  /** What it said of itself last; null where it says nothing, as older ones do. */
  report: Type.Union([
    Type.Object({
      at: Moment,
      kind: Type.String(),
      version: Type.String(),
      /** Decisions that it holds. */
      active: Type.Union([Type.Number(), Type.Null()]),
      /** Packets or requests that it turned away since its report before this one. */
      dropped: Type.Union([Type.Number(), Type.Null()]),
    }),
    Type.Null(),
  ]),
});
export type BlocksAtBouncer = Static<typeof BlocksAtBouncer>;

/** `GET /api/v1/blocks?place=`. */
export const BlocksQuery = Type.Object({ place: Type.Optional(Place) });
export type BlocksQuery = Static<typeof BlocksQuery>;

export const BlocksAnswer = Type.Object({
  at: Moment,
  /** Blocks of packets that are in force by decision. */
  decided: Type.Number(),
  /** Blocks of clients that only a proxy of ours named: bouncers that see clients are told, and no agent. */
  atClients: Type.Number(),
  /** Blocks that were lifted by a person within the last day. */
  lifted: Type.Number(),
  /** Number of the last order that was written. */
  sequence: Type.Number(),
  agents: Type.Array(BlocksAtAgent),
  /** Bouncers whose keys stand. What they hold is what they say: nobody reads it back. */
  bouncers: Type.Optional(Type.Array(BlocksAtBouncer)),
  exceptions: Type.Array(BlockException),
});
export type BlocksAnswer = Static<typeof BlocksAnswer>;

/** `POST /api/v1/blocks/:id/undo` gives this. */
export const BlockUndone = Type.Object({
  id: Type.Number(),
  value: Type.String(),
  liftedAt: Moment,
  /** Offices whose stream was open, so that they were told at once. */
  told: Type.Number(),
});
export type BlockUndone = Static<typeof BlockUndone>;
