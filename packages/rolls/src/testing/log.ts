/** Small logs for tests, with a plain model of the state beside them. Whatever is made can be made wrong. */
import { createHash } from 'node:crypto';
import { encodeBase64 } from '@bellwether/evidence';
import type { RollState } from '../batch-reading.ts';
import { batchClaim, claimBytes, keyClaim, readingClaim } from '../claim.ts';
import {
  type BatchEntry,
  type EraseEntry,
  formatEntry,
  type GenesisEntry,
  type KeyEntry,
  type SealEntry,
} from '../entries.ts';
import { beginFold, type Fold } from '../fold.ts';
import type { FoldOptions } from '../fold-entries.ts';
import { formatItem, itemsRoot } from '../item.ts';
import { type Item, type ItemCounts, type ItemKind, NO_LEAF, type RollsPolicy } from '../rolls-types.ts';
import { fileSigner, hasher, passkeySigner, type TestSigner, tools } from './keys.ts';

export const ORIGIN = 'elections.example.gov/rolls';

export const POLICY: RollsPolicy = {
  massItems: 5,
  massShare: 0.5,
  quiet: [{ from: '2026-08-05', to: '2026-11-03' }],
  quietRemovals: 1,
  signerDelayHours: 72,
  awaitingDays: 3,
  protectedBatch: 3,
  witnesses: '',
};

export const SIGNERS = {
  A: fileSigner('001', 1),
  B: passkeySigner('002', 2),
  C: fileSigner('003', 3),
  feed: fileSigner('feed:motor-vehicle', 4),
  state: fileSigner('state', 5),
  reader: fileSigner('reader', 6),
} as const;

export function digest(text: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(text).digest());
}

/** A state without a tree: its root is the hash of all that is in it. */
export class PlainState implements RollState {
  readonly #slots: { handle: string; leaf: Uint8Array }[] = [];

  get size(): number {
    return this.#slots.filter(({ leaf }) => leaf.some((byte) => byte !== 0)).length;
  }

  find(bytes: Uint8Array, at = 0): number {
    const hex = Buffer.from(bytes.subarray(at, at + 32)).toString('hex');
    return this.#slots.findIndex((slot) => slot.handle === hex && slot.leaf.some((byte) => byte !== 0));
  }

  lookAhead(): Int32Array {
    return new Int32Array(0);
  }

  leafAt(slot: number): Uint8Array {
    return this.#slots[slot]!.leaf;
  }

  hasLeaf(slot: number, bytes: Uint8Array, at: number): boolean {
    return Buffer.compare(this.leafAt(slot), bytes.subarray(at, at + 32)) === 0;
  }

  change(handle: Uint8Array, leaf: Uint8Array): number {
    const slot = this.find(handle);
    const made = { handle: Buffer.from(handle).toString('hex'), leaf: Uint8Array.from(leaf) };
    if (slot < 0) return this.#slots.push(made) - 1;
    this.#slots[slot] = made;
    return slot;
  }

  changeAt(slot: number, bytes: Uint8Array, at: number): void {
    this.#slots[slot] = { handle: this.#slots[slot]!.handle, leaf: bytes.slice(at, at + 32) };
  }

  root(): Uint8Array {
    const live = this.#slots.filter(({ leaf }) => leaf.some((byte) => byte !== 0));
    const lines = live.map(({ handle, leaf }) => `${handle} ${Buffer.from(leaf).toString('hex')}`);
    return digest(lines.sort().join('\n'));
  }
}

/** One change of a batch that is to be made; `record` is a name of the test's own. */
export type Change = { readonly kind: ItemKind; readonly record: string } & Partial<Item>;

/** What of a batch is to be otherwise. */
export type BatchWish = Partial<Omit<BatchEntry, 'type'>> & {
  readonly by?: readonly TestSigner[];
  /** Members that are changed after it was signed. */
  readonly after?: Partial<BatchEntry>;
};

/** A log in the making. */
export class TestLog {
  readonly entries: Uint8Array[] = [];
  readonly records: readonly string[];
  /** The model: leaf and version by record. */
  readonly model = new Map<string, { leaf: Uint8Array; version: number }>();
  readonly #counts = new Map<string, ItemCounts>();
  readonly #sequences = new Map<string, number>();
  #batch = 0;
  #epoch = 0;
  #sealed = 1;
  #root: string;
  #state = new PlainState();
  #leaves = 0;

  constructor(policy: Partial<RollsPolicy> = {}, wish: Partial<GenesisEntry> = {}, records = 12) {
    this.records = Array.from({ length: records }, (_, at) => `record ${at}`);
    for (const record of this.records) {
      const leaf = digest(`leaf of ${record}`);
      this.model.set(record, { leaf, version: 1 });
      this.#state.change(digest(record), leaf);
    }
    this.#root = encodeBase64(this.#state.root());
    const half = Math.floor(records / 2);
    this.push({
      type: 'genesis',
      v: 1,
      origin: ORIGIN,
      day: '2026-06-01',
      records,
      leaves: records,
      offices: { '001': half, '002': records - half },
      root: this.#root,
      bucketBits: 0,
      fields: { public: ['name.last'], identity: [], administrative: [] },
      policy: { ...POLICY, ...policy },
      signers: Object.values(SIGNERS).map(({ key }) => key),
      ...wish,
    });
  }

  push(entry: Parameters<typeof formatEntry>[0]): void {
    this.entries.push(formatEntry(entry));
  }

  /** Items as the model would have them, but for what the changes say otherwise; the model goes on. */
  items(changes: readonly Change[], batch: number): Uint8Array {
    const made = changes.map(({ kind, record, ...wish }) => {
      const before = this.model.get(record) ?? { leaf: NO_LEAF, version: 0 };
      const version = before.version + 1;
      const leaf = kind === 'removed' ? NO_LEAF : digest(`leaf ${++this.#leaves} of ${record}`);
      const item = {
        batch,
        kind,
        version,
        handle: digest(record),
        oldLeaf: before.leaf,
        newLeaf: leaf,
        ...wish,
      };
      if (kind === 'removed') this.model.delete(record);
      else this.model.set(record, { leaf: item.newLeaf, version });
      this.#state.change(item.handle, item.newLeaf);
      return formatItem(item);
    });
    return Buffer.concat(made);
  }

  /** A batch of office 001, by its key, and its items. */
  batch(changes: readonly Change[], wish: BatchWish = {}): this {
    const { by = [SIGNERS.A], after = {}, ...members } = wish;
    const office = members.office ?? '001';
    const source = members.source ?? 'office';
    const batch = members.batch ?? this.#batch + 1;
    this.#batch = batch;
    const sequence = members.sequence ?? (this.#sequences.get(`${office} ${source}`) ?? 0) + 1;
    this.#sequences.set(`${office} ${source}`, sequence);
    const items = this.items(changes, batch);
    const counts = { new: 0, changed: 0, removed: 0 };
    for (const { kind } of changes) counts[kind]++;
    const total = this.#counts.get(office) ?? { new: 0, changed: 0, removed: 0 };
    this.#counts.set(office, {
      new: total.new + counts.new,
      changed: total.changed + counts.changed,
      removed: total.removed + counts.removed,
    });
    const entry: Omit<BatchEntry, 'signatures'> = {
      type: 'batch',
      batch,
      office,
      source,
      day: '2026-06-02',
      sequence,
      counts,
      root: encodeBase64(itemsRoot(hasher, items)),
      ...members,
    };
    const claim = claimBytes(batchClaim(ORIGIN, entry));
    this.push({ ...entry, signatures: by.map(({ sign }) => sign(claim)), ...after });
    for (let at = 0; at < items.length; at += 106) this.entries.push(items.subarray(at, at + 106));
    return this;
  }

  seal(wish: Partial<SealEntry> = {}, reader: TestSigner = SIGNERS.reader): this {
    const leaves = this.#state.size;
    this.#epoch = wish.epoch ?? this.#epoch + 1;
    const night = String(1 + this.#epoch).padStart(2, '0');
    const entry = {
      type: 'seal',
      epoch: this.#epoch,
      day: `2026-06-${night}`,
      at: `2026-06-${night}T07:10Z`,
      from: String(this.#sealed),
      to: String(this.entries.length),
      before: this.#root,
      after: encodeBase64(this.#state.root()),
      bucketBits: 0,
      records: leaves,
      leaves,
      counts: Object.fromEntries(this.#counts),
      ...wish,
      result: {
        equal: true,
        read: leaves,
        awaiting: 0,
        unauthorised: {},
        captures: 'dumps',
        ...wish.result,
        reader: { version: '1.0.0', key: reader.key.id, signature: '' },
      },
    } satisfies SealEntry;
    const { signature } = reader.sign(claimBytes(readingClaim(ORIGIN, entry)));
    this.push({ ...entry, result: { ...entry.result, reader: { ...entry.result.reader, signature } } });
    this.#sealed = this.entries.length;
    this.#root = entry.after;
    this.#counts.clear();
    return this;
  }

  key(act: KeyEntry['act'], { key }: TestSigner, by: readonly TestSigner[], at = '2026-06-02T01:00Z'): this {
    const claim = claimBytes(keyClaim(ORIGIN, { type: 'key', act, key, at }));
    this.push({ type: 'key', act, key, at, signatures: by.map(({ sign }) => sign(claim)) });
    return this;
  }

  erase(record: string, reason: EraseEntry['reason'] = 'court-order'): this {
    const handle = Buffer.from(digest(record)).toString('hex');
    this.push({ type: 'erase', handle, reason, day: '2026-06-02', by: 2 });
    return this;
  }

  /** The state of the genesis. */
  begin(): PlainState {
    const state = new PlainState();
    for (const record of this.records) state.change(digest(record), digest(`leaf of ${record}`));
    return state;
  }

  /** Folds all of it, or other entries on the same state. */
  async fold(
    options: FoldOptions = {},
    entries: readonly Uint8Array[] = this.entries,
  ): Promise<{ fold: Fold | null; refusal: { rule: string; index: bigint } | null }> {
    const begun = beginFold(tools, 0n, entries[0]!, this.begin(), options);
    if (begun.isErr()) return { fold: null, refusal: begun.error };
    const fold = begun.value;
    for (const [index, entry] of entries.entries()) {
      if (index === 0) continue;
      const folded = await fold.foldEntry(BigInt(index), entry);
      if (folded.isErr()) return { fold, refusal: folded.error };
    }
    const settled = await fold.settleSignatures();
    return { fold, refusal: settled.isErr() ? settled.error : null };
  }

  get modelRoot(): Uint8Array {
    const state = new PlainState();
    for (const [record, { leaf }] of this.model) state.change(digest(record), leaf);
    return state.root();
  }
}
