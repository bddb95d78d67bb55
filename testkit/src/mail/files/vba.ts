/** A VBA project as Office stores it (MS-OVBA): source in a compressed container, described by the `dir` stream. The code does no harm. */
import { type CompoundStream, compoundFile } from './compound-file.ts';

/** `vbaProject.bin` with one module. */
export function vbaProject(source: string): Buffer {
  return compoundFile(vbaStreams([], source));
}

/** The streams of a project below some storages; `['Macros']` in a .doc. */
export function vbaStreams(below: readonly string[], source: string): CompoundStream[] {
  const code = Buffer.from(`Attribute VB_Name = "ThisDocument"\r\n${source.replace(/\r?\n/g, '\r\n')}\r\n`);
  const project =
    'ID="{00000000-0000-0000-0000-000000000000}"\r\nDocument=ThisDocument/&H00000000\r\nName="Project"\r\n';
  return [
    { path: [...below, 'VBA', 'ThisDocument'], bytes: compressedContainer(code) },
    { path: [...below, 'VBA', 'dir'], bytes: compressedContainer(dirStream()) },
    { path: [...below, 'VBA', '_VBA_PROJECT'], bytes: Buffer.from('cc61ffff00000000', 'hex') },
    { path: [...below, 'PROJECT'], bytes: Buffer.from(project) },
  ];
}

/** A container of literal tokens (MS-OVBA 2.4.1): no runs are looked for. */
function compressedContainer(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [Buffer.from([1])];
  for (let from = 0; from < bytes.length; from += 3_600) {
    const tokens: Buffer[] = [];
    const piece = bytes.subarray(from, from + 3_600);
    for (let at = 0; at < piece.length; at += 8) tokens.push(Buffer.from([0]), piece.subarray(at, at + 8));
    const data = Buffer.concat(tokens);
    const head = Buffer.alloc(2);
    head.writeUInt16LE(0xb000 | (data.length - 1));
    chunks.push(head, data);
  }
  return Buffer.concat(chunks);
}

/** The records that a reader needs to find the module (MS-OVBA 2.3.4.2). */
function dirStream(): Buffer {
  const name = Buffer.from('ThisDocument');
  const wide = Buffer.from('ThisDocument', 'utf16le');
  return Buffer.concat([
    record(0x01, Buffer.from('03000000', 'hex')),
    record(0x02, Buffer.from('09040000', 'hex')),
    record(0x14, Buffer.from('09040000', 'hex')),
    record(0x03, Buffer.from('e404', 'hex')),
    record(0x04, Buffer.from('Project')),
    record(0x05, Buffer.alloc(0)),
    record(0x40, Buffer.alloc(0)),
    record(0x06, Buffer.alloc(0)),
    record(0x3d, Buffer.alloc(0)),
    record(0x07, Buffer.alloc(4)),
    record(0x08, Buffer.alloc(4)),
    Buffer.from('090004000000', 'hex'),
    Buffer.from('010000000100', 'hex'),
    record(0x0c, Buffer.alloc(0)),
    record(0x3c, Buffer.alloc(0)),
    record(0x0f, Buffer.from('0100', 'hex')),
    record(0x13, Buffer.from('ffff', 'hex')),
    record(0x19, name),
    record(0x47, wide),
    record(0x1a, name),
    record(0x32, wide),
    record(0x1c, Buffer.alloc(0)),
    record(0x48, Buffer.alloc(0)),
    record(0x31, Buffer.alloc(4)),
    record(0x1e, Buffer.alloc(4)),
    record(0x2c, Buffer.from('ffff', 'hex')),
    record(0x22, Buffer.alloc(0)),
    record(0x2b, Buffer.alloc(0)),
    record(0x10, Buffer.alloc(0)),
  ]);
}

function record(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16LE(id);
  head.writeUInt32LE(data.length, 2);
  return Buffer.concat([head, data]);
}
