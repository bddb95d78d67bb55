/**
 * Replays the roll from the log, entry by entry, and checks that the entries are those of the checkpoint that was cosigned: the
 * hub may give out what it likes. Nothing personal is needed for it; what is kept in memory is 64 bytes a record.
 */
import { err, ok, type Result } from '@bellwether/basics';
import {
  decodeBase64,
  entryHashes,
  formatEntries,
  GrowingTree,
  type Hasher,
  isSame,
  MAX_ENTRY_BYTES,
  parseEntries,
  TILE_WIDTH,
  tilePath,
  tileWidth,
  type Verifier,
} from '@bellwether/evidence';
import {
  beginFold,
  type Fold,
  type FoldRefusal,
  type GenesisEntry,
  MAX_STATE_FILE,
  parseEntry,
  type RollState,
  readState,
  type SealEntry,
} from '@bellwether/rolls';
import type { AgentError } from '../errors.ts';
import type { HubClient } from './hub-client.ts';

/** Bytes of the longest bundle of entries. */
const MAX_BUNDLE_BYTES = TILE_WIDTH * (2 + MAX_ENTRY_BYTES);

/** What a replay needs. */
export type RollFoldNeeds = {
  readonly client: HubClient;
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  /** Ms since 1970. */
  readonly now: () => number;
  /** When this witness first saw an entry, by its own clock, ms since 1970; null: it was there before. */
  readonly seenAt: (index: bigint) => number | null;
  /** Reads the state that a genesis names. */
  readonly readGenesis: (genesis: GenesisEntry) => Promise<Result<RollState, AgentError>>;
};

/** What came of a replay up to a checkpoint. */
export type RollFolded = {
  /** First entry that was looked at this time. */
  readonly from: bigint;
  /** What broke a rule; null for nothing. */
  readonly refused: FoldRefusal | null;
  /** False where the log has no roll in it yet. */
  readonly hasRoll: boolean;
  /** The last seal of it, and where it stands; null before the first. */
  readonly lastSeal: { readonly index: bigint; readonly entry: SealEntry } | null;
};

/** A replay on its way. */
export class RollFold {
  readonly #needs: RollFoldNeeds;
  #tree: GrowingTree;
  #fold: Fold | null = null;
  #refused: FoldRefusal | null = null;
  #lastSeal: RollFolded['lastSeal'] = null;

  constructor(needs: RollFoldNeeds) {
    this.#needs = needs;
    this.#tree = new GrowingTree(needs.hasher, () => {});
  }

  /** Entries so far. */
  get size(): bigint {
    return this.#tree.size;
  }

  /** Goes on to a checkpoint. After a failure it begins anew: what was read may not have been the log. */
  async foldTo(size: bigint, root: Uint8Array): Promise<Result<RollFolded, AgentError>> {
    const from = this.size;
    const folded = await this.#readTo(size, root);
    if (folded.isErr()) {
      this.#tree = new GrowingTree(this.#needs.hasher, () => {});
      this.#fold = null;
      this.#refused = null;
      this.#lastSeal = null;
      return folded;
    }
    return ok({ from, refused: this.#refused, hasRoll: this.#fold !== null, lastSeal: this.#lastSeal });
  }

  async #readTo(size: bigint, root: Uint8Array): Promise<Result<void, AgentError>> {
    while (this.size < size) {
      const entries = await entriesFrom(this.#needs.client, this.size, size);
      if (entries.isErr()) return entries;
      const first = this.size;
      this.#tree.append(entryHashes(this.#needs.hasher, entries.value));
      const taken = await this.#takeEntries(first, entries.value);
      if (taken.isErr()) return taken;
    }
    if (!isSame(this.#tree.root(), root))
      return away('its entries are not those of the checkpoint that it signed');
    if (this.#fold === null || this.#refused !== null) return ok();
    const settled = await this.#fold.settleSignatures();
    if (settled.isErr()) this.#refused = settled.error;
    return ok();
  }

  async #takeEntries(first: bigint, entries: readonly Uint8Array[]): Promise<Result<void, AgentError>> {
    if (this.#refused !== null) return ok();
    let at = 0;
    for (; this.#fold === null && at < entries.length; at++) {
      const begun = await this.#beginRoll(first + BigInt(at), entries[at]!);
      if (begun.isErr()) return begun;
      if (this.#refused !== null) return ok();
    }
    if (this.#fold === null || at === entries.length) return ok();
    const rest = entries.slice(at);
    const folded = await this.#fold.foldEntries(first + BigInt(at), formatEntries(rest), rest.length);
    if (folded.isErr()) this.#refused = folded.error;
    else
      for (const { index, entry } of folded.value)
        if (entry.type === 'seal') this.#lastSeal = { index, entry };
    return ok();
  }

  /** Begins the fold where an entry is the genesis; other entries before it are no business of the rolls. */
  async #beginRoll(index: bigint, bytes: Uint8Array): Promise<Result<void, AgentError>> {
    const { hasher, verifier, now, seenAt, readGenesis } = this.#needs;
    const entry = parseEntry(bytes);
    if (entry.isErr() || entry.value === 'other' || !('type' in entry.value)) return ok();
    if (entry.value.type !== 'genesis') return ok();
    const state = await readGenesis(entry.value);
    if (state.isErr()) return state;
    const witness = {
      get now() {
        return now();
      },
      seenAt,
    };
    const begun = beginFold({ hasher, verifier }, index, bytes, state.value, { witness });
    if (begun.isErr()) this.#refused = begun.error;
    else this.#fold = begun.value;
    return ok();
  }
}

/** Entries of a log of so many, from one on to the end of its bundle. */
export async function entriesFrom(
  client: HubClient,
  first: bigint,
  size: bigint,
): Promise<Result<readonly Uint8Array[], AgentError>> {
  const index = first / BigInt(TILE_WIDTH);
  const width = tileWidth(0, index, size);
  let got = width;
  const path = tilePath({ level: 'entries', index, width });
  let bytes = await client.fetchBytes(path, MAX_BUNDLE_BYTES);
  if (bytes.isOk() && bytes.value === null && width < TILE_WIDTH) {
    // A partial bundle may have grown into the full one meanwhile.
    got = TILE_WIDTH;
    bytes = await client.fetchBytes(tilePath({ level: 'entries', index, width: got }), MAX_BUNDLE_BYTES);
  }
  if (bytes.isErr()) return bytes;
  if (bytes.value === null) return away(`${path} is not there`);
  const entries = parseEntries(bytes.value, got);
  if (entries.isErr()) return away(`${path}: ${entries.error.detail}`);
  return ok(entries.value.slice(Number(first % BigInt(TILE_WIDTH)), width));
}

/** Reads the state of a genesis from the hub's files, each of which is named by its hash. */
export function genesisFrom(client: HubClient, hasher: Hasher): RollFoldNeeds['readGenesis'] {
  return async ({ root, bucketBits, leaves }) => {
    let failed: Result<never, AgentError> | null = null;
    const state = await readState(hasher, decodeBase64(root)!, bucketBits, leaves, async (name) => {
      const bytes = await client.fetchBytes(`state/${name}`, MAX_STATE_FILE);
      if (bytes.isOk() && bytes.value !== null) return ok(bytes.value);
      failed = bytes.isErr() ? bytes : away(`state/${name} is not there`);
      return err({ code: 'ROLLS_STATE_DIFFERS', detail: name });
    });
    if (failed !== null) return failed;
    return state.mapErr(
      ({ detail }): AgentError => ({ code: 'WITNESS_HUB_AWAY', detail: `the first state: ${detail}` }),
    );
  };
}

function away(detail: string): Result<never, AgentError> {
  return err({ code: 'WITNESS_HUB_AWAY', detail });
}
