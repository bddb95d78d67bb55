/** Checking signatures in Node. */
import { webcrypto } from 'node:crypto';
import { type Subtle, type Verifier, webVerifier } from '@bellwether/evidence';

let made: Verifier | undefined;

/** Web Crypto as Node has it. */
export function nodeVerifier(): Verifier {
  made ??= webVerifier(webcrypto.subtle as unknown as Subtle);
  return made;
}
