/** Words of the rolls: fields, handles, leaves, and who may change what. README.md has the formats. */

/** Groups of fields, each committed to by itself, so that one can be opened without the others. Order is that of the leaf. */
export const GROUPS = ['public', 'identity', 'administrative'] as const;
export type Group = (typeof GROUPS)[number];

/** Bytes of a handle, a leaf, a key of a voter, a commitment. */
export const HANDLE_SIZE = 32;

/** What a record that is not there has for a leaf. */
export const NO_LEAF: Uint8Array = new Uint8Array(32);

/** The place that is no office: items of protected voters, and the state's own signer. */
export const STATE = 'state';

/** Values of one registration by field of ours, spelled canonically; by group. */
export type RollFields = Readonly<Record<Group, Readonly<Record<string, string>>>>;

/** One row of the live database, read through the mapping. */
export type RollRow = {
  /** The system's own number of the registration. */
  readonly recordId: string;
  /** lea_id of the local authority. */
  readonly office: string;
  /** Protected voters (address confidentiality) are never told by office. */
  readonly isProtected: boolean;
  readonly fields: RollFields;
};

/** What became of a record, as the log tells it; the detailed class is inside the commitment. */
export const ITEM_KINDS = ['new', 'changed', 'removed'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** What a transaction did, for people: the actions of NIST SP 1500-102, RequestSuccess. */
export const CHANGE_CLASSES = [
  'registration-created',
  'registration-updated',
  'registration-cancelled',
  'address-updated',
  'name-updated',
  'status-updated',
  'other',
] as const;
export type ChangeClass = (typeof CHANGE_CLASSES)[number];

/** One line of a batch. */
export type Item = {
  readonly batch: number;
  readonly kind: ItemKind;
  /** Of the record after the change. */
  readonly version: number;
  readonly handle: Uint8Array;
  readonly oldLeaf: Uint8Array;
  readonly newLeaf: Uint8Array;
};

/** Counts of a batch. */
export type ItemCounts = { readonly new: number; readonly changed: number; readonly removed: number };

/** How a signer signs. */
export const SIGNER_SCHEMES = ['ed25519', 'webauthn-es256', 'webauthn-ed25519'] as const;
export type SignerScheme = (typeof SIGNER_SCHEMES)[number];

/** A key that may sign batches. */
export type SignerKey = {
  /** First 8 bytes, in hex, of H(canonical JSON of the other members). */
  readonly id: string;
  /** lea_id, `state`, or `feed:NAME`. */
  readonly place: string;
  readonly scheme: SignerScheme;
  /** Base64: 32 bytes of Ed25519, or the 65 of an uncompressed point of P-256. */
  readonly publicKey: string;
  /** Of a passkey: the RP ID and the origins where it may have been used; empty for keys in files. */
  readonly site: string;
  readonly origins: readonly string[];
};

/** What may be done, and by how many. Public: it stands in the genesis, and changes are entries. */
export type RollsPolicy = {
  /** A batch with more items than both of these allow needs a second office. */
  readonly massItems: number;
  /** Share of the office's records, [0, 1]. */
  readonly massShare: number;
  /** Days (inclusive) in which lists are not maintained: 52 U.S.C. 20507(c)(2)(A), 90 days before a federal election. */
  readonly quiet: readonly { readonly from: string; readonly to: string }[];
  /** Removals in a batch within a quiet period beyond which it needs a second office. */
  readonly quietRemovals: number;
  /** Hours that a new signer is public before it counts. */
  readonly signerDelayHours: number;
  /** Business days that a change may wait for its office. */
  readonly awaitingDays: number;
  /** Fewest items of a batch that hides protected voters. */
  readonly protectedBatch: number;
  /** The policy of the log, in the form of C2SP tlog-policy. */
  readonly witnesses: string;
};
