import { describe, expect, test } from 'vitest';
import { uint64 } from './bytes.ts';
import { checkSignatures, cosignedMessage, cosignedPart, signText } from './cosignature.ts';
import { KeyKind } from './signed-note.ts';
import { nodeVerifier, testSigner } from './testing/verifier.ts';

const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

describe('what a witness signs', () => {
  test('by Ed25519 is the text of the standard', () => {
    expect(Buffer.from(cosignedMessage(TEXT, 1_679_315_147n)).toString()).toBe(
      `cosignature/v1\ntime 1679315147\n${TEXT}`,
    );
  });

  test('by ML-DSA-44 is the structure of the standard, byte for byte', () => {
    const message = cosignedPart('w', 0x0102n, 'ab', 4n, 8n, new Uint8Array(32).fill(7));
    const expected =
      `737562747265652f76310a00${'0177'}0000000000000102${'026162'}` +
      `00000000000000040000000000000008${'07'.repeat(32)}`;
    expect(Buffer.from(message).toString('hex')).toBe(expected);
  });

  test.each([KeyKind.cosignature, KeyKind.mlDsa44])('has a time (kind %i)', async (kind) => {
    const signer = testSigner('witness.example/w1', kind, 8);
    await expect(signText(TEXT, 0n, signer)).rejects.toThrow(RangeError);
    await expect(signText('no checkpoint\n', 5n, signer)).rejects.toThrow(RangeError);
    const line = await signText(TEXT, 5n, signer);
    const untimed = { ...line, signature: line.signature.slice() };
    untimed.signature.set(uint64(0n));
    for (const [signature, right] of [
      [line, true],
      [untimed, false],
      [{ ...line, signature: line.signature.subarray(0, -1) }, false],
    ] as const) {
      const checked = await checkSignatures(
        { text: TEXT, signatures: [signature] },
        [signer.key],
        nodeVerifier,
      );
      expect(checked.isOk()).toBe(right);
    }
  });
});
