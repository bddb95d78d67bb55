/** CRC-32 (ISO 3309), as zip and PNG use it. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** One byte more, without the inversions at both ends. */
export function crc32Step(crc: number, byte: number): number {
  return ((TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8)) >>> 0;
}

/** The checksum of some bytes. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crc32Step(crc, byte);
  return (crc ^ 0xffffffff) >>> 0;
}
