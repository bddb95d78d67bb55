/** Entries that tell which they are. */

/** Entry number so many: its number, and a length that depends on it. */
export function numberedEntry(number: number): Uint8Array {
  return Buffer.from(`entry ${number} ${'x'.repeat(number % 97)}`);
}
