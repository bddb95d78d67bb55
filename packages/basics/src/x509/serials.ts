/** Serial numbers of certificates (RFC 5280, 4.1.2.2): positive, and 20 bytes at most as an INTEGER. */
import { derInteger, leastBytes } from './der.ts';
import type { DerReader } from './der-reader.ts';

/** Most bytes of the INTEGER, of which the highest bit is the sign. */
const MAX_SERIAL = 20;

/** A serial number. Throws on zero, and on one that is too long. */
export function derSerial(serial: Uint8Array): Uint8Array {
  if (!isSerial(serial)) throw new RangeError('a serial number that is zero or too long');
  return derInteger(serial);
}

/** Reads a serial number. */
export function readSerial(reader: DerReader): Uint8Array {
  const serial = reader.integer();
  if (!isSerial(serial)) reader.fail('a serial number that is zero or too long');
  return serial.slice();
}

function isSerial(serial: Uint8Array): boolean {
  const least = leastBytes(serial);
  return least.length > 0 && (least.length < MAX_SERIAL || (least.length === MAX_SERIAL && least[0]! < 0x80));
}
