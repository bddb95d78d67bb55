/**
 * Which messages are being judged, kept in files: what was running when the program was killed is known when it starts again.
 * A file for each message, by its SHA-256. Killing a program does not lose what it wrote; only a power cut may, and then
 * no message is to blame.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Entries older than this are forgotten, in ms: mail servers give up on a message after five days (RFC 5321, 4.5.4.1). */
const FORGOTTEN_AFTER = 5 * 86_400_000;

/** Entries that are kept: a flood of messages that are never tried again must not fill a disk. */
const MOST_ENTRIES = 100_000;

type Entry = { readonly crashes: number; readonly firstSeen: number; readonly running: boolean };

/** What became of the judging of messages, across ends of the program. */
export class GateJournal {
  readonly #folder: string;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Map<string, number>();

  /** `now`: ms since 1970. Everything that was running when the program ended counts as one crash more. */
  constructor(folder: string, now: number) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      if (!/^[0-9a-f]{64}$/u.test(name)) continue;
      const entry = entryOf(readFileSync(join(folder, name), 'utf8'), now);
      if (now - entry.firstSeen > FORGOTTEN_AFTER) this.#forget(name);
      else if (entry.running) this.#keep(name, { ...entry, crashes: entry.crashes + 1, running: false });
      else this.#entries.set(name, entry);
    }
  }

  /** How often the program ended while this message was judged. */
  crashesOf(sha256: string): number {
    return this.#entries.get(sha256)?.crashes ?? 0;
  }

  /** When this message was first seen, in ms since 1970; `now` where it is new. */
  firstSeen(sha256: string, now: number): number {
    return this.#entries.get(sha256)?.firstSeen ?? now;
  }

  /** Judging begins. The same message may come over several connections at once. */
  began(sha256: string, now: number): void {
    const running = this.#running.get(sha256) ?? 0;
    this.#running.set(sha256, running + 1);
    if (running > 0) return;
    const firstSeen = this.firstSeen(sha256, now);
    this.#keep(sha256, { crashes: this.crashesOf(sha256), firstSeen, running: true });
  }

  /** Judging is over. With `again`, the message is expected once more, and when it was first seen is kept. */
  ended(sha256: string, again: boolean): void {
    const running = (this.#running.get(sha256) ?? 1) - 1;
    if (running > 0) {
      this.#running.set(sha256, running);
      return;
    }
    this.#running.delete(sha256);
    const entry = this.#entries.get(sha256);
    if (again && entry !== undefined) this.#keep(sha256, { ...entry, running: false });
    else this.#forget(sha256);
  }

  #keep(sha256: string, entry: Entry): void {
    this.#entries.set(sha256, entry);
    writeFileSync(join(this.#folder, sha256), JSON.stringify(entry));
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_ENTRIES && oldest !== undefined) this.#forget(oldest);
  }

  #forget(sha256: string): void {
    this.#entries.delete(sha256);
    rmSync(join(this.#folder, sha256), { force: true });
  }
}

/** A file that was cut off was being written when the program was killed: its message was running. */
function entryOf(text: string, now: number): Entry {
  try {
    const { crashes, firstSeen, running } = JSON.parse(text) as Partial<Entry>;
    if (Number.isSafeInteger(crashes) && Number.isSafeInteger(firstSeen)) {
      return { crashes: crashes ?? 0, firstSeen: firstSeen ?? now, running: running === true };
    }
  } catch {
    // Cut off: below.
  }
  return { crashes: 0, firstSeen: now, running: true };
}
