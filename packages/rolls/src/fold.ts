/**
 * The fold: the roll is what becomes of the genesis when every entry of the log is applied in its order, and of nothing
 * else. Whoever replays a log needs no personal data for it, and arrives at the same roots or at the entry that is wrong.
 *
 *     const fold = beginFold(tools, index, genesis, state)
 *     await fold.foldEntries(index + 1n, bundle, count)      // bundles of the log's tiles, one after the other
 *     await fold.settleSignatures()                                    // signatures that are still being checked
 *
 * The rules by name: fold-rules.ts. After a refusal the state is not to be relied on, and every further call gives the same
 * refusal. Signatures are checked while the fold goes on, and awaited before a seal is taken (unless `settlesLater`); then the
 * first wrong one is told, even if a later entry broke another rule meanwhile.
 */
import { ok, type Result } from '@bellwether/basics';
import { decodeBase64, HASH_SIZE, isSame, LEAF_PREFIX } from '@bellwether/evidence';
import { BatchReading, type Breach, type RollState, Versions } from './batch-reading.ts';
import { signerKeyId } from './claim.ts';
import type { GenesisEntry, JsonEntry, SealEntry } from './entries.ts';
import {
  countBatch,
  type FoldBooks,
  type FoldOptions,
  type FoldTools,
  takeBatch,
  takeErase,
  takeExtract,
  takeKey,
  takePolicy,
  takeSeal,
} from './fold-entries.ts';
import { witnessPolicy } from './fold-policy.ts';
import { type FoldRefusal, type FoldRule, refusedBy } from './fold-rules.ts';
import { ITEM_AT, ITEM_BYTES, ITEM_MARK } from './item.ts';
import { parseEntry } from './parse-entry.ts';
import type { ItemCounts, RollsPolicy } from './rolls-types.ts';
import { Signers } from './signers.ts';

/** Bytes from one item to the next where they follow on each other in a bundle: two are their length. */
const ITEM_STEP = 2 + ITEM_BYTES;

/** Signatures that are checked at a time: enough to keep every core busy, few enough to keep in memory. */
const MOST_UNSETTLED = 1_024;

/** What an entry did. A batch is told when its last item was folded; `index` is that of the entry itself. */
export type FoldEvent = { readonly index: bigint; readonly entry: JsonEntry };

/**
 * Begins a fold at the genesis entry of a log. `state` holds the genesis state, which the caller has read from its tiles;
 * its root has to be the one that the entry tells. Entries before it are no business of the rolls.
 */
export function beginFold(
  tools: FoldTools,
  index: bigint,
  genesis: Uint8Array,
  state: RollState,
  options: FoldOptions = {},
): Result<Fold, FoldRefusal> {
  const parsed = parseEntry(genesis);
  if (parsed.isErr()) return refusedBy('form', index, parsed.error.detail);
  const entry = parsed.value;
  if (entry === 'other' || !('type' in entry) || entry.type !== 'genesis') {
    return refusedBy('order', index, 'this is no genesis');
  }
  const ids = new Set(entry.signers.map(({ id }) => id));
  if (
    ids.size < entry.signers.length ||
    entry.signers.some((key) => signerKeyId(tools.hasher, key) !== key.id)
  ) {
    return refusedBy('key', index, 'the id of a signer is not its own, or stands twice');
  }
  const policy = witnessPolicy(tools.hasher, entry.policy);
  if (policy.isErr()) return refusedBy('policy', index, policy.error);
  const records = Object.values(entry.offices).reduce((sum, count) => sum + count, 0);
  if (records !== entry.records || records > entry.leaves || entry.leaves !== state.size) {
    return refusedBy(
      'counts',
      index,
      `${records} records by office, ${entry.records} in all, ${state.size} leaves`,
    );
  }
  if (!isSame(state.root(), decodeBase64(entry.root)!)) {
    return refusedBy('state', index, 'the state that was read is not that of the genesis');
  }
  return ok(new Fold(tools, index, entry, state, options));
}

/** A fold on its way. Made by `beginFold`. */
export class Fold {
  readonly genesis: GenesisEntry;
  readonly #books: FoldBooks;
  #next: bigint;
  #reading: BatchReading | undefined;
  #refused: Result<never, FoldRefusal> | undefined;
  /** Where an item is hashed for which the caller has no hash. */
  readonly #itemHash = new Uint8Array(HASH_SIZE);

  /** The genesis has been checked. */
  constructor(
    tools: FoldTools,
    index: bigint,
    genesis: GenesisEntry,
    state: RollState,
    options: FoldOptions,
  ) {
    this.genesis = genesis;
    this.#next = index + 1n;
    this.#books = {
      tools,
      options,
      origin: genesis.origin,
      state,
      signers: new Signers(genesis.signers, index),
      versions: new Versions(state.size),
      records: new Map(Object.entries(genesis.offices)),
      sequences: new Map(),
      counts: new Map(),
      checks: [],
      policy: genesis.policy,
      batches: new Set(),
      lastBatch: 0,
      seal: undefined,
      sealedTo: index + 1n,
      root: genesis.root,
      time: Date.parse(`${genesis.day}T00:00Z`),
    };
  }

  /** Index of the entry that comes next. */
  get next(): bigint {
    return this.#next;
  }

  /** The state as far as it is folded. */
  get state(): RollState {
    return this.#books.state;
  }

  get signers(): Signers {
    return this.#books.signers;
  }

  /** The policy in force. */
  get policy(): RollsPolicy {
    return this.#books.policy;
  }

  /** The latest time that the log has told, ms since 1970: what comes next may not be earlier. */
  get time(): number {
    return this.#books.time;
  }

  /** The last seal; undefined before the first. */
  get lastSeal(): SealEntry | undefined {
    return this.#books.seal;
  }

  /** Epoch of the last seal; 0 before the first. */
  get epoch(): number {
    return this.#books.seal?.epoch ?? 0;
  }

  /** Highest number of a batch; 0 before the first. */
  get lastBatch(): number {
    return this.#books.lastBatch;
  }

  /** Whether the last batch still misses items. */
  get isWithinBatch(): boolean {
    return this.#reading !== undefined;
  }

  /** Records of an office, as far as batches tell it: those of the genesis, and what it added and removed since. */
  recordsOf(office: string): number {
    return this.#books.records.get(office) ?? 0;
  }

  /** Sequence of the last batch of an office and source; 0 before the first. */
  lastSequence(office: string, source: string): number {
    return this.#books.sequences.get(`${office} ${source}`)?.last ?? 0;
  }

  /** Version of a record in the state; 0: it is not there. */
  versionOf(handle: Uint8Array): number {
    const slot = this.#books.state.find(handle);
    return slot < 0 ? 0 : this.#books.versions.at(slot);
  }

  /** Authorised changes since the last seal, by office: what the next seal has to count. */
  countsSinceSeal(): Readonly<Record<string, ItemCounts>> {
    return Object.fromEntries(this.#books.counts);
  }

  /** Folds one entry. What it did; null for an item within a batch, and for what is no business of the rolls. */
  async foldEntry(index: bigint, entry: Uint8Array): Promise<Result<FoldEvent | null, FoldRefusal>> {
    const bundle = new Uint8Array(2 + entry.length);
    bundle[0] = entry.length >> 8;
    bundle[1] = entry.length;
    bundle.set(entry, 2);
    const folded = await this.foldEntries(index, bundle, 1);
    return folded.map(([event]) => event ?? null);
  }

  /**
   * Folds `count` entries of a bundle (C2SP tlog-tiles: each behind its length, two bytes), the first of which is entry
   * `first` of the log. What they did, in their order. `hashes`: their hashes as leaves of the log, where the caller made them of this
   * very bundle; else they are made here. They are leaves of the trees of batches too.
   */
  async foldEntries(
    first: bigint,
    bundle: Uint8Array,
    count: number,
    hashes: Uint8Array | null = null,
  ): Promise<Result<readonly FoldEvent[], FoldRefusal>> {
    if (hashes !== null && hashes.length !== count * HASH_SIZE)
      throw new RangeError('a hash of each entry is asked for');
    if (this.#refused !== undefined) return this.#refused;
    if (first !== this.#next) return this.#refuseEntry('order', first, `entry ${this.#next} comes next`);
    const events: FoldEvent[] = [];
    let at = 0;
    let lookedTo = 0;
    for (let folded = 0; folded < count; folded++) {
      const from = at + 2;
      at = from + ((bundle[at]! << 8) | bundle[at + 1]!);
      if (!(from <= bundle.length && at <= bundle.length)) {
        return this.#refuseEntry('form', this.#next, 'the bundle ends within an entry');
      }
      const done = this.#reading;
      if (done !== undefined && folded >= lookedTo)
        lookedTo = folded + this.#lookAhead(bundle, from, count - folded);
      const breach =
        done !== undefined || bundle[from] === ITEM_MARK
          ? this.#item(bundle, from, at, hashes, folded)
          : await this.#json(bundle.subarray(from, at), events);
      if (breach !== null) return this.#refuseEntry(breach.rule, breach.index ?? this.#next, breach.what);
      if (done?.isDone === true) events.push({ index: done.index, entry: done.entry });
      this.#next++;
    }
    if (at !== bundle.length)
      return this.#refuseEntry('form', this.#next, 'the bundle goes on behind its entries');
    return this.#books.checks.length > MOST_UNSETTLED
      ? (await this.settleSignatures()).map(() => events)
      : ok(events);
  }

  /** Has the state look ahead at the items from a place on, `most` at most; how many entries need no further look. */
  #lookAhead(bundle: Uint8Array, from: number, most: number): number {
    let items = 0;
    while (items < most && bundle[from + items * ITEM_STEP] === ITEM_MARK) items++;
    // What is cut off or in no form is refused when it is its turn.
    while (items > 0 && from + (items - 1) * ITEM_STEP + ITEM_BYTES > bundle.length) items--;
    const { state, versions } = this.#books;
    versions.lookAhead(state.lookAhead(bundle, from + ITEM_AT.handle, ITEM_STEP, items));
    return Math.max(1, items);
  }

  /** Waits for signatures that are still being checked. Until then, nothing since the last seal is to be relied on. */
  async settleSignatures(): Promise<Result<void, FoldRefusal>> {
    if (this.#refused !== undefined) return this.#refused;
    const wrong = await this.#wrongSignature();
    return wrong === null ? ok() : this.#refuseEntry(wrong.rule, wrong.index ?? this.#next, wrong.what);
  }

  #item(
    bundle: Uint8Array,
    from: number,
    to: number,
    hashes: Uint8Array | null,
    which: number,
  ): Breach | null {
    const reading = this.#reading;
    if (reading === undefined) return { rule: 'order', what: 'an item without a batch' };
    if (to - from !== ITEM_BYTES) return { rule: 'order', what: 'the batch before misses items' };
    const { state, versions, tools } = this.#books;
    if (hashes === null)
      tools.hasher.hashAll(LEAF_PREFIX, bundle.subarray(from, to), ITEM_BYTES, 1, this.#itemHash);
    const breach = reading.fold(
      bundle,
      from,
      hashes ?? this.#itemHash,
      hashes === null ? 0 : which,
      state,
      versions,
    );
    if (breach !== null || !reading.isDone) return breach;
    this.#reading = undefined;
    countBatch(this.#books, reading.entry);
    return reading.finish(tools.hasher);
  }

  async #json(bytes: Uint8Array, events: FoldEvent[]): Promise<Breach | null> {
    const parsed = parseEntry(bytes);
    if (parsed.isErr()) return { rule: 'form', what: parsed.error.detail };
    const entry = parsed.value;
    // Items do not come here: their first byte told them.
    if (entry === 'other' || !('type' in entry)) return null;
    const index = this.#next;
    if (entry.type === 'batch') {
      const taken = takeBatch(this.#books, index, entry);
      if (!(taken instanceof BatchReading)) return taken;
      this.#reading = taken;
      return null;
    }
    const breach = await this.#take(entry, index);
    if (breach === null) events.push({ index, entry });
    return breach;
  }

  async #take(entry: Exclude<JsonEntry, { type: 'batch' }>, index: bigint): Promise<Breach | null> {
    switch (entry.type) {
      case 'genesis':
        return { rule: 'order', what: 'a second genesis' };
      case 'seal': {
        const breach = takeSeal(this.#books, index, entry);
        // Its own signature is among those that are awaited.
        return breach ?? (this.#books.options.settlesLater === true ? null : this.#wrongSignature());
      }
      case 'key':
        return takeKey(this.#books, index, entry);
      case 'policy':
        return takePolicy(this.#books, entry);
      case 'erase':
        return takeErase(this.#books, entry);
      case 'extract':
        return takeExtract(this.#books, entry);
      case 'incident':
        return null;
    }
  }

  /** Waits for all signatures that are being checked; the first that is wrong. */
  async #wrongSignature(): Promise<Breach | null> {
    const faults = await Promise.all(this.#books.checks.splice(0));
    return faults.find((fault) => fault !== null) ?? null;
  }

  /** A wrong signature comes before whatever an entry behind it broke. */
  async #refuseEntry(rule: FoldRule, index: bigint, what: string): Promise<Result<never, FoldRefusal>> {
    const wrong = await this.#wrongSignature();
    this.#refused ??=
      wrong === null ? refusedBy(rule, index, what) : refusedBy(wrong.rule, wrong.index ?? index, wrong.what);
    return this.#refused;
  }
}
