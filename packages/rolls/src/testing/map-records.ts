/** Records for tests of the tree: handles at random, and handles that begin alike for up to 250 bits. */
import fc from 'fast-check';
import type { PlainRecord } from './plain-tree.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** A leaf that is one. */
export const someLeaf: fc.Arbitrary<Uint8Array> = bytes32.map((bytes) => {
  const leaf = new Uint8Array(bytes);
  leaf[31] = leaf[31]! | 1;
  return leaf;
});

/** Bits of one handle, behind them those of another. */
function splice(head: Uint8Array, tail: Uint8Array, bits: number): Uint8Array {
  const out = new Uint8Array(tail);
  for (let bit = 0; bit < bits; bit++) {
    const mask = 128 >> (bit & 7);
    out[bit >> 3] = (out[bit >> 3]! & ~mask) | (head[bit >> 3]! & mask);
  }
  return out;
}

/** Handles, each once: about half of them begin as another does. */
export const someHandles: fc.Arbitrary<readonly Uint8Array[]> = fc
  .array(
    fc.record({
      own: bytes32,
      like: fc.nat(40),
      bits: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 250 })),
    }),
    {
      maxLength: 40,
    },
  )
  .map((wishes) => {
    const handles: Uint8Array[] = [];
    for (const { own, like, bits } of wishes) {
      const model = handles[like % Math.max(1, handles.length)] ?? own;
      handles.push(splice(model, own, bits));
    }
    return [...new Map(handles.map((handle) => [Buffer.from(handle).toString('hex'), handle])).values()];
  });

/** Records, each handle once, by handle. */
export const someRecords: fc.Arbitrary<readonly PlainRecord[]> = someHandles.chain((handles) =>
  fc
    .array(someLeaf, { minLength: handles.length, maxLength: handles.length })
    .map((leaves) => byHandle(handles.map((handle, at) => ({ handle, leaf: leaves[at]! })))),
);

/** The records, sorted. */
export function byHandle(records: readonly PlainRecord[]): readonly PlainRecord[] {
  return [...records].sort((a, b) => Buffer.compare(a.handle, b.handle));
}

/** Handles and leaves, one after the other. */
export function laidOut(records: readonly PlainRecord[]): {
  readonly handles: Uint8Array;
  readonly leaves: Uint8Array;
} {
  return {
    handles: new Uint8Array(Buffer.concat(records.map(({ handle }) => handle))),
    leaves: new Uint8Array(Buffer.concat(records.map(({ leaf }) => leaf))),
  };
}
