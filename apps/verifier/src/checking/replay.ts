/**
 * The whole log, from its first entry: that its entries are those of the checkpoint, and that by the rules of the fold they lead from the
 * first state to every nightly root. Nothing personal is needed for it, and nobody has to be believed.
 *
 * Where a rule is broken the rest of the log is still hashed: only then is it known whether the log says such a thing, or the copy is bad.
 */
import { err, ok, type Result } from '@bellwether/basics';
import {
  bundleHashes,
  type Checkpoint,
  GrowingTree,
  HASH_SIZE,
  isSame,
  type Policy,
  parseCheckpoint,
  parseEntries,
  type SignedNote,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '@bellwether/evidence';
import {
  beginFold,
  type Fold,
  type FoldEvent,
  type FoldRefusal,
  type GenesisEntry,
  hexOf,
  type SealEntry,
  witnessPolicy,
} from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import { type ReplayWatch, readGenesisState } from './genesis-state.ts';
import { type BundleBytes, badBundle, MAX_BUNDLE_BYTES, readBundleBytes } from './log-entries.ts';
import { type LogSource, readCheckpointNote } from './log-source.ts';
import { type CheckingTools, judgeCheckpoint, type TrustedCheckpoint } from './policy-check.ts';
import { type AheadSource, readingAhead } from './read-ahead.ts';
import { checkPinnedGenesis, entryOfType, findSeal } from './roll-entries.ts';

/** What is to be replayed. */
export type ReplayTask = {
  readonly source: LogSource;
  /** Who has to have cosigned; null: whom the log's own policy names. */
  readonly policy: Policy | null;
  /** SHA-256 of the genesis entry, hex; null pins nothing. */
  readonly pinned: string | null;
  /** Only the last nightly root. Signatures, versions and everything else are checked as ever. */
  readonly lastOnly: boolean;
  /** Files that are read ahead: 0 where a file comes at once. */
  readonly ahead: number;
};

/** What was replayed, and found right. */
export type Replayed = {
  readonly checkpoint: Checkpoint;
  /** Who cosigned it; null where nobody witnesses this log yet. */
  readonly trusted: TrustedCheckpoint | null;
  readonly policyFrom: 'you' | 'log' | null;
  readonly genesis: { readonly index: bigint; readonly hash: string; readonly entry: GenesisEntry };
  /** Seals whose root was computed again, and how many there are. */
  readonly roots: number;
  readonly nights: number;
  readonly batches: number;
  readonly items: number;
  /** Signatures that were checked, but for those of the checkpoint. */
  readonly signatures: number;
  readonly lastSeal: SealEntry | null;
  /** Root of the state after the last entry, hex. Differs from the last seal's where changes came since. */
  readonly root: string;
};

/** Bundles between two looks up. */
const BUNDLES_BETWEEN = 16;

/** Replays a log. */
export async function replayLog(
  task: ReplayTask,
  tools: CheckingTools,
  watch: ReplayWatch,
): Promise<Result<Replayed, VerifyError>> {
  const note = await readCheckpointNote(task.source);
  if (note.isErr()) return note;
  const checkpoint = parseCheckpoint(note.value.text);
  if (checkpoint.isErr()) return checkpoint;
  const judged = task.policy === null ? ok(null) : await judgeCheckpoint(note.value, task.policy, tools);
  if (judged.isErr()) return judged;
  const rootsFrom = await rootsFromOf(task, checkpoint.value.size);
  if (rootsFrom.isErr()) return rootsFrom;
  const replay = new Replay(task, tools, watch, checkpoint.value, rootsFrom.value);
  const done = await replay.replayAll();
  if (done.isErr()) return done;
  const trusted =
    judged.value === null ? await judgeByLog(note.value, done.value.fold, tools) : ok(judged.value);
  if (trusted.isErr()) return trusted;
  const policyFrom = task.policy !== null ? 'you' : trusted.value === null ? null : 'log';
  const { fold, counted } = done.value;
  return ok({
    checkpoint: checkpoint.value,
    trusted: trusted.value,
    policyFrom,
    ...counted,
    lastSeal: fold.lastSeal ?? null,
    nights: fold.epoch,
    root: hexOf(fold.state.root()),
  });
}

/** Where roots begin to be computed; 0: from the beginning. */
async function rootsFromOf(task: ReplayTask, size: bigint): Promise<Result<bigint, VerifyError>> {
  if (!task.lastOnly) return ok(0n);
  const seal = await findSeal(task.source, size);
  return seal.map((found) => found?.index ?? size);
}

/** By the policy that the log itself tells, which leads back to its genesis; null where it names nobody. */
async function judgeByLog(
  note: SignedNote,
  fold: Fold,
  tools: CheckingTools,
): Promise<Result<TrustedCheckpoint | null, VerifyError>> {
  const policy = witnessPolicy(tools.hasher, fold.policy);
  if (policy.isErr()) return err({ code: 'ROLLS_FOLD_REFUSED', detail: policy.error });
  return policy.value === null ? ok(null) : judgeCheckpoint(note, policy.value, tools);
}

type Counted = Pick<Replayed, 'genesis' | 'roots' | 'batches' | 'items' | 'signatures'>;

class Replay {
  readonly #task: ReplayTask;
  readonly #tools: CheckingTools;
  readonly #watch: ReplayWatch;
  readonly #checkpoint: Checkpoint;
  readonly #rootsFrom: bigint;
  readonly #source: AheadSource;
  readonly #tree: GrowingTree;
  #fold: Fold | null = null;
  #genesis: Counted['genesis'] | null = null;
  #refused: FoldRefusal | null = null;
  #roots = 0;
  #batches = 0;
  #items = 0;
  #signatures = 0;

  constructor(
    task: ReplayTask,
    tools: CheckingTools,
    watch: ReplayWatch,
    checkpoint: Checkpoint,
    rootsFrom: bigint,
  ) {
    this.#task = task;
    this.#tools = tools;
    this.#watch = watch;
    this.#checkpoint = checkpoint;
    this.#rootsFrom = rootsFrom;
    this.#source = readingAhead(task.source, task.ahead);
    this.#tree = new GrowingTree(tools.hasher, () => {});
  }

  async replayAll(): Promise<Result<{ readonly fold: Fold; readonly counted: Counted }, VerifyError>> {
    const read = await this.#readAll();
    if (read.isErr()) return read;
    const { size, root } = this.#checkpoint;
    if (!isSame(this.#tree.root(), root))
      return err({ code: 'VERIFY_ENTRIES_DIFFER', detail: `the root of the ${size} entries is another one` });
    if (this.#fold !== null && this.#refused === null) {
      const settled = await this.#fold.settleSignatures();
      if (settled.isErr()) this.#refused = settled.error;
    }
    if (this.#refused !== null) return err(this.#refused);
    if (this.#fold === null || this.#genesis === null)
      return err({ code: 'VERIFY_NO_ROLL', detail: `no genesis among its ${size} entries` });
    const counted: Counted = {
      genesis: this.#genesis,
      roots: this.#roots,
      batches: this.#batches,
      items: this.#items,
      signatures: this.#signatures,
    };
    return ok({ fold: this.#fold, counted });
  }

  async #readAll(): Promise<Result<void, VerifyError>> {
    const { size } = this.#checkpoint;
    const width = BigInt(TILE_WIDTH);
    const bundles = (size + width - 1n) / width;
    let expected = 0n;
    for (let index = 0n; index < bundles; index++) {
      if (Number(index) % BUNDLES_BETWEEN === 0) {
        this.#watch.onProgress('entries', Number(this.#tree.size), Number(size));
        if (await this.#watch.isStopped())
          return err({ code: 'VERIFY_STOPPED', detail: `after ${this.#tree.size} of ${size} entries` });
        // The state is read in its own order first, once there is a genesis.
        if (this.#fold !== null && this.#task.ahead > 0)
          expected = this.#expectBundles(index, expected, bundles);
      }
      const bundle = await readBundleBytes(this.#source, index, size);
      if (bundle.isErr()) return bundle;
      const hashes = bundleHashes(this.#tools.hasher, bundle.value.bytes, bundle.value.width);
      if (hashes.isErr()) return badBundle(index, hashes.error.detail);
      const first = this.#tree.size;
      this.#tree.append(hashes.value);
      const taken = await this.#foldSome(first, bundle.value, hashes.value);
      if (taken.isErr()) return taken;
    }
    this.#watch.onProgress('entries', Number(size), Number(size));
    return ok();
  }

  /** Full bundles are asked for ahead; the last one may have grown since, and is asked for when it is its turn. */
  #expectBundles(index: bigint, expected: bigint, bundles: bigint): bigint {
    const from = expected > index ? expected : index;
    const upTo = index + BigInt(2 * BUNDLES_BETWEEN);
    const to = upTo < bundles - 1n ? upTo : bundles - 1n;
    const paths: string[] = [];
    for (let next = from; next < to; next++) {
      paths.push(
        tilePath({ level: 'entries', index: next, width: tileWidth(0, next, this.#checkpoint.size) }),
      );
    }
    this.#source.expectLater(paths, MAX_BUNDLE_BYTES);
    return to > from ? to : from;
  }

  /** Folds the entries of a bundle, whose hashes are in the tree of the log. */
  async #foldSome(
    first: bigint,
    bundle: BundleBytes,
    hashes: Uint8Array,
  ): Promise<Result<void, VerifyError>> {
    if (this.#refused !== null) return ok();
    const begun =
      this.#fold === null ? await this.#findBeginning(first, bundle) : ok({ entries: 0, bytes: 0 });
    if (begun.isErr()) return begun;
    const { entries, bytes } = begun.value;
    if (this.#fold === null || this.#refused !== null || entries === bundle.width) return ok();
    const folded = await this.#fold.foldEntries(
      first + BigInt(entries),
      bundle.bytes.subarray(bytes),
      bundle.width - entries,
      hashes.subarray(entries * HASH_SIZE),
    );
    if (folded.isErr()) this.#refused = folded.error;
    else for (const event of folded.value) this.#count(event);
    return ok();
  }

  /** Looks for the genesis in a bundle. Entries, and bytes of the bundle, up to and with it; all of them where it is not there. */
  async #findBeginning(
    first: bigint,
    bundle: BundleBytes,
  ): Promise<Result<{ readonly entries: number; readonly bytes: number }, VerifyError>> {
    const parsed = parseEntries(bundle.bytes, bundle.width);
    if (parsed.isErr()) return parsed;
    let bytes = 0;
    for (const [at, entry] of parsed.value.entries()) {
      const begun = await this.#beginRoll(first + BigInt(at), entry);
      if (begun.isErr()) return begun;
      bytes += 2 + entry.length;
      if (this.#fold !== null || this.#refused !== null) return ok({ entries: at + 1, bytes });
    }
    return ok({ entries: bundle.width, bytes });
  }

  /** Begins where an entry is the genesis; what stands before it is no business of the roll. */
  async #beginRoll(index: bigint, bytes: Uint8Array): Promise<Result<void, VerifyError>> {
    const { hasher, verifier } = this.#tools;
    const entry = entryOfType(bytes, 'genesis');
    if (entry === null) return ok();
    const hash = checkPinnedGenesis(hasher, bytes, this.#task.pinned);
    if (hash.isErr()) return hash;
    const state = await readGenesisState(hasher, this.#source, entry, this.#watch);
    if (state.isErr()) return state;
    const begun = beginFold({ hasher, verifier }, index, bytes, state.value, {
      rootsFrom: this.#rootsFrom,
      settlesLater: true,
    });
    if (begun.isErr()) this.#refused = begun.error;
    else this.#fold = begun.value;
    this.#genesis = { index, hash: hash.value, entry };
    return ok();
  }

  #count({ index, entry }: FoldEvent): void {
    if (entry.type === 'batch') {
      this.#batches++;
      this.#items += entry.counts.new + entry.counts.changed + entry.counts.removed;
      this.#signatures += entry.signatures.length;
    }
    if (entry.type === 'key') this.#signatures += entry.signatures.length;
    if (entry.type === 'seal') {
      this.#signatures++;
      if (index >= this.#rootsFrom) this.#roots++;
    }
  }
}
