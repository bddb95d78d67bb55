import { wasmSha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitment, opening, recordLeaf } from './commitment.ts';
import {
  formatReceipt,
  leafOfReceipt,
  parseReceipt,
  RECEIPT_BYTES,
  type Receipt,
  readTyped,
  receiptOrigin,
  typedReceipt,
} from './receipt.ts';
import { canonicalFields } from './row.ts';

const hasher = wasmSha256Hasher()!;
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const receipts: fc.Arbitrary<Receipt> = fc.record({
  origin: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  handle: hash,
  version: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  opening: hash,
  identity: hash,
  administrative: hash,
});

describe('a receipt', () => {
  it('is read back from its bytes and from what is typed', () => {
    fc.assert(
      fc.property(receipts, (receipt) => {
        const bytes = formatReceipt(hasher, receipt);
        expect(bytes).toHaveLength(RECEIPT_BYTES);
        expect(parseReceipt(hasher, bytes).okOrThrow()).toEqual(receipt);
        const typed = typedReceipt(bytes);
        expect(readTyped(typed).okOrThrow()).toEqual(bytes);
        expect(
          readTyped(typed.toLowerCase().replace(/0/g, 'o').replace(/1/g, 'l').replace(/ /g, '-')).okOrThrow(),
        ).toEqual(bytes);
      }),
    );
  });

  it('is refused with any byte changed', () => {
    fc.assert(
      fc.property(
        receipts,
        fc.nat(RECEIPT_BYTES - 1),
        fc.integer({ min: 1, max: 255 }),
        (receipt, at, by) => {
          const bytes = formatReceipt(hasher, receipt);
          bytes[at]! ^= by;
          expect(parseReceipt(hasher, bytes).isErr()).toBe(true);
        },
      ),
    );
    expect(parseReceipt(hasher, new Uint8Array(RECEIPT_BYTES - 1)).isErr()).toBe(true);
  });

  it('tells which line was mistyped', () => {
    fc.assert(
      fc.property(receipts, fc.nat(231), fc.nat(30), (receipt, which, other) => {
        const typed = typedReceipt(formatReceipt(hasher, receipt));
        const places = [...typed].flatMap((letter, at) => (/[0-9A-Z]/.test(letter) ? [at] : []));
        const at = places[which % places.length]!;
        const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
        const wrong = letters[(letters.indexOf(typed[at]!) + 1 + other) % 32]!;
        const line = typed.slice(0, at).split('\n').length;
        const read = readTyped(typed.slice(0, at) + wrong + typed.slice(at + 1));
        expect(read.isErr() && read.error.detail).toBe(`line ${line} was mistyped`);
      }),
    );
    expect(readTyped('U'.repeat(242)).isErr()).toBe(true);
    expect(readTyped('').isErr()).toBe(true);
  });

  it('stands for the leaf of the record that it was made of, and of no other', () => {
    const key = new Uint8Array(32).fill(3);
    const fields = { public: { name: 'DOE' }, identity: { born: '1990-01-01' }, administrative: {} };
    const [shown, identity, administrative] = (['public', 'identity', 'administrative'] as const).map(
      (group) => commitment(hasher, opening(hasher, key, 4, group), group, 4, canonicalFields(fields, group)),
    );
    const leaf = recordLeaf(hasher, 4, [shown!, identity!, administrative!]);
    const receipt: Receipt = {
      origin: receiptOrigin(hasher, 'vote.example/log'),
      handle: new Uint8Array(32).fill(1),
      version: 4,
      opening: opening(hasher, key, 4, 'public'),
      identity: identity!,
      administrative: administrative!,
    };
    expect(leafOfReceipt(hasher, receipt, canonicalFields(fields, 'public'))).toEqual(leaf);
    const other = { ...fields, public: { name: 'ROE' } };
    expect(leafOfReceipt(hasher, receipt, canonicalFields(other, 'public'))).not.toEqual(leaf);
    expect(leafOfReceipt(hasher, { ...receipt, version: 5 }, canonicalFields(fields, 'public'))).not.toEqual(
      leaf,
    );
  });
});
