/**
 * The evidence log on disk: a tiled log (c2sp.org/tlog-tiles) that one process writes.
 *
 *     entries of calls that wait ──► bundles and tiles, on disk ──► `signing`: size and root, on disk ──► the checkpoint
 *
 * A kill at any moment leaves one of three things: files that no checkpoint tells of, which the next entries replace; a size
 * and root that were kept and not signed, which are signed at the next start; or a checkpoint. Since what is signed was kept
 * before, with everything below it on disk, no size is ever signed with two roots, and no checkpoint has tiles missing.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import {
  checkSignatures,
  decodeBase64,
  encodeBase64,
  entryHashes,
  formatCheckpoint,
  formatEntries,
  formatNote,
  GrowingTree,
  isSame,
  MAX_ENTRY_BYTES,
  parseCheckpoint,
  parseEntries,
  parseNote,
  rightEdge,
  signText,
  TILE_HEIGHT,
  TILE_WIDTH,
  type Tile,
  tileWidth,
} from '@bellwether/evidence';
import { lockFolder } from '../lock.ts';
import type { LogError } from './errors.ts';
import { bestHasher } from './hashing.ts';
import type { EvidenceLog, LogOptions, Sequenced } from './log-types.ts';
import { readOrNull, syncFolder, type TileFile, TileFiles, writeWhole } from './tile-files.ts';
import { nodeVerifier } from './verifying.ts';

/** Entries of one step: 256 bundles. More wait for the next, so that memory has a bound. */
const MOST_AT_ONCE = 65_536;

/** Bytes of one step. */
const MOST_BYTES_AT_ONCE = 64 * 1024 * 1024;

type Call = {
  readonly entries: readonly Uint8Array[];
  readonly bytes: number;
  readonly answer: (result: Result<Sequenced, LogError>) => void;
};

/** The size and root that were signed last, or are to be signed. */
type Signing = { readonly origin: string; readonly size: bigint; readonly root: Uint8Array };

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
  const loaded = await log.openAll();
  if (loaded.isOk()) return ok(log);
  await lock.value.unlock();
  return loaded;
}

/** What the log of a folder is called; null while it has no entries. */
export async function originOnDisk(privateFolder: string): Promise<string | null> {
  const kept = await readSigning(join(privateFolder, 'signing.json'));
  return kept.isOk() ? (kept.value?.origin ?? null) : null;
}

class FileLog implements EvidenceLog {
  readonly #options: LogOptions;
  readonly #files: TileFiles;
  readonly #unlock: () => Promise<void>;
  readonly #hasher = bestHasher();
  readonly #waiting: Call[] = [];
  readonly #listeners: ((note: string) => void)[] = [];
  #origin: string;
  #tree: GrowingTree;
  /** Tiles that the tree hands out while a step goes on. */
  #tiles: TileFile[] = [];
  /** Entries of the last bundle, while it is not full. */
  #tail: readonly Uint8Array[] = [];
  #signing: Signing;
  #newest: string | null = null;
  #working: Promise<void> | null = null;
  #closed = false;

  constructor(options: LogOptions, unlock: () => Promise<void>) {
    this.#options = options;
    this.#unlock = unlock;
    this.#files = new TileFiles(options.folder);
    this.#origin = options.origin;
    this.#tree = new GrowingTree(this.#hasher, () => {});
    this.#signing = { origin: options.origin, size: 0n, root: this.#tree.root() };
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
    return this.#newest;
  }

  onCheckpoint(listener: (note: string) => void): void {
    this.#listeners.push(listener);
  }

  readonly readTile = async (tile: Tile): Promise<Uint8Array | null> => this.#files.read(tile);

  async openAll(): Promise<Result<void, LogError>> {
    const kept = await readSigning(this.#signingPath);
    if (kept.isErr()) return kept;
    if (kept.value !== null) {
      this.#signing = kept.value;
      this.#origin = kept.value.origin;
    }
    if (this.key.name !== this.#origin) {
      const detail = `the log is called ${this.#origin}, and the key ${this.key.name}`;
      return err({ code: 'LOG_KEY_UNREADABLE', detail });
    }
    const ahead = await this.#publishedBeyond();
    if (ahead !== null) return err({ code: 'LOG_ROLLED_BACK', detail: ahead });
    const grown = await this.#readEdge();
    if (grown.isErr()) return grown;
    if (this.size > 0n) await this.#sign();
    return ok();
  }

  appendEntries(entries: readonly Uint8Array[]): Promise<Result<Sequenced, LogError>> {
    let bytes = 0;
    for (const { length } of entries) {
      if (length > MAX_ENTRY_BYTES)
        throw new RangeError(`an entry of ${length} bytes; at most ${MAX_ENTRY_BYTES}`);
      bytes += length;
    }
    if (entries.length === 0 || entries.length > 16 * MOST_AT_ONCE)
      throw new RangeError(`${entries.length} entries`);
    if (this.#closed) return Promise.resolve(noMoreEntries());
    return new Promise((answer) => {
      this.#waiting.push({ entries, bytes, answer });
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

  async *bundles(
    from: bigint,
    to: bigint,
  ): AsyncGenerator<{ first: bigint; entries: readonly Uint8Array[] }> {
    const size = this.size;
    const end = to < size ? to : size;
    for (let first = from; first < end; ) {
      const index = first / BigInt(TILE_WIDTH);
      const start = index * BigInt(TILE_WIDTH);
      const width = tileWidth(0, index, size);
      const entries = await this.#bundle({ level: 'entries', index, width });
      // What was checked at the start is there, or the disk has lost it: nobody expects that.
      if (entries === null) throw new Error(`bundle ${index} of the evidence log is missing`);
      const last = end - start < BigInt(width) ? Number(end - start) : width;
      yield { first, entries: entries.slice(Number(first - start), last) };
      first = start + BigInt(last);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#working;
    await this.#unlock();
  }

  async #work(): Promise<void> {
    // Whoever calls in the same turn shares the step.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const calls = this.#takeCalls();
      try {
        const from = this.size;
        await this.#step(calls.flatMap(({ entries }) => entries));
        let next = from;
        for (const { entries, answer } of calls) {
          const to = next + BigInt(entries.length);
          answer(ok({ from: next, to }));
          next = to;
        }
      } catch (error) {
        const failed = faultOf(error);
        await this.#readEdge();
        for (const { answer } of calls) answer(failed);
      }
    }
    this.#working = null;
  }

  #takeCalls(): Call[] {
    const calls: Call[] = [];
    let entries = 0;
    let bytes = 0;
    while (this.#waiting.length > 0) {
      const next = this.#waiting[0]!;
      if (
        calls.length > 0 &&
        (entries + next.entries.length > MOST_AT_ONCE || bytes + next.bytes > MOST_BYTES_AT_ONCE)
      ) {
        break;
      }
      entries += next.entries.length;
      bytes += next.bytes;
      calls.push(this.#waiting.shift()!);
    }
    return calls;
  }

  /** Entries become tiles, what is to be signed is kept, and signed. */
  async #step(entries: readonly Uint8Array[]): Promise<void> {
    this.#tiles = [];
    const before = this.size;
    const all = [...this.#tail, ...entries];
    const start = before - BigInt(this.#tail.length);
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
    await this.#keepSigning(signing);
    this.#signing = signing;
    // Copies: entries are lent, and the bundle grows on.
    this.#tail = all.slice(all.length - (all.length % TILE_WIDTH)).map((entry) => entry.slice());
    await this.#sign();
    // Only what was partial before has become full: the tiles that the old tree ended in.
    for (const { tile } of files)
      if (tile.width === TILE_WIDTH && isEdgeOf(tile, before)) await this.#files.removePartial(tile);
  }

  async #sign(): Promise<void> {
    const text = formatCheckpoint(this.#signing);
    const signature = await signText(text, 0n, this.#options.signer);
    this.#newest = formatNote({ text, signatures: [signature] });
    for (const listener of this.#listeners) listener(this.#newest);
  }

  /** The tree and its last bundle, as the disk has them for what was signed. */
  async #readEdge(): Promise<Result<void, LogError>> {
    const { size, root } = this.#signing;
    const edge: (Uint8Array | null)[] = [];
    for (const tile of rightEdge(size)) {
      if (tile === null) {
        edge.push(null);
        continue;
      }
      const bytes = await this.#files.read(tile);
      if (bytes === null)
        return damaged(`tile ${tile.level}/${tile.index} of width ${tile.width} is missing`);
      edge.push(bytes.subarray(0, tile.width * root.length));
    }
    try {
      this.#tree = new GrowingTree(
        this.#hasher,
        (tile, hashes) => this.#tiles.push({ tile, bytes: hashes.slice() }),
        size,
        edge,
      );
    } catch (error) {
      return damaged((error as Error).message);
    }
    if (!isSame(this.#tree.root(), root)) return damaged('its tiles have another root than what was signed');
    const width = Number(size % BigInt(TILE_WIDTH));
    const tail =
      width === 0 ? [] : await this.#bundle({ level: 'entries', index: size / BigInt(TILE_WIDTH), width });
    if (tail === null) return damaged('the last bundle of entries is missing or cut off');
    const hashes = entryHashes(this.#hasher, tail);
    if (width > 0 && !isSame(hashes, edge[0]!)) return damaged('the last entries are not those of its tiles');
    this.#tail = tail;
    return ok();
  }

  async #bundle(tile: Tile): Promise<readonly Uint8Array[] | null> {
    const exact = await this.#files.read(tile);
    if (exact === null) return null;
    const whole = parseEntries(exact, tile.width);
    if (whole.isOk()) return whole.value;
    // The full bundle stands for the partial one.
    const full = parseEntries(exact, TILE_WIDTH);
    return full.isOk() ? full.value.slice(0, tile.width) : null;
  }

  get #signingPath(): string {
    return join(this.#options.privateFolder, 'signing.json');
  }

  async #keepSigning({ origin, size, root }: Signing): Promise<void> {
    const text = JSON.stringify({ origin, size: String(size), root: encodeBase64(root) });
    await writeWhole(this.#signingPath, `${text}\n`, 0);
    await syncFolder(this.#options.privateFolder);
  }

  /** Whether the published checkpoint is one that this state knows nothing of; what is wrong then. */
  async #publishedBeyond(): Promise<string | null> {
    const bytes = await readFile(join(this.#options.folder, 'checkpoint')).catch(() => null);
    if (bytes === null) return null;
    const note = parseNote(bytes);
    if (note.isErr()) return `the published checkpoint cannot be read: ${note.error.detail}`;
    const checkpoint = parseCheckpoint(note.value.text);
    if (checkpoint.isErr()) return `the published checkpoint cannot be read: ${checkpoint.error.detail}`;
    const { origin, size, root } = checkpoint.value;
    if (origin !== this.#origin) return `the published checkpoint is of ${origin}, not of ${this.#origin}`;
    const signed = await checkSignatures(note.value, [this.key], nodeVerifier());
    if (signed.isErr()) return `the published checkpoint was signed with another key: ${signed.error.detail}`;
    if (size > this.size) return `${size} entries are published, and ${this.size} are known here`;
    if (size === this.size && !isSame(root, this.root))
      return `the published root of ${size} entries is another one`;
    return null;
  }
}

/** What was signed last; null where nothing was. */
async function readSigning(path: string): Promise<Result<Signing | null, LogError>> {
  const bytes = await readOrNull(path);
  if (bytes === null) return ok(null);
  try {
    const { origin, size, root } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const hash = decodeBase64(String(root));
    if (typeof origin === 'string' && hash?.length === 32 && /^[0-9]{1,20}$/.test(String(size))) {
      return ok({ origin, size: BigInt(String(size)), root: hash });
    }
  } catch {
    // Told below.
  }
  return damaged(`${path} is not in its form`);
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
