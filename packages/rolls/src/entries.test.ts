import { GrowingTree } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatEntry } from './entries.ts';
import { formatItem, ITEM_BYTES, itemsRoot, parseItem, readItems } from './item.ts';
import { merkleRoot } from './merkle-root.ts';
import { parseEntry } from './parse-entry.ts';
import type { Item } from './rolls-types.ts';
import { hasher } from './testing/keys.ts';
import { TestLog } from './testing/log.ts';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((hash) => hash.some((byte) => byte > 0));
const none = new Uint8Array(32);
const items: fc.Arbitrary<Item> = fc
  .tuple(
    fc.constantFrom('new', 'changed', 'removed'),
    fc.integer({ min: 1, max: 0xffff_ffff }),
    bytes,
    bytes,
    bytes,
  )
  .map(([kind, number, handle, oldLeaf, newLeaf]) => ({
    batch: number,
    kind,
    version: kind === 'new' ? 1 : Math.max(2, number),
    handle,
    oldLeaf: kind === 'new' ? none : oldLeaf,
    newLeaf: kind === 'removed' ? none : newLeaf,
  }));
const MALFORMED = { error: { code: 'ROLLS_ENTRY_MALFORMED' } };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('an item', () => {
  it('is the bytes that the README tells', () => {
    const item: Item = {
      batch: 0x01020304,
      kind: 'changed',
      version: 0x0a0b,
      handle: new Uint8Array(32).fill(1),
      oldLeaf: new Uint8Array(32).fill(2),
      newLeaf: new Uint8Array(32).fill(3),
    };
    expect(Buffer.from(formatItem(item)).toString('hex')).toBe(
      `0101020304${'02'}00000a0b${'01'.repeat(32)}${'02'.repeat(32)}${'03'.repeat(32)}`,
    );
  });

  it('reads back as what it was, alone and among others', () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 9 }), (list) => {
        const all = Uint8Array.from(Buffer.concat(list.map(formatItem)));
        expect(readItems(all).okOrThrow()).toEqual(list);
        for (const item of list) expect(parseItem(formatItem(item)).okOrThrow()).toEqual(item);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, Partial<Item>]>([
    ['a new one with an old leaf', { kind: 'new', version: 1, oldLeaf: none.with(0, 1) }],
    ['a new one of version 2', { kind: 'new', version: 2, oldLeaf: none }],
    ['a changed one of version 1', { version: 1 }],
    ['a changed one without a leaf', { newLeaf: none }],
    ['a changed one that had no leaf', { oldLeaf: none }],
    ['a removed one with a leaf', { kind: 'removed' }],
    ['a batch 0', { batch: 0 }],
    ['a handle that is cut off', { handle: new Uint8Array(31) }],
  ])('is never %s', (_what, wish) => {
    const leaf = none.with(5, 5);
    const item: Item = { batch: 1, kind: 'changed', version: 2, handle: leaf, oldLeaf: leaf, newLeaf: leaf };
    expect(() => formatItem({ ...item, ...wish })).toThrow(RangeError);
  });

  it('of other bytes is refused', () => {
    const leaf = none.with(5, 5);
    const good = formatItem({
      batch: 1,
      kind: 'changed',
      version: 2,
      handle: leaf,
      oldLeaf: leaf,
      newLeaf: leaf,
    });
    expect(parseEntry(good.subarray(0, -1))).toMatchObject(MALFORMED);
    expect(parseItem(good.with(5, 4))).toMatchObject(MALFORMED);
    expect(parseItem(good.with(0, 2))).toMatchObject(MALFORMED);
    expect(readItems(good.subarray(1))).toMatchObject(MALFORMED);
  });
});

describe('the root over rows', () => {
  it('is that of RFC 6962, for any number of them', () => {
    for (const count of [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 100]) {
      const rows = new Uint8Array(count * ITEM_BYTES).map((_, at) => (at * 7 + count) & 255);
      const tree = new GrowingTree(hasher, () => undefined);
      const hashes = new Uint8Array(count * 32);
      hasher.hashAll(0, rows, ITEM_BYTES, count, hashes);
      tree.append(hashes);
      expect(itemsRoot(hasher, rows)).toEqual(tree.root());
    }
    expect(() => merkleRoot(hasher, new Uint8Array(7), 4)).toThrow(RangeError);
  });
});

describe('an entry of JSON', () => {
  const log = new TestLog()
    .batch([{ kind: 'changed', record: 'record 1' }])
    .erase('x')
    .seal();
  const written = log.entries.filter((entry) => entry[0] === 0x7b);

  it('reads back as what it was', () => {
    for (const entry of written) {
      const parsed = parseEntry(entry).okOrThrow();
      expect(parsed !== 'other' && 'type' in parsed && formatEntry(parsed)).toEqual(entry);
    }
  });

  it('is refused without any one of its members, and with one more', () => {
    for (const entry of written) {
      const value = JSON.parse(new TextDecoder().decode(entry)) as Record<string, unknown>;
      for (const name of Object.keys(value).filter((known) => known !== 'type')) {
        const { [name]: _, ...rest } = value;
        expect(parseEntry(formatEntry(rest as never))).toMatchObject(MALFORMED);
        expect(parseEntry(formatEntry({ ...value, [name]: null } as never))).toMatchObject(MALFORMED);
      }
      expect(parseEntry(formatEntry({ ...value, zebra: 1 } as never))).toMatchObject(MALFORMED);
    }
  });

  it.each([
    ['in another spelling', '{"type": "trail"}'],
    ['with members in another order', '{"type":"erase","day":"2026-01-01"}'],
    ['with one member twice', '{"type":"trail","type":"trail"}'],
    ['without a type', '{}'],
    ['that is cut off', '{"type":"trail"'],
    [
      'of a day that is none',
      '{"by":2,"day":"2026-02-30","handle":"00","reason":"court-order","type":"erase"}',
    ],
    ['too deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
  ])('is refused %s', (_what, text) => {
    expect(parseEntry(encode(text))).toMatchObject(MALFORMED);
  });

  it('is refused where it is no UTF-8, or longer than the log takes', () => {
    expect(parseEntry(Uint8Array.of(0x7b, 0xff))).toMatchObject(MALFORMED);
    expect(parseEntry(encode(`{"type":"${'x'.repeat(65_536)}"}`))).toMatchObject(MALFORMED);
    expect(() => formatEntry({ type: 'policy', notes: 'x'.repeat(65_536) } as never)).toThrow(RangeError);
  });

  it('of a type that is not known here, and anything else, is left aside', () => {
    expect(parseEntry(encode('{"entries":7,"type":"trail"}')).okOrThrow()).toBe('other');
    expect(parseEntry(encode('hello')).okOrThrow()).toBe('other');
    expect(parseEntry(new Uint8Array(0)).okOrThrow()).toBe('other');
  });
});
