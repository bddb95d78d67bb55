/** A new signer: a passkey of a clerk is announced in the log, signed by the key that the office has already. */
import type { Result } from '@bellwether/basics';
import { ok } from '@bellwether/basics';
import {
  claimBytes,
  formatEntry,
  type KeyEntry,
  keyClaim,
  minuteText,
  type SignerKey,
} from '@bellwether/rolls';
import { type RollError, rollRefused } from './errors.ts';
import { appendFolded, type Holding } from './holding.ts';
import { keysIn } from './key-files.ts';

const HOUR = 3_600_000;

/** Announces it; the time (ms since 1970) from which it counts. The key of the place has to lie on this machine. */
export async function announceSigner(
  holding: Holding,
  signer: SignerKey,
): Promise<Result<{ readonly countsFrom: number }, RollError>> {
  const { fold, paths, now } = holding;
  const known = fold.signers.get(signer.id);
  if (known !== undefined && !known.isRevoked) return ok({ countsFrom: Math.max(0, known.from) });
  const older = (await keysIn(paths.keys, fold.signers)).find((key) => key.signer.place === signer.place);
  if (older === undefined) {
    return rollRefused('ROLL_SIGNER_UNKNOWN', `no key of ${signer.place} lies here that could announce it`);
  }
  const at = [minuteText(now()), fold.lastSeal?.at ?? ''].sort().at(-1)!;
  const entry: Omit<KeyEntry, 'signatures'> = { type: 'key', act: 'add', key: signer, at };
  const signature = older.sign(claimBytes(keyClaim(fold.genesis.origin, entry)));
  const appended = await appendFolded(holding, [formatEntry({ ...entry, signatures: [signature] })]);
  return appended.map(() => ({ countsFrom: Date.parse(at) + fold.policy.signerDelayHours * HOUR }));
}
