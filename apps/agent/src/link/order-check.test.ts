import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { linkErrorOf } from './hub-connection.ts';
import { orderReader } from './order-check.ts';

const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');
const spki = ours.publicKey.export({ type: 'spki', format: 'der' });
const read = orderReader(spki.toString('base64'), '29001');
const ORDER = {
  ...{ schema: 'bellwether/order@1', hub: createHash('sha256').update(spki).digest('hex'), office: '29001' },
  ...{ sequence: 7, at: 0, isWhole: true, add: [], spare: [], lift: [] },
};

function line(order: object, key: KeyObject = ours.privateKey): string {
  const text = JSON.stringify(order);
  return JSON.stringify({ order: text, signature: sign(null, Buffer.from(text), key).toString('base64') });
}

describe('an order that comes', () => {
  it('is taken when this hub signed it for this office', async () => {
    expect((await read(line(ORDER))).okOrThrow().order).toEqual(ORDER);
  });

  it.each([
    ['its signature is not that of the hub', line(ORDER, theirs.privateKey)],
    ['it is for 29003', line({ ...ORDER, office: '29003' })],
    ['by ffffffffffffffff', line({ ...ORDER, hub: 'f'.repeat(64) })],
    ['it has another schema', line({ ...ORDER, schema: 'bellwether/order@2' })],
    ['its number', line({ ...ORDER, sequence: -1 })],
    ['its signature is not that of the hub', line(ORDER).replace('29001', '29003')],
    ['it is no order', '{}'],
  ])('is refused: %s', async (why, text) => {
    expect(await read(text)).toMatchObject({
      error: { code: 'LINK_ORDER_FALSE', detail: expect.stringContaining(why) },
    });
  });

  it.each(['', 'null', '[', '{"order":1}'])('is refused where it is no order at all: %j', async (text) => {
    expect(await read(text)).toMatchObject({ error: { code: 'LINK_ORDER_FALSE' } });
  });
});

describe('a connection that fails', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'LINK_CLOCK'],
    ['CERT_NOT_YET_VALID', 'LINK_CLOCK'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'LINK_HUB_FALSE'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'LINK_HUB_FALSE'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'LINK_HUB_FALSE'],
    ['ECONNREFUSED', 'LINK_AWAY'],
    ['ENOTFOUND', 'LINK_AWAY'],
  ])('with %s is told as %s', (code, told) => {
    expect(linkErrorOf(Object.assign(new Error('no'), { code })).code).toBe(told);
  });
});
