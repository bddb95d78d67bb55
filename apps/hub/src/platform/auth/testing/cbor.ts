/** As much CBOR (RFC 8949) as an authenticator writes: whole numbers, bytes, text, and maps. */

/** What can be written. */
export type CborValue = number | string | Buffer | ReadonlyMap<number | string, CborValue>;

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, map: 5 };

/** A map with its members in this order. */
export function cborMap(members: readonly (readonly [number | string, CborValue])[]): Buffer {
  return cbor(new Map(members));
}

function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') {
    return value >= 0 ? head(MAJOR.unsigned, value) : head(MAJOR.negative, -1 - value);
  }
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([head(MAJOR.text, bytes.length), bytes]);
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([head(MAJOR.bytes, value.length), value]);
  const members = [...value].flatMap(([name, member]) => [cbor(name), cbor(member)]);
  return Buffer.concat([head(MAJOR.map, value.size), ...members]);
}

/** The type of an item, and its size or value in as few bytes as it takes. */
function head(major: number, size: number): Buffer {
  const type = major << 5;
  if (size < 24) return Buffer.from([type | size]);
  if (size < 0x100) return Buffer.from([type | 24, size]);
  if (size >= 0x1_0000) throw new RangeError(`no authenticator writes ${size} bytes`);
  return Buffer.from([type | 25, size >> 8, size & 0xff]);
}
