/**
 * What has still to be told to the hub, in files: one for each event, taken away when the hub has it. A hub that is away, or a hook that
 * is killed, loses nothing of the account.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToldMail } from '@bellwether/api';

/** One event, without the number that the spool gives it. */
export type Telling = ToldMail['events'][number];
export type NewTelling = Telling extends infer One ? (One extends Telling ? Omit<One, 'id'> : never) : never;

/** Events that wait: a day of a busy state. What comes beyond it is told to whoever runs the hook, and not to the hub. */
const MOST_WAITING = 100_000;

/** Bytes of one batch: below what the hub takes at once. */
const MOST_BYTES = 12_000_000;

/** Events of one batch. */
const MOST_EVENTS = 100;

/** The files, in the order in which they came. */
export class Spool {
  readonly #folder: string;
  readonly #waiting: string[];
  readonly #name: string;
  #last = 0;

  /** Reads the names of what waits. Throws what the file system throws. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(folder);
    for (const name of names) if (name.endsWith('.part')) rmSync(join(folder, name), { force: true });
    this.#waiting = names.filter((name) => /^\d{15}-[0-9a-f]{12}\.json$/.test(name)).sort();
    this.#last = Number(this.#waiting.at(-1)?.slice(0, 15) ?? 0);
    this.#name = nameIn(folder);
  }

  /** Whether an event was made here, by what it is called. */
  isOwn(told: string): boolean {
    return told.startsWith(`${this.#name}-`);
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Keeps one; false: too many wait. `id`: for what may be told twice, since it may happen twice. Throws what the file system throws. */
  add(telling: NewTelling, id?: string): boolean {
    if (this.#waiting.length >= MOST_WAITING) return false;
    this.#last++;
    const event = `${this.#last.toString().padStart(15, '0')}-${randomBytes(6).toString('hex')}`;
    const path = join(this.#folder, `${event}.json`);
    writeFileSync(`${path}.part`, JSON.stringify({ ...telling, id: id ?? `${this.#name}-${event}` }), {
      mode: 0o600,
    });
    renameSync(`${path}.part`, path);
    this.#waiting.push(`${event}.json`);
    return true;
  }

  /** The next batch as JSON, and what is to be done when the hub has it; null: nothing waits. */
  next(most = MOST_EVENTS): { readonly json: string; readonly events: number; done(): void } | null {
    const texts: string[] = [];
    let bytes = 0;
    for (const name of this.#waiting.slice(0, most)) {
      const text = readFileSync(join(this.#folder, name), 'utf8');
      bytes += Buffer.byteLength(text);
      if (texts.length > 0 && bytes > MOST_BYTES) break;
      texts.push(text);
    }
    if (texts.length === 0) return null;
    const done = (): void => {
      for (const name of this.#waiting.splice(0, texts.length))
        rmSync(join(this.#folder, name), { force: true });
    };
    return { json: `{"events":[${texts.join(',')}]}`, events: texts.length, done };
  }
}

/** What this spool calls itself, for good. */
function nameIn(folder: string): string {
  const path = join(folder, 'name');
  const known = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (/^[0-9a-f]{12}$/.test(known)) return known;
  const name = randomBytes(6).toString('hex');
  writeFileSync(`${path}.part`, name, { mode: 0o600 });
  renameSync(`${path}.part`, path);
  return name;
}
