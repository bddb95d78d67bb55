/** What each entry but an item does to the books of a fold, and what it may not. */
import { decodeBase64, type Hasher, isSame, type Verifier } from '@bellwether/evidence';
import { BatchReading, type Breach, type RollState, type Versions } from './batch-reading.ts';
import { batchClaim, checkClaim, claimBytes, keyClaim, readingClaim, signerKeyId } from './claim.ts';
import type {
  BatchEntry,
  ClaimSignature,
  EraseEntry,
  ExtractEntry,
  KeyEntry,
  PolicyEntry,
  SealEntry,
} from './entries.ts';
import { areEnough, changesOf, checkPolicyChange, placeOf, secondOfficeNeeded } from './fold-policy.ts';
import { type ItemCounts, type RollsPolicy, STATE } from './rolls-types.ts';
import { isLocalOffice, READER, type Signers, type WitnessClock } from './signers.ts';
import { minuteOf } from './strict-json.ts';

/** How far a log's times may be ahead of a witness's clock: what two clocks that are kept differ by, and more. Milliseconds. */
const MOST_AHEAD = 600_000;

/** What the fold computes with. */
export type FoldTools = { readonly hasher: Hasher; readonly verifier: Verifier };

/** What else the caller wants or knows. */
export type FoldOptions = {
  /**
   * Roots are computed at seals from this entry on: the index of the last seal, for whoever wants only that root. Before it,
   * each seal still has to begin where the one before ended.
   */
  readonly rootsFrom?: bigint;
  /**
   * Seals do not wait for the signatures before them; the caller waits in the end, by `settleSignatures`. For whoever tells nobody of a
   * seal before: what is refused is the same, only later.
   */
  readonly settlesLater?: boolean;
  readonly witness?: WitnessClock;
};

/** Everything that a fold knows but the place where it is. Only the functions below change it. */
export type FoldBooks = {
  readonly tools: FoldTools;
  readonly options: FoldOptions;
  readonly origin: string;
  readonly state: RollState;
  readonly signers: Signers;
  readonly versions: Versions;
  /** Records by office: those of the genesis, and what its batches added and removed since. */
  readonly records: Map<string, number>;
  /** By office and source. */
  readonly sequences: Map<string, { readonly last: number; readonly day: string }>;
  /** Changes since the last seal, by office. */
  readonly counts: Map<string, ItemCounts>;
  /** Signatures that are being checked, each with what is wrong, if it is. */
  readonly checks: Promise<Breach | null>[];
  /** Numbers of batches so far. */
  readonly batches: Set<number>;
  policy: RollsPolicy;
  /** The highest of them. */
  lastBatch: number;
  /** The last seal, and the entry behind it. */
  seal: SealEntry | undefined;
  sealedTo: bigint;
  /** Base64: the root that the next seal begins with. */
  root: string;
  /** Latest time that the log told, milliseconds since 1970. */
  time: number;
};

const NO_COUNTS: ItemCounts = { new: 0, changed: 0, removed: 0 };

/** A batch begins: its items are read by what this gives. */
export function takeBatch(books: FoldBooks, index: bigint, entry: BatchEntry): BatchReading | Breach {
  const { batch, office, source, day, sequence, signatures } = entry;
  const isRight =
    source === STATE || office === STATE ? source === STATE && office === STATE : isLocalOffice(office);
  if (!isRight) return { rule: 'place', what: `a batch of ${office} by ${source}` };
  if (books.batches.has(batch)) return { rule: 'number', what: `a second batch ${batch}` };
  const before = books.sequences.get(`${office} ${source}`) ?? { last: 0, day: '' };
  if (sequence !== before.last + 1 || day < before.day) {
    return { rule: 'sequence', what: `sequence ${sequence} of ${day} after ${before.last} of ${before.day}` };
  }
  const changes = changesOf(entry);
  if (changes === 0) return { rule: 'counts', what: 'a batch without items' };
  if (source === STATE && changes < books.policy.protectedBatch) {
    return { rule: 'protected', what: `${changes} items, and ${books.policy.protectedBatch} are the fewest` };
  }
  const needed = secondOfficeNeeded(
    books.policy,
    entry,
    books.records.get(office) ?? 0,
    books.seal?.day ?? '',
  );
  const places = signedBy(books, index, signatures, claimBytes(batchClaim(books.origin, entry)));
  if (!Array.isArray(places)) return places;
  if (!areEnough(entry, places, false)) {
    return { rule: 'signer', what: `${placeOf(entry)} has not signed` };
  }
  if (needed !== null && !areEnough(entry, places, true)) {
    return {
      rule: needed,
      what: `${changes} changes, ${entry.counts.removed} of them removals, and no second office signed`,
    };
  }
  books.batches.add(batch);
  books.lastBatch = Math.max(books.lastBatch, batch);
  books.sequences.set(`${office} ${source}`, { last: sequence, day });
  return new BatchReading(entry, index);
}

/** All items of a batch were there. */
export function countBatch({ records, counts }: FoldBooks, { office, counts: told }: BatchEntry): void {
  // An office may remove a record that came from another one, which the log does not tell: never below zero.
  records.set(office, Math.max(0, (records.get(office) ?? 0) + told.new - told.removed));
  const before = counts.get(office) ?? NO_COUNTS;
  counts.set(office, {
    new: before.new + told.new,
    changed: before.changed + told.changed,
    removed: before.removed + told.removed,
  });
}

/** A signer comes or goes. */
export function takeKey(books: FoldBooks, index: bigint, entry: KeyEntry): Breach | null {
  const { act, key, signatures } = entry;
  const known = books.signers.get(key.id);
  if (signerKeyId(books.tools.hasher, key) !== key.id)
    return { rule: 'key', what: 'the id of the key is not its own' };
  if (act === 'add' && known !== undefined) return { rule: 'key', what: 'the key was here before' };
  if (act === 'revoke' && known?.isRevoked !== false) return { rule: 'key', what: 'there is no such key' };
  const late = takeTime(books, entry.at);
  if (late !== null) return late;
  const places = signedBy(books, index, signatures, claimBytes(keyClaim(books.origin, entry)));
  if (!Array.isArray(places)) return places;
  if (
    !books.signers.mayChange(
      key,
      signatures.map((signature) => signature.key),
    )
  ) {
    return { rule: 'key', what: `signed by ${places.join(' and ')}, about a key of ${key.place}` };
  }
  books.signers.enroll(entry, index, books.time, books.policy.signerDelayHours);
  return null;
}

/** The policy changes. */
export async function takePolicy(books: FoldBooks, entry: PolicyEntry): Promise<Breach | null> {
  const late = takeTime(books, entry.at);
  if (late !== null) return late;
  const { hasher, verifier } = books.tools;
  const agreed = await checkPolicyChange(books.origin, books.policy, entry, hasher, verifier);
  if (agreed.isErr()) return { rule: 'policy', what: agreed.error };
  books.policy = entry.policy;
  return null;
}

/** A voter's key was destroyed: the handle never comes again. */
export function takeErase({ state, versions }: FoldBooks, { handle }: EraseEntry): Breach | null {
  const bytes = Uint8Array.from({ length: 32 }, (_, at) =>
    Number.parseInt(handle.slice(2 * at, 2 * at + 2), 16),
  );
  if (state.find(bytes) >= 0) return { rule: 'erase', what: `${handle} is in the state` };
  versions.retire(bytes);
  return null;
}

/** A poll book or a list was made. */
export function takeExtract({ seal }: FoldBooks, { epoch }: ExtractEntry): Breach | null {
  const last = seal?.epoch ?? 0;
  return epoch <= last ? null : { rule: 'extract', what: `epoch ${epoch}, and ${last} is the last` };
}

/** A night is sealed. Signatures so far have been awaited. */
export function takeSeal(books: FoldBooks, index: bigint, entry: SealEntry): Breach | null {
  const { epoch, day, from, to, before, after, records, leaves, result } = entry;
  const last = books.seal;
  if (epoch !== (last?.epoch ?? 0) + 1 || day < (last?.day ?? '')) {
    return {
      rule: 'seal',
      what: `epoch ${epoch} of ${day} after ${last?.epoch ?? 0} of ${last?.day ?? 'the genesis'}`,
    };
  }
  if (from !== String(books.sealedTo) || to !== String(index)) {
    return { rule: 'seal', what: `it seals ${from} to ${to} instead of ${books.sealedTo} to ${index}` };
  }
  if (before !== books.root) return { rule: 'seal', what: 'it does not begin where the last one ended' };
  if (leaves !== books.state.size || records > leaves) {
    return { rule: 'counts', what: `${records} records and ${leaves} leaves, where ${books.state.size} are` };
  }
  if (!isSameCounts(entry.counts, books.counts))
    return { rule: 'counts', what: 'other changes than those since the last seal' };
  const unauthorised = Object.values(result.unauthorised).reduce((sum, count) => sum + count, 0);
  if (result.equal !== (unauthorised === 0)) return { rule: 'seal', what: 'its result contradicts itself' };
  const late = takeTime(books, entry.at);
  if (late !== null) return late;
  const { key, signature } = result.reader;
  const claim = claimBytes(readingClaim(books.origin, entry));
  const places = signedBy(books, index, [{ key, signature }], claim);
  if (!Array.isArray(places)) return places;
  if (places[0] !== READER) return { rule: 'signer', what: 'what was found is not signed by the reader' };
  if (index >= (books.options.rootsFrom ?? 0n) && !isSame(books.state.root(), decodeBase64(after)!)) {
    return { rule: 'state', what: `the state of epoch ${epoch} has another root` };
  }
  books.seal = entry;
  books.sealedTo = index + 1n;
  books.root = after;
  books.counts.clear();
  return null;
}

/** The places of the keys that signed; all have to count. Whether they signed this is found out meanwhile. */
function signedBy(
  { signers, checks, time, options, tools }: FoldBooks,
  index: bigint,
  signatures: readonly ClaimSignature[],
  bytes: Uint8Array,
): string[] | Breach {
  const places: string[] = [];
  const keys = new Set<string>();
  for (const signature of signatures) {
    const fault = signers.fault(signature.key, index, time, options.witness);
    if (fault !== null) return { rule: 'signer', what: fault };
    if (keys.has(signature.key)) return { rule: 'signer', what: 'one key signed twice' };
    keys.add(signature.key);
    const { key } = signers.get(signature.key)!;
    places.push(key.place);
    checks.push(
      checkClaim(bytes, signature, key, tools.hasher, tools.verifier).then((checked) =>
        checked.isErr() ? { rule: 'signature', index, what: checked.error.detail } : null,
      ),
    );
  }
  return places;
}

/** A time that the log tells. */
function takeTime(books: FoldBooks, at: string): Breach | null {
  const time = minuteOf(at)!;
  if (time < books.time) return { rule: 'time', what: `${at} is before what was told already` };
  const { witness } = books.options;
  if (witness !== undefined && time > witness.now + MOST_AHEAD) {
    return { rule: 'time', what: `${at} is ahead of the clock here` };
  }
  books.time = time;
  return null;
}

function isSameCounts(
  told: Readonly<Record<string, ItemCounts>>,
  counted: ReadonlyMap<string, ItemCounts>,
): boolean {
  const offices = Object.entries(told).filter(([, counts]) => changesOf({ counts }) > 0);
  return (
    offices.length === counted.size &&
    offices.every(([office, { new: added, changed, removed }]) => {
      const counts = counted.get(office);
      return counts?.new === added && counts.changed === changed && counts.removed === removed;
    })
  );
}
