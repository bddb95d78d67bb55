/** What the page *My devices* asks and tells. */
import type { CeremonyOptions, OwnAnswer, RecoveryCodes } from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';
import { makePasskey } from '../../api/passkey.ts';

export const ownQuery = queryOptions({
  queryKey: ['own'],
  queryFn: ({ signal }) => ask<OwnAnswer>('own', {}, signal),
});

/** Makes a passkey on this device and adds it to one's own. */
export async function addPasskey(name: string): Promise<unknown> {
  const { options } = await tell<CeremonyOptions>('POST', 'own/passkeys/options', {});
  return tell('POST', 'own/passkeys', { credential: await makePasskey(options), name });
}

export function removePasskey(id: string): Promise<unknown> {
  return tell('POST', `own/passkeys/${encodeURIComponent(id)}/removal`, {});
}

export function endSession(session: string): Promise<unknown> {
  return tell('POST', `own/sessions/${encodeURIComponent(session)}/end`, {});
}

/** Ends every sign-in of one's own, this one too. */
export function signOutEverywhere(): Promise<unknown> {
  return tell('POST', 'sign-out/everywhere', {});
}

/** New codes to print; the old ones work no longer. */
export function makeRecoveryCodes(): Promise<RecoveryCodes> {
  return tell('POST', 'own/recovery-codes', {});
}
