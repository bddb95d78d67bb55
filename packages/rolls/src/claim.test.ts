import { encodeBase64, encodeText } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkClaim, claimBytes, claimChallenge, signerKeyId } from './claim.ts';
import { fileSigner, hasher, passkeySigner, verifier } from './testing/keys.ts';

const claim = claimBytes({
  type: 'batch',
  origin: 'elections.example.gov/rolls',
  batch: 7,
  office: '001',
  source: 'office',
  day: '2026-11-02',
  sequence: 3,
  counts: { new: 20, changed: 18, removed: 5 },
  root: encodeBase64(new Uint8Array(32).fill(9)),
});
const file = fileSigner('001', 1);
const passkey = passkeySigner('001', 2);
const edPasskey = passkeySigner('001', 3, 'webauthn-ed25519');
const WRONG = { error: { code: 'ROLLS_SIGNATURE_WRONG' } };

describe('a claim', () => {
  it('is the label and canonical JSON of everything that it is about', () => {
    expect(new TextDecoder().decode(claim)).toBe(
      'bellwether/claim@1\n{"batch":7,"counts":{"changed":18,"new":20,"removed":5},"day":"2026-11-02","office":"001","origin":"elections.example.gov/rolls","root":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=","sequence":3,"source":"office","type":"batch"}',
    );
    expect(claimChallenge(hasher, claim)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    ['a key in a file', file],
    ['a passkey of P-256', passkey],
    ['a passkey of Ed25519', edPasskey],
  ])('is signed by %s, and by it alone', async (_what, signer) => {
    const signature = signer.sign(claim);
    expect((await checkClaim(claim, signature, signer.key, hasher, verifier)).isOk()).toBe(true);
    for (const other of [file, passkey, edPasskey].filter((known) => known !== signer)) {
      expect(await checkClaim(claim, signature, other.key, hasher, verifier)).toMatchObject(WRONG);
      const renamed = { ...signature, key: other.key.id };
      expect(await checkClaim(claim, renamed, other.key, hasher, verifier)).toMatchObject(WRONG);
    }
  });

  it('is refused with any byte of it or of its signature changed', async () => {
    const parts = ['claim', 'signature', 'authenticatorData', 'clientData'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(passkey, edPasskey),
        fc.constantFrom(...parts),
        fc.nat(2_000),
        fc.integer({ min: 1, max: 255 }),
        async (signer, part, at, by) => {
          const signature = signer.sign(claim);
          const bytes = part === 'claim' ? claim : Uint8Array.from(Buffer.from(signature[part]!, 'base64'));
          const changed = bytes.map((byte, index) => (index === at % bytes.length ? byte ^ by : byte));
          const checked =
            part === 'claim'
              ? await checkClaim(changed, signature, signer.key, hasher, verifier)
              : await checkClaim(
                  claim,
                  { ...signature, [part]: encodeBase64(changed) },
                  signer.key,
                  hasher,
                  verifier,
                );
          expect(checked).toMatchObject(WRONG);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['of another kind', { client: { type: 'webauthn.create' } }, 'not asked to sign'],
    ['for another challenge', { client: { challenge: 'AAAA' } }, 'something else'],
    [
      'for the same challenge with padding',
      { client: { challenge: `${claimChallenge(hasher, claim)}=` } },
      'something else',
    ],
    ['on another site', { client: { origin: 'https://rolls.example.com' } }, 'another site'],
    ['within another page', { client: { crossOrigin: true } }, 'within the page'],
    ['below another page', { client: { topOrigin: 'https://rolls.example.gov' } }, 'within the page'],
    ['for another RP ID', { site: 'example.gov' }, 'of another site'],
    ['with nobody there', { flags: 0x1c }, 'nobody touched'],
    ['without PIN or finger', { flags: 0x19 }, 'who the person is'],
    ['that makes a passkey', { flags: 0x5d }, 'new passkey'],
    ['that goes on without saying so', { more: new Uint8Array(3) }, 'too much'],
    ['whose authenticator says more than is read', { flags: 0x9d, more: new Uint8Array(1_000) }, 'too long'],
    ['whose browser says more than is read', { client: { more: 'x'.repeat(3_000) } }, 'too long'],
  ])('refuses an assertion %s, though the passkey signed it', async (_what, wrong, detail) => {
    const checked = await checkClaim(claim, passkey.assert(claim, wrong), passkey.key, hasher, verifier);
    expect(checked).toMatchObject(WRONG);
    expect(checked.isErr() && checked.error.detail).toContain(detail);
  });

  it('takes what the standard lets browsers and authenticators add', async () => {
    const added = passkey.assert(claim, { client: { other: 'added' }, flags: 0x9d, more: new Uint8Array(9) });
    expect((await checkClaim(claim, added, passkey.key, hasher, verifier)).isOk()).toBe(true);
  });

  it('of a passkey needs what the authenticator said, and that of a file has none', async () => {
    const { clientData, ...cut } = passkey.sign(claim);
    expect(await checkClaim(claim, cut, passkey.key, hasher, verifier)).toMatchObject(WRONG);
    const more = { ...file.sign(claim), clientData: clientData! };
    expect(await checkClaim(claim, more, file.key, hasher, verifier)).toMatchObject(WRONG);
  });

  it('is signed by a key whose id is the hash of what it is', () => {
    const { id, ...rest } = file.key;
    expect(signerKeyId(hasher, rest)).toBe(id);
    expect(signerKeyId(hasher, { ...rest, place: '002' })).not.toBe(id);
    expect(encodeText(id)).toHaveLength(16);
  });
});
