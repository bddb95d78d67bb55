/**
 * What stands in the log. An item is 106 bytes (README.md); everything else is canonical JSON (RFC 8785) of an object with a
 * `type`. Types that are not known here are no business of the rolls, and left aside.
 *
 * Nothing personal is in any of them, and no hash of it that could be searched: handles are random, leaves are salted.
 */
import { MAX_ENTRY_BYTES } from '@bellwether/evidence';
import type { ItemCounts, RollsPolicy, SignerKey } from './rolls-types.ts';
import { canonicalBytes } from './strict-json.ts';

/** A signature over a claim (claim.ts). For passkeys, with what the authenticator and the browser signed, base64. */
export type ClaimSignature = {
  /** `SignerKey.id`. */
  readonly key: string;
  readonly signature: string;
  readonly authenticatorData?: string;
  readonly clientData?: string;
};

/** The beginning: every record of the state at a day, version 1. */
export type GenesisEntry = {
  readonly type: 'genesis';
  readonly v: 1;
  readonly origin: string;
  /** Day, YYYY-MM-DD, of the dump that it was made of. */
  readonly day: string;
  readonly records: number;
  /** Leaves of the tree: registrations, and padding that hides protected voters. */
  readonly leaves: number;
  /** Records by office, protected ones under `state`. */
  readonly offices: Readonly<Record<string, number>>;
  /** Base64. */
  readonly root: string;
  readonly bucketBits: number;
  /** Names of the fields by group: what a leaf holds. */
  readonly fields: {
    readonly public: readonly string[];
    readonly identity: readonly string[];
    readonly administrative: readonly string[];
  };
  readonly policy: RollsPolicy;
  readonly signers: readonly SignerKey[];
};

/** Changes of one office (or feed, or the state) on one day. Its items follow at once, in the order of its root. */
export type BatchEntry = {
  readonly type: 'batch';
  /**
   * Of the whole log, no number twice. They need not grow: a sheet has its number, and so its root and its words, when it
   * is laid out, and offices sign in any order.
   */
  readonly batch: number;
  /** lea_id, or `state`. */
  readonly office: string;
  /** Whose signature: the office's (`office`), the state's for protected voters (`state`), or `feed:NAME`. */
  readonly source: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Of this office and source, from 1, growing by one. */
  readonly sequence: number;
  readonly counts: ItemCounts;
  /** Base64: root of a Merkle tree (RFC 6962) over the bytes of the items. */
  readonly root: string;
  /** One, or two where the policy asks for a second office. */
  readonly signatures: readonly ClaimSignature[];
};

/** A file made of the roll, row for row. */
export type ExtractEntry = {
  readonly type: 'extract';
  readonly kind: 'poll-book' | 'public-list';
  /** Office, or office and precinct as `LEA/PRECINCT`; `state` for all. */
  readonly place: string;
  readonly day: string;
  readonly rows: number;
  readonly root: string;
  /** Epoch of the seal whose state it was made of. */
  readonly epoch: number;
};

/** One night: the state before and after, and what the live database said. */
export type SealEntry = {
  readonly type: 'seal';
  /** From 1, growing by one. */
  readonly epoch: number;
  readonly day: string;
  /** To the minute, ISO 8601 UTC. */
  readonly at: string;
  /** Entries [from, to) of the log are folded; `to` is the index of this one. Strings: they may grow beyond 2^53. */
  readonly from: string;
  readonly to: string;
  readonly before: string;
  readonly after: string;
  readonly bucketBits: number;
  /** Registrations in the state. */
  readonly records: number;
  /** Leaves of the tree: registrations, and padding that hides protected voters. */
  readonly leaves: number;
  /** Authorised changes since the last seal, by office and kind. */
  readonly counts: Readonly<Record<string, ItemCounts>>;
  readonly result: ReconcileResult;
};

/** What the comparison of the live database with the state found. */
export type ReconcileResult = {
  /** No difference but what awaits its office. */
  readonly equal: boolean;
  /** Rows of the live database. */
  readonly read: number;
  readonly awaiting: number;
  /** Unauthorised changes by office, never by record. */
  readonly unauthorised: Readonly<Record<string, number>>;
  /** How changes are captured; with `dumps`, what was made and undone between two of them is not seen. */
  readonly captures: 'dumps' | 'audit-table' | 'replication';
  /** The reader: its version and its key (hex id), and its signature over the rest, base64. */
  readonly reader: { readonly version: string; readonly key: string; readonly signature: string };
};

/** One voter's key is destroyed: what was said of the handle can never be opened again. The handle is not in the state. */
export type EraseEntry = {
  readonly type: 'erase';
  /** Hex. */
  readonly handle: string;
  readonly reason: 'court-order' | 'address-confidentiality' | 'retention-over' | 'entered-by-mistake';
  readonly day: string;
  /** Number of people who agreed. */
  readonly by: number;
};

/** Something is wrong, and is said in public: how much, and where. */
export type IncidentEntry = {
  readonly type: 'incident';
  readonly day: string;
  readonly kind:
    | 'unauthorised-change'
    | 'mass-change'
    | 'extract-differs'
    | 'reconcile-failed'
    | 'witness-refused';
  readonly office: string;
  readonly count: number;
};

/** A signer comes or goes. */
export type KeyEntry = {
  readonly type: 'key';
  readonly act: 'add' | 'revoke';
  readonly key: SignerKey;
  /** To the minute, ISO 8601 UTC. A new signer counts `signerDelayHours` later. */
  readonly at: string;
  /** By an older key of the same place, or by keys of two other offices. */
  readonly signatures: readonly ClaimSignature[];
};

/** The policy changes. */
export type PolicyEntry = {
  readonly type: 'policy';
  readonly policy: RollsPolicy;
  readonly at: string;
  /** Signature lines of a note: second keys of witnesses, a quorum of the policy that it replaces. */
  readonly notes: string;
};

/** What the rolls read of the log. */
export type JsonEntry =
  | GenesisEntry
  | BatchEntry
  | ExtractEntry
  | SealEntry
  | EraseEntry
  | IncidentEntry
  | KeyEntry
  | PolicyEntry;

/** The bytes of an entry. Throws on one that is longer than the log takes (65,535): a defect of whoever made it. */
export function formatEntry(entry: JsonEntry): Uint8Array {
  const bytes = canonicalBytes(entry);
  if (bytes.length > MAX_ENTRY_BYTES)
    throw new RangeError(`${entry.type}: an entry of ${bytes.length} bytes`);
  return bytes;
}
