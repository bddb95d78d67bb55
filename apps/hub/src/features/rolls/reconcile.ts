/**
 * The nightly comparison, by a process of its own that holds no lock: the live database against the state, and what it found
 * left behind as `nights/pending.json` with the reader's signature, beside it the next book.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeBase64 } from '@bellwether/evidence';
import { claimBytes, type SignerKey, signerKeyId } from '@bellwether/rolls';
import { fileSigner } from '../../platform/evidence/log-key.ts';
import { PADDING_FLAG } from './book-files.ts';
import { type Reading, type ReadingError, type ReadingOptions, readAgainstState } from './capture.ts';
import { namesTransactions } from './capture-transactions.ts';
import { findUndone } from './capture-undone.ts';
import { rollRefused } from './errors.ts';
import { readingOfNight } from './readings.ts';
import { judgeDifferences } from './reconcile-judging.ts';
import { isTileThere, writeNextBook, writeTiles } from './reconcile-next.ts';
import { writeKnownRows } from './reconcile-rows-file.ts';
import { type RollPaths, writeJson } from './roll-files.ts';
import type { Night, RowsTold } from './rolls-files.ts';

/** The place of the reader's key, and what its file is called beside the folder of the roll. */
export const READER_PLACE = 'reader';

/** Compares, and leaves the night behind. */
export async function reconcileRoll(
  options: ReadingOptions,
  version: string,
): Promise<Result<Night, ReadingError>> {
  const { paths, hasher, now } = options;
  const reading = await readAgainstState(options);
  if (reading.isErr()) return reading;
  const { state, mapping, captured, read, changes, day } = reading.value;
  const rows = rowsTold(reading.value, now);
  const { head, tree, signed, policy, book } = state;
  try {
    const undone = await findUndone(paths, head.epoch, captured, mapping, state, changes);
    const judged = await judgeDifferences(
      paths,
      changes,
      namesTransactions(mapping),
      policy.awaitingDays,
      head.epoch,
      now,
    );
    const { next, records, order } = writeNextBook(paths, state, now);
    const { secrets, digests } = reading.value.rows;
    writeKnownRows(join(paths.books, next), reading.value.mappingText, secrets, digests, order, rows.fullAt);
    const bucketBits = writeTiles(paths.public, tree, isTileThere(paths));
    const real = [...signed.values()].filter(
      ({ recordId, flags }) => recordId !== '' && (flags & PADDING_FLAG) === 0,
    );
    const fromFeeds = real.filter(({ sources }) =>
      [...sources].every((source) => source.startsWith('feed:')),
    ).length;
    const changed = new Set([...real, ...changes].map(({ recordId }) => recordId)).size;
    if (!existsSync(readerKeyFile(paths)))
      return rollRefused('ROLL_READER_ABSENT', `${readerKeyFile(paths)} is not there`);
    const signer = await fileSigner(readerKeyFile(paths), READER_PLACE);
    if (signer.isErr()) return rollRefused('ROLL_UNWRITABLE', signer.error.detail);
    const key: Omit<SignerKey, 'id'> = {
      place: READER_PLACE,
      scheme: 'ed25519',
      publicKey: encodeBase64(signer.value.key.publicKey),
      site: '',
      origins: [],
    };
    const unsigned = {
      schema: 'bellwether/night@1' as const,
      epoch: head.epoch + 1,
      day,
      at: new Date(now).toISOString(),
      generation: head.generation,
      to: String(state.to),
      read,
      records,
      leaves: tree.size,
      changed,
      authorised: real.length - fromFeeds,
      fromFeeds,
      awaiting: judged.awaiting,
      unauthorised: judged.unauthorised,
      root: encodeBase64(tree.root()),
      bucketBits,
      next,
      captures: captured.captures,
      ...(undone === null ? {} : { undone: undone.undone, capturedTo: undone.to }),
      rows: rows.told,
      reader: { version, key: signerKeyId(hasher, key) },
      sealed: false,
    };
    const claim = claimBytes(readingOfNight(head.origin, unsigned));
    const signature = encodeBase64(await signer.value.sign(claim));
    const night: Night = { ...unsigned, reader: { ...unsigned.reader, signature } };
    await writeJson(join(paths.nights, 'pending.json'), night);
    return ok(night);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return rollRefused('ROLL_UNWRITABLE', (error as Error).message);
  } finally {
    book.close();
  }
}

/** How many rows were known, or why none was; and when every row was computed last. */
function rowsTold({ rows }: Reading, now: number): { readonly told: RowsTold; readonly fullAt: number } {
  const { before, digests } = rows;
  const why =
    typeof before === 'string'
      ? before
      : digests.isOfOtherHeader
        ? 'the dump has other columns than at the earlier comparison'
        : null;
  return {
    told: { known: digests.passed, why },
    fullAt: why === null && typeof before !== 'string' ? before.fullAt : now,
  };
}

/** Where the reader's key lies: beside the folder of the roll, so that another account can have it. */
export function readerKeyFile({ rolls }: RollPaths): string {
  return join(rolls, '..', 'rolls-reader');
}
