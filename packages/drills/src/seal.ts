/**
 * Sealing: what is going to be done is fixed by its hash before anybody can see what becomes of it, and opened afterwards.
 *
 *     seal = SHA-256(nonce (32) ‖ the text, canonical JSON, UTF-8), hexadecimal
 *
 * Without the nonce nobody can guess the text from the seal, though there are only some thousand drills; with it anybody
 * can check. A real attack cannot be called a drill afterwards: its seal would have to have been there before.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { DrillsError } from './errors.ts';
import type { Digest } from './mixture.ts';

/** Bytes of a nonce. */
export const NONCE_SIZE = 32;

/** What is opened: the nonce (hexadecimal) and the text. */
export type Opened = { readonly nonce: string; readonly text: string };

/** The seal of a text. */
export function sealOf(nonce: Uint8Array, text: string, digest: Digest): string {
  if (nonce.length !== NONCE_SIZE) throw new RangeError(`a nonce has ${NONCE_SIZE} bytes`);
  const content = new TextEncoder().encode(text);
  const bytes = new Uint8Array(NONCE_SIZE + content.length);
  bytes.set(nonce);
  bytes.set(content, NONCE_SIZE);
  return hexOf(digest(bytes));
}

/** Checks what was opened against a seal; gives the text. */
export function openSeal(seal: string, { nonce, text }: Opened, digest: Digest): Result<string, DrillsError> {
  if (!/^[0-9a-f]{64}$/.test(nonce)) return other('its nonce is not 64 hexadecimal digits');
  const found = sealOf(
    Uint8Array.from(nonce.match(/../g)!, (pair) => Number.parseInt(pair, 16)),
    text,
    digest,
  );
  return found === seal ? ok(text) : other(`its seal is ${found}, and ${seal.slice(0, 64)} was published`);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function other(detail: string): Result<never, DrillsError> {
  return err({ code: 'DRILLS_SEAL_OTHER', detail });
}
