/**
 * Receipts for the voters of a signed sheet whose night is sealed: each opens one version of one record, and its public group only.
 * A record that was removed, or changed again since, gets none: nothing of it could be found in the state. Protected voters get none,
 * since a letter tells where they live.
 */
import { ok, type Result } from '@bellwether/basics';
import { canonicalFields, commitment, formatReceipt, opening, receiptOrigin } from '@bellwether/rolls';
import { bytesOfHex, signedChanges } from './batches.ts';
import { type RollError, rollRefused } from './errors.ts';
import type { Holding } from './holding.ts';
import type { Sheet } from './rolls-files.ts';

/** What a letter is made of. */
export type ReceiptLetter = {
  readonly bytes: Uint8Array;
  readonly version: number;
  /** Public fields as they are now; those before, where the address differs: an older address gets a notice without any of these. */
  readonly fields: Readonly<Record<string, string>>;
  readonly movedFrom: Readonly<Record<string, string>> | null;
};

/** Letters of a sheet, in the order of its batch. */
export async function receiptsOf(
  { tools, keys, fold, batches }: Pick<Holding, 'tools' | 'keys' | 'fold' | 'batches'>,
  sheet: Sheet,
): Promise<Result<readonly ReceiptLetter[], RollError>> {
  if (sheet.changes.some(({ isProtected }) => isProtected))
    return rollRefused('ROLL_SHEET_GUARDED', `the sheet of ${sheet.day}`);
  const index = batches.get(sheet.batch);
  const sealedTo = BigInt(fold.lastSeal?.to ?? 0);
  const isSigned = sheet.state === 'signed' || sheet.state === 'partly';
  if (!isSigned || index === undefined || index >= sealedTo)
    return rollRefused('ROLL_NOT_SEALED', `it is ${sheet.state}`);
  const now = signedChanges(sheet.changes, sheet.refused).filter(
    ({ handle, version, after }) => after !== null && fold.versionOf(bytesOfHex(handle)) === version,
  );
  const held = await keys.keysFor(now.map(({ handle }) => bytesOfHex(handle)));
  if (held.isErr()) return held;
  const letters: ReceiptLetter[] = [];
  for (const [at, { handle, version, before, after }] of now.entries()) {
    const key = held.value[at] ?? null;
    // Erased since: there is nothing left to open.
    if (key === null || after === null) continue;
    const { hasher } = tools;
    const closed = (group: 'identity' | 'administrative'): Uint8Array => {
      const salt = opening(hasher, key, version, group);
      return commitment(hasher, salt, group, version, canonicalFields(after, group));
    };
    const bytes = formatReceipt(hasher, {
      origin: receiptOrigin(hasher, fold.genesis.origin),
      handle: bytesOfHex(handle),
      version,
      opening: opening(hasher, key, version, 'public'),
      identity: closed('identity'),
      administrative: closed('administrative'),
    });
    const moved = before !== null && addressOf(before.public) !== addressOf(after.public);
    letters.push({ bytes, version, fields: after.public, movedFrom: moved ? before.public : null });
  }
  return ok(letters);
}

/** The lines of an address: every public field of one, in the order of the mapping. */
export function addressOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .filter(([name, value]) => name.startsWith('address.') && value !== '')
    .map(([, value]) => value)
    .join(', ');
}
