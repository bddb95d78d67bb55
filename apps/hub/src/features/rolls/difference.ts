/**
 * What differs between the live database and the state: every live row is spelled, its leaf is made with the voter's key,
 * and compared with the leaf of the state. Rows are worked on by the thousand, so that four million take half a minute and
 * little memory; only what differs is kept.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';
import {
  fieldsOfCanonical,
  type Group,
  HANDLE_SIZE,
  hexOf,
  type ItemKind,
  LeafMaker,
  type Mapping,
  type RollFields,
  type RollsError,
  type RowReader,
  type RowValues,
  rowReader,
} from '@bellwether/rolls';
import { PADDING_FLAG, PROTECTED_FLAG } from './book-files.ts';
import { CanonicalRoom } from './canonical-room.ts';
import { classOfDifference, differingFields, OFFICE_FIELD } from './difference-class.ts';
import { incompleteDump, type LiveSink } from './live/live-types.ts';
import { readLive } from './live/read-live.ts';
import { RowDigests } from './reconcile-rows.ts';
import type { KnownBefore } from './reconcile-rows-file.ts';
import type { StateNow } from './reconcile-state.ts';
import type { Change } from './rolls-files.ts';

/** Rows that are worked on at once: enough of each length for the hasher, and all of it (some megabytes) stays near. */
const ROWS_AT_ONCE = 8192;

/**
 * Differences that are kept: a state changes some ten thousand records a day. More are not a night's changes but another
 * mapping or another database, and would not fit into memory with all of their fields.
 */
export const MOST_DIFFERENCES = 100_000;

/**
 * Share of the state's records that a dump has at least: a dump that was cut between two rows looks like a state from which
 * voters are gone, and no state loses a tenth of them between two nights.
 */
export const LEAST_SHARE = 0.9;

/** What was read and found. */
export type Differences = {
  /** Live registrations that were read. */
  readonly read: number;
  readonly changes: readonly Change[];
  /** What is known of rows now, and how many were known before. */
  readonly digests: RowDigests;
};

/** What is known of rows before anything is read: a secret for their digests, and what an earlier night left (null: nothing). */
export type KnownAtFirst = { readonly secret: Uint8Array; readonly before: KnownBefore | null };

/** Compares. `isWhole`: a person said that so few rows are all there are. */
export async function findDifferences(
  state: StateNow,
  mapping: Mapping,
  live: string,
  hasher: Hasher,
  known: KnownAtFirst,
  isWhole: boolean,
): Promise<Result<Differences, RollsError>> {
  const comparing = new Comparing(state, mapping, hasher, known);
  const read = await readLive(mapping, live, comparing);
  if (read.isErr()) return read;
  return comparing.finishComparing(isWhole);
}

class Comparing implements LiveSink {
  readonly known: RowDigests;
  readonly #state: StateNow;
  readonly #mapping: Mapping;
  readonly #maker: LeafMaker;
  #reader: RowReader | undefined;
  readonly #seen: Uint8Array;
  readonly #new = new Set<string>();
  readonly #twice = new Set<string>();
  readonly #changes: Change[] = [];
  #read = 0;
  #rows = 0;
  readonly #slots = new Int32Array(ROWS_AT_ONCE);
  readonly #versions = new Uint32Array(ROWS_AT_ONCE);
  readonly #keys = new Uint8Array(ROWS_AT_ONCE * HANDLE_SIZE);
  readonly #leaves = new Uint8Array(ROWS_AT_ONCE * HANDLE_SIZE);
  /** Digests of the rows as they came; zeros where the source has none. */
  readonly #digests = new Uint8Array(ROWS_AT_ONCE * HASH_SIZE);
  readonly #heads: { recordId: string; office: string; isProtected: boolean }[] = [];
  readonly #room = new CanonicalRoom(ROWS_AT_ONCE);

  constructor(state: StateNow, mapping: Mapping, hasher: Hasher, { secret, before }: KnownAtFirst) {
    this.#state = state;
    this.#mapping = mapping;
    this.#maker = new LeafMaker(hasher);
    this.#seen = new Uint8Array(state.tree.slots);
    const { bySlot, tree } = state;
    this.known = new RowDigests(hasher, secret, tree.slots, before, {
      isOpen: (slot) => this.#seen[slot] === 0 && !bySlot.has(slot),
      meet: (slot) => {
        this.#seen[slot] = 1;
        this.#read++;
      },
    });
    for (const slot of bySlot.keys()) this.known.forget(slot);
  }

  takeColumns(names: readonly string[]): Result<void, RollsError> {
    const reader = rowReader(this.#mapping, names);
    if (reader.isErr()) return reader;
    this.#reader = reader.value;
    return ok();
  }

  takeRow(values: RowValues): Result<void, RollsError> {
    const head = this.#reader!.readHead(values);
    if (head.isErr()) return head;
    if (head.value === 'not-live') {
      this.known.learnNotLive();
      return ok();
    }
    this.#read++;
    const { recordId } = head.value;
    const slot = this.#slotOf(recordId);
    const at = this.#rows;
    this.#heads[at] = head.value;
    this.#slots[at] = slot;
    this.#room.write(this.#reader!, values, at);
    if (slot >= 0 && this.#seen[slot] === 0) {
      this.#seen[slot] = 1;
      this.#versions[at] = this.#versionOf(slot);
      this.known.copyDigest(this.#digests, at * HASH_SIZE);
      const { keys } = this.#state;
      for (let b = 0; b < HANDLE_SIZE; b++) this.#keys[at * HANDLE_SIZE + b] = keys[slot * HANDLE_SIZE + b]!;
      this.#rows++;
    } else if (slot < 0 && !this.#new.has(recordId)) {
      this.#new.add(recordId);
      this.#note('new', slot, at, this.#fieldsAt(at));
    } else if (!this.#twice.has(recordId)) {
      this.#twice.add(recordId);
      this.#note('new', slot, at, this.#fieldsAt(at), 'duplicate');
    }
    if (this.#rows === ROWS_AT_ONCE) this.#compare();
    return this.#changes.length > MOST_DIFFERENCES ? err(tooMany()) : ok();
  }

  finishComparing(isWhole: boolean): Result<Differences, RollsError> {
    this.#compare();
    const { tree, head } = this.#state;
    if (!isWhole && this.#read < LEAST_SHARE * head.records) {
      return err(incompleteDump(`it has ${this.#read} live registrations, and the state ${head.records}`));
    }
    for (let slot = 0; slot < tree.slots; slot++) {
      if (
        this.#seen[slot] !== 0 ||
        this.#flagsOf(slot) & PADDING_FLAG ||
        tree.leafAt(slot).every((byte) => byte === 0)
      ) {
        continue;
      }
      if (this.#changes.length > MOST_DIFFERENCES) return err(tooMany());
      this.#gone(slot);
    }
    this.#changes.sort((a, b) => compareText(a.office, b.office) || compareText(a.recordId, b.recordId));
    return ok({ read: this.#read, changes: this.#changes, digests: this.known });
  }

  /** The slot of a record that is in the state; -1: it is not. */
  #slotOf(recordId: string): number {
    const { signed, book } = this.#state;
    const since = signed.size === 0 ? undefined : signed.get(recordId);
    if (since !== undefined) return since.isRemoved ? -1 : since.slot;
    const ordinal = book.index.find(recordId);
    return ordinal >= 0 && book.isPadding(ordinal) ? -1 : ordinal;
  }

  #versionOf(slot: number): number {
    return this.#state.bySlot.get(slot)?.version ?? this.#state.book.versions[slot]!;
  }

  #flagsOf(slot: number): number {
    return this.#state.bySlot.get(slot)?.flags ?? this.#state.book.flags[slot]!;
  }

  #officeOf(slot: number): string {
    return this.#state.bySlot.get(slot)?.office ?? this.#state.book.officeAt(slot);
  }

  /** What the state has of a record. */
  #fieldsBefore(slot: number): RollFields | null {
    const since = this.#state.bySlot.get(slot);
    return since === undefined ? this.#state.book.fieldsAt(slot) : since.fields;
  }

  /** Makes the leaves of the rows so far, and notes those that are not the state's. */
  #compare(): void {
    const count = this.#rows;
    const { tree } = this.#state;
    this.#maker.leaves(
      { count, voterKeys: this.#keys, versions: this.#versions, fields: this.#room.fields },
      this.#leaves,
    );
    for (let at = 0; at < count; at++) {
      const slot = this.#slots[at]!;
      if (!isLeaf(tree.leafAt(slot), this.#leaves, at * HANDLE_SIZE) || this.#isElsewhere(at)) {
        this.#note('changed', slot, at, this.#fieldsAt(at));
      } else {
        this.known.learn(slot, this.#digests, at * HASH_SIZE);
      }
    }
    this.#rows = 0;
  }

  /** Whether the record is of another office, or protected where it was not: no leaf tells that. */
  #isElsewhere(at: number): boolean {
    const slot = this.#slots[at]!;
    const { office, isProtected } = this.#heads[at]!;
    return this.#officeOf(slot) !== office || ((this.#flagsOf(slot) & PROTECTED_FLAG) !== 0) !== isProtected;
  }

  #fieldsAt(at: number): RollFields {
    const read = (group: Group): Readonly<Record<string, string>> => {
      const { bytes, offsets } = this.#room.fields[group];
      return fieldsOfCanonical(bytes.subarray(offsets[at], offsets[at + 1]));
    };
    return { public: read('public'), identity: read('identity'), administrative: read('administrative') };
  }

  #note(kind: ItemKind, slot: number, at: number, after: RollFields, fault: Change['fault'] = null): void {
    const { recordId, office, isProtected } = this.#heads[at]!;
    const before = slot < 0 ? null : this.#fieldsBefore(slot);
    const named = differingFields(kind === 'new' ? null : before, after);
    const fields = named.length === 0 ? [OFFICE_FIELD] : named;
    this.#changes.push({
      recordId,
      office,
      kind,
      class: classOfDifference(kind, fields),
      handle: slot < 0 ? null : hexOf(this.#state.tree.handleAt(slot)),
      fields,
      before,
      after,
      isProtected: isProtected || (slot >= 0 && (this.#flagsOf(slot) & PROTECTED_FLAG) !== 0),
      transaction: null,
      fault,
    });
  }

  #gone(slot: number): void {
    const { bySlot, book, tree } = this.#state;
    this.#changes.push({
      recordId: bySlot.get(slot)?.recordId ?? book.index.recordAt(slot),
      office: this.#officeOf(slot),
      kind: 'removed',
      class: 'registration-cancelled',
      handle: hexOf(tree.handleAt(slot)),
      fields: [],
      before: this.#fieldsBefore(slot),
      after: null,
      isProtected: (this.#flagsOf(slot) & PROTECTED_FLAG) !== 0,
      transaction: null,
      fault: null,
    });
  }
}

function isLeaf(leaf: Uint8Array, leaves: Uint8Array, at: number): boolean {
  for (let b = 0; b < HANDLE_SIZE; b++) if (leaf[b] !== leaves[at + b]) return false;
  return true;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function tooMany(): RollsError {
  return incompleteDump(
    `more than ${MOST_DIFFERENCES} records differ: this is another database, or the mapping is not that of the genesis`,
  );
}
