/** What the pages of sheets ask and tell. */
import type {
  NewSigner,
  SheetAnswer,
  SheetLooked,
  SheetRefusal,
  SheetSignature,
  SheetSigning,
  SheetSummary,
  SheetsAnswer,
  SignerAnswer,
  SignerChange,
  SignerEndorsement,
  SignerSigning,
  SignersAnswer,
} from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';

/** Which sheet. */
export type SheetRef = { readonly office: string; readonly day: string; readonly sequence: string };

/** Path of a sheet below /api/v1. */
export function sheetPath({ office, day, sequence }: SheetRef): string {
  return ['rolls', 'sheets', office, day, sequence].map(encodeURIComponent).join('/');
}

export const sheetsQuery = queryOptions({
  queryKey: ['sheets'],
  queryFn: ({ signal }) => ask<SheetsAnswer>('rolls/sheets', {}, signal),
});

/** One page of a sheet, from 1. */
export function sheetQuery(ref: SheetRef, page: number) {
  return queryOptions({
    queryKey: ['sheets', ref, page],
    queryFn: ({ signal }) => ask<SheetAnswer>(sheetPath(ref), { page }, signal),
  });
}

/** Says that some changes are not the office's. */
export function refuseOnSheet(ref: SheetRef, refusal: SheetRefusal): Promise<SheetSummary> {
  return tell('POST', `${sheetPath(ref)}/refusals`, refusal);
}

/** Says that all changes were looked at. The words to compare are told after it. */
export function sayLooked(ref: SheetRef): Promise<SheetLooked> {
  return tell('POST', `${sheetPath(ref)}/looked`, {});
}

/** What a passkey is asked to sign. */
export function askForSigning(ref: SheetRef): Promise<SheetSigning> {
  return tell('POST', `${sheetPath(ref)}/signing`, {});
}

/** Brings what the passkey answered. */
export function sendSignature(ref: SheetRef, signature: SheetSignature): Promise<SheetSummary> {
  return tell('POST', `${sheetPath(ref)}/signature`, signature);
}

/** Announces a passkey as one that is to sign for an office. */
export function announcePasskey(signer: NewSigner): Promise<SignerAnswer> {
  return tell('POST', 'rolls/signers', signer);
}

/** Who may sign, and keys that are asked for. */
export const signersQuery = queryOptions({
  queryKey: ['signers'],
  queryFn: ({ signal }) => ask<SignersAnswer>('rolls/signers', {}, signal),
});

/** What a passkey is asked to sign, so that a key comes or goes. */
export function askForEndorsing(change: SignerChange): Promise<SignerSigning> {
  return tell('POST', 'rolls/signers/endorsing', change);
}

/** Brings what the passkey answered. */
export function sendEndorsement(
  { act, key }: SignerChange,
  endorsement: SignerEndorsement,
): Promise<SignerAnswer> {
  return tell('POST', `rolls/signers/${act}/${encodeURIComponent(key)}/endorsements`, endorsement);
}
