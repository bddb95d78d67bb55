/** Mail: what became of every message, what is held and may be let go, campaigns over the offices, reports and pull-backs. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

const Maybe = <T extends Parameters<typeof Type.Array>[0]>(of: T) => Type.Union([of, Type.Null()]);

/** `lea_id`, or `state`. */
const Office = Type.String({ minLength: 1, maxLength: 32 });

/** SHA-256 of the bytes of a message, in hex. */
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** How a message came to us. */
export const MailHook = Type.Union([
  Type.Literal('milter'),
  Type.Literal('proxy'),
  Type.Literal('imap'),
  Type.Literal('graph'),
  Type.Literal('gmail'),
  Type.Literal('file'),
]);
export type MailHook = Static<typeof MailHook>;

/** What became of a message: exactly one of these. */
export const MailOutcome = Type.Union([
  Type.Literal('deliver'),
  Type.Literal('banner'),
  Type.Literal('hold'),
  Type.Literal('block'),
  Type.Literal('unchecked'),
]);
export type MailOutcome = Static<typeof MailOutcome>;

/** Received = delivered + marked + held + blocked + not checked. What was put off comes again and is counted apart. */
export const MailCounts = Type.Object({
  received: Type.Number(),
  delivered: Type.Number(),
  marked: Type.Number(),
  held: Type.Number(),
  blocked: Type.Number(),
  unchecked: Type.Number(),
});
export type MailCounts = Static<typeof MailCounts>;

export const MailReasonRow = Type.Object({
  code: Type.String({ maxLength: 80 }),
  text: Type.String({ maxLength: 1_000 }),
});
export type MailReasonRow = Static<typeof MailReasonRow>;

/** Where a held message lies: in the queue of a mail server, in a folder of its mailbox, at a server that keeps what is held, or nowhere. */
export const MailHeldWhere = Type.Union([
  Type.Literal('queue'),
  Type.Literal('folder'),
  Type.Literal('server'),
  Type.Literal('nowhere'),
]);
export type MailHeldWhere = Static<typeof MailHeldWhere>;

/** How a message that was kept from somebody stands. */
export const MailState = Type.Union([
  Type.Literal('held'),
  /** A person let it go; its hook was not there yet to do it. */
  Type.Literal('releasing'),
  Type.Literal('released'),
  /** It was sent back to its sender: nothing is kept. */
  Type.Literal('refused'),
]);
export type MailState = Static<typeof MailState>;

/** A message that was kept from somebody: held, refused, or moved out of a mailbox. */
export const KeptMail = Type.Object({
  id: Type.Number(),
  at: Moment,
  hook: MailHook,
  office: Office,
  officeName: Type.String(),
  outcome: Type.Union([Type.Literal('hold'), Type.Literal('block')]),
  state: MailState,
  where: MailHeldWhere,
  /** 0 to 1. */
  score: Type.Number(),
  from: Type.String(),
  fromName: Type.String(),
  to: Type.Array(Type.String()),
  subject: Type.String(),
  reasons: Type.Array(MailReasonRow),
  campaign: Maybe(Type.String()),
  /** How long it lay in the mailbox, s; 0 where it was stopped before. */
  exposed: Type.Number(),
  /** Whether its bytes are kept here, so that it can be looked at. */
  isKept: Type.Boolean(),
  /** Who let it go, when and why. */
  released: Maybe(Type.Object({ at: Moment, by: Type.String(), why: Type.String() })),
  /** Why it could not be let go when somebody wanted it; null: nobody tried, or it could. */
  trouble: Maybe(Type.String()),
});
export type KeptMail = Static<typeof KeptMail>;

/** One hook at one office (or at the state), in the last seven days. */
export const MailHookRow = Type.Object({
  hook: MailHook,
  office: Office,
  officeName: Type.String(),
  /** `before`: it stops mail before it is delivered. */
  acts: Type.Union([Type.Literal('before'), Type.Literal('after')]),
  lastHeard: Moment,
  received: Type.Number(),
  /** Of what was kept back: median and longest time that it lay in a mailbox, s; null where nothing was. */
  exposed: Maybe(Type.Object({ median: Type.Number(), most: Type.Number() })),
});
export type MailHookRow = Static<typeof MailHookRow>;

/** Messages that belong together. */
export const MailCampaignRow = Type.Object({
  id: Type.String(),
  firstAt: Moment,
  lastAt: Moment,
  subject: Type.String(),
  from: Type.String(),
  /** Offices that it reached, or tried to. */
  offices: Type.Number(),
  messages: Type.Number(),
  kept: Type.Number(),
  /** Moved out of mailboxes after delivery, and moved back. */
  pulled: Type.Number(),
  released: Type.Number(),
});
export type MailCampaignRow = Static<typeof MailCampaignRow>;

/** Somebody reported a message. */
export const MailReportRow = Type.Object({
  id: Type.Number(),
  at: Moment,
  reporter: Type.String(),
  office: Office,
  officeName: Type.String(),
  subject: Type.String(),
  /** `waits`: a person of the state has to look at it. */
  outcome: Type.Union([
    Type.Literal('pulled-back'),
    Type.Literal('waits'),
    Type.Literal('inline'),
    Type.Literal('fine'),
    Type.Literal('bad'),
  ]),
  /** Seconds from the report to the last message that was moved; null where none was. */
  seconds: Maybe(Type.Number()),
  /** Whether the reported message is kept here. */
  isKept: Type.Boolean(),
});
export type MailReportRow = Static<typeof MailReportRow>;

/** `GET /api/v1/mail`: the last seven days, of the offices in reach. */
export const MailAnswer = Type.Object({
  at: Moment,
  from: Moment,
  counts: MailCounts,
  /** Asked to come again while nothing could be checked. */
  putOff: Type.Number(),
  /** Of those that were not checked: how many were checked later. */
  rechecked: Type.Number(),
  days: Type.Array(Type.Object({ day: Type.String({ format: 'date' }), counts: MailCounts })),
  hooks: Type.Array(MailHookRow),
  /** Waits for somebody to look at it. */
  waiting: Type.Number(),
  /** Good messages that were held and let go by a person: what we got wrong. */
  mistakes: Type.Number(),
  /** Latest first; at most fifty. */
  campaigns: Type.Array(MailCampaignRow),
  /** Latest first; at most fifty. */
  reports: Type.Array(MailReportRow),
  /** Reports whose message was judged or found to be bad, and those that were fine. */
  reportedRight: Type.Number(),
  reportedWrong: Type.Number(),
});
export type MailAnswer = Static<typeof MailAnswer>;

/** `GET /api/v1/mail/kept`. */
export const KeptMailQuery = Type.Object({
  /** One office. */
  place: Type.Optional(Office),
  state: Type.Optional(MailState),
  campaign: Type.Optional(Type.String({ maxLength: 64 })),
  /** Older than this number. */
  before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
});
export type KeptMailQuery = Static<typeof KeptMailQuery>;

/** Latest first; a hundred at a time. */
export const KeptMailAnswer = Type.Object({
  messages: Type.Array(KeptMail),
  /** All that there are. */
  total: Type.Number(),
});
export type KeptMailAnswer = Static<typeof KeptMailAnswer>;

/** A file in a message. */
export const MailPartRow = Type.Object({
  /** Its number, from 1: `GET /api/v1/mail/kept/{id}/parts/{number}` shows it. */
  number: Type.Number(),
  name: Type.String(),
  type: Type.String(),
  bytes: Type.Number(),
});
export type MailPartRow = Static<typeof MailPartRow>;

/** `GET /api/v1/mail/kept/{id}`: one message to look at, without anything in it that could do harm. */
export const KeptMailDetail = Type.Object({
  message: KeptMail,
  /** Its words; null where its bytes are not kept. */
  text: Maybe(Type.String()),
  /** Where its links lead: address and words, never to be followed. */
  links: Type.Array(Type.Object({ text: Type.String(), host: Type.String(), url: Type.String() })),
  parts: Type.Array(MailPartRow),
});
export type KeptMailDetail = Static<typeof KeptMailDetail>;

/** `GET /api/v1/mail/kept/{id}/parts/{number}`: a part as pictures and text. */
export const MailView = Type.Object({
  how: Type.Union([Type.Literal('pictures'), Type.Literal('text-only'), Type.Literal('nothing')]),
  /** Why there are no pictures: a sentence. */
  why: Maybe(Type.String()),
  /** PNG, base64. */
  pages: Type.Array(Type.String()),
  text: Type.String(),
  /** There is more than is shown. */
  cut: Type.Boolean(),
});
export type MailView = Static<typeof MailView>;

/** `POST /api/v1/mail/check`: a message that somebody wants to know about. */
export const MailCheckWish = Type.Object({
  /** The message as it was sent: headers and all. */
  message: Type.String({ minLength: 1, maxLength: 14_000_000 }),
  /** `base64` for an uploaded file, `text` for what was pasted. */
  as: Type.Union([Type.Literal('base64'), Type.Literal('text')]),
  place: Type.Optional(Office),
});
export type MailCheckWish = Static<typeof MailCheckWish>;

/** What we think of it. Nothing is kept of it. */
export const MailChecked = Type.Object({
  outcome: Type.Union([
    Type.Literal('deliver'),
    Type.Literal('banner'),
    Type.Literal('hold'),
    Type.Literal('block'),
  ]),
  score: Type.Number(),
  from: Type.String(),
  subject: Type.String(),
  reasons: Type.Array(MailReasonRow),
  /** Campaign that we know it by. */
  campaign: Maybe(Type.String()),
  /** Others who got the same. */
  offices: Type.Number(),
  text: Type.String(),
});
export type MailChecked = Static<typeof MailChecked>;

/** `GET /api/v1/mail/campaigns/{id}`: when it reached whom. */
export const MailCampaignAnswer = Type.Object({
  campaign: MailCampaignRow,
  /** Each message, by office and hour. */
  reached: Type.Array(
    Type.Object({
      office: Office,
      officeName: Type.String(),
      /** The hour, as its beginning. */
      hour: Moment,
      messages: Type.Number(),
      kept: Type.Number(),
    }),
  ),
  /** What was moved, and moved back. */
  pulls: Type.Array(
    Type.Object({
      at: Moment,
      act: Type.Union([Type.Literal('hold'), Type.Literal('release')]),
      office: Office,
      officeName: Type.String(),
      mailbox: Type.String(),
      subject: Type.String(),
      by: Type.String(),
      why: Type.String(),
    }),
  ),
});
export type MailCampaignAnswer = Static<typeof MailCampaignAnswer>;

/** `GET /api/v1/mail/protected`: whom attackers pretend to be, as YAML (docs/reference/office-file.md). */
export const ProtectedAnswer = Type.Object({
  /** The list of the state; empty where there is none yet. */
  yaml: Type.String(),
  version: Type.Number(),
  changedAt: Maybe(Moment),
  by: Maybe(Type.String()),
  people: Type.Number(),
  organisations: Type.Number(),
  offices: Type.Number(),
});
export type ProtectedAnswer = Static<typeof ProtectedAnswer>;

/** `PUT /api/v1/mail/protected`. */
export const NewProtected = Type.Object({
  yaml: Type.String({ maxLength: 1_000_000 }),
  /** Of the list that was changed: two who change it at once do not undo each other. */
  version: Type.Integer({ minimum: 0 }),
});
export type NewProtected = Static<typeof NewProtected>;

const Told = {
  /** Made by the hook; told again, it counts once. */
  id: Type.String({ minLength: 8, maxLength: 128 }),
  at: Moment,
  office: Office,
};

/** A message that a hook is done with. */
export const ToldMessage = Type.Object({
  ...Told,
  kind: Type.Literal('message'),
  hook: MailHook,
  outcome: Type.Union([MailOutcome, Type.Literal('put-off')]),
  sha256: Sha256,
  score: Type.Number({ minimum: 0, maximum: 1 }),
  from: Type.String({ maxLength: 320 }),
  fromName: Type.String({ maxLength: 200 }),
  to: Type.Array(Type.String({ maxLength: 320 }), { maxItems: 50 }),
  subject: Type.String({ maxLength: 400 }),
  reasons: Type.Array(MailReasonRow, { maxItems: 20 }),
  campaign: Type.Optional(Type.String({ maxLength: 64 })),
  prints: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 64 }),
  where: MailHeldWhere,
  /** Number in the queue of the mail server. */
  queueId: Type.Optional(Type.String({ maxLength: 100 })),
  exposed: Type.Number({ minimum: 0 }),
  /** The bytes of what was kept back, base64. */
  message: Type.Optional(Type.String({ maxLength: 14_000_000 })),
});
export type ToldMessage = Static<typeof ToldMessage>;

/** A report that came in, and what was done. */
export const ToldReport = Type.Object({
  ...Told,
  kind: Type.Literal('report'),
  reporter: Type.String({ maxLength: 320 }),
  subject: Type.String({ maxLength: 400 }),
  sha256: Sha256,
  outcome: Type.Union([Type.Literal('pulled-back'), Type.Literal('waits'), Type.Literal('inline')]),
  seconds: Type.Optional(Type.Number({ minimum: 0 })),
  message: Type.Optional(Type.String({ maxLength: 14_000_000 })),
});
export type ToldReport = Static<typeof ToldReport>;

/** A message that was moved out of a mailbox, or back. */
export const ToldPull = Type.Object({
  ...Told,
  kind: Type.Literal('pull'),
  act: Type.Union([Type.Literal('hold'), Type.Literal('release')]),
  hook: MailHook,
  campaign: Type.String({ maxLength: 64 }),
  /** Of the message in the mailbox. */
  sha256: Sha256,
  mailbox: Type.String({ maxLength: 320 }),
  subject: Type.String({ maxLength: 400 }),
  by: Type.String({ maxLength: 320 }),
  why: Type.String({ maxLength: 1_000 }),
  exposed: Type.Number({ minimum: 0 }),
});
export type ToldPull = Static<typeof ToldPull>;

/** A message that was delivered without being checked, and was checked later. */
export const ToldRecheck = Type.Object({
  ...Told,
  kind: Type.Literal('recheck'),
  hook: MailHook,
  sha256: Sha256,
  outcome: Type.Union([
    Type.Literal('deliver'),
    Type.Literal('banner'),
    Type.Literal('hold'),
    Type.Literal('block'),
  ]),
  reasons: Type.Array(MailReasonRow, { maxItems: 20 }),
  prints: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 64 }),
  /** The bytes of what should have been kept back, base64. */
  message: Type.Optional(Type.String({ maxLength: 14_000_000 })),
});
export type ToldRecheck = Static<typeof ToldRecheck>;

/** `POST /api/v1/mail/told`: what a hook did, in order. */
export const ToldMail = Type.Object({
  events: Type.Array(Type.Union([ToldMessage, ToldReport, ToldPull, ToldRecheck]), { maxItems: 200 }),
});
export type ToldMail = Static<typeof ToldMail>;

/** What a person wants a hook to do. */
export const MailOrder = Type.Object({
  number: Type.Number(),
  /** `pull`: what is like a message is to be moved out of mailboxes; of that message there is only `sha256`, and its bytes at the hub. */
  act: Type.Union([Type.Literal('release'), Type.Literal('pull')]),
  /** What the hook called the event by which it told of the message; empty for a pull. */
  told: Type.String(),
  office: Office,
  hook: MailHook,
  sha256: Sha256,
  /** Whose mailboxes it was for. */
  to: Type.Array(Type.String()),
  queueId: Maybe(Type.String()),
  campaign: Maybe(Type.String()),
  /** What is hunted, where it is known by that and not by a message: a link or a file. */
  prints: Type.Array(Type.String()),
  /** Address of who wrote it: its mail was fine. */
  from: Type.String(),
  by: Type.String(),
  why: Type.String(),
});
export type MailOrder = Static<typeof MailOrder>;

/** `GET /api/v1/mail/orders`: after a number. */
export const MailOrdersQuery = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
});
export type MailOrdersQuery = Static<typeof MailOrdersQuery>;

/** With what tells a hook whether it has to ask for what it stands on. */
export const MailOrdersAnswer = Type.Object({
  orders: Type.Array(MailOrder),
  standing: Type.Object({
    /** Version of the list of the protected; 0: there is none. */
    list: Type.Number(),
    /** Number of the last change of what is known to be bad. */
    marks: Type.Number(),
  }),
});
export type MailOrdersAnswer = Static<typeof MailOrdersAnswer>;

/** `GET /api/v1/mail/orders/{number}/message`: the message that a pull is about. */
export const MailOrderMessage = Type.Object({
  /** Base64. */
  message: Type.String(),
});
export type MailOrderMessage = Static<typeof MailOrderMessage>;

/** What mail is known to be bad by. */
export const MailMark = Type.Object({
  kind: Type.Literal('print'),
  value: Type.String({ maxLength: 300 }),
  /** The campaign. */
  list: Type.String({ maxLength: 64 }),
  /** Somebody looked at it, or it was moved out of mailboxes. Others hold only where nothing can be judged. */
  isConfirmed: Type.Boolean(),
  /** It was a mistake: forget it. */
  isEnded: Type.Boolean(),
});
export type MailMark = Static<typeof MailMark>;

/** `GET /api/v1/mail/standing`: what hooks judge by and cannot know by themselves. */
export const MailStandingQuery = Type.Object({
  /** Version of the list that the hook has. */
  list: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  /** The last change that the hook has. */
  marks: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
});
export type MailStandingQuery = Static<typeof MailStandingQuery>;

export const MailStandingAnswer = Type.Object({
  /** The list of the state; left out where the hook has this version. */
  list: Type.Optional(Type.Object({ version: Type.Number(), yaml: Type.String({ maxLength: 1_000_000 }) })),
  /** What changed, in order: at most 5,000. */
  marks: Type.Array(MailMark, { maxItems: 5_000 }),
  /** Number of the last of them: ask again after it until nothing comes. */
  last: Type.Number(),
});
export type MailStandingAnswer = Static<typeof MailStandingAnswer>;

/** `POST /api/v1/mail/orders/{number}/done`. */
export const MailOrderDone = Type.Object({
  done: Type.Boolean(),
  /** What the mail server said where it could not be done. */
  detail: Type.String({ maxLength: 400 }),
});
export type MailOrderDone = Static<typeof MailOrderDone>;

/** `POST /api/v1/mail/indicators`: somebody warned of a link or a file. */
export const NewIndicator = Type.Object({
  kind: Type.Union([Type.Literal('link'), Type.Literal('file')]),
  /** The whole link, `https://...`; or the SHA-256 of the file, in hex. */
  value: Type.String({ minLength: 1, maxLength: 2_000 }),
  /** Who warned, and of what: owners of mailboxes are told. */
  why: Type.String({ minLength: 1, maxLength: 400 }),
});
export type NewIndicator = Static<typeof NewIndicator>;

/** `POST /api/v1/mail/reports/{id}/answer`: a person looked at it. */
export const MailReportAnswer = Type.Object({
  is: Type.Union([Type.Literal('fine'), Type.Literal('bad')]),
});
export type MailReportAnswer = Static<typeof MailReportAnswer>;
