/**
 * Messages that were delivered without being checked, in files, until they are checked. One that should have been kept back is told to
 * the hub, which has it moved out of mailboxes.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToldRecheck } from '@bellwether/api';
import type { Arrival, Judged } from '@bellwether/mail';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { shortText } from './short-text.ts';

/** Messages that wait: an hour of a busy state. Those beyond it stay unchecked, and whoever runs the hook is told. */
const MOST_WAITING = 5_000;

/** Larger ones are not kept: they would fill the disk. Bytes. */
const LARGEST = 10_485_760;

/** How often one is tried while others can be judged. What fails as often, or ends the program, should not lie in a mailbox. */
const MOST_TRIES = 3;

/** Between two looks, ms. */
const EVERY = 5_000;

const Waiting = Type.Object({
  tries: Type.Number(),
  office: Type.String(),
  hook: Type.String(),
  at: Type.Number(),
  envelope: Type.Object({
    client: Type.Union([Type.String(), Type.Null()]),
    helo: Type.String(),
    from: Type.Union([Type.String(), Type.Null()]),
    to: Type.Array(Type.String()),
    account: Type.Union([Type.String(), Type.Null()]),
  }),
  bytes: Type.String(),
});

type Waiting = Static<typeof Waiting>;

/** What it needs. */
export type UncheckedOptions = {
  readonly folder: string;
  /** Judges as a hook does; null: it cannot just now. */
  readonly judge: (arrival: Arrival) => Promise<Judged | null>;
  readonly tell: (telling: Omit<ToldRecheck, 'id'>, id: string) => void;
  readonly told: (what: string) => void;
  readonly every?: number;
};

/** Keeps them, and checks them when that is possible again. */
export class Unchecked {
  readonly #options: UncheckedOptions;
  readonly #timer: NodeJS.Timeout;
  #waiting: number;
  /** The judge judged something since the last look: what fails then fails by itself. */
  #hasWorked = false;
  #working: Promise<void> | null = null;

  /** Throws what the file system throws. */
  constructor(options: UncheckedOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#waiting = this.#names().length;
    this.#timer = setInterval(() => this.#look(), options.every ?? EVERY);
  }

  /** Keeps a message that is being delivered unchecked. */
  keep({ bytes, envelope, hook, office, at }: Arrival): void {
    const { folder, told } = this.#options;
    if (this.#waiting >= MOST_WAITING || bytes.length > LARGEST) {
      told('a message was delivered unchecked, and is not kept to be checked later: too much waits');
      return;
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const waiting: Waiting = {
      ...{ tries: 0, office, hook, at, bytes: Buffer.from(bytes).toString('base64') },
      envelope: { ...envelope, to: [...envelope.to] },
    };
    try {
      written(join(folder, `${sha256}-${office}.json`), waiting);
      this.#waiting++;
    } catch (cause) {
      told(`a message was delivered unchecked, and could not be kept: ${(cause as Error).message}`);
    }
  }

  /** The judge judged a message. */
  worked(): void {
    this.#hasWorked = true;
  }

  /** Ends it; what waits is looked at when the hook starts again. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  #look(): void {
    if (this.#waiting === 0 || this.#working !== null) return;
    this.#working = this.#checkAll()
      .catch((cause: Error) => this.#options.told(`what was delivered unchecked: ${cause.message}`))
      .finally(() => {
        this.#working = null;
      });
  }

  /** One after the other: mail that comes in goes first. Ends where nothing can be judged at all. */
  async #checkAll(): Promise<void> {
    const names = this.#names();
    this.#waiting = names.length;
    for (const name of names) if (!(await this.#check(name)) && !this.#hasWorked) return;
    this.#hasWorked = false;
  }

  async #check(name: string): Promise<boolean> {
    const path = join(this.#options.folder, name);
    const waiting = readWaiting(path);
    if (waiting === null) {
      this.#gone(path);
      return true;
    }
    const arrival: Arrival = {
      ...waiting,
      hook: waiting.hook as Arrival['hook'],
      bytes: Buffer.from(waiting.bytes, 'base64'),
    };
    if (waiting.tries >= MOST_TRIES) {
      this.#tell(arrival, name, null);
      this.#gone(path);
      return true;
    }
    // Before it is judged: what ends the program is known when it starts again.
    written(path, { ...waiting, tries: waiting.tries + 1 });
    const judged = await this.#options.judge(arrival);
    if (judged === null) {
      if (!this.#hasWorked) written(path, waiting);
      return false;
    }
    this.#hasWorked = true;
    this.#tell(arrival, name, judged);
    this.#gone(path);
    return true;
  }

  #tell({ bytes, hook, office }: Arrival, name: string, judged: Judged | null): void {
    const { decision, reasons, prints } = judged?.judgement ?? NEVER_CHECKED;
    const isBad = decision === 'hold' || decision === 'block';
    const sha256 = name.slice(0, 64);
    this.#options.tell(
      {
        ...{ kind: 'recheck', at: new Date().toISOString(), office, hook, sha256, outcome: decision },
        reasons: reasons.slice(0, 20).map(({ code, text }) => ({ code, text: shortText(text, 1_000) })),
        prints: prints.slice(0, 64).filter((print) => print.length <= 300),
        ...(isBad ? { message: Buffer.from(bytes).toString('base64') } : {}),
      },
      `recheck-${sha256}-${office}`,
    );
  }

  #gone(path: string): void {
    rmSync(path, { force: true });
    this.#waiting--;
  }

  #names(): string[] {
    return readdirSync(this.#options.folder)
      .filter((name) => /^[0-9a-f]{64}-[A-Za-z0-9]{1,32}\.json$/.test(name))
      .sort();
  }
}

const NEVER_CHECKED = {
  decision: 'hold',
  reasons: [{ code: 'unread', text: 'The filter could not read it, however often it tried.' }],
  prints: [],
} as const;

function written(path: string, waiting: Waiting): void {
  writeFileSync(`${path}.part`, JSON.stringify(waiting), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

function readWaiting(path: string): Waiting | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Value.Check(Waiting, value) ? value : null;
  } catch {
    return null;
  }
}
