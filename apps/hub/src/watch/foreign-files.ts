/**
 * Files that people name by mistake, because they lie beside the logs: told by their first bytes, with what to do.
 */
import { type WatchError, watchError } from './errors.ts';

type Foreign = {
  /** First bytes, in latin1. */
  readonly magic: string;
  /** Where they stand. Default 0. */
  readonly at?: number;
  /** `FILE is ...`. */
  readonly is: string;
  readonly help: string;
};

const piped = (command: string): string => `Unpack it first: \`${command} FILE | bellwether watch -\`.`;
const UNPACK = 'Unpack it first, and watch the logs that are in it.';
const CAPTURE =
  'Let Zeek or Suricata read it (`zeek -r FILE`, `suricata -r FILE`), and watch the logs that they write.';

const FOREIGN: readonly Foreign[] = [
  { magic: '\xfd7zXZ\0', is: 'compressed with xz', help: piped('xz -dc') },
  { magic: 'BZh', is: 'compressed with bzip2', help: piped('bzip2 -dc') },
  { magic: '\x04\x22\x4d\x18', is: 'compressed with lz4', help: piped('lz4 -dc') },
  { magic: '\x1f\x9d', is: 'compressed with compress', help: piped('gzip -dc') },
  { magic: 'PK\x03\x04', is: 'a zip archive', help: UNPACK },
  { magic: '7z\xbc\xaf\x27\x1c', is: 'a 7-Zip archive', help: UNPACK },
  { magic: 'ustar', at: 257, is: 'a tar archive', help: UNPACK },
  {
    magic: 'ElfFile\0',
    is: 'a Windows event log (EVTX)',
    help: 'Export it as JSON lines with `Get-WinEvent -Path FILE | ForEach-Object { $_ | ConvertTo-Json -Compress }`.',
  },
  {
    magic: 'LPKSHHRH',
    is: "a journal of systemd's",
    help: 'Print it: `journalctl --file FILE -o short-iso-precise | bellwether watch -`.',
  },
  { magic: '\xd4\xc3\xb2\xa1', is: 'a packet capture', help: CAPTURE },
  { magic: '\xa1\xb2\xc3\xd4', is: 'a packet capture', help: CAPTURE },
  { magic: '\x4d\x3c\xb2\xa1', is: 'a packet capture', help: CAPTURE },
  { magic: '\x0a\x0d\x0d\x0a', is: 'a packet capture', help: CAPTURE },
  {
    magic: 'PAR1',
    is: 'a Parquet file',
    help: 'Query it with DuckDB; `bellwether watch` reads the logs that it was made from.',
  },
  {
    magic: 'SQLite format 3\0',
    is: 'a database',
    help: 'Export the table as CSV, and watch that.',
  },
];

/** Why a file that begins with `head` cannot be read in lines; undefined if nothing is known against it. */
export function refusal(path: string, head: Buffer): WatchError | undefined {
  if (startsWith(head, '\xff\xfe', 0) || startsWith(head, '\xfe\xff', 0)) {
    return watchError('WATCH_ENCODING_UTF16', `${path} is text in UTF-16, as Windows programs write it`);
  }
  const foreign = FOREIGN.find(({ magic, at = 0 }) => startsWith(head, magic, at));
  if (foreign === undefined) return undefined;
  return watchError('WATCH_CONTENT_REFUSED', `${path} is ${foreign.is}`, foreign.help);
}

function startsWith(head: Buffer, magic: string, at: number): boolean {
  return head.toString('latin1', at, at + magic.length) === magic;
}
