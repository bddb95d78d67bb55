/**
 * What is wrong with a surface, by line. All mistakes are told at once, because a person who corrects a file should
 * not have to run the program once for each.
 */
import { CONTACTS_ERRORS, type ContactsErrorCode } from '../errors.ts';

/** One mistake. */
export type SurfaceProblem = {
  readonly code: Exclude<Extract<ContactsErrorCode, `SURFACE_${string}`>, 'SURFACE_REFUSED'>;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** What is wrong there. */
  readonly reason: string;
  /** What to do about it. */
  readonly help: string;
};

/** Why a surface is not used. */
export type SurfaceError = {
  readonly code: 'SURFACE_REFUSED';
  /** In the order of the file, at least one. */
  readonly problems: readonly SurfaceProblem[];
  /** How many more there are, which are not listed. */
  readonly more: number;
};

/** Problems that are told at once: a screen full. */
const MAX_LISTED = 20;

/** Problems that are kept to be put in order: beyond, the file is no surface at all. */
const MAX_KEPT = 1_000;

/** Collects problems while a file is read. */
export class Problems {
  readonly #positionOf: (offset: number) => { readonly line: number; readonly col: number };
  readonly #kept: SurfaceProblem[] = [];
  #total = 0;

  /** `positionOf` gives line and column, from 1, of an offset in the text. */
  constructor(positionOf: (offset: number) => { readonly line: number; readonly col: number }) {
    this.#positionOf = positionOf;
  }

  /** How many there are. */
  get total(): number {
    return this.#total;
  }

  /** Notes a problem at an offset in the text; the help is that of its code unless there is a better one. */
  add(offset: number, code: SurfaceProblem['code'], reason: string, help?: string): void {
    this.#total++;
    if (this.#kept.length >= MAX_KEPT) return;
    const { line, col } = this.#positionOf(offset);
    this.#kept.push({ code, line, column: col, reason, help: help ?? CONTACTS_ERRORS[code].help });
  }

  /** All of them, for the person who wrote the file. */
  asError(): SurfaceError {
    const inOrder = this.#kept.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const problems = inOrder.slice(0, MAX_LISTED);
    return { code: 'SURFACE_REFUSED', problems, more: this.#total - problems.length };
  }
}

/** The problems as lines of text, each beginning with file, line and column as compilers write them; no newline at the end. */
export function formatSurfaceError(error: SurfaceError, path: string): string {
  const lines = error.problems.map(
    ({ line, column, reason, help }) => `${path}:${line}:${column}: ${reason}. ${help}`,
  );
  if (error.more > 0) lines.push(`${path}: and ${error.more} more`);
  return lines.join('\n');
}
