/**
 * Signing a sheet: the hub says what is to be signed, the passkey signs it, the hub checks it. What is signed stands for the
 * root, and so for the four words; words other than those that were shown are never signed.
 */
import type { SheetAnswer, SheetSummary, SignerAnswer, SignerChange, WebAuthnJson } from '@bellwether/api';
import { HubProblem } from '../../api/ask.ts';
import { showPasskey } from '../../api/passkey.ts';
import { askForEndorsing, askForSigning, type SheetRef, sendEndorsement, sendSignature } from './queries.ts';
import { SHEETS } from './texts.ts';

/** Code of the problem where the sheet is no longer the one that was looked at; the hub's own. */
export const SHEET_CHANGED = 'ROLL_SHEET_CHANGED';

/** Code of the problem where no passkey of this person may sign; the hub's own. */
export const SIGNER_UNKNOWN = 'ROLL_SIGNER_UNKNOWN';

/** How long a person may take to find their key, ms: as long as at signing in. */
const PATIENCE = 120_000;

/** What a passkey answers (W3C Web Authentication, level 3, section 5.1), all base64url. */
type Shown = {
  readonly id: string;
  readonly response: {
    readonly authenticatorData: string;
    readonly clientDataJSON: string;
    readonly signature: string;
  };
};

/** Signs what was shown. Throws a `HubProblem` where it was not signed. */
export async function signSheet(
  ref: SheetRef,
  shown: Pick<SheetAnswer, 'root' | 'words'>,
): Promise<SheetSummary> {
  const { challenge, site, passkeys, words } = await askForSigning(ref);
  if (words.join(' ') !== shown.words.join(' ')) throw problem(SHEET_CHANGED, SHEETS.could.changed);
  if (passkeys.length === 0) throw problem(SIGNER_UNKNOWN, SHEETS.noSigner.title);
  const { id, response } = await shownPasskey(challenge, site, passkeys);
  return await sendSignature(ref, {
    root: shown.root,
    passkey: id,
    signature: response.signature,
    authenticatorData: response.authenticatorData,
    clientData: response.clientDataJSON,
  });
}

/** Endorses that a key comes or goes. Throws a `HubProblem` where it was not signed. */
export async function endorseWithPasskey(change: SignerChange): Promise<SignerAnswer> {
  const { challenge, site, passkeys } = await askForEndorsing(change);
  if (passkeys.length === 0) throw problem(SIGNER_UNKNOWN, SHEETS.noSigner.title);
  const { id, response } = await shownPasskey(challenge, site, passkeys);
  return await sendEndorsement(change, {
    passkey: id,
    signature: response.signature,
    authenticatorData: response.authenticatorData,
    clientData: response.clientDataJSON,
  });
}

async function shownPasskey(challenge: string, site: string, passkeys: readonly string[]): Promise<Shown> {
  const answer = await showPasskey({
    ...{ challenge, rpId: site, timeout: PATIENCE, userVerification: 'required' },
    allowCredentials: passkeys.map((id) => ({ id, type: 'public-key' })),
  });
  return passkeyAnswer(answer);
}

function passkeyAnswer(answer: WebAuthnJson): Shown {
  return answer as unknown as Shown;
}

function problem(code: string, message: string): HubProblem {
  return new HubProblem(0, { code, message, help: SHEETS.could.look });
}
