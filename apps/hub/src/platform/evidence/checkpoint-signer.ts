/**
 * Signs the checkpoints of the log. A key in a file always answers; an agent may be away for a while: then it is asked again,
 * and what was kept is signed as soon as it answers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { formatCheckpoint, formatNote, type NoteSigner, signText } from '@bellwether/evidence';
import type { LogError } from './errors.ts';
import type { Signing } from './signing-file.ts';

/** How often a key that does not answer is asked before callers are told, and how long between, ms: an agent restarts in less. */
const TRIES = 3;
const PAUSE = 1_000;

/** How often it is asked after that, ms. */
const ASKED_AGAIN = 15_000;

/** Signs what was kept. */
export class CheckpointSigner {
  readonly #signer: NoteSigner;
  readonly #onCheckpoint: (note: string) => void;
  #newest: { readonly note: string; readonly size: bigint } | null = null;
  #trouble: LogError | null = null;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(signer: NoteSigner, onCheckpoint: (note: string) => void) {
    this.#signer = signer;
    this.#onCheckpoint = onCheckpoint;
  }

  /** The newest checkpoint; null before the first. */
  get newest(): string | null {
    return this.#newest?.note ?? null;
  }

  /** Why the newest size is not signed; null where it is. */
  get trouble(): LogError | null {
    return this.#trouble;
  }

  /** Signs a size and root that are on disk; the same one may be signed again, it gives the same bytes. */
  async signKept(signing: Signing): Promise<Result<void, LogError>> {
    clearTimeout(this.#again);
    for (let tries = 1; ; tries++) {
      const signed = await this.#signOnce(signing);
      if (signed.isOk()) return signed;
      this.#trouble = signed.error;
      if (this.#closed) return signed;
      if (tries === TRIES) {
        this.#again = setTimeout(() => void this.signKept(signing), ASKED_AGAIN).unref();
        return signed;
      }
      await sleep(PAUSE);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
  }

  async #signOnce(signing: Signing): Promise<Result<void, LogError>> {
    const text = formatCheckpoint(signing);
    let note: string;
    try {
      note = formatNote({ text, signatures: [await signText(text, 0n, this.#signer)] });
    } catch (error) {
      return err({ code: 'LOG_UNSIGNED', detail: (error as Error).message });
    }
    // While an agent was asked, a newer one may have been signed.
    if (this.#newest !== null && this.#newest.size > signing.size) return ok();
    this.#newest = { note, size: signing.size };
    this.#trouble = null;
    this.#onCheckpoint(note);
    return ok();
  }
}
