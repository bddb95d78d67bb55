/**
 * One entry of the journal, as `journalctl --output=json` writes it (systemd.journal-fields(7)), and the line that it becomes:
 * a time in ISO 8601, host, program and number, as rsyslog writes files.
 *
 *     2026-11-22T15:47:54.123456Z clerk-pc sshd[812]: Connection from 203.0.113.9 port 50123
 */

/** What is needed of an entry. */
export type JournalEntry = {
  readonly cursor: string;
  /** ms since 1970. */
  readonly at: number;
  readonly micros: string;
  readonly host: string;
  readonly program: string;
  readonly pid: string;
  readonly message: Buffer;
};

/** Bytes of a message: half of what one record holds, so that one entry always fits. */
const MOST_MESSAGE = 128 * 1024;

/** A program's name and a host are words: what else is in them becomes a dash. */
const NO_WORD = /[^\x21-\x7e]/g;
const MOST_WORD = 128;

const LINE_ENDS = new Set([0x0a, 0x0d]);
const SPACE = 0x20;

/** Reads a line of journalctl; undefined for what is none. */
export function readJournalEntry(text: string): JournalEntry | undefined {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null) return undefined;
  const { __CURSOR: cursor, __REALTIME_TIMESTAMP: time } = fields;
  if (typeof cursor !== 'string' || typeof time !== 'string' || !/^\d{1,16}$/.test(time)) return undefined;
  return {
    cursor,
    at: Math.floor(Number(time) / 1_000),
    micros: time.slice(-6).padStart(6, '0'),
    host: wordOf(fields._HOSTNAME, 'localhost'),
    program: wordOf(fields.SYSLOG_IDENTIFIER ?? fields._COMM, 'unknown'),
    pid: wordOf(fields.SYSLOG_PID ?? fields._PID, ''),
    message: bytesOf(fields.MESSAGE),
  };
}

/** The line of an entry, with its end. */
export function journalLine({ at, micros, host, program, pid, message }: JournalEntry): Buffer {
  const time = `${new Date(at).toISOString().slice(0, 19)}.${micros}Z`;
  const head = Buffer.from(`${time} ${host} ${program}${pid === '' ? '' : `[${pid}]`}: `);
  const line = Buffer.concat([head, message.subarray(0, MOST_MESSAGE), Buffer.from('\n')]);
  for (let i = head.length; i < line.length - 1; i += 1)
    if (LINE_ENDS.has(line[i] as number)) line[i] = SPACE;
  return line;
}

function wordOf(value: unknown, otherwise: string): string {
  const first = Array.isArray(value) ? (value as unknown[])[0] : value;
  if (typeof first !== 'string' || first === '') return otherwise;
  return first.slice(0, MOST_WORD).replace(NO_WORD, '-');
}

/** A message is text, or the numbers of its bytes where it is no UTF-8, or several of these. */
function bytesOf(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  if (!Array.isArray(value)) return Buffer.alloc(0);
  if (value.every((item) => Number.isInteger(item))) return Buffer.from(value as number[]);
  return bytesOf((value as unknown[])[0]);
}
