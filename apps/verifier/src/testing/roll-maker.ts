/** Makes a log with a roll in it, as a hub would publish it: files of any size, from twenty records to a state's. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  encodeBase64,
  formatCheckpoint,
  formatEntries,
  formatNote,
  formatPolicy,
  GrowingTree,
  LEAF_PREFIX,
  signText,
  TILE_WIDTH,
  tilePath,
} from '@bellwether/evidence';
import {
  batchClaim,
  bucketBitsOf,
  claimBytes,
  type ExtractRow,
  extractRoot,
  formatEntry,
  formatExtract,
  formatItem,
  type GenesisEntry,
  hexOf,
  type ItemCounts,
  itemsRoot,
  PrefixTree,
  readingClaim,
  type SealEntry,
  writeStateTiles,
} from '@bellwether/rolls';
import {
  CHECKS_SIGNERS,
  type ClaimSigner,
  fileSigner,
  hasher,
  LOG_ORIGIN,
  LOG_SIGNER,
  passkeySigner,
  WITNESS_NAMES,
  WITNESS_SIGNERS,
} from './signing-keys.ts';

/** The first night of every log that is made: a summer's day, as no policy here has quiet periods. */
const FIRST_DAY = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;

/** Two of three witnesses, and their second keys. */
export const POLICY_TEXT: string = formatPolicy({
  logs: [LOG_SIGNER, ...CHECKS_SIGNERS].map(({ key }) => ({ key, address: null })),
  witnesses: WITNESS_SIGNERS.map(({ key }, at) => ({ name: WITNESS_NAMES[at]!, key, address: null })),
  groups: [{ name: 'enough', k: 2, members: [...WITNESS_NAMES] }],
  quorum: 'enough',
});

/** A record that is not one of the many: a test knows its handle and leaf. */
export type OwnRecord = { readonly handle: Uint8Array; readonly leaf: Uint8Array };

/** The log, while it grows. */
export class RollMaker {
  readonly folder: string;
  readonly genesis: GenesisEntry;
  readonly genesisBytes: Uint8Array;
  readonly state: PrefixTree;
  readonly #handles: Uint8Array;
  readonly #versions: Uint32Array;
  readonly #offices: readonly ClaimSigner[];
  readonly #reader = fileSigner('reader', 2);
  readonly #tree: GrowingTree;
  readonly #bundle: Uint8Array[] = [];
  readonly #folders = new Set<string>();
  readonly #sequences: number[];
  readonly #extracts: string[] = [];
  #size = 0;
  #batch = 0;
  #leaf = 0;
  #epoch = 0;
  #sealedTo = 0;
  #root: string;
  lastSeal: SealEntry | null = null;

  /** A log that begins with so many records; `own` come with them. */
  constructor(folder: string, records: number, offices: number, own: readonly OwnRecord[] = []) {
    this.folder = folder;
    this.#tree = new GrowingTree(hasher, (tile, hashes) => this.#write(tilePath(tile), hashes.slice()));
    this.#offices = Array.from({ length: offices }, (_, at) => {
      const place = `29${String(2 * at + 1).padStart(3, '0')}`;
      return at % 4 === 3 ? fileSigner(place, 1_000 + at) : passkeySigner(place, 1_000 + at);
    });
    this.#sequences = this.#offices.map(() => 0);
    const all = records + own.length;
    this.#handles = pseudoRandom('handles', 32 * all);
    const leaves = pseudoRandom('leaves', 32 * all);
    own.forEach(({ handle, leaf }, at) => {
      this.#handles.set(handle, 32 * (records + at));
      leaves.set(leaf, 32 * (records + at));
    });
    this.#versions = new Uint32Array(all).fill(1);
    this.state = PrefixTree.ofSorted(hasher, this.#handles, leaves, all);
    this.#root = encodeBase64(this.state.root());
    const share = Math.floor(all / offices);
    this.genesis = {
      type: 'genesis',
      v: 1,
      origin: LOG_ORIGIN,
      day: dayText(FIRST_DAY),
      records: all,
      leaves: all,
      offices: Object.fromEntries(
        this.#offices.map(({ key }, at) => [key.place, at === 0 ? all - share * (offices - 1) : share]),
      ),
      root: this.#root,
      bucketBits: bucketBitsOf(all),
      fields: { public: ['name.first', 'name.last'], identity: ['born'], administrative: ['party'] },
      policy: {
        massItems: 500,
        massShare: 0.5,
        quiet: [],
        quietRemovals: 0,
        signerDelayHours: 72,
        awaitingDays: 3,
        protectedBatch: 20,
        witnesses: POLICY_TEXT,
      },
      signers: [...this.#offices, this.#reader].map(({ key }) => key),
    };
    this.genesisBytes = formatEntry(this.genesis);
    this.writeState();
    this.append(this.genesisBytes);
    this.#sealedTo = 1;
  }

  /** Entries so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds an entry of any kind. */
  append(entry: Uint8Array): void {
    const hash = new Uint8Array(32);
    hasher.hashAll(LEAF_PREFIX, entry, entry.length, 1, hash);
    this.#tree.append(hash);
    this.#bundle.push(Uint8Array.from(entry));
    this.#size++;
    if (this.#bundle.length === TILE_WIDTH) this.#writeBundle();
  }

  /** A night: so many changes, by all offices in turn, each in one batch, and the seal. */
  night(changes: number): void {
    this.#epoch++;
    const night = FIRST_DAY + this.#epoch * DAY_MS;
    const counts: Record<string, ItemCounts> = {};
    const each = Math.ceil(changes / this.#offices.length);
    let left = changes;
    for (const [at, office] of this.#offices.entries()) {
      const some = Math.min(each, left);
      if (some === 0) break;
      left -= some;
      counts[office.key.place] = { new: 0, changed: some, removed: 0 };
      this.#batchOf(at, office, some, dayText(night));
    }
    this.#seal(night, counts);
  }

  #batchOf(at: number, office: ClaimSigner, changes: number, day: string): void {
    const batch = ++this.#batch;
    const items = Buffer.alloc(106 * changes);
    const slots = this.#versions.length;
    for (let i = 0; i < changes; i++) {
      // A step that has no divisor in common with most numbers: all records have their turn.
      const slot = (++this.#leaf * 7_919) % slots;
      const handle = this.#handles.subarray(32 * slot, 32 * slot + 32);
      const newLeaf = Uint8Array.from(createHash('sha256').update(`leaf ${this.#leaf}`).digest());
      const version = ++this.#versions[slot]!;
      const oldLeaf = this.state.leafAt(this.state.find(handle));
      items.set(formatItem({ batch, kind: 'changed', version, handle, oldLeaf, newLeaf }), 106 * i);
      this.state.change(handle, newLeaf);
    }
    const entry = {
      type: 'batch' as const,
      batch,
      office: office.key.place,
      source: 'office',
      day,
      sequence: ++this.#sequences[at]!,
      counts: { new: 0, changed: changes, removed: 0 },
      root: encodeBase64(itemsRoot(hasher, Uint8Array.from(items))),
    };
    const signatures = [office.sign(claimBytes(batchClaim(LOG_ORIGIN, entry)))];
    this.append(formatEntry({ ...entry, signatures }));
    for (let i = 0; i < changes; i++) this.append(items.subarray(106 * i, 106 * i + 106));
  }

  #seal(night: number, counts: Record<string, ItemCounts>): void {
    const leaves = this.state.size;
    const after = encodeBase64(this.state.root());
    const reader = { version: '1.0.0', key: this.#reader.key.id };
    const result = { equal: true, read: leaves, awaiting: 0, unauthorised: {}, captures: 'dumps' as const };
    const [epoch, day, bucketBits, records] = [this.#epoch, dayText(night), bucketBitsOf(leaves), leaves];
    const reading = { epoch, day, after, bucketBits, records, leaves, result: { ...result, reader } };
    const { signature } = this.#reader.sign(claimBytes(readingClaim(LOG_ORIGIN, reading)));
    const seal: SealEntry = {
      type: 'seal',
      ...reading,
      at: `${day}T07:10Z`,
      from: String(this.#sealedTo),
      to: String(this.#size),
      before: this.#root,
      counts,
      result: { ...result, reader: { ...reader, signature } },
    };
    this.append(formatEntry(seal));
    this.#sealedTo = this.#size;
    this.#root = after;
    this.lastSeal = seal;
  }

  /** Seals a poll book of these rows, and lists it. */
  pollBook(place: string, some: readonly ExtractRow[]): void {
    const rows = formatExtract(some);
    const root = extractRoot(hasher, rows);
    const [day, epoch, kind] = [this.lastSeal!.day, this.#epoch, 'poll-book' as const];
    const entry = { type: 'extract' as const, kind, place, day, epoch };
    this.#extracts.push(JSON.stringify({ index: String(this.#size), kind, place, day, rows: some.length }));
    this.append(formatEntry({ ...entry, rows: some.length, root: encodeBase64(root) }));
    this.#write(`state/${hexOf(root)}`, rows);
    this.#write('extracts', Buffer.from(`${this.#extracts.join('\n')}\n`));
  }

  /** Writes the files of the state as it is. */
  writeState(): void {
    writeStateTiles(this.state, bucketBitsOf(this.state.size), (name, bytes) =>
      this.#write(`state/${name}`, bytes.slice()),
    );
  }

  /** Writes what is partial, the policy, and a checkpoint that all witnesses cosigned at a time (seconds since 1970). */
  async publish(time: bigint): Promise<string> {
    this.#tree.flush();
    if (this.#bundle.length > 0) this.#writeBundle();
    const text = formatCheckpoint({ origin: LOG_ORIGIN, size: BigInt(this.#size), root: this.#tree.root() });
    const signatures = await Promise.all(
      [LOG_SIGNER, ...WITNESS_SIGNERS].map((signer) => signText(text, time, signer)),
    );
    const note = formatNote({ text, signatures });
    this.#write('checkpoint', Buffer.from(note));
    this.#write('policy', Buffer.from(POLICY_TEXT));
    return note;
  }

  #writeBundle(): void {
    const index = BigInt(Math.floor((this.#size - 1) / TILE_WIDTH));
    const width = this.#bundle.length;
    this.#write(tilePath({ level: 'entries', index, width }), formatEntries(this.#bundle));
    if (width === TILE_WIDTH) this.#bundle.length = 0;
  }

  #write(path: string, bytes: Uint8Array): void {
    const full = join(this.folder, path);
    const folder = dirname(full);
    if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
    writeFileSync(full, bytes);
  }
}

/** Bytes that look random and are the same every time. */
function pseudoRandom(label: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const counters = new Uint8Array(8 * Math.ceil(length / 32));
  const view = new DataView(counters.buffer);
  for (let at = 0; at < counters.length; at += 8) {
    view.setUint32(at, at / 8);
    view.setUint32(at + 4, label.length);
  }
  const hashes = new Uint8Array(4 * counters.length);
  hasher.hashAll(label.charCodeAt(0), counters, 8, counters.length / 8, hashes);
  bytes.set(hashes.subarray(0, length));
  return bytes;
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
