/** Keys of Node, programs of openssl, and contents of any kind: for the tests of certificates, requests and lists. */
import { spawnSync } from 'node:child_process';
import {
  createHash,
  createPublicKey,
  sign as edgeSign,
  generateKeyPairSync,
  type KeyObject,
  verify,
} from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AlternativeName, CertificateContent, CheckSignature, Sha256, Signer } from './x509-types.ts';

/** A fresh key of P-256, as Node has it and as a signer. */
export type TestKey = Signer & { readonly node: KeyObject };

export function testKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    node: privateKey,
    publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: async (bytes) =>
      new Uint8Array(edgeSign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  };
}

export const sha256: Sha256 = async (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

export const check: CheckSignature = async (publicKey, bytes, signature) => {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
};

/** Now, in whole seconds: openssl looks at its own clock. */
export const NOW = Math.floor(Date.now() / 1_000) * 1_000;
export const DAY = 86_400_000;

type Files = Readonly<Record<string, string | Uint8Array>>;

/** What openssl writes, in a folder with these files in it that is gone afterwards. Throws with what it said. */
export function openssl(files: Files, args: readonly string[]): string {
  return runOpenssl(files, args).stdout;
}

/** What it says beside: whether a signature holds, which its exit status does not tell of requests and lists. */
export function opensslSays(files: Files, args: readonly string[]): string {
  return runOpenssl(files, args).stderr;
}

function runOpenssl(
  files: Files,
  args: readonly string[],
): { readonly stdout: string; readonly stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'x509-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`openssl: ${done.stderr}`);
    return done;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function pemKey(key: TestKey): string {
  return key.node.export({ type: 'pkcs8', format: 'pem' }) as string;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Contents of an authority and of a leaf, for tests to change. */
export function authorityContent(key: Signer, name = 'Show-Me CA'): CertificateContent {
  return {
    serial: Uint8Array.of(1),
    issuer: name,
    subject: name,
    notBefore: NOW - DAY,
    notAfter: NOW + 3_650 * DAY,
    publicKey: key.publicKey,
    authority: true,
    usages: [],
    names: [],
  };
}

export function leafContent(key: Signer, changes: Partial<CertificateContent> = {}): CertificateContent {
  return {
    ...authorityContent(key),
    serial: Uint8Array.of(0x9f, 2, 3),
    subject: 'hub.example.gov',
    notAfter: NOW + 90 * DAY,
    authority: false,
    usages: ['server'],
    names: [{ dns: 'hub.example.gov' }],
    ...changes,
  };
}

const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const alternativeName: fc.Arbitrary<AlternativeName> = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => ({ dns: labels.join('.') })),
  fc.constantFrom(4, 16).chain((length) => bytesOfLength(length).map((ip) => ({ ip }))),
  fc.stringMatching(/^[!-~]{1,60}$/).map((rest) => ({ uri: `urn:${rest}` })),
);
const second = fc.integer({ min: Date.UTC(1950, 0) / 1_000, max: Date.UTC(9_999, 11, 31) / 1_000 });

export const anyName = fc
  .stringMatching(/^[A-Za-z ÄéИ漢😀.,+="\\<>#;-]{1,32}$/u)
  .filter((text) => [...text].length > 0);
export const anyNames = fc.array(alternativeName, { maxLength: 5 });
export const anyTime = second.map((seconds) => seconds * 1_000);
/** As parsing gives it: no zero byte first. */
export const anySerial = fc
  .uint8Array({ minLength: 1, maxLength: 20 })
  .filter((bytes) => bytes[0] !== 0 && !(bytes.length === 20 && bytes[0]! >= 0x80))
  .map(plain);

/** Any leaf or authority for this key. */
export function anyContent(publicKey: Uint8Array): fc.Arbitrary<CertificateContent> {
  const usages = fc.constantFrom<CertificateContent['usages'][]>(
    ['server'],
    ['client'],
    ['server', 'client'],
  );
  const record = {
    serial: anySerial,
    issuer: anyName,
    subject: anyName,
    times: fc.tuple(anyTime, anyTime),
    usages,
  };
  return fc
    .record({ ...record, names: anyNames, authority: fc.boolean() })
    .map(({ times, authority, ...content }) => ({
      ...content,
      notBefore: Math.min(...times),
      notAfter: Math.max(...times),
      publicKey,
      authority,
      ...(authority ? { usages: [], names: [] } : {}),
    }));
}

function bytesOfLength(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map(plain);
}

/** fast-check gives arrays of another prototype in some runners: equality of tests looks at it. */
function plain(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

/** Every way to cut, to lengthen, and to change one bit. Bits: all of them, in order. */
export function* damaged(der: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < der.length; length += 1) yield der.slice(0, length);
  yield Uint8Array.of(...der, 0);
  for (let bit = 0; bit < der.length * 8; bit += 1) {
    const changed = der.slice();
    changed[bit >>> 3]! ^= 1 << (bit & 7);
    yield changed;
  }
}
