/** Compound files (MS-CFB, version 3), as old Office documents and `vbaProject.bin` are. Small ones: their directory is one chain. */

/** A stream, by the names of its storages and its own. */
export type CompoundStream = { readonly path: readonly string[]; readonly bytes: Buffer };

const SECTOR = 512;
const MINI_SECTOR = 64;
/** Streams below this size stand in the mini stream (MS-CFB 2.2). */
const MINI_CUTOFF = 4096;
const END = 0xfffffffe;
const FREE = 0xffffffff;

type Node = {
  readonly name: string;
  readonly kind: 1 | 2 | 5;
  start: number;
  size: number;
  child: number;
  right: number;
};

/** A file with these streams. */
export function compoundFile(streams: readonly CompoundStream[]): Buffer {
  const nodes: Node[] = [node('Root Entry', 5)];
  const fat: number[] = [];
  const miniFat: number[] = [];
  const sectors: Buffer[] = [];
  const mini: Buffer[] = [];
  const allocate = (bytes: Buffer): number => {
    const first = fat.length;
    const count = Math.max(1, Math.ceil(bytes.length / SECTOR));
    const padded = Buffer.alloc(count * SECTOR);
    bytes.copy(padded);
    sectors.push(padded);
    for (let at = 1; at <= count; at++) fat.push(at === count ? END : first + at);
    return first;
  };
  for (const { path, bytes } of streams) {
    let parent = nodes[0] as Node;
    for (const name of path.slice(0, -1)) parent = childOf(nodes, parent, name, 1);
    const stream = childOf(nodes, parent, path.at(-1) as string, 2);
    stream.size = bytes.length;
    if (bytes.length >= MINI_CUTOFF) {
      stream.start = allocate(bytes);
      continue;
    }
    stream.start = miniFat.length;
    const count = Math.ceil(bytes.length / MINI_SECTOR);
    const padded = Buffer.alloc(count * MINI_SECTOR);
    bytes.copy(padded);
    mini.push(padded);
    for (let at = 1; at <= count; at++) miniFat.push(at === count ? END : stream.start + at);
  }
  const root = nodes[0] as Node;
  const miniStream = Buffer.concat(mini);
  root.size = miniStream.length;
  if (miniStream.length > 0) root.start = allocate(miniStream);
  const miniFatStart = miniFat.length === 0 ? END : allocate(words(miniFat));
  const directoryStart = allocate(directoryOf(nodes));
  const fatSectors = Math.ceil((fat.length + 1) / 127);
  const fatStart = fat.length;
  for (let at = 0; at < fatSectors; at++) fat.push(0xfffffffd);
  const head = Buffer.alloc(SECTOR);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head);
  head.writeUInt16LE(0x3e, 24);
  head.writeUInt16LE(3, 26);
  head.writeUInt16LE(0xfffe, 28);
  head.writeUInt16LE(9, 30);
  head.writeUInt16LE(6, 32);
  head.writeUInt32LE(fatSectors, 44);
  head.writeUInt32LE(directoryStart, 48);
  head.writeUInt32LE(MINI_CUTOFF, 56);
  head.writeUInt32LE(miniFatStart, 60);
  head.writeUInt32LE(miniFat.length === 0 ? 0 : Math.ceil(miniFat.length / 128), 64);
  head.writeUInt32LE(END, 68);
  for (let at = 0; at < 109; at++) head.writeUInt32LE(at < fatSectors ? fatStart + at : FREE, 76 + 4 * at);
  return Buffer.concat([head, ...sectors, words(fat, fatSectors)]);
}

function node(name: string, kind: Node['kind']): Node {
  return { name, kind, start: kind === 2 ? 0 : END, size: 0, child: FREE, right: FREE };
}

/** The entry below a storage; made when it is not there, at the end of the chain of its siblings. */
function childOf(nodes: Node[], parent: Node, name: string, kind: 1 | 2): Node {
  let last: Node | undefined;
  for (let at = parent.child; at !== FREE; at = last.right) {
    last = nodes[at] as Node;
    if (last.name === name) return last;
  }
  const added = node(name, kind);
  if (kind === 1) added.start = 0;
  nodes.push(added);
  if (last === undefined) parent.child = nodes.length - 1;
  else last.right = nodes.length - 1;
  return added;
}

function directoryOf(nodes: readonly Node[]): Buffer {
  return Buffer.concat(
    nodes.map(({ name, kind, start, size, child, right }) => {
      const entry = Buffer.alloc(128);
      entry.write(name, 'utf16le');
      entry.writeUInt16LE(2 * name.length + 2, 64);
      entry.writeUInt8(kind, 66);
      entry.writeUInt8(1, 67);
      entry.writeUInt32LE(FREE, 68);
      entry.writeUInt32LE(right, 72);
      entry.writeUInt32LE(child, 76);
      entry.writeUInt32LE(start, 116);
      entry.writeUInt32LE(size, 120);
      return entry;
    }),
  );
}

function words(values: readonly number[], sectors = Math.ceil(values.length / 128)): Buffer {
  const bytes = Buffer.alloc(sectors * SECTOR, 0xff);
  values.forEach((value, at) => {
    bytes.writeUInt32LE(value, 4 * at);
  });
  return bytes;
}
