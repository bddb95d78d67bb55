/**
 * The key that signs orders: Ed25519, in a file of its own in the data folder, made once. Who has it can tell offices what to
 * block, within what they take from anybody; it opens nothing.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import type { LogError } from '../../platform/evidence/errors.ts';
import { fileSigner } from '../../platform/evidence/log-key.ts';

/** Name of the file in the data folder. */
const FILE = 'order-key';

/** SubjectPublicKeyInfo of Ed25519 (RFC 8410), before the 32 bytes of the key. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** What signs orders. */
export type OrderKey = {
  /** SPKI, base64: what agents are told when they enrol. */
  readonly publicKey: string;
  /** SHA-256 of the SPKI, hexadecimal: which hub an order is of. */
  readonly hub: string;
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
};

/** The key in this data folder; made if there is none. */
export async function orderKeyIn(folder: string): Promise<Result<OrderKey, LogError>> {
  const signer = await fileSigner(join(folder, FILE), 'orders');
  if (signer.isErr()) return signer;
  const spki = Buffer.concat([SPKI_HEAD, signer.value.key.publicKey]);
  return ok({
    publicKey: spki.toString('base64'),
    hub: createHash('sha256').update(spki).digest('hex'),
    sign: signer.value.sign,
  });
}
