import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64, encodeText } from './bytes.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { checkSignatures, signText } from './cosignature.ts';
import { bundleHashes, entryHashes, formatEntries, parseEntries } from './entries.ts';
import { parsePolicy } from './policy.ts';
import {
  formatNote,
  formatNoteKey,
  KeyKind,
  MAX_SIGNATURES,
  parseNote,
  parseNoteKey,
} from './signed-note.ts';
import { hasher, nodeVerifier, testSigner } from './testing/verifier.ts';
import { parseTilePath, tilePath, tileWidth } from './tiles.ts';
import { parseTlogProof } from './tlog-proof.ts';
import { leafHash } from './tree.ts';
import { parseAddCheckpoint } from './witness.ts';

const CHECKPOINT = 'elections.example.gov/rolls\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const signers = [KeyKind.note, KeyKind.cosignature, KeyKind.mlDsa44].map((kind) =>
  testSigner('elections.example.gov/rolls', kind, kind),
);
const [log] = signers as [(typeof signers)[0]];
const text = async (): Promise<string> =>
  formatNote({ text: CHECKPOINT, signatures: [await signText(CHECKPOINT, 5n, log)] });

describe('every parser', () => {
  test('gives a result for whatever it is given', async () => {
    const note = await text();
    const seeds = [
      note,
      `old 3\n\n${note}`,
      `c2sp.org/tlog-proof@v1\nindex 3\n\n${note}`,
      CHECKPOINT,
      'quorum x\n',
    ];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.constantFrom(...seeds), fc.nat(600), fc.uint8Array({ maxLength: 4 }), fc.nat(4))
        .map(([seed, at, put, cut]) => {
          const from = encodeText(seed);
          const place = at % from.length;
          return Uint8Array.from([...from.subarray(0, place), ...put, ...from.subarray(place + cut)]);
        }),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 256 }), (input, width) => {
        const words = Buffer.from(input).toString('utf8');
        for (const result of [
          parseNote(input),
          parseAddCheckpoint(input),
          parseTlogProof(input),
          parsePolicy(hasher, input),
          parseEntries(input, width),
          parseCheckpoint(words),
          parseNoteKey(hasher, words),
          parseTilePath(words),
        ]) {
          expect(result.isOk() || result.error.detail !== '').toBe(true);
        }
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('a note', () => {
  test.each(signers.map((signer) => [signer.key.kind, signer] as const))(
    'signed by a key of kind %i is refused after any change of a byte',
    async (_, signer) => {
      const note = { text: CHECKPOINT, signatures: [await signText(CHECKPOINT, 1_700_000_000n, signer)] };
      const bytes = encodeText(formatNote(note));
      const right = await checkSignatures(parseNote(bytes).okOrThrow(), [signer.key], nodeVerifier);
      expect(right.isOk()).toBe(true);
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
          const changed = bytes.slice();
          changed[at]! ^= by;
          const parsed = parseNote(changed);
          if (parsed.isErr()) return;
          expect((await checkSignatures(parsed.value, [signer.key], nodeVerifier)).isErr()).toBe(true);
        }),
        { numRuns: 150 },
      );
    },
  );

  test('of the standard itself reads and writes back', () => {
    const sample =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n' +
      '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';
    const note = parseNote(encodeText(sample)).okOrThrow();
    expect(note.text.endsWith('\n\ned è subito sera.\n')).toBe(true);
    expect(formatNote(note)).toBe(sample);
  });

  test.each([
    ['no signature', CHECKPOINT],
    ['a tab', 'a\tb\n\n— n AAAAAAA=\n'],
    ['a carriage return', 'a\r\n\n— n AAAAAAA=\n'],
    ['a key with a plus', 'a\n\n— n+m AAAAAAA=\n'],
    ['a key with a wide space', 'a\n\n— n\u2003m AAAAAAA=\n'],
    ['a signature without bytes', 'a\n\n— n AAAAAA==\n'],
    ['base64 with bits to spare', 'a\n\n— n AAAAAAB=\n'],
    ['no end of its last line', 'a\n\n— n AAAAAAA='],
    ['a hyphen for the dash', 'a\n\n- n AAAAAAA=\n'],
    ['too many signatures', `a\n\n${'— n AAAAAAA=\n'.repeat(MAX_SIGNATURES + 1)}`],
  ])('with %s is refused', (_, note) => {
    expect(parseNote(encodeText(note))).toMatchObject({ error: { code: 'EVIDENCE_MALFORMED' } });
  });

  test('may have sixteen signatures and more, and those of unknown keys are left aside', async () => {
    const signature = await signText(CHECKPOINT, 1n, log);
    const unknown = Array.from({ length: 200 }, (_, i) => ({ ...signature, name: `other${i}` }));
    const note = parseNote(encodeText(formatNote({ text: CHECKPOINT, signatures: [...unknown, signature] })));
    const checked = (await checkSignatures(note.okOrThrow(), [log.key], nodeVerifier)).okOrThrow();
    expect(checked.map(({ name }) => name)).toEqual([log.key.name]);
    const unsigned = { text: CHECKPOINT, signatures: unknown };
    expect(await checkSignatures(unsigned, [log.key], nodeVerifier)).toMatchObject({
      error: { code: 'EVIDENCE_UNSIGNED' },
    });
  });
});

test('a key is told and read back, and refused after any change', () => {
  for (const { key } of signers) {
    const told = formatNoteKey(key);
    expect(parseNoteKey(hasher, told).okOrThrow()).toEqual(key);
    fc.assert(
      fc.property(fc.nat(told.length - 1), fc.constantFrom('A', '0', 'z', '+', ' '), (at, letter) => {
        if (told[at] === letter) return;
        expect(parseNoteKey(hasher, told.slice(0, at) + letter + told.slice(at + 1)).isErr()).toBe(true);
      }),
    );
  }
});

describe('a checkpoint', () => {
  test('has one spelling, also where its size is beyond 2^53', () => {
    for (const size of [0n, 9_007_199_254_740_993n, 2n ** 64n - 1n]) {
      const checkpoint = { origin: 'o', size, root: new Uint8Array(32).fill(3) };
      expect(parseCheckpoint(formatCheckpoint(checkpoint)).okOrThrow()).toEqual(checkpoint);
    }
  });

  test.each([
    ['a leading zero', CHECKPOINT.replace('\n7\n', '\n07\n')],
    ['a size of 2^64', CHECKPOINT.replace('\n7\n', `\n${2n ** 64n}\n`)],
    ['an extension line', `${CHECKPOINT}more\n`],
    ['an origin with a space', `a b${CHECKPOINT.slice(CHECKPOINT.indexOf('\n'))}`],
    ['a root of 31 bytes', 'o\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n'],
    ['two lines', 'o\n7\n'],
  ])('with %s is refused', (_, wrong) => {
    expect(parseCheckpoint(wrong).isErr()).toBe(true);
  });
});

describe('paths of tiles', () => {
  test('are those of the standard', () => {
    expect(tilePath({ level: 0, index: 1_234_067n, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 1, index: 0n, width: 17 })).toBe('tile/1/000.p/17');
    expect(tilePath({ level: 'entries', index: 1_000n, width: 256 })).toBe('tile/entries/x001/000');
  });

  test('read back as what they were written from', () => {
    const level = fc.oneof(fc.nat(63), fc.constant('entries' as const));
    const tile = fc.record({
      level,
      index: fc.bigInt(0n, 2n ** 64n - 1n),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tile, (one) => {
        expect(parseTilePath(tilePath(one)).okOrThrow()).toEqual(one);
      }),
    );
  });

  test.each([
    'tile/0/x000/067',
    'tile/64/000',
    'tile/00/000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/0',
    '/tile/0/000',
    'tile/0/../000',
  ])('%s is none', (path) => expect(parseTilePath(path).isErr()).toBe(true));

  test('name as many hashes as the tree has there', () => {
    expect([0n, 1n, 2n].map((index) => tileWidth(0, index, 300n))).toEqual([256, 44, 0]);
    expect(tileWidth(1, 0n, 300n)).toBe(1);
  });
});

describe('bundles of entries', () => {
  test('give the hash of each entry, alone, in lists and as they lie, whatever lengths stand side by side', () => {
    const some = fc.tuple(fc.nat(3), fc.nat(5)).chain(([size, count]) =>
      fc.array(fc.uint8Array({ minLength: 60 * size, maxLength: 60 * size }), {
        minLength: count,
        maxLength: count,
      }),
    );
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), fc.nat(), (runs, cut) => {
        const entries = runs.flat();
        if (entries.length === 0) return;
        const bundle = formatEntries(entries);
        const expected = Buffer.concat(entries.map((entry) => leafHash(hasher, entry)));
        expect(Buffer.from(entryHashes(hasher, entries))).toEqual(expected);
        expect(Buffer.from(bundleHashes(hasher, bundle, entries.length).okOrThrow())).toEqual(expected);
        for (const [part, width] of [
          [bundle.subarray(0, cut % bundle.length), entries.length],
          [bundle, entries.length + 1],
          [bundle, entries.length - 1],
        ] as const) {
          const parsed = parseEntries(part, width);
          const hashed = bundleHashes(hasher, part, width);
          expect(hashed.isErr() && hashed.error).toEqual(parsed.isErr() && parsed.error);
        }
      }),
    );
  });

  test('read back, and with any other number of entries they are refused', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }), (entries) => {
        const bundle = formatEntries(entries);
        expect(
          parseEntries(bundle, entries.length)
            .okOrThrow()
            .map((e) => [...e]),
        ).toEqual(entries.map((e) => [...e]));
        expect(parseEntries(bundle, entries.length + 1).isErr()).toBe(true);
        expect(parseEntries(bundle.subarray(0, -1), entries.length).isErr()).toBe(true);
        if (entries.length > 1) expect(parseEntries(bundle, entries.length - 1).isErr()).toBe(true);
      }),
    );
  });

  test('are not made of nothing, of too many, or of what is too long', () => {
    expect(() => formatEntries([])).toThrow(RangeError);
    expect(() => formatEntries(Array(257).fill(new Uint8Array(1)))).toThrow(RangeError);
    expect(() => formatEntries([new Uint8Array(65_536)])).toThrow(RangeError);
  });
});

test('base64 is what Node writes, and reads only that', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.string({ maxLength: 12 }), (bytes, words) => {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(Buffer.from(decodeBase64(encodeBase64(bytes))!)).toEqual(Buffer.from(bytes));
      const read = decodeBase64(words);
      if (read !== undefined) expect(encodeBase64(read)).toBe(words);
    }),
  );
});
