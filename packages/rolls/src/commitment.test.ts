import { createHash, createHmac } from 'node:crypto';
import { encodeText, sha256Hasher, wasmSha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitment, keyedHash, opening, recordLeaf } from './commitment.ts';
import { LeafMaker } from './record-leaves.ts';
import { GROUPS, type Group } from './rolls-types.ts';

const hasher = wasmSha256Hasher() ?? sha256Hasher();

/** The same by node:crypto, straight from README.md. */
function byNode(key: Uint8Array, version: number, fields: Readonly<Record<Group, Uint8Array>>): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(version);
  const commitments = GROUPS.map((group, at) => {
    const opened = createHash('sha256')
      .update(Uint8Array.of(5))
      .update(key)
      .update(number)
      .update(Uint8Array.of(at + 1));
    return createHmac('sha256', 'bellwether/rolls/commitment@1')
      .update(opened.digest())
      .update(Uint8Array.of(group.length))
      .update(group)
      .update(number)
      .update(fields[group])
      .digest();
  });
  const leaf = createHash('sha256').update(Uint8Array.of(4)).update(number);
  for (const one of commitments) leaf.update(one);
  return new Uint8Array(leaf.digest());
}

function plainLeaf(
  key: Uint8Array,
  version: number,
  fields: Readonly<Record<Group, Uint8Array>>,
): Uint8Array {
  const one = (group: Group): Uint8Array =>
    commitment(hasher, opening(hasher, key, version, group), group, version, fields[group]);
  return recordLeaf(hasher, version, [one('public'), one('identity'), one('administrative')]);
}

type Record1 = {
  readonly key: Uint8Array;
  readonly version: number;
  readonly fields: Record<Group, Uint8Array>;
};

function laidOut(records: readonly Record1[]) {
  const fields = Object.fromEntries(
    GROUPS.map((group) => {
      const offsets = new Uint32Array(records.length + 1);
      records.forEach((record, at) => {
        offsets[at + 1] = offsets[at]! + record.fields[group].length;
      });
      return [
        group,
        { bytes: new Uint8Array(Buffer.concat(records.map((record) => record.fields[group]))), offsets },
      ];
    }),
  ) as unknown as Record<Group, { bytes: Uint8Array; offsets: Uint32Array }>;
  return {
    count: records.length,
    voterKeys: new Uint8Array(Buffer.concat(records.map(({ key }) => key))),
    versions: Uint32Array.from(records, ({ version }) => version),
    fields,
  };
}

describe('keyedHash', () => {
  it('is HMAC-SHA-256: RFC 4231, test cases 1, 2 and 3', () => {
    const cases = [
      [
        Buffer.alloc(20, 0x0b),
        Buffer.from('Hi There'),
        'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      ],
      [
        Buffer.from('Jefe'),
        Buffer.from('what do ya want for nothing?'),
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      ],
      [
        Buffer.alloc(20, 0xaa),
        Buffer.alloc(50, 0xdd),
        '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
      ],
    ] as const;
    for (const [key, data, expected] of cases) {
      expect(Buffer.from(keyedHash(hasher, key, data)).toString('hex')).toBe(expected);
    }
  });
});

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const someFields = fc.uint8Array({ maxLength: 300 });
const someRecord = fc.record({
  key: bytes32,
  version: fc.integer({ min: 1, max: 0xffff_ffff }),
  fields: fc.record({ public: someFields, identity: someFields, administrative: someFields }),
});

describe('record leaves', () => {
  it('are one by one what node:crypto makes of the definition', () => {
    fc.assert(
      fc.property(someRecord, ({ key, version, fields }) => {
        expect(plainLeaf(key, version, fields)).toEqual(byNode(key, version, fields));
      }),
    );
  });

  it('are the same by the batch', () => {
    const maker = new LeafMaker(hasher);
    fc.assert(
      fc.property(fc.array(someRecord, { maxLength: 30 }), (records) => {
        const out = new Uint8Array(records.length * 32);
        const commitments = new Uint8Array(records.length * 96);
        maker.leaves(laidOut(records), out, commitments);
        records.forEach(({ key, version, fields }, at) => {
          expect(out.slice(at * 32, (at + 1) * 32)).toEqual(plainLeaf(key, version, fields));
          const identity = commitment(
            hasher,
            opening(hasher, key, version, 'identity'),
            'identity',
            version,
            fields.identity,
          );
          expect(commitments.slice(at * 96 + 32, at * 96 + 64)).toEqual(identity);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('are the same beyond what is worked on at once', () => {
    const records = Array.from({ length: 8195 }, (_, at): Record1 => {
      const text = encodeText(`voter ${at}`.repeat(1 + (at % 5)));
      return {
        key: new Uint8Array(createHash('sha256').update(text).digest()),
        version: at + 1,
        fields: { public: text, identity: text.subarray(at % 7), administrative: new Uint8Array(0) },
      };
    });
    const out = new Uint8Array(records.length * 32);
    new LeafMaker(hasher).leaves(laidOut(records), out);
    for (const at of [0, 1, 8191, 8192, 8194]) {
      const { key, version, fields } = records[at]!;
      expect(out.slice(at * 32, (at + 1) * 32)).toEqual(plainLeaf(key, version, fields));
    }
  });

  it('differ by version, group and key', () => {
    const key = new Uint8Array(32).fill(7);
    const openings = GROUPS.flatMap((group) => [1, 2].map((version) => opening(hasher, key, version, group)));
    expect(new Set(openings.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(6);
    expect(() => opening(hasher, key, 0, 'public')).toThrow(/version/);
    expect(() => opening(hasher, key.subarray(1), 1, 'public')).toThrow(/32 bytes/);
  });
});
