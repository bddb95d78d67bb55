/** Programs in Office documents: what of them runs by itself ([MS-OVBA], [MS-XLS]). */
import { CompoundFile } from './compound.ts';

/** What was found. */
export type MacroFinding = 'runs' | 'there' | null;

/** Source that is read of one project, bytes. */
const MOST_SOURCE = 1_048_576;

/** Procedures that Office calls by itself. */
const RUNS =
  /\b(?:auto_?(?:open|exec|close|exit|new)|document_?(?:open|close|new)|workbook_?(?:open|activate|beforeclose)|(?:inkpicture|frame|label|textbox|image|webbrowser)\d*_(?:painted|layout|change|mousehover|click|titlechange))\b/i;

/** Macros of a compound file: a document of its own, or the `vbaProject.bin` of a newer one. */
export function macrosOf(bytes: Uint8Array): MacroFinding {
  const file = new CompoundFile(bytes);
  const isProject = file.entries.some(
    ({ name, isStorage }) => isStorage && /^_?VBA(?:_PROJECT)?(?:_CUR)?$/i.test(name),
  );
  let found: MacroFinding = isProject ? 'there' : null;
  let left = MOST_SOURCE;
  for (const entry of file.entries) {
    if (entry.isStorage || left <= 0 || entry.name === '') continue;
    if (isProject) {
      const stream = file.stream(entry, left);
      left -= stream.length;
      if (RUNS.test(sourceIn(stream))) return 'runs';
    } else if (/^(?:workbook|book)$/i.test(entry.name) && hasMacroSheet(file.stream(entry, left)))
      found = 'runs';
  }
  return found;
}

/** Source of a module: it begins with an attribute, three bytes behind where its container begins. */
function sourceIn(stream: Buffer): string {
  const at = stream.indexOf('\0Attribut', 0, 'latin1');
  return at < 3 ? '' : decompressed(stream.subarray(at - 3)).toString('latin1');
}

/** [MS-OVBA] 2.4.1: chunks of up to 4,096 bytes, of literal bytes and of copies of what was before. */
export function decompressed(container: Buffer): Buffer {
  const out = Buffer.alloc(MOST_SOURCE);
  let length = 0;
  let at = 1;
  while (at + 2 <= container.length && length < MOST_SOURCE - 4_096) {
    const header = container.readUInt16LE(at);
    const end = Math.min(at + (header & 0x0fff) + 3, container.length);
    const begins = length;
    at += 2;
    if ((header & 0x8000) === 0) {
      length += container.copy(out, length, at, end);
      at = end;
      continue;
    }
    while (at < end) {
      const flags = container[at++]!;
      for (let bit = 0; bit < 8 && at < end; bit++) {
        if (((flags >> bit) & 1) === 0) {
          if (length - begins < 4_096) out[length++] = container[at]!;
          at++;
          continue;
        }
        if (at + 2 > end) return out.subarray(0, length);
        const token = container.readUInt16LE(at);
        at += 2;
        const bits = Math.max(4, Math.ceil(Math.log2(Math.max(1, length - begins))));
        const back = (token >> (16 - bits)) + 1;
        const count = (token & (0xffff >> bits)) + 3;
        if (back > length) return out.subarray(0, length);
        for (let n = 0; n < count && length - begins < 4_096; n++, length++)
          out[length] = out[length - back]!;
      }
    }
  }
  return out.subarray(0, length);
}

/** A sheet of Excel 4 macros: BOUNDSHEET with the type 1 ([MS-XLS] 2.4.28). */
function hasMacroSheet(stream: Buffer): boolean {
  for (let at = 0, records = 0; at + 4 <= stream.length && records < 10_000; records++) {
    const [id, length] = [stream.readUInt16LE(at), stream.readUInt16LE(at + 2)];
    if (id === 0x85 && length >= 6 && stream[at + 9] === 1) return true;
    at += 4 + length;
  }
  return false;
}
