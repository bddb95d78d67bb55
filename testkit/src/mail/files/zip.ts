/** Zip archives (PKWARE APPNOTE 6.3), stored so that bytes are the same everywhere; with traditional encryption where a password is given. */
import { crc32, crc32Step } from './crc32.ts';

/** A file in an archive. */
export type ZipEntry = { readonly name: string; readonly bytes: Buffer };

/** DOS time of all entries: 1 September 2026, 8:00. */
const STAMP = Buffer.from([0x00, 0x40, 0x21, 0x5d]);

/** An archive. Passwords are ASCII. */
export function zipFile(entries: readonly ZipEntry[], password?: string): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const crc = crc32(bytes);
    const body = password === undefined ? bytes : encrypted(bytes, password, crc);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(password === undefined ? 0 : 1, 2);
    STAMP.copy(fields, 6);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), body]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, rest, Buffer.from(name)]),
    );
    local.push(head);
    offset += head.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** Traditional PKWARE encryption (APPNOTE 6.1). The twelve bytes before the data come from the checksum, not from chance. */
function encrypted(bytes: Buffer, password: string, crc: number): Buffer {
  let [a, b, c] = [0x12345678, 0x23456789, 0x34567890];
  const update = (byte: number) => {
    a = crc32Step(a, byte);
    b = (Math.imul(b + (a & 255), 134775813) + 1) >>> 0;
    c = crc32Step(c, b >>> 24);
  };
  for (const byte of Buffer.from(password, 'latin1')) update(byte);
  const head = Buffer.from(
    Array.from({ length: 12 }, (_, at) => (at === 11 ? crc >>> 24 : (crc >>> at) & 255)),
  );
  return Buffer.from(
    Buffer.concat([head, bytes]).map((byte) => {
      const mask = (c | 2) & 0xffff;
      const out = byte ^ ((Math.imul(mask, mask ^ 1) >>> 8) & 255);
      update(byte);
      return out;
    }),
  );
}
