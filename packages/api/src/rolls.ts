/** `/api/v1/rolls`: tonight's statement, the offices, sheets that clerks sign, and what differs. */
import { type Static, Type } from 'typebox';
import { Moment } from './shapes.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

/** A calendar day, YYYY-MM-DD. */
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });

/** What a transaction did (NIST SP 1500-102). */
export const ChangeClassName = Type.Union([
  Type.Literal('registration-created'),
  Type.Literal('registration-updated'),
  Type.Literal('registration-cancelled'),
  Type.Literal('address-updated'),
  Type.Literal('name-updated'),
  Type.Literal('status-updated'),
  Type.Literal('other'),
]);
export type ChangeClassName = Static<typeof ChangeClassName>;

/** What a night found. */
export const NightSummary = Type.Object({
  epoch: Type.Number(),
  day: Day,
  /** When the seal was made. */
  at: Moment,
  records: Type.Number(),
  changed: Type.Number(),
  authorised: Type.Number(),
  fromFeeds: Type.Number(),
  awaiting: Type.Number(),
  unauthorised: Type.Number(),
  /** How changes are captured; with `dumps`, what was made and undone between two of them is not seen. */
  captures: Type.Union([Type.Literal('dumps'), Type.Literal('audit-table'), Type.Literal('replication')]),
  /** Root of the state, base64, and the four words that stand for it. */
  root: Type.String(),
  words: Type.Array(Type.String()),
  /** Entry of the log that holds the seal; decimal. */
  entry: Type.String(),
  /** Whether a quorum of witnesses cosigned a checkpoint that holds it. */
  witnessed: Type.Boolean(),
});
export type NightSummary = Static<typeof NightSummary>;

/** One office tonight. */
export const RollOffice = Type.Object({
  office: Type.String(),
  name: Type.String(),
  records: Type.Number(),
  /** Changes of the last seal. */
  changes: Type.Number(),
  /** Changes that wait for the office, and sheets of them; when the oldest of these expires. */
  awaiting: Type.Number(),
  sheets: Type.Number(),
  until: Nullable(Moment),
  unauthorised: Type.Number(),
  /** When its own witness last stated that its rows match the state's root; null: never. */
  recomputedAt: Nullable(Moment),
});
export type RollOffice = Static<typeof RollOffice>;

/** `GET /rolls`. */
export const RollsAnswer = Type.Object({
  /** Null before there is a genesis. */
  genesis: Nullable(
    Type.Object({ day: Day, records: Type.Number(), root: Type.String(), entry: Type.String() }),
  ),
  /** The last seal; null before the first. */
  tonight: Nullable(NightSummary),
  /** What can be said tonight, in sentences. */
  sentences: Type.Array(Type.String()),
  /** What was not checked, in sentences. */
  notChecked: Type.Array(Type.String()),
  /** Recomputed by another hand: offices, and records. */
  hands: Type.Object({
    offices: Type.Tuple([Type.Number(), Type.Number()]),
    records: Type.Tuple([Type.Number(), Type.Number()]),
  }),
  /** For the state alone, over a year: how many planted changes clerks noticed. Null while there are too few to tell. */
  planted: Nullable(
    Type.Object({
      planted: Type.Number(),
      noticed: Type.Number(),
      /** Interval of the share noticed, [0, 1]: 95 %, Clopper-Pearson. */
      low: Type.Number(),
      high: Type.Number(),
    }),
  ),
  /** In reach of whoever asks. */
  offices: Type.Array(RollOffice),
});
export type RollsAnswer = Static<typeof RollsAnswer>;

/** `GET /rolls/nights`, newest first. */
export const NightsAnswer = Type.Object({ nights: Type.Array(NightSummary) });
export type NightsAnswer = Static<typeof NightsAnswer>;

/** `GET /rolls/nights/{epoch}`: what differs, of the offices in reach. */
export const NightAnswer = Type.Object({
  night: NightSummary,
  offices: Type.Array(
    Type.Object({
      office: Type.String(),
      name: Type.String(),
      changed: Type.Number(),
      unauthorised: Type.Number(),
    }),
  ),
  unauthorised: Type.Array(
    Type.Object({
      handle: Type.String(),
      recordId: Type.String(),
      office: Type.String(),
      fields: Type.Array(Type.String()),
      kind: Type.Union([
        Type.Literal('new'),
        Type.Literal('changed'),
        Type.Literal('removed'),
        Type.Literal('duplicate'),
        Type.Literal('erased'),
      ]),
    }),
  ),
  /**
   * Records that were changed and changed back since the night before, of the offices in reach, and how many there are in all. Null
   * where only dumps are compared: then nobody can tell.
   */
  undone: Nullable(
    Type.Object({
      all: Type.Number(),
      records: Type.Array(
        Type.Object({
          recordId: Type.String(),
          office: Type.String(),
          /** `group.field`; `record` where all of it came and went. */
          fields: Type.Array(Type.String()),
          times: Type.Array(Moment),
          /** Accounts and devices that made these changes, as the vendor names them; empty where nothing tells. */
          by: Type.Array(Type.Object({ clerk: Nullable(Type.String()), device: Nullable(Type.String()) })),
        }),
      ),
    }),
  ),
});
export type NightAnswer = Static<typeof NightAnswer>;

/** `GET /rolls/extracts`: lists that were made of the roll, newest first, of the offices in reach. */
export const ExtractsAnswer = Type.Object({
  extracts: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Union([Type.Literal('poll-book'), Type.Literal('public-list')]),
      office: Type.String(),
      name: Type.String(),
      /** Null: the whole office. */
      precinct: Nullable(Type.String()),
      /** When it was compared, and with which night. */
      at: Moment,
      epoch: Type.Number(),
      rows: Type.Number(),
      registrations: Type.Number(),
      /** How many rows differ, by what. */
      missing: Type.Number(),
      different: Type.Number(),
      extra: Type.Number(),
      twice: Type.Number(),
      /** `open`: it will be sealed; `differs`: it is not sealed, because of what differs. */
      state: Type.Union([Type.Literal('open'), Type.Literal('differs'), Type.Literal('sealed')]),
      /** Why it was sealed although it differs. */
      because: Nullable(Type.String()),
      /** Entry of the log, decimal, once it is sealed. */
      entry: Nullable(Type.String()),
      /** The first of them by record number. */
      differences: Type.Array(
        Type.Object({
          recordId: Type.String(),
          kind: Type.Union([
            Type.Literal('missing'),
            Type.Literal('different'),
            Type.Literal('extra'),
            Type.Literal('twice'),
          ]),
          fields: Type.Array(Type.String()),
        }),
      ),
    }),
  ),
});
export type ExtractsAnswer = Static<typeof ExtractsAnswer>;

/** `GET /rolls/changes`: how many, by day, of an office or of all in reach. */
export const RollChangesAnswer = Type.Object({
  days: Type.Array(
    Type.Object({
      day: Day,
      new: Type.Number(),
      changed: Type.Number(),
      removed: Type.Number(),
      unauthorised: Type.Number(),
    }),
  ),
  /** What stands out, in sentences, with how much it does. */
  odd: Type.Array(
    Type.Object({ office: Type.String(), day: Day, sentence: Type.String(), score: Type.Number() }),
  ),
});
export type RollChangesAnswer = Static<typeof RollChangesAnswer>;

const SheetStateName = Type.Union([
  Type.Literal('awaiting'),
  Type.Literal('signed'),
  Type.Literal('partly'),
  Type.Literal('refused'),
  Type.Literal('expired'),
]);

/** One sheet, without its changes. */
export const SheetSummary = Type.Object({
  office: Type.String(),
  name: Type.String(),
  day: Day,
  sequence: Type.Number(),
  state: SheetStateName,
  changes: Type.Number(),
  /** How many by class. */
  classes: Type.Array(Type.Object({ class: ChangeClassName, count: Type.Number() })),
  odd: Type.Number(),
  needsSecond: Type.Boolean(),
  /** How many have signed. */
  signatures: Type.Number(),
  until: Moment,
  doneAt: Nullable(Moment),
});
export type SheetSummary = Static<typeof SheetSummary>;

/** `GET /rolls/sheets`: those that wait first. */
export const SheetsAnswer = Type.Object({ sheets: Type.Array(SheetSummary) });
export type SheetsAnswer = Static<typeof SheetsAnswer>;

/** One field that differs. */
const FieldChange = Type.Object({
  field: Type.String(),
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
});

/** `GET /rolls/sheets/{office}/{day}/{sequence}`: odd changes first. */
export const SheetAnswer = Type.Object({
  sheet: SheetSummary,
  /**
   * Four words that must agree with those of the office's own agent or of the offline page, and the root for which they stand. None,
   * and an empty root, while the office has yet to say that it looked at all: `POST .../looked`.
   */
  words: Type.Array(Type.String()),
  root: Type.String(),
  /** What the state had planted on this sheet, once that is told; it is off the list. Null: nothing. */
  test: Nullable(Type.Object({ recordId: Type.String(), name: Type.String() })),
  changes: Type.Array(
    Type.Object({
      recordId: Type.String(),
      /** As far as the sheet may say it: last name, first name. */
      name: Type.String(),
      class: ChangeClassName,
      fields: Type.Array(FieldChange),
      odd: Type.Array(Type.String()),
      /** Who entered it, and when; null where nothing is known of it. */
      by: Nullable(Type.String()),
      at: Nullable(Moment),
      refused: Type.Boolean(),
    }),
  ),
  /** Pages of changes: this one, and how many there are. */
  page: Type.Number(),
  pages: Type.Number(),
});
export type SheetAnswer = Static<typeof SheetAnswer>;

/** Hash in hex. */
const Hex = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** A group of fields: opened, or only what it is committed to. */
const SealedGroup = Type.Union([
  Type.Object({ opening: Hex, fields: Type.Record(Type.String(), Type.String()) }),
  Type.Object({ commitment: Hex }),
]);

/** What a change needs to become an item of the batch again. */
const SealedChange = Type.Object({
  kind: Type.Union([Type.Literal('new'), Type.Literal('changed'), Type.Literal('removed')]),
  version: Type.Number(),
  handle: Hex,
  oldLeaf: Hex,
  /** By group; none for a removed record. */
  groups: Type.Record(Type.String(), SealedGroup),
});

/**
 * `GET /rolls/sheets/{office}/{day}/{sequence}/file`: all changes, and what the root is computed from. The four words are left out:
 * whoever reads the file has to find them without the hub.
 */
export const SheetFile = Type.Object({
  schema: Type.Literal('bellwether/sheet-shown@1'),
  batch: Type.Number(),
  sheet: SheetSummary,
  root: Type.String(),
  changes: Type.Array(
    Type.Object({ ...SheetAnswer.properties.changes.items.properties, sealed: SealedChange }),
  ),
});
export type SheetFile = Static<typeof SheetFile>;

/** `POST /rolls/sheets/{office}/{day}/{sequence}/refusals`: these are not ours. Changes the root and the words. */
export const SheetRefusal = Type.Object({
  records: Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1_000 }),
  why: Type.String({ minLength: 1, maxLength: 300 }),
});
export type SheetRefusal = Static<typeof SheetRefusal>;

/** `POST /rolls/sheets/{office}/{day}/{sequence}/looked`: the office has looked at all changes. */
export const SheetLooked = Type.Object({
  /** Whether it had refused what the state had planted. Null: nothing was planted, or it was told before. */
  noticed: Nullable(Type.Boolean()),
});
export type SheetLooked = Static<typeof SheetLooked>;

/** `POST .../signing`: what the passkey is asked to sign. */
export const SheetSigning = Type.Object({
  /** Base64url: H of the claim. */
  challenge: Type.String(),
  site: Type.String(),
  /** Ids of passkeys that may sign, base64url; empty: this person's passkeys may not sign for this office. */
  passkeys: Type.Array(Type.String()),
  words: Type.Array(Type.String()),
});
export type SheetSigning = Static<typeof SheetSigning>;

/** `POST .../signature`: what the passkey answered, base64url, and the root that was shown. */
export const SheetSignature = Type.Object({
  root: Type.String({ maxLength: 64 }),
  passkey: Type.String({ maxLength: 1_024 }),
  signature: Type.String({ maxLength: 1_024 }),
  authenticatorData: Type.String({ maxLength: 4_096 }),
  clientData: Type.String({ maxLength: 4_096 }),
});
export type SheetSignature = Static<typeof SheetSignature>;

const EraseReason = Type.Union([
  Type.Literal('court-order'),
  Type.Literal('address-confidentiality'),
  Type.Literal('retention-over'),
  Type.Literal('entered-by-mistake'),
]);

/** `POST /rolls/erasures`: the first of two people asks. */
export const NewErasure = Type.Object({
  recordId: Type.String({ minLength: 1, maxLength: 64 }),
  reason: EraseReason,
});
export type NewErasure = Static<typeof NewErasure>;

/** `GET /rolls/erasures`. */
export const ErasuresAnswer = Type.Object({
  erasures: Type.Array(
    Type.Object({
      id: Type.String(),
      reason: EraseReason,
      askedBy: Type.String(),
      askedAt: Moment,
      state: Type.Union([Type.Literal('asked'), Type.Literal('done'), Type.Literal('withdrawn')]),
      /** Day from which no backup of the vault holds the key any more; null before it is done. */
      completeFrom: Nullable(Day),
    }),
  ),
  /** Why nobody can be erased now, in a sentence; null where it is possible. */
  hold: Nullable(Type.String()),
});
export type ErasuresAnswer = Static<typeof ErasuresAnswer>;

/** `POST /rolls/signers`: one of the asker's passkeys is to sign for an office. */
export const NewSigner = Type.Object({
  office: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$' }),
  /** Base64url. */
  passkey: Type.String({ maxLength: 1_024 }),
});
export type NewSigner = Static<typeof NewSigner>;

/** Key of a signer: 8 bytes in hex. */
const SignerId = Type.String({ pattern: '^[0-9a-f]{16}$' });

/**
 * It stands in the log, and counts some days later: until then anybody can object. `countsFrom` is null while two other
 * offices have to endorse it.
 */
export const SignerAnswer = Type.Object({
  key: Type.String(),
  countsFrom: Type.Union([Moment, Type.Null()]),
});
export type SignerAnswer = Static<typeof SignerAnswer>;

/** Which signer comes (`add`) or goes (`revoke`). */
export const SignerChange = Type.Object({
  key: SignerId,
  act: Type.Union([Type.Literal('add'), Type.Literal('revoke')]),
});
export type SignerChange = Static<typeof SignerChange>;

/** What a passkey is asked to sign, so that a signer comes or goes. */
export const SignerSigning = Type.Object({
  /** Base64url: H of the claim. */
  challenge: Type.String(),
  site: Type.String(),
  /** Ids of passkeys that may sign, base64url. */
  passkeys: Type.Array(Type.String()),
});
export type SignerSigning = Static<typeof SignerSigning>;

/** What the passkey answered, base64url. */
export const SignerEndorsement = Type.Object({
  passkey: Type.String({ maxLength: 1_024 }),
  signature: Type.String({ maxLength: 1_024 }),
  authenticatorData: Type.String({ maxLength: 4_096 }),
  clientData: Type.String({ maxLength: 4_096 }),
});
export type SignerEndorsement = Static<typeof SignerEndorsement>;

/** A signer, or a key that an office asks for. */
export const SignerRow = Type.Object({
  key: Type.String(),
  office: Type.String(),
  name: Type.String(),
  scheme: Type.String(),
  /** `asked`: two offices have to endorse it; `waits`: it is public and does not count yet; `going`: somebody asks to withdraw it. */
  state: Type.Union([
    Type.Literal('asked'),
    Type.Literal('waits'),
    Type.Literal('counts'),
    Type.Literal('going'),
    Type.Literal('revoked'),
  ]),
  countsFrom: Type.Union([Moment, Type.Null()]),
  /** What the offices are called that have endorsed what is asked. */
  endorsed: Type.Array(Type.String()),
  /** Whether whoever asks may endorse it to come, or withdraw it. */
  mayEndorse: Type.Boolean(),
  mayWithdraw: Type.Boolean(),
});
export type SignerRow = Static<typeof SignerRow>;
export const SignersAnswer = Type.Object({ signers: Type.Array(SignerRow) });
export type SignersAnswer = Static<typeof SignersAnswer>;
