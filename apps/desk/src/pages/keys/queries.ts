/** What the keys of programs ask and tell. */
import type {
  BouncerCertificateAnswer,
  BouncerCertificateRequest,
  KeysAnswer,
  MadeKey,
  NewKey,
  Reason,
} from '@bellwether/api';
import { queryOptions } from '@tanstack/react-query';
import { ask, tell } from '../../api/ask.ts';

/** Keys of a place that still work. */
export function keysQuery(place: string) {
  return queryOptions({
    queryKey: ['keys', place],
    queryFn: ({ signal }) => ask<KeysAnswer>('keys', { place }, signal),
  });
}

export function makeKey(key: NewKey): Promise<MadeKey> {
  return tell('POST', 'keys', key);
}

/** `request`: PKCS #10, PEM. */
export function askCertificate(id: number, request: string): Promise<BouncerCertificateAnswer> {
  return tell('POST', `keys/${id}/certificate`, { request } satisfies BouncerCertificateRequest);
}

export function withdrawKey(id: number, why: string): Promise<unknown> {
  return tell('POST', `keys/${id}/withdrawal`, { why } satisfies Reason);
}
