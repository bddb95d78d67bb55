/** What the page and its Worker say to each other. */
import type { Finding } from '../checking/findings.ts';
import type { VerifyError } from '../errors.ts';

/** What the Worker is asked to do. It is ended, not asked, to stop. */
export type WorkerTask =
  | {
      readonly kind: 'replay';
      readonly files: ReadonlyMap<string, File>;
      readonly policy: Uint8Array | null;
      readonly pinned: string | null;
      readonly lastOnly: boolean;
      /** The time to judge at: ms since 1970. */
      readonly now: number;
    }
  | { readonly kind: 'sheet'; readonly bytes: Uint8Array };

/** What it says. */
export type WorkerSays =
  | {
      readonly kind: 'progress';
      readonly what: 'state' | 'entries';
      readonly done: number;
      readonly all: number;
    }
  | { readonly kind: 'found'; readonly finding: Finding }
  | { readonly kind: 'failed'; readonly error: VerifyError };
