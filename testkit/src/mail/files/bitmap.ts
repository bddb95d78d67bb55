/** Pictures in grey, as PNG (W3C PNG, second edition) with stored blocks, so that bytes are the same everywhere; and a small JPEG. */
import { deflateSync } from 'node:zlib';
import { crc32 } from './crc32.ts';

/** A picture, a byte a pixel. */
export type Bitmap = { readonly width: number; readonly height: number; readonly grey: Buffer };

/** The picture as PNG. */
export function pngFile({ width, height, grey }: Bitmap): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(8, 8);
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.from([0]), grey.subarray(row * width, (row + 1) * width)]),
  );
  const data = deflateSync(Buffer.concat(rows), { level: 0 });
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Rows of a picture. */
export function cropped({ width, grey }: Bitmap, fromRow: number, toRow: number): Bitmap {
  return { width, height: toRow - fromRow, grey: grey.subarray(fromRow * width, toRow * width) };
}

/** A bar with letters' worth of stripes: what a logo looks like to a program. */
export function logoBitmap(stripes: Buffer): Bitmap {
  const [width, height] = [160, 40];
  const grey = Buffer.alloc(width * height, 255);
  for (let y = 8; y < 32; y++) {
    for (let x = 8; x < 152; x++) {
      grey[y * width + x] = (stripes[(x >> 3) % stripes.length] as number) & (1 << ((y >> 2) % 8)) ? 40 : 255;
    }
  }
  return { width, height, grey };
}

/** A photograph of nothing (ITU-T T.81, baseline, 8 by 8, one colour) with a comment of some bytes. */
export function jpegFile(comment: Buffer): Buffer {
  const table = Buffer.concat([Buffer.from('ffdb004300', 'hex'), Buffer.alloc(64, 1)]);
  const frame = Buffer.from('ffc0000b080008000801011100', 'hex');
  const codes = (kind: number) =>
    Buffer.concat([Buffer.from('ffc40014', 'hex'), Buffer.from([kind, 1]), Buffer.alloc(16)]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Math.min(comment.length, 60_000) + 2);
  return Buffer.concat([
    Buffer.from('ffd8ffe000104a46494600010100000100010000fffe', 'hex'),
    length,
    comment.subarray(0, 60_000),
    table,
    frame,
    codes(0x00),
    codes(0x10),
    Buffer.from('ffda0008010100003f003fffd9', 'hex'),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(type), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
