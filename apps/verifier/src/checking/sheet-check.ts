/**
 * A clerk's sheet as a file: the root is computed again from what the sheet shows, and four words from the root. A hub that shows one
 * thing and has another signed cannot show the same words.
 *
 *     { "schema": "bellwether/sheet-shown@1", "batch", "sheet": { "office", "day", "sequence" }, "root",
 *       "changes": [ { "refused", "fields": [ { "field": "public.name.last", "before", "after" } ],
 *                      "sealed": { "kind", "version", "handle", "oldLeaf", "groups": { GROUP: SEALED } } } ] }
 *     SEALED   { "opening", "fields": { NAME: VALUE } }, or { "commitment" } for a group of which the sheet shows nothing
 *
 * Hashes are in hex, the root in base64. Without `batch` and `sealed` nothing can be computed, and words that were merely copied would prove
 * nothing: then the answer stays open.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, decodeText, isSame } from '@bellwether/evidence';
import {
  canonicalFields,
  codeWords,
  commitment,
  formatItem,
  GROUPS,
  type Group,
  ITEM_KINDS,
  itemsRoot,
  NO_LEAF,
  recordLeaf,
} from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import type { FindingOf } from './findings.ts';
import type { CheckingTools } from './policy-check.ts';

/** Most changes of a sheet: a mass change of the largest county, and more. */
const MOST_CHANGES = 200_000;

/** Words that a sheet file begins with. */
export const SHEET_MARK = 'bellwether/sheet-shown@1';

type Hasher = CheckingTools['hasher'];
type Committed = Result<Uint8Array, VerifyError>;
type Members = Readonly<Record<string, unknown>>;

/** Computes root and words of a sheet in a file. */
export function judgeSheet(hasher: Hasher, bytes: Uint8Array): Result<FindingOf<'sheet'>, VerifyError> {
  let file: unknown;
  try {
    file = JSON.parse(decodeText(bytes) ?? '');
  } catch {
    return badSheet('no JSON');
  }
  if (!isMembers(file) || file.schema !== SHEET_MARK) return badSheet('no sheet');
  const { batch, sheet, root, changes } = file;
  if (!isMembers(sheet) || !Array.isArray(changes) || changes.length > MOST_CHANGES)
    return badSheet('no changes');
  const { office, day, sequence } = sheet;
  if (
    typeof office !== 'string' ||
    typeof day !== 'string' ||
    typeof sequence !== 'number' ||
    typeof root !== 'string'
  )
    return badSheet('no office, day, number or root');
  if (!isCount(batch))
    return badSheet('it does not hold what is needed to compute its root: ask for the full file');
  const items: Uint8Array[] = [];
  for (const [at, change] of changes.entries()) {
    if (!isMembers(change)) return badSheet(`change ${at + 1} is none`);
    if (change.refused === true) continue;
    const item = itemOf(hasher, batch, change, at + 1);
    if (item.isErr()) return item;
    items.push(item.value);
  }
  if (items.length === 0) return badSheet('there is nothing to sign on it');
  // The order of a batch is that of the handles, which stand at one place in all items.
  items.sort(byHandle);
  const all = new Uint8Array(items.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const item of items) {
    all.set(item, at);
    at += item.length;
  }
  const computed = itemsRoot(hasher, all);
  const told = decodeBase64(root);
  if (told === undefined || !isSame(told, computed))
    return err({
      code: 'VERIFY_RECORD_DIFFERS',
      detail: `what the sheet shows has another root than ${root}`,
    });
  return ok({
    kind: 'sheet',
    root,
    words: codeWords(hasher, computed),
    office,
    day,
    sequence,
    changes: items.length,
  });
}

/** The item that a change is, made of what is shown. */
function itemOf(
  hasher: Hasher,
  batch: number,
  change: Members,
  number: number,
): Result<Uint8Array, VerifyError> {
  const { sealed, fields } = change;
  if (!isMembers(sealed))
    return badSheet('it does not hold what is needed to compute its root: ask for the full file');
  const { version, groups } = sealed;
  const kind = ITEM_KINDS.find((name) => name === sealed.kind);
  const [handle, oldLeaf] = [hashOfHex(sealed.handle), hashOfHex(sealed.oldLeaf)];
  if (
    kind === undefined ||
    !isCount(version) ||
    handle === null ||
    oldLeaf === null ||
    !Array.isArray(fields)
  )
    return badSheet(`change ${number} is not whole`);
  let newLeaf = NO_LEAF;
  if (kind !== 'removed') {
    if (!isMembers(groups)) return badSheet(`change ${number} has no groups of fields`);
    const [shown, identity, administrative] = GROUPS.map((group) =>
      commitmentOf(hasher, group, version, groups[group], fields, number),
    ) as [Committed, Committed, Committed];
    if (shown.isErr()) return shown;
    if (identity.isErr()) return identity;
    if (administrative.isErr()) return administrative;
    newLeaf = recordLeaf(hasher, version, [shown.value, identity.value, administrative.value]);
  }
  try {
    return ok(formatItem({ batch, kind, version, handle, oldLeaf, newLeaf }));
  } catch (error) {
    return badSheet(`change ${number}: ${(error as Error).message}`);
  }
}

/** The commitment of a group; what the sheet shows of the group has to be what is committed to. */
function commitmentOf(
  hasher: Hasher,
  group: Group,
  version: number,
  sealed: unknown,
  shown: readonly unknown[],
  number: number,
): Result<Uint8Array, VerifyError> {
  if (!isMembers(sealed)) return badSheet(`change ${number} does not tell the group ${group}`);
  const told = shown
    .filter(isMembers)
    .filter(({ field }) => typeof field === 'string' && field.startsWith(`${group}.`));
  const closed = hashOfHex(sealed.commitment);
  if (closed !== null)
    return told.length === 0
      ? ok(closed)
      : badSheet(`change ${number} shows the group ${group} and does not open it`);
  const opening = hashOfHex(sealed.opening);
  const { fields } = sealed;
  if (
    opening === null ||
    !isMembers(fields) ||
    !Object.values(fields).every((value) => typeof value === 'string')
  )
    return badSheet(`change ${number} does not open the group ${group}`);
  const values = fields as Readonly<Record<string, string>>;
  for (const { field, after } of told) {
    if (values[(field as string).slice(group.length + 1)] !== (after ?? ''))
      return err({
        code: 'VERIFY_RECORD_DIFFERS',
        detail: `change ${number} shows another ${field} than it seals`,
      });
  }
  const all = { public: {}, identity: {}, administrative: {}, [group]: values };
  return ok(commitment(hasher, opening, group, version, canonicalFields(all, group)));
}

/** Where the handle of an item begins, and where it ends: README.md of @bellwether/rolls. */
const HANDLE_FROM = 10;
const HANDLE_TO = 42;

function byHandle(a: Uint8Array, b: Uint8Array): number {
  for (let at = HANDLE_FROM; at < HANDLE_TO; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return 0;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 0xffff_ffff;
}

function hashOfHex(value: unknown): Uint8Array | null {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) return null;
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(value.slice(2 * at, 2 * at + 2), 16));
}

function badSheet(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_UNREADABLE', detail: `the sheet: ${detail}` });
}
