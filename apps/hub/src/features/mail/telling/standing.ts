/**
 * What the hub lets a hook judge by: the list of the protected, and what is known to be bad. Kept in a file, so that it is there when the
 * hub is not.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MailMark, type MailStandingAnswer } from '@bellwether/api';
import { type KnownBad, type ProtectedList, readProtected } from '@bellwether/mail';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** Marks that are kept: a hundred for every campaign of ten years. */
const MOST_MARKS = 200_000;

/** As it is on disk. */
const Kept = Type.Object({
  list: Type.Object({ version: Type.Number(), yaml: Type.String() }),
  last: Type.Number(),
  marks: Type.Array(MailMark),
});

/** Campaign of a mark, and whether somebody looked at it. */
type Mark = { readonly list: string; readonly isConfirmed: boolean };

/** What a hook stands on. */
export class Standing {
  readonly #path: string;
  readonly #onList: () => void;
  readonly #told: (what: string) => void;
  readonly #marks = new Map<string, Mark>();
  #list: { readonly version: number; readonly yaml: string } = { version: 0, yaml: '' };
  #protected: ProtectedList | null = null;
  #last = 0;

  /** Reads what is kept in a folder; what cannot be read is asked for anew. `onList`: another list came. */
  constructor(folder: string, told: (what: string) => void, onList: () => void) {
    this.#path = join(folder, 'standing.json');
    this.#told = told;
    this.#onList = onList;
    const kept = readKept(this.#path);
    if (kept === null) return;
    this.#last = kept.last;
    this.#setMarks(kept.marks);
    this.#setList(kept.list);
  }

  /** Versions that it has. */
  get versions(): { readonly list: number; readonly marks: number } {
    return { list: this.#list.version, marks: this.#last };
  }

  /** The list of the state; null where there is none. */
  get protected(): ProtectedList | null {
    return this.#protected;
  }

  /** For the judge: what somebody looked at. */
  readonly known: KnownBad = {
    badAs: (kind, value) => {
      const mark = kind === 'print' ? this.#marks.get(value) : undefined;
      return mark?.isConfirmed === true ? mark.list : null;
    },
  };

  /** For when nothing can be judged: the campaign of any of these; null: none is known. */
  suspected(prints: readonly string[]): string | null {
    for (const print of prints) {
      const mark = this.#marks.get(print);
      if (mark !== undefined) return mark.list;
    }
    return null;
  }

  /** Takes what changed. Throws where it cannot be kept: then it is asked for again. */
  take({ list, marks, last }: MailStandingAnswer): void {
    const all = new Map(this.#marks);
    for (const { value, isEnded, ...mark } of marks) {
      all.delete(value);
      if (!isEnded) all.set(value, mark);
    }
    for (const oldest of all.keys()) {
      if (all.size <= MOST_MARKS) break;
      all.delete(oldest);
    }
    const kept = [...all].map(([value, mark]) => ({
      kind: 'print' as const,
      value,
      ...mark,
      isEnded: false,
    }));
    const text = JSON.stringify({ list: list ?? this.#list, last, marks: kept });
    writeFileSync(`${this.#path}.part`, text, { mode: 0o600 });
    renameSync(`${this.#path}.part`, this.#path);
    this.#last = last;
    this.#setMarks(kept);
    if (list === undefined) return;
    this.#setList(list);
    this.#onList();
  }

  #setMarks(marks: readonly MailMark[]): void {
    this.#marks.clear();
    for (const { value, list, isConfirmed } of marks) this.#marks.set(value, { list, isConfirmed });
  }

  #setList(list: { readonly version: number; readonly yaml: string }): void {
    this.#list = list;
    if (list.version === 0) return;
    const read = readProtected(list.yaml);
    if (read.isOk()) this.#protected = read.value;
    else this.#told(`the list of the state cannot be read here: ${read.error.detail}`);
  }
}

function readKept(path: string): Static<typeof Kept> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Value.Check(Kept, value) ? value : null;
  } catch {
    return null;
  }
}
