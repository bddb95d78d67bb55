/** What people choose or drop: what kind of thing a file is, and a folder of files as a log. */
import { err, ok } from '@bellwether/basics';
import { decodeText } from '@bellwether/evidence';
import { RECEIPT_BYTES } from '@bellwether/rolls';
import type { LogSource } from '../checking/log-source.ts';
import { SHEET_MARK } from '../checking/sheet-check.ts';

/** What a file is, by its first bytes. */
export type FileKind = 'policy' | 'checkpoint' | 'proof' | 'receipt' | 'statement' | 'sheet' | 'unknown';

/** Tells the kind of a file. */
export function kindOf(bytes: Uint8Array): FileKind {
  if (bytes.length === RECEIPT_BYTES && bytes[0] === 1) return 'receipt';
  const text = decodeText(bytes.subarray(0, 65_536).slice(0, wholeLetters(bytes)));
  if (text === undefined) return 'unknown';
  if (text.startsWith('c2sp.org/tlog-proof@')) return 'proof';
  if (text.startsWith('bellwether/witness@')) return 'statement';
  if (text.startsWith('{')) return text.includes(SHEET_MARK) ? 'sheet' : 'statement';
  if (/^(?:#.*\n|\s*\n)*(?:log|witness|group|quorum)[ \t]/.test(text)) return 'policy';
  if (/^[^\n]+\n[0-9]+\n[A-Za-z0-9+/=]{44}\n\n/.test(text)) return 'checkpoint';
  return 'unknown';
}

/** Bytes up to which no letter is cut in two. */
function wholeLetters(bytes: Uint8Array): number {
  let end = Math.min(bytes.length, 65_536);
  while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
  return end;
}

/** Files of a folder by their paths below the log; null where no checkpoint is among them. */
export function logFiles(files: readonly File[]): ReadonlyMap<string, File> | null {
  const tops = files
    .map(({ webkitRelativePath: path }) => path)
    .filter((path) => path === 'checkpoint' || path.endsWith('/checkpoint'))
    .sort((a, b) => a.length - b.length);
  const top = tops[0]?.slice(0, -'checkpoint'.length);
  if (top === undefined) return null;
  // The folder of a hub: its states lie beside its log.
  const beside = top.endsWith('log/') ? `${top.slice(0, -'log/'.length)}rolls/public/` : null;
  const found = new Map<string, File>();
  for (const file of files) {
    const path = file.webkitRelativePath;
    if (path.startsWith(top)) found.set(path.slice(top.length), file);
    else if (beside !== null && path.startsWith(beside)) {
      // What the genesis is made of lies apart, since it is kept for ever.
      found.set(`state/${path.slice(beside.length).replace(/^genesis\//, '')}`, file);
    }
  }
  return found;
}

/** Those files as a log. */
export function chosenSource(files: ReadonlyMap<string, File>): LogSource {
  return {
    async readPath(path, most) {
      const file = files.get(path);
      if (file === undefined) return ok(null);
      if (file.size > most)
        return err({ code: 'VERIFY_UNREADABLE', detail: `${path} is longer than ${most} bytes` });
      try {
        return ok(new Uint8Array(await file.arrayBuffer()));
      } catch (error) {
        return err({ code: 'VERIFY_UNREADABLE', detail: `${path}: ${(error as Error).message}` });
      }
    },
  };
}
