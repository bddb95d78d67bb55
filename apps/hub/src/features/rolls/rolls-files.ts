/** What stands in the files of `DATA/rolls`, and goes from one step to the next. README.md tells where each lies. */
import type {
  BatchEntry,
  ChangeClass,
  ClaimSignature,
  ItemCounts,
  ItemKind,
  ReconcileResult,
  RollFields,
} from '@bellwether/rolls';

/** `roll.json`: what holds now. */
export type RollHead = {
  readonly schema: 'bellwether/roll@1';
  readonly origin: string;
  /** Folder below `book/`. */
  readonly generation: string;
  /** Entries of the log that this book holds are those before; decimal. */
  readonly foldedTo: string;
  /** Index of the genesis entry; decimal. */
  readonly genesis: string;
  /** 0 after the genesis. */
  readonly epoch: number;
  /** Base64, the root of this book's state. */
  readonly root: string;
  readonly bucketBits: number;
  /** Live registrations, and leaves (which include padding). */
  readonly records: number;
  readonly leaves: number;
};

/** What stands behind a change: a transaction of the vendor's system. */
export type TransactionRef = {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly office: string;
  /** `office`, `state`, or the name of a feed. */
  readonly source: string;
  readonly clerk: string | null;
  readonly device: string | null;
  readonly address: string | null;
  readonly class: ChangeClass;
};

/** One difference between the live database and the state (the book and what was signed since). */
export type Change = {
  readonly recordId: string;
  readonly office: string;
  readonly kind: ItemKind;
  readonly class: ChangeClass;
  /** Hex; null for a record that has none yet. */
  readonly handle: string | null;
  /** Names of the fields that differ, `group.field` sorted; all of them for a new record, none for a removed one. */
  readonly fields: readonly string[];
  readonly before: RollFields | null;
  readonly after: RollFields | null;
  readonly isProtected: boolean;
  /** Null: nothing stands behind it, where the mapping names transactions; or it names none. */
  readonly transaction: TransactionRef | null;
  /** Null where it may be signed. A record number that stands twice, or that was erased, never may. */
  readonly fault: 'duplicate' | 'erased' | 'no-transaction' | null;
};

/** `captures/NUMBER.ndjson`: this line, then one line for each change by office and record number. */
export type CaptureHead = {
  readonly schema: 'bellwether/capture@1';
  readonly number: number;
  /** ISO 8601, when reading began. */
  readonly at: string;
  readonly day: string;
  /** Rows of the live database. */
  readonly records: number;
  /** What it was compared with: a book, and batches up to this entry of the log. */
  readonly generation: string;
  readonly to: string;
  readonly captures: ReconcileResult['captures'];
  readonly changes: number;
};

/** A change on a sheet, ready to become an item. */
export type SheetChange = Change & {
  readonly handle: string;
  readonly version: number;
  /** Hex. */
  readonly oldLeaf: string;
  readonly newLeaf: string;
  /** Why a clerk should look twice, in words; odd ones come first. */
  readonly odd: readonly string[];
};

/** A made-up change that a clerk should refuse (planted-change.ts). It has no handle and no leaf: its type keeps it off what is signed. */
export type PlantedChange = Change & {
  readonly handle: null;
  readonly odd: readonly string[];
};

/** What became of a sheet. `partly`: signed but for what was refused. */
export type SheetState = 'awaiting' | 'signed' | 'partly' | 'refused' | 'expired';

/** `sheets/OFFICE/DAY.SEQUENCE.json`. */
export type Sheet = {
  readonly schema: 'bellwether/sheet@1';
  readonly office: string;
  /** `office`, `state`, or `feed:NAME`. */
  readonly source: string;
  readonly day: string;
  /** Of this office and day, from 1. What is signed has the sequence of the log instead, which is known when it is signed. */
  readonly sequence: number;
  readonly batch: number;
  readonly counts: ItemCounts;
  /** By class, as the clerk is told. */
  readonly classes: Readonly<Partial<Record<ChangeClass, number>>>;
  /** Base64, over the items of what is not refused, in the order of handles; four words stand for it (code-words.ts). */
  readonly root: string;
  readonly changes: readonly SheetChange[];
  readonly state: SheetState;
  /** ISO 8601: when it was laid out, when it expires, when it was signed or refused. */
  readonly at: string;
  readonly until: string;
  readonly doneAt: string | null;
  /** Whether a second office has to sign too (mass change, quiet period). */
  readonly needsSecond: boolean;
  readonly signatures: readonly ClaimSignature[];
  /** Record numbers that the office refused. */
  readonly refused: readonly string[];
  /** Name of the person or key, for the trail; never in the log. */
  readonly by: string | null;
};

/** A sheet as a person sees it: a planted change may stand among its changes. */
export type ShownSheet = Omit<Sheet, 'changes'> & {
  readonly changes: readonly (SheetChange | PlantedChange)[];
};

/**
 * `batches/NUMBER.json`: what was signed, kept until a book holds it. It is on disk before the log has the batch: one that the
 * log does not hold is no part of the state, and is appended when the holder of the lock opens next.
 */
export type SignedBatch = {
  readonly schema: 'bellwether/batch@1';
  readonly entry: BatchEntry;
  /** In the order of its root: by handle. */
  readonly changes: readonly SheetChange[];
};

/** One record that differs without authority, as those entitled see it. */
export type Unauthorised = {
  readonly handle: string;
  readonly recordId: string;
  readonly office: string;
  readonly fields: readonly string[];
  readonly kind: ItemKind | 'duplicate' | 'erased';
};

/** A record that was changed and changed back between two nights: nothing of it differs any more. */
export type Undone = {
  readonly recordId: string;
  /** `state` for protected voters. */
  readonly office: string;
  /** `group.field`, sorted; `record` where all of it came and went. */
  readonly fields: readonly string[];
  /** ISO 8601: of each change of these fields, at most 16 of them. */
  readonly times: readonly string[];
  /** Who made them, as the vendor's table tells; nights of earlier versions do not tell it, and replication knows nobody. */
  readonly by?: readonly UndoneBy[];
};

/** Account and device behind a change, as the vendor names them. */
export type UndoneBy = { readonly clerk: string | null; readonly device: string | null };

/**
 * Rows of the dump that were byte for byte what an earlier night found equal, and were not read again; if every row was
 * computed, why. Nights of earlier versions do not tell it.
 */
export type RowsTold = { readonly known: number; readonly why: string | null };

/** `nights/EPOCH.json`, and before it is sealed `nights/pending.json`: what a reconcile found. */
export type Night = {
  readonly schema: 'bellwether/night@1';
  readonly epoch: number;
  readonly day: string;
  readonly at: string;
  /** What it is based on: if the log has grown batches since, it is made again. */
  readonly generation: string;
  readonly to: string;
  /** Registrations in the state, leaves of its tree (with padding), and rows of the live database. */
  readonly records: number;
  readonly leaves: number;
  readonly read: number;
  readonly changed: number;
  readonly authorised: number;
  readonly fromFeeds: number;
  readonly awaiting: number;
  readonly unauthorised: readonly Unauthorised[];
  /** Base64: the fold's root, and that of the next book. */
  readonly root: string;
  readonly bucketBits: number;
  /** The next book, made beside. */
  readonly next: string;
  readonly captures: ReconcileResult['captures'];
  /** With an audit table or replication: what was changed and changed back since the night before. Left out with dumps. */
  readonly undone?: readonly Undone[];
  /** Bytes of the captured lines that this night has looked at: the next one begins there. */
  readonly capturedTo?: number;
  readonly rows?: RowsTold;
  readonly reader: ReconcileResult['reader'];
  /**
   * The checkpoint that witnesses had accepted when the night was sealed, as it was published: with it anybody can draw the records
   * for auditors again. Left out where there was none.
   */
  readonly checkpoint?: string;
  readonly sealed: boolean;
};
