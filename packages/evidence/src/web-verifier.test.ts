import { createPublicKey, generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeVerifier } from './testing/verifier.ts';
import { type Subtle, webVerifier } from './web-verifier.ts';

const verifier = webVerifier(webcrypto.subtle as unknown as Subtle);
const message = new TextEncoder().encode('the roll of tonight');

/** Signatures of both kinds, each with its public key as it is handed on. */
const ed = generateKeyPairSync('ed25519');
const edKey = Uint8Array.from(
  createPublicKey(ed.privateKey).export({ format: 'der', type: 'spki' }).subarray(12),
);
const edSignature = Uint8Array.from(sign(null, message, ed.privateKey));
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p256Key = Uint8Array.from(p256.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65));

describe('checking by Web Crypto', () => {
  it('takes what node:crypto signed', async () => {
    expect(await verifier.ed25519(edKey, message, edSignature)).toBe(true);
    // Lengths of the two numbers differ from one signature to the next.
    for (let i = 0; i < 200; i++) {
      const signature = Uint8Array.from(sign('sha256', message, p256.privateKey));
      expect(await verifier.p256(p256Key, message, signature)).toBe(true);
    }
  });

  it('refuses the hybrid form of a key, which OpenSSL takes for the same point', async () => {
    const signature = Uint8Array.from(sign('sha256', message, p256.privateKey));
    for (const first of [6, 7]) {
      const hybrid = Uint8Array.from([first, ...p256Key.subarray(1)]);
      expect(await verifier.p256(hybrid, message, signature)).toBe(false);
    }
  });

  it('refuses a signature, a message or a key with one byte changed, as node:crypto does', async () => {
    const p256Signature = Uint8Array.from(sign('sha256', message, p256.privateKey));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('key', 'message', 'signature'),
        fc.nat(199),
        fc.integer({ min: 1, max: 255 }),
        async (what, at, by) => {
          for (const [kind, key, signature] of [
            ['ed25519', edKey, edSignature],
            ['p256', p256Key, p256Signature],
          ] as const) {
            const all = { key, message, signature };
            const changed = {
              ...all,
              [what]: all[what].map((byte, i) => (i === at % all[what].length ? byte ^ by : byte)),
            };
            expect(await verifier[kind](changed.key, changed.message, changed.signature)).toBe(false);
            expect(await nodeVerifier[kind](changed.key, changed.message, changed.signature)).toBe(false);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses bytes that are no signature at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
        expect(await verifier.p256(p256Key, message, bytes)).toBe(false);
        expect(await verifier.ed25519(edKey, message, bytes)).toBe(false);
        expect(await verifier.mlDsa44(edKey, message, bytes)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
