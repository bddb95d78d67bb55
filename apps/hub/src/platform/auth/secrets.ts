/**
 * Random ids, their hashes, and how they are compared. Whatever opens something is kept as SHA-256 only (FIPS 180-4): it
 * is random, so nobody gets from the hash to it by trying. The codes that people type are in code-text.ts.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Gives so many random bytes: `randomBytes` of node:crypto, others in tests only. */
export type RandomBytes = (bytes: number) => Uint8Array;

/** 256 bits: what OWASP ASVS asks of a session id (128) and as much again, for nothing. */
export const SECRET_BYTES = 32;

/** A session id or another secret that programs hand on: 256 bits, 43 characters of base64url (RFC 4648, section 5). */
export function newSecret(random: RandomBytes): string {
  return Buffer.from(random(SECRET_BYTES)).toString('base64url');
}

/** Whether a text can be a secret of ours: what cannot is refused before anybody is asked. */
export function looksLikeSecret(text: string): boolean {
  return text.length === 43 && /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** Number of a person: 128 bits, no secret, never guessed by chance. It is typed behind commands, so no option begins it. */
export function newPersonId(random: RandomBytes): string {
  for (;;) {
    const id = Buffer.from(random(16)).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

/** SHA-256 of a secret: what is kept of it. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ, nor how long they are. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(hashOf(one), hashOf(other));
}
