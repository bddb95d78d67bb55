/**
 * The evidence log on disk: a tiled log (c2sp.org/tlog-tiles) that one process writes.
 *
 *     entries of calls that wait ──► bundles and tiles, on disk ──► `signing`: size and root, on disk ──► the checkpoint
 *
 * A kill at any moment leaves one of three things: files that no checkpoint tells of, which are removed at the next start; a
 * size and root that were kept and not signed, which are signed at the next start; or a checkpoint. Since what is signed was
 * kept before, with everything below it on disk, no size is ever signed with two roots, and no checkpoint has tiles missing.
 */
import { mkdir } from 'node:fs/promises';
import { err, ok, type Result } from '@bellwether/basics';
import {
  entryHashes,
  formatEntries,
  GrowingTree,
  MAX_ENTRY_BYTES,
  TILE_HEIGHT,
  TILE_WIDTH,
  type Tile,
  tileWidth,
} from '@bellwether/evidence';
import { lockFolder } from '../lock.ts';
import { CheckpointSigner } from './checkpoint-signer.ts';
import type { LogError } from './errors.ts';
import { bestHasher } from './hashing.ts';
import { cutBeyond, readEdge } from './log-edge.ts';
import { type EntriesInARow, readBundles } from './log-reading.ts';
import type { EvidenceLog, LogOptions, Sequenced } from './log-types.ts';
import { shownBeyond } from './shown-before.ts';
import { keepSigning, readSigning, type Signing } from './signing-file.ts';
import { MOST_OF_A_STEP, type TileFile, TileFiles } from './tile-files.ts';
import { WaitingCalls } from './waiting-calls.ts';

/** Opens a log, or makes an empty one. */
export async function openEvidenceLog(options: LogOptions): Promise<Result<EvidenceLog, LogError>> {
  const { folder, privateFolder } = options;
  await mkdir(privateFolder, { recursive: true, mode: 0o700 });
  await mkdir(folder, { recursive: true });
  const lock = await lockFolder(privateFolder);
  if (lock.isErr()) {
    return err({ code: 'LOG_LOCKED', detail: `process ${lock.error.pid} has ${lock.error.path}` });
  }
  const log = new FileLog(options, () => lock.value.unlock());
  try {
    const loaded = await log.openAll();
    if (loaded.isOk()) return ok(log);
    await lock.value.unlock();
    return loaded;
  } catch (error) {
    await lock.value.unlock();
    throw error;
  }
}

class FileLog implements EvidenceLog {
  readonly #options: LogOptions;
  readonly #files: TileFiles;
  readonly #unlock: () => Promise<void>;
  readonly #hasher = bestHasher();
  readonly #waiting = new WaitingCalls();
  readonly #signer: CheckpointSigner;
  readonly #listeners: ((note: string) => void)[] = [];
  #origin: string;
  #tree: GrowingTree;
  /** Tiles that the tree hands out while a step goes on. */
  #tiles: TileFile[] = [];
  /** Entries of the last bundle, while it is not full. */
  #tail: readonly Uint8Array[] = [];
  #signing: Signing;
  /** Why nothing can be added any more; null while it can. */
  #refusing: LogError | null = null;
  #working: Promise<void> | null = null;
  #closed = false;

  constructor(options: LogOptions, unlock: () => Promise<void>) {
    this.#options = options;
    this.#unlock = unlock;
    this.#files = new TileFiles(options.folder);
    this.#signer = new CheckpointSigner(options.signer, (note) => {
      for (const listener of this.#listeners) listener(note);
    });
    this.#origin = options.origin;
    this.#tree = new GrowingTree(this.#hasher, () => {});
    this.#signing = { origin: options.origin, size: 0n, root: this.#tree.root() };
    const { atRest = null } = options;
    if (atRest !== null) this.#refusing = { code: 'LOG_AT_REST', detail: atRest };
  }

  get origin(): string {
    return this.#origin;
  }

  get key() {
    return this.#options.signer.key;
  }

  get size(): bigint {
    return this.#signing.size;
  }

  get root(): Uint8Array {
    return this.#signing.root;
  }

  get newest(): string | null {
    return this.#signer.newest;
  }

  get trouble(): LogError | null {
    return this.#refusing ?? this.#signer.trouble;
  }

  onCheckpoint(listener: (note: string) => void): void {
    this.#listeners.push(listener);
  }

  readonly readTile = async (tile: Tile): Promise<Uint8Array | null> => {
    // Beyond the log there may be files of a step that goes on, or that failed: they are nothing yet.
    const isThere = tile.width <= tileWidth(tile.level === 'entries' ? 0 : tile.level, tile.index, this.size);
    return isThere ? this.#files.read(tile) : null;
  };

  async openAll(): Promise<Result<void, LogError>> {
    const { folder, privateFolder, atRest = null } = this.#options;
    const kept = await readSigning(privateFolder);
    if (kept.isErr()) return kept;
    if (kept.value !== null) {
      this.#signing = kept.value;
      this.#origin = kept.value.origin;
    }
    if (this.key.name !== this.#origin) {
      const detail = `the log is called ${this.#origin}, and the key ${this.key.name}`;
      return err({ code: 'LOG_KEY_UNREADABLE', detail });
    }
    const grown = await this.#readEdge();
    if (grown.isErr()) return grown;
    // What is at rest may have been given more tiles by somebody: they are looked at when it goes on.
    if (atRest !== null) return ok();
    const ahead = await shownBeyond(folder, this.#signing, this.key);
    if (ahead !== null) return err({ code: 'LOG_ROLLED_BACK', detail: ahead });
    await cutBeyond(this.#files, this.#signing, { tail: this.#tail });
    if (this.size === 0n) return ok();
    const signed = await this.#signer.signKept(this.#signing);
    if (signed.isErr()) this.#signer.close();
    return signed.mapErr(({ detail }) => ({ code: 'LOG_KEY_UNREADABLE', detail }));
  }

  appendEntries(entries: readonly Uint8Array[], at?: bigint): Promise<Result<Sequenced, LogError>> {
    let bytes = 0;
    for (const { length } of entries) {
      if (length > MAX_ENTRY_BYTES)
        throw new RangeError(`an entry of ${length} bytes; at most ${MAX_ENTRY_BYTES}`);
      bytes += length;
    }
    if (entries.length === 0 || entries.length > MOST_OF_A_STEP)
      throw new RangeError(`${entries.length} entries`);
    if (this.#closed) return Promise.resolve(noMoreEntries());
    return new Promise((answer) => {
      this.#waiting.add({ entries, bytes, at: at ?? null, answer });
      this.#working ??= this.#work();
    });
  }

  async entry(index: bigint): Promise<Result<Uint8Array | null, LogError>> {
    if (index < 0n || index >= this.size) return ok(null);
    const first = index - (index % BigInt(TILE_WIDTH));
    for await (const { entries } of this.bundles(first, index + 1n))
      return ok(entries[Number(index - first)]!);
    return ok(null);
  }

  bundles(from: bigint, to: bigint): AsyncGenerator<EntriesInARow> {
    const { size } = this;
    return readBundles(this.#files, from, to < size ? to : size, size);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#signer.close();
    await this.#working;
    await this.#unlock();
  }

  async #work(): Promise<void> {
    // Whoever calls in the same turn shares the step.
    await Promise.resolve();
    while (!this.#waiting.isEmpty) {
      const calls = this.#waiting.take(this.size);
      if (calls.length === 0) continue;
      let next = this.size;
      const done = await this.#writeStep(calls.flatMap(({ entries }) => entries));
      for (const { entries, answer } of calls) {
        const to = next + BigInt(entries.length);
        answer(done.map(() => ({ from: next, to })));
        next = to;
      }
    }
    this.#working = null;
  }

  /** Entries become tiles, what is to be signed is kept, and signed. */
  async #writeStep(entries: readonly Uint8Array[]): Promise<Result<void, LogError>> {
    if (this.#refusing !== null) return err(this.#refusing);
    const before = this.size;
    let files: readonly TileFile[];
    try {
      files = await this.#keep(entries);
    } catch (error) {
      await this.#goBack();
      return faultOf(error);
    }
    const signed = await this.#signer.signKept(this.#signing);
    if (signed.isErr()) return signed;
    // Only what was partial before has become full: the tiles that the old tree ended in. One that stays does no harm.
    for (const { tile } of files)
      if (tile.width === TILE_WIDTH && isEdgeOf(tile, before))
        await this.#files.removePartial(tile).catch(() => {});
    return ok();
  }

  async #keep(entries: readonly Uint8Array[]): Promise<readonly TileFile[]> {
    this.#tiles = [];
    const all = [...this.#tail, ...entries];
    const start = this.size - BigInt(this.#tail.length);
    for (let at = 0; at < all.length; at += TILE_WIDTH) {
      const some = all.slice(at, at + TILE_WIDTH);
      const index = (start + BigInt(at)) / BigInt(TILE_WIDTH);
      this.#tiles.push({ tile: { level: 'entries', index, width: some.length }, bytes: formatEntries(some) });
    }
    this.#tree.append(entryHashes(this.#hasher, entries));
    this.#tree.flush();
    const files = this.#tiles;
    await this.#files.write(files);
    const signing = { origin: this.#origin, size: this.#tree.size, root: this.#tree.root() };
    await keepSigning(this.#options.privateFolder, signing);
    this.#signing = signing;
    // Copies: entries are lent, and the bundle grows on.
    this.#tail = all.slice(all.length - (all.length % TILE_WIDTH)).map((entry) => entry.slice());
    return files;
  }

  /** After a step that failed: the log is what the disk says was kept last, and what lies beyond is removed. */
  async #goBack(): Promise<void> {
    const back = await this.#readBack().catch((error: Error) => damaged(error.message));
    // A tree that is not the one on disk must never be signed.
    if (back.isErr()) this.#refusing = back.error;
  }

  async #readBack(): Promise<Result<void, LogError>> {
    const kept = await readSigning(this.#options.privateFolder);
    if (kept.isErr()) return kept;
    // It was renamed and could not be made sure of: a restart finds out which of the two the disk has.
    if ((kept.value?.size ?? 0n) !== this.size)
      return err({ code: 'LOG_UNWRITABLE', detail: 'the disk did not keep what it was given: start again' });
    const back = await this.#readEdge();
    if (back.isErr()) return back;
    await cutBeyond(this.#files, this.#signing, { tail: this.#tail });
    return ok();
  }

  async #readEdge(): Promise<Result<void, LogError>> {
    const edge = await readEdge(this.#files, this.#hasher, this.#signing, (file) => this.#tiles.push(file));
    if (edge.isErr()) return edge;
    this.#tree = edge.value.tree;
    this.#tail = edge.value.tail;
    return ok();
  }
}

/** Whether a tree of this size ends within the tile, so that a partial one of it may be there. */
function isEdgeOf({ level, index }: Tile, size: bigint): boolean {
  const height = BigInt(TILE_HEIGHT * (level === 'entries' ? 0 : level));
  return (size >> height) / BigInt(TILE_WIDTH) === index;
}

function faultOf(error: unknown): Result<never, LogError> {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return err({ code: 'LOG_DISK_FULL', detail: message });
  if (code === undefined) throw error;
  return err({ code: 'LOG_UNWRITABLE', detail: message });
}

function damaged(detail: string): Result<never, LogError> {
  return err({ code: 'LOG_DAMAGED', detail });
}

function noMoreEntries(): Result<never, LogError> {
  return err({ code: 'LOG_CLOSED', detail: 'it takes no more entries' });
}
