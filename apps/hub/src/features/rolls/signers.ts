/** A new signer: a passkey of a clerk is announced in the log, signed by the key that the office has already, or asked for. */
import { ok, type Result } from '@bellwether/basics';
import type { SignerKey } from '@bellwether/rolls';
import type { RollError } from './errors.ts';
import type { Holding } from './holding.ts';
import { keysIn } from './key-files.ts';
import { askForSigner, endorseSigner, endorsingOf } from './signer-requests.ts';
import { signsFrom } from './signer-times.ts';

/**
 * Announces it; the time (ms since 1970) from which it counts. Null: no older key of the place lies on this machine, and two other
 * offices have to endorse it.
 */
export async function announceSigner(
  holding: Holding,
  signer: SignerKey,
): Promise<Result<{ readonly countsFrom: number | null }, RollError>> {
  const { fold, paths } = holding;
  const known = fold.signers.get(signer.id);
  if (known !== undefined && !known.isRevoked)
    return ok({ countsFrom: Math.max(0, signsFrom(holding, known)) });
  const asked = await askForSigner(holding, signer);
  if (asked.isErr()) return asked;
  const endorsing = await endorsingOf(holding, 'add', signer.id);
  if (endorsing.isErr()) return endorsing;
  const { claim, signers } = endorsing.value;
  const older = (await keysIn(paths.keys, fold.signers)).find(
    (key) => key.signer.place === signer.place && signers.some(({ id }) => id === key.signer.id),
  );
  if (older === undefined) return ok({ countsFrom: null });
  const endorsed = await endorseSigner(holding, 'add', signer.id, older.sign(claim));
  return endorsed.map(() => ({ countsFrom: signsFrom(holding, holding.fold.signers.get(signer.id)!) }));
}
