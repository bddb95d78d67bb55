import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { DIST } from '../testing/folder.ts';
import { nodeVerifier } from './node-verifier.ts';
import { startSignatureThread } from './signature-thread.ts';

const thread = startSignatureThread(pathToFileURL(join(DIST, 'bellwether-verify.js')));
afterAll(() => thread.close());

const ed = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

function bareKey(key: KeyObject, bytes: number): Uint8Array {
  return Uint8Array.from(
    createPublicKey(key.export({ format: 'pem', type: 'spki' }))
      .export({ format: 'der', type: 'spki' })
      .subarray(-bytes),
  );
}

describe('signatures that are checked in a thread', () => {
  it('are right and wrong as they are without one, each with its own answer', async () => {
    const [edKey, p256Key] = [bareKey(ed.publicKey, 32), bareKey(p256.publicKey, 65)];
    const plain = nodeVerifier();
    const answers: Promise<boolean>[] = [];
    const expected: boolean[] = [];
    for (let i = 0; i < 300; i++) {
      const message = Uint8Array.of(i, i >> 8);
      const isWrong = i % 7 === 3;
      const signed = isWrong ? Uint8Array.of(1, 2, 3) : message;
      if (i % 3 === 0) {
        const signature = Uint8Array.from(sign(null, signed, ed.privateKey));
        answers.push(thread.ed25519(edKey, message, signature));
        expect(await plain.ed25519(edKey, message, signature)).toBe(!isWrong);
      } else {
        const signature = Uint8Array.from(sign('sha256', signed, p256.privateKey));
        answers.push(thread.p256(p256Key, message, signature));
        expect(await plain.p256(p256Key, message, signature)).toBe(!isWrong);
      }
      expected.push(!isWrong);
    }
    expect(await Promise.all(answers)).toEqual(expected);
  });

  it('are wrong where a key or a signature is in no form', async () => {
    const none = new Uint8Array(0);
    for (const verifier of [thread, nodeVerifier()]) {
      expect(await verifier.ed25519(none, none, none)).toBe(false);
      expect(await verifier.p256(new Uint8Array(65), none, none)).toBe(false);
      expect(await verifier.p256(bareKey(p256.publicKey, 65), none, Uint8Array.of(1, 2))).toBe(false);
      expect(await verifier.mlDsa44(none, none, none)).toBe(false);
    }
  });
});
