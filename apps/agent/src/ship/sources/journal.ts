/**
 * The journal of systemd, by its own reader as a child: `journalctl --follow --output=json`. The cursor of the last entry
 * is on disk with its line, so a restart goes on behind it.
 */
import { spawn } from 'node:child_process';
import type { Feed } from '../feed.ts';
import { Pause } from '../pause.ts';
import { MOST_LINES_BYTES } from '../record.ts';
import type { Source } from './following.ts';
import { type JournalEntry, journalLine, readJournalEntry } from './journal-entry.ts';

/** Before journalctl is started again, ms; as long again each time, up to the other. */
const AGAIN_FIRST_MS = 1_000;
const AGAIN_LAST_MS = 60_000;

/** A child that ends sooner, ms, and has told nothing, did not work. */
const WORKED_MS = 10_000;

/** So many starts that did not work, and the cursor is no longer believed: the journal was made anew. */
const STARTS_WITH_CURSOR = 3;

const LINE_END = 0x0a;

/** What is read. */
export type JournalOptions = {
  readonly units: readonly string[];
  /** Another program, in tests. */
  readonly command?: readonly string[];
  readonly againMs?: number;
};

/** Begins to read. */
export function followJournal(options: JournalOptions, feed: Feed): Source {
  const pause = new Pause();
  const ending = new AbortController();
  const running = follow(options, feed, pause, ending.signal);
  return {
    close: async () => {
      pause.end();
      ending.abort();
      await running;
    },
  };
}

async function follow(options: JournalOptions, feed: Feed, pause: Pause, signal: AbortSignal): Promise<void> {
  const { units, againMs = AGAIN_FIRST_MS } = options;
  const source = `journal:${[...units].sort().join(',')}`;
  const since = feed.now();
  for (let failed = 0; !pause.isOver; ) {
    const began = performance.now();
    const before = feed.placeOf(source);
    const place = readPlace(before);
    const isLost = place !== undefined && failed >= STARTS_WITH_CURSOR;
    if (isLost && failed === STARTS_WITH_CURSOR)
      feed.lost(source, 'the journal does not know where we stood', undefined);
    const at =
      place === undefined
        ? `--since=@${Math.floor(since / 1_000)}`
        : isLost
          ? `--since=@${Math.floor(place.at / 1_000) + 1}`
          : `--after-cursor=${place.cursor}`;
    const why = await readOnce(options, at, source, feed, signal);
    if (pause.isOver) return;
    const hasWorked = performance.now() - began >= WORKED_MS || feed.placeOf(source) !== before;
    failed = hasWorked ? 0 : failed + 1;
    feed.tell(`journalctl ended: ${why}`);
    await pause.wait(Math.min(againMs * 2 ** Math.min(failed, 10), AGAIN_LAST_MS));
  }
}

/** Runs journalctl to its end; gives why it ended. */
async function readOnce(
  { command = ['journalctl'], units }: JournalOptions,
  at: string,
  source: string,
  feed: Feed,
  signal: AbortSignal,
): Promise<string> {
  const [program = '', ...before] = command;
  const args = ['--follow', '--no-tail', '--output=json', '--all', '--quiet', '--no-pager', at];
  const child = spawn(program, [...before, ...args, ...units.map((unit) => `--unit=${unit}`)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGTERM',
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-300);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, by) => resolve(said.trim() || `exit code ${code ?? by}`));
  });
  let rest: Buffer = Buffer.alloc(0);
  let isSkipping = false;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(LINE_END) + 1;
      const whole = isSkipping ? bytes.subarray(bytes.indexOf(LINE_END) + 1, end) : bytes.subarray(0, end);
      if (end > 0) isSkipping = false;
      rest = isSkipping ? Buffer.alloc(0) : bytes.subarray(end);
      if (rest.length > MOST_LINES_BYTES) {
        feed.lost(source, 'an entry that is too long', 1);
        isSkipping = true;
        rest = Buffer.alloc(0);
      }
      if (whole.length > 0 && !(await keepEntries(whole, source, feed))) break;
    }
  } catch {
    // The child was ended: why stands in `ended`.
  }
  child.kill('SIGTERM');
  return ended;
}

/** Keeps entries with the cursor of the last of each record; false when the end came first. */
async function keepEntries(bytes: Buffer, source: string, feed: Feed): Promise<boolean> {
  const entries: JournalEntry[] = [];
  for (const text of bytes.toString('utf8').split('\n')) {
    const entry = text === '' ? undefined : readJournalEntry(text);
    if (entry !== undefined) entries.push(entry);
    else if (text !== '') feed.lost(source, 'an entry that cannot be read', 1);
  }
  for (let lines: Buffer[] = [], size = 0; entries.length > 0; ) {
    const entry = entries.shift() as JournalEntry;
    const line = journalLine(entry);
    lines.push(line);
    size += line.length;
    const next = entries[0] === undefined ? 0 : journalLine(entries[0]).length;
    if (entries.length > 0 && size + next <= MOST_LINES_BYTES) continue;
    const place = JSON.stringify({ cursor: entry.cursor, at: entry.at });
    if (!(await feed.keep({ source, place, lines: Buffer.concat(lines), count: lines.length }))) return false;
    lines = [];
    size = 0;
  }
  return true;
}

function readPlace(text: string | undefined): { cursor: string; at: number } | undefined {
  if (text === undefined) return undefined;
  const { cursor, at } = JSON.parse(text) as { cursor?: unknown; at?: unknown };
  return typeof cursor === 'string' && typeof at === 'number' ? { cursor, at } : undefined;
}
