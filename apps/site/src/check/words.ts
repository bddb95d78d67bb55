/** The words of the page in one language. */
import type { VerifyError } from '@bellwether/verifier/checking';

/** How an answer is headed, and what is said below. */
export type Said = { readonly head: string; readonly lines: readonly string[] };

/** A language. */
export type Words = {
  readonly lang: 'en' | 'es';
  readonly title: string;
  readonly banner: string;
  readonly intro: string;
  readonly language: string;
  readonly receipt: {
    readonly head: string;
    readonly label: string;
    readonly help: string;
    readonly file: string;
    readonly fileHelp: string;
    readonly none: string;
  };
  readonly card: {
    readonly head: string;
    readonly help: string;
    /** What people call a public field; undefined: its own name has to do. */
    readonly field: (name: string) => string | undefined;
  };
  readonly book: {
    readonly head: string;
    readonly label: string;
    readonly help: string;
    readonly none: string;
    readonly choose: string;
    readonly place: (place: string) => string;
  };
  readonly check: string;
  readonly checking: string;
  readonly answers: string;
  readonly tags: { readonly yes: string; readonly no: string; readonly open: string };
  readonly noReceipt: Said;
  readonly away: Said;
  readonly oldBrowser: Said;
  readonly sealed: {
    readonly question: string;
    readonly yes: (told: {
      readonly origin: string;
      readonly records: number;
      readonly sealedAt: string | null;
      readonly signed: number;
      readonly of: number;
      readonly at: string;
    }) => readonly string[];
  };
  readonly record: { readonly question: string; readonly yes: (version: number) => readonly string[] };
  readonly pollBook: {
    readonly question: string;
    readonly yes: (told: {
      readonly place: string;
      readonly day: string;
      readonly rows: number;
    }) => readonly string[];
    readonly none: string;
  };
  /** Why a question was not asked: the one before it has no good answer. */
  readonly before: string;
  readonly no: {
    readonly record: readonly string[];
    readonly pollBook: readonly string[];
    readonly sealed: readonly string[];
  };
  readonly open: (error: VerifyError) => readonly string[];
  readonly limits: Said;
  readonly learned: Said;
  readonly trust: Said;
  readonly save: string;
  readonly policy: (hash: string) => string;
};
