/**
 * What is known of rows, on disk beside the book that it belongs to:
 *
 *     BOOK/known-rows     a line of JSON ‖ digests by ordinal (32 bytes each; zeros: none)
 *                         ‖ digests of rows that are no registrations ‖ HMAC-SHA-256 of all before
 *
 * Both secrets come of the vault key (HKDF, RFC 5869): what a copy of the file is worth ends with that key, at the latest
 * with the month, and an erasure ends it at once. The file is never believed: it has to be of this book, this mapping and
 * this key, whole and unchanged. If it is not, every row is computed, and that is told.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeText, HASH_SIZE } from '@bellwether/evidence';
import { hexOf } from '@bellwether/rolls';
import { writeAll } from './book-files.ts';
import type { RollError } from './errors.ts';
import type { DigestsBefore, RowDigests } from './reconcile-rows.ts';
import type { RollPaths } from './roll-files.ts';
import { readVaultFile } from './vault-file.ts';

/** Days after which every row is computed again, however little changed: a week, so that what is known is itself checked. */
export const FULL_EVERY_DAYS = 7;

const DAY = 86_400_000;
const FILE = 'known-rows';
const SCHEMA = 'bellwether/known-rows@1';

/** Bytes of the longest first line. */
const MOST_HEAD = 1024;

/** Bytes read at a time. */
const PIECE = 8 * 1024 * 1024;

const OWNER_FILE = 0o600;

/** Secrets of one vault key. */
export type RowSecrets = {
  readonly digest: Uint8Array;
  readonly seal: Uint8Array;
  /** Name of the vault key. */
  readonly key: string;
};

/** The first line. */
type KnownHead = {
  readonly schema: typeof SCHEMA;
  /** SHA-256 of `book.json`, and of the mapping. */
  readonly book: string;
  readonly mapping: string;
  readonly key: string;
  readonly header: string;
  readonly records: number;
  readonly notLive: number;
  /** ms since 1970 when every row was computed last. */
  readonly fullAt: number;
};

/** What is known of rows. `fullAt`: ms since 1970, as in the file. */
export type KnownBefore = DigestsBefore & { readonly fullAt: number };

/** Secrets of the vault as it is now. */
export function rowSecrets({ vault }: RollPaths): Result<RowSecrets, RollError> {
  const read = readVaultFile(join(vault, 'voter-keys'), vault);
  if (read.isErr()) return read;
  const { key, head } = read.value;
  read.value.close();
  const made = (use: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', key, '', `${SCHEMA} ${use}`, HASH_SIZE));
  return ok({ digest: made('digest'), seal: made('seal'), key: head.key });
}

/** Reads what is known of the rows of a book, with room for `slots` records; a text says why nothing is. */
export function readKnownRows(
  book: string,
  mapping: string,
  secrets: RowSecrets,
  slots: number,
  now: number,
): KnownBefore | string {
  let file: number;
  try {
    file = openSync(join(book, FILE), 'r');
  } catch {
    return 'no earlier comparison left what it knows';
  }
  try {
    const { size } = fstatSync(file);
    const first = new Uint8Array(Math.min(size, MOST_HEAD));
    if (!readInto(file, first, 0)) return 'what the earlier comparison left is cut off';
    const line = first.subarray(0, first.indexOf(0x0a) + 1);
    const head = headOf(line);
    if (head === null) return 'what the earlier comparison left cannot be read';
    if (head.key !== secrets.key) return 'the vault has a new key since the earlier comparison';
    const records = head.records * HASH_SIZE;
    const others = head.notLive * HASH_SIZE;
    if (size !== line.length + records + others + HASH_SIZE)
      return 'what the earlier comparison left is cut off';
    if (head.records > slots) return 'the earlier comparison was of another book';
    const bySlot = new Uint8Array(slots * HASH_SIZE);
    const notLive = new Uint8Array(others);
    const sealed = new Uint8Array(HASH_SIZE);
    const isWhole =
      readInto(file, bySlot.subarray(0, records), line.length) &&
      readInto(file, notLive, line.length + records) &&
      readInto(file, sealed, line.length + records + others);
    if (!isWhole) return 'what the earlier comparison left is cut off';
    const seal = createHmac('sha256', secrets.seal).update(line).update(bySlot.subarray(0, records));
    if (!timingSafeEqual(seal.update(notLive).digest(), sealed))
      return 'what the earlier comparison left was changed since: find out by whom';
    if (head.book !== hashOfFile(join(book, 'book.json')))
      return 'the earlier comparison was of another book';
    if (head.mapping !== hashOf(mapping)) return 'the earlier comparison was through another mapping';
    if (head.fullAt > now || now - head.fullAt >= FULL_EVERY_DAYS * DAY)
      return `once in ${FULL_EVERY_DAYS} days every row is computed`;
    const header = Uint8Array.from(Buffer.from(head.header, 'hex'));
    return { bySlot, notLive, header, fullAt: head.fullAt };
  } finally {
    closeSync(file);
  }
}

/** Leaves what is known for the next night. `order`: slots of the book's records, in runs [from, to). */
export function writeKnownRows(
  book: string,
  mapping: string,
  secrets: RowSecrets,
  digests: RowDigests,
  order: readonly (readonly [number, number])[],
  fullAt: number,
): void {
  const { notLive, bySlot, header } = digests;
  if (header === null) return;
  const head: KnownHead = {
    schema: SCHEMA,
    book: hashOfFile(join(book, 'book.json')),
    mapping: hashOf(mapping),
    key: secrets.key,
    header: hexOf(header),
    records: order.reduce((sum, [from, to]) => sum + to - from, 0),
    notLive: notLive.length,
    fullAt,
  };
  const draft = join(book, `${FILE}.new`);
  const file = openSync(draft, 'w', OWNER_FILE);
  try {
    const seal = createHmac('sha256', secrets.seal);
    const write = (bytes: Uint8Array): void => {
      seal.update(bytes);
      writeAll(file, bytes);
    };
    write(encodeText(`${JSON.stringify(head)}\n`));
    for (const [from, to] of order) write(bySlot.subarray(from * HASH_SIZE, to * HASH_SIZE));
    for (const digest of notLive) write(digest);
    writeAll(file, seal.digest());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, join(book, FILE));
}

function readInto(file: number, out: Uint8Array, position: number): boolean {
  for (let at = 0; at < out.length; ) {
    const read = readSync(file, out, at, Math.min(PIECE, out.length - at), position + at);
    if (read === 0) return false;
    at += read;
  }
  return true;
}

function headOf(line: Uint8Array): KnownHead | null {
  try {
    const head = JSON.parse(new TextDecoder().decode(line)) as KnownHead;
    const isRight =
      head.schema === SCHEMA &&
      Number.isSafeInteger(head.records) &&
      head.records >= 0 &&
      Number.isSafeInteger(head.notLive) &&
      head.notLive >= 0 &&
      Number.isSafeInteger(head.fullAt) &&
      /^[0-9a-f]{64}$/.test(head.header);
    return isRight ? head : null;
  } catch {
    return null;
  }
}

function hashOfFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
