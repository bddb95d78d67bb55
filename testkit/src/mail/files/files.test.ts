import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cropped, jpegFile, pngFile } from './bitmap.ts';
import { crc32, crc32Step } from './crc32.ts';
import { pdfFile } from './pdf.ts';
import { qrBitmap, qrBlocks } from './qr.ts';
import { vbaProject } from './vba.ts';
import { wordFile } from './word.ts';
import { zipFile } from './zip.ts';

/** The bytes of an entry, deciphered where there is a password: APPNOTE 6.1 read backwards. */
function entryOf(zip: Buffer, password?: string): Buffer {
  const length = zip.readUInt32LE(18);
  const from = 30 + zip.readUInt16LE(26);
  const body = zip.subarray(from, from + length);
  if (password === undefined) return body;
  let [a, b, c] = [0x12345678, 0x23456789, 0x34567890];
  const update = (byte: number) => {
    a = crc32Step(a, byte);
    b = (Math.imul(b + (a & 255), 134775813) + 1) >>> 0;
    c = crc32Step(c, b >>> 24);
  };
  for (const byte of Buffer.from(password)) update(byte);
  const plain = body.map((byte) => {
    const mask = (c | 2) & 0xffff;
    const out = byte ^ ((Math.imul(mask, mask ^ 1) >>> 8) & 255);
    update(out);
    return out;
  });
  return Buffer.from(plain).subarray(12);
}

/** A stream below 4,096 bytes of a compound file, by its name. */
function smallStream(file: Buffer, name: string): Buffer {
  const sector = (at: number) => 512 * (at + 1);
  const fat = sector(file.readUInt32LE(76));
  const chain = (first: number) => {
    const found: Buffer[] = [];
    for (let at = first; at < 0xfffffff0; at = file.readUInt32LE(fat + 4 * at)) {
      found.push(file.subarray(sector(at), sector(at) + 512));
    }
    return Buffer.concat(found);
  };
  const directory = chain(file.readUInt32LE(48));
  const miniFat = chain(file.readUInt32LE(60));
  const mini = chain(directory.readUInt32LE(116));
  const wanted = Buffer.from(`${name}\0`, 'utf16le');
  for (let at = 0; at < directory.length; at += 128) {
    if (!directory.subarray(at, at + wanted.length).equals(wanted)) continue;
    const found: Buffer[] = [];
    for (
      let next = directory.readUInt32LE(at + 116);
      next < 0xfffffff0;
      next = miniFat.readUInt32LE(4 * next)
    ) {
      found.push(mini.subarray(64 * next, 64 * next + 64));
    }
    return Buffer.concat(found).subarray(0, directory.readUInt32LE(at + 120));
  }
  throw new Error(`no stream ${name}`);
}

describe('files that messages carry', () => {
  it('sums as the standard says', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });

  it('stores zip entries as they are, and enciphers them with a password', () => {
    const bytes = Buffer.from('three little words');
    expect(entryOf(zipFile([{ name: 'a.txt', bytes }]))).toEqual(bytes);
    const locked = zipFile([{ name: 'a.txt', bytes }], 'Vote42!');
    expect(locked.readUInt16LE(6)).toBe(1);
    expect(locked.includes(bytes)).toBe(false);
    expect(entryOf(locked, 'Vote42!')).toEqual(bytes);
  });

  it('puts a macro where Office looks for it, in tokens that give its source back', () => {
    const source = 'Sub AutoOpen()\n  MsgBox "guide"\nEnd Sub';
    const stream = smallStream(vbaProject(source), 'ThisDocument');
    expect(stream[0]).toBe(1);
    const size = (stream.readUInt16LE(1) & 0xfff) + 1;
    const tokens = stream.subarray(3, 3 + size);
    const literals = Buffer.from([...tokens].filter((_, at) => at % 9 !== 0)).toString();
    expect(literals).toContain(source.replaceAll('\n', '\r\n'));
  });

  it('makes a macro part of a .docm only, and a template a relationship to elsewhere', () => {
    const plain = wordFile({ paragraphs: ['text'] }).toString('latin1');
    expect(plain).not.toContain('vbaProject.bin\u0000');
    expect(plain).not.toContain('TargetMode');
    expect(wordFile({ paragraphs: ['text'], macro: 'Sub A()' }).includes('word/vbaProject.bin')).toBe(true);
    const remote = wordFile({ paragraphs: ['text'], template: 'https://elsewhere.example/a.dotm' });
    expect(remote.includes('Target="https://elsewhere.example/a.dotm" TargetMode="External"')).toBe(true);
  });

  it('counts the offsets of PDF objects right', () => {
    const pdf = pdfFile({
      lines: ['a (b)'],
      links: [{ words: 'open', url: 'https://elsewhere.example/x' }],
      fields: ['Name'],
    }).toString('latin1');
    const table = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
    expect(pdf.slice(table, table + 4)).toBe('xref');
    const rows = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n/gm)];
    expect(rows.length).toBeGreaterThan(6);
    for (const [at, row] of rows.entries())
      expect(pdf.slice(Number(row[1]))).toMatch(new RegExp(`^${at + 1} 0 obj`));
    expect(pdf).toContain('/URI (https://elsewhere.example/x)');
  });

  it('draws the same QR code as picture and as blocks, with its quiet zone, and cuts it without loss', () => {
    const whole = qrBitmap('https://elsewhere.example/mfa', 1);
    expect(whole.grey.subarray(0, 4 * whole.width).every((grey) => grey === 255)).toBe(true);
    // The finder pattern of the upper left corner: a dark ring of seven modules.
    const row = (y: number) =>
      [...whole.grey.subarray(y * whole.width + 4, y * whole.width + 12)].map((grey) => (grey === 0 ? 1 : 0));
    expect([row(4), row(5), row(6)]).toEqual([
      [1, 1, 1, 1, 1, 1, 1, 0],
      [1, 0, 0, 0, 0, 0, 1, 0],
      [1, 0, 1, 1, 1, 0, 1, 0],
    ]);
    expect(qrBlocks('x').join('')).toMatch(/^[█▀▄ ]+$/);
    const halves = [cropped(whole, 0, 10), cropped(whole, 10, whole.height)];
    expect(Buffer.concat(halves.map(({ grey }) => grey))).toEqual(whole.grey);
  });

  it('writes PNG rows that come back, and JPEG markers in their order', () => {
    const png = pngFile({ width: 2, height: 2, grey: Buffer.from([1, 2, 3, 4]) });
    const data = png.indexOf('IDAT');
    const length = png.readUInt32BE(data - 4);
    expect(crc32(png.subarray(data, data + 4 + length))).toBe(png.readUInt32BE(data + 4 + length));
    expect([...inflateSync(png.subarray(data + 4, data + 4 + length))]).toEqual([0, 1, 2, 0, 3, 4]);
    const jpeg = jpegFile(Buffer.from('note'));
    expect(jpeg.subarray(0, 2).toString('hex') + jpeg.subarray(-2).toString('hex')).toBe('ffd8ffd9');
  });
});
