/**
 * What was pulled back, by whom and why: one line of JSON each, on disk before anybody is told. Nothing is ever taken out of it: a
 * release is a line of its own.
 */
import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HeldAt } from '../mailboxes/mailbox-types.ts';

/** Why mailboxes were gone through. */
export type PullCause = {
  /** Of the campaign, and of this hunt for it: 12 hexadecimal digits. */
  readonly campaign: string;
  /** Who wanted it: an address, or `judge`. */
  readonly by: string;
  readonly why: string;
};

/** One message that was moved, or moved back. Times in ms since 1970. */
export type PullEntry = PullCause & {
  readonly act: 'hold' | 'release';
  readonly at: number;
  readonly office: string;
  readonly subject: string;
  readonly held: HeldAt;
};

/** Lines of a year of a state are some thousands. */
const MOST_BYTES = 268_435_456;

/** The journal in a file. */
export class PullJournal {
  readonly #path: string;
  readonly #entries: PullEntry[] = [];

  /** Reads what is there. A last line that was cut off by a power cut is passed over. Throws what the file system throws. */
  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    let text = '';
    try {
      text = readFileSync(path).subarray(0, MOST_BYTES).toString('utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    }
    for (const line of text.split('\n')) {
      const entry = entryIn(line);
      if (entry !== undefined) this.#entries.push(entry);
    }
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
  }

  /** Keeps one. When it returns it is on disk. */
  add(entry: PullEntry): void {
    const file = openSync(this.#path, 'a', 0o600);
    try {
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.#entries.push(entry);
  }

  /** How many messages were held at or after `since`. */
  heldSince(since: number): number {
    return this.#entries.filter(({ act, at }) => act === 'hold' && at >= since).length;
  }

  /** What of a campaign is held now. */
  standing(campaign: string): readonly PullEntry[] {
    const held = new Map<string, PullEntry>();
    for (const entry of this.#entries) {
      if (entry.campaign !== campaign) continue;
      const { mailbox, messageId, sha256 } = entry.held.message;
      const key = `${mailbox} ${messageId} ${sha256}`;
      if (entry.act === 'hold') held.set(key, entry);
      else held.delete(key);
    }
    return [...held.values()];
  }
}

function entryIn(line: string): PullEntry | undefined {
  try {
    const entry = JSON.parse(line) as PullEntry;
    return typeof entry === 'object' && entry !== null && typeof entry.held?.message?.mailbox === 'string'
      ? entry
      : undefined;
  } catch {
    return undefined;
  }
}
