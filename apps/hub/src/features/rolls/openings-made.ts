/**
 * Openings of records of the last sealed night, made of the book and the vault: for an office those of its voters, for
 * auditors those that were drawn. What goes out are handles, numbers, openings and proofs, never a row.
 */
import { ok, type Result } from '@bellwether/basics';
import { decodeBase64, isSame } from '@bellwether/evidence';
import {
  canonicalFields,
  commitment,
  GROUPS,
  HANDLE_SIZE,
  type OpeningsHead,
  openedRecordLine,
  opening,
  openingsHeadLine,
  PrefixTree,
  recordLeaf,
} from '@bellwether/rolls';
import { Book } from './book.ts';
import { type RollError, rollRefused } from './errors.ts';
import type { Holding } from './holding.ts';
import { nightFile } from './night-views.ts';
import { drawnOf, recordsOfOffice, waitingSince } from './second-hand.ts';

/** Records of one piece of what is sent: a quarter of a megabyte, after which others have their turn. */
const RECORDS_AT_ONCE = 200;

/** Openings that are ready to be sent. Reading pieces may throw when a newer night is sealed meanwhile. */
export type MadeOpenings = { readonly head: OpeningsHead; readonly pieces: () => Generator<Buffer> };

/** Makes them for the last seal. */
export async function makeOpenings(
  holding: Readonly<Holding>,
  whose: OpeningsHead['whose'],
): Promise<Result<MadeOpenings, RollError>> {
  const { seals, records: book, fold, keys, tools } = holding;
  const last = seals.at(-1);
  if (last === undefined) return rollRefused('ROLL_OPENINGS_NONE', 'no night is sealed yet');
  if (!(book instanceof Book)) throw new TypeError('the roll has no book');
  const night = await nightFile(holding, last.entry.epoch);
  const checkpoint = night?.checkpoint ?? null;
  if (whose === 'auditors' && checkpoint === null) {
    return rollRefused(
      'ROLL_OPENINGS_NONE',
      'nothing was cosigned before the seal, so nothing could be drawn',
    );
  }
  const own = whose === 'auditors' ? null : recordsOfOffice(book, whose.office);
  const drawn = whose === 'auditors' ? drawnOf(tools.hasher, book, checkpoint!) : null;
  const ordinals = own?.opened ?? drawn!.opened;
  const handles = ordinals.map((ordinal) => handleAt(book, ordinal));
  const voterKeys = await keys.keysFor(handles);
  if (voterKeys.isErr()) return voterKeys;
  const without = voterKeys.value.indexOf(null);
  if (without >= 0)
    return rollRefused('ROLL_DAMAGED', `the vault has no key for ${book.index.recordAt(ordinals[without]!)}`);
  const sealedRoot = decodeBase64(last.entry.after)!;
  let ofBook: PrefixTree | null = null;
  // The tree of the fold is there already, and is the sealed one until something is signed: then one is made of the book.
  const sealedTree = (): PrefixTree => {
    const { state } = holding.fold;
    if (ofBook === null && state instanceof PrefixTree && isSame(state.root(), sealedRoot)) return state;
    ofBook ??= PrefixTree.ofSorted(tools.hasher, book.handles, book.leaves, book.count);
    return ofBook;
  };
  const head: OpeningsHead = {
    schema: 'bellwether/openings@1',
    origin: fold.genesis.origin,
    epoch: last.entry.epoch,
    seal: String(last.index),
    root: last.entry.after,
    leaves: last.entry.leaves,
    whose,
    count: ordinals.length,
    leftOut: own?.leftOut ?? 0,
    withheld: drawn?.withheld ?? [],
    waiting: waitingFor(
      holding,
      whose,
      ordinals.map((ordinal) => book.index.recordAt(ordinal)),
    ),
    checkpoint: whose === 'auditors' ? checkpoint : null,
  };
  const lineAt = (tree: PrefixTree, at: number): string => {
    const [ordinal, handle, key] = [ordinals[at]!, handles[at]!, voterKeys.value[at]!];
    const version = book.versions[ordinal]!;
    const openings = GROUPS.map((group) => opening(tools.hasher, key, version, group));
    const fields = book.fieldsAt(ordinal)!;
    const commitments = GROUPS.map((group, g) =>
      commitment(tools.hasher, openings[g]!, group, version, canonicalFields(fields, group)),
    );
    const [open, identity, administrative] = commitments;
    const leaf = Buffer.from(recordLeaf(tools.hasher, version, [open!, identity!, administrative!]));
    const kept = book.leaves.subarray(ordinal * HANDLE_SIZE, (ordinal + 1) * HANDLE_SIZE);
    if (!leaf.equals(kept)) throw new Error(`the book has another row of ${book.index.recordAt(ordinal)}`);
    const recordId = book.index.recordAt(ordinal);
    const { siblings } = tree.proof(handle);
    return openedRecordLine({ handle, rank: ordinal, version, recordId, openings, commitments, siblings });
  };
  function* pieces(): Generator<Buffer> {
    yield Buffer.from(openingsHeadLine(head));
    for (let from = 0; from < ordinals.length; from += RECORDS_AT_ONCE) {
      const count = Math.min(RECORDS_AT_ONCE, ordinals.length - from);
      const tree = sealedTree();
      yield Buffer.from(Array.from({ length: count }, (_, i) => lineAt(tree, from + i)).join(''));
    }
  }
  return ok({ head, pieces });
}

/** Of an office what waits at that office, new records too; for auditors what waits of those that were drawn. */
function waitingFor(
  { sheets, seals }: Readonly<Holding>,
  whose: OpeningsHead['whose'],
  recordIds: readonly string[],
): readonly string[] {
  const sealedAt = seals.at(-1)!.entry.at;
  if (whose !== 'auditors') {
    const { office } = whose;
    return waitingSince(
      [...sheets.values()].filter((sheet) => sheet.office === office),
      sealedAt,
    );
  }
  const drawn = new Set(recordIds);
  return waitingSince(sheets.values(), sealedAt).filter((recordId) => drawn.has(recordId));
}

function handleAt({ handles }: Book, ordinal: number): Uint8Array {
  return handles.slice(ordinal * HANDLE_SIZE, (ordinal + 1) * HANDLE_SIZE);
}
