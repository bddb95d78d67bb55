/**
 * What witnesses state under their second keys, `NAME/checks`, which the policy names as logs. Statements are public, so
 * anybody can hand in an old one again: the newest of each witness and subject is kept, and an older one changes nothing.
 */
import { join } from 'node:path';
import { checkSignatures, type NoteKey, parseNote } from '@bellwether/evidence';
import { readOrNull, syncFolder, writeWhole } from './tile-files.ts';
import { nodeVerifier } from './verifying.ts';

/** Name of the file in the private folder. */
export const STATEMENTS = 'statements.json';

/** Bytes of a statement. */
const MOST_BYTES = 8_192;

/** Subjects of a witness: there is one today, and the key of one witness cannot fill the disk. */
const MOST_SUBJECTS = 8;

/** One statement: who, the signed note, and when it was handed in, ms. */
export type Statement = { readonly witness: string; readonly note: string; readonly at: number };

/** When a statement says that it was made, as text that sorts; null where it says nothing of the kind. */
export type TimeOfStatement = (text: string) => string | null;

/** The newest statements. */
export class WitnessStatements {
  readonly #folder: string;
  readonly #keys: readonly NoteKey[];
  readonly #timeOf: TimeOfStatement;
  readonly #kept = new Map<string, Statement>();

  constructor(privateFolder: string, keys: readonly NoteKey[], timeOf: TimeOfStatement) {
    this.#folder = privateFolder;
    this.#keys = keys;
    this.#timeOf = timeOf;
  }

  get all(): readonly Statement[] {
    return [...this.#kept.values()];
  }

  async load(): Promise<void> {
    const bytes = await readOrNull(join(this.#folder, STATEMENTS));
    const kept = JSON.parse(bytes === null ? '[]' : Buffer.from(bytes).toString()) as Statement[];
    for (const statement of kept)
      this.#kept.set(placeOf(statement.witness, textOf(statement.note)), statement);
  }

  /** Who signed it; `malformed`: no note, `unknown`: nobody whom the policy names. */
  async signerOf(body: Uint8Array): Promise<{ readonly witness: string } | 'malformed' | 'unknown'> {
    if (body.length > MOST_BYTES) return 'malformed';
    const note = parseNote(body);
    if (note.isErr()) return 'malformed';
    const signed = await checkSignatures(note.value, this.#keys, nodeVerifier());
    return signed.isErr() ? 'unknown' : { witness: signed.value[0]!.name };
  }

  /** Keeps it, if it is newer than what is there. One call after the other. */
  async keep(witness: string, body: Uint8Array, at: number): Promise<void> {
    const note = Buffer.from(body).toString();
    const text = textOf(note);
    const place = placeOf(witness, text);
    const before = this.#kept.get(place);
    const isNew = before === undefined;
    if (!isNew && !isLater(this.#timeOf(text), this.#timeOf(textOf(before.note)))) return;
    if (isNew && this.all.filter((one) => one.witness === witness).length >= MOST_SUBJECTS) return;
    const all = [...this.#kept].filter(([other]) => other !== place).map(([, statement]) => statement);
    await writeWhole(join(this.#folder, STATEMENTS), JSON.stringify([...all, { witness, note, at }]), 4);
    await syncFolder(this.#folder);
    this.#kept.set(place, { witness, note, at });
  }
}

/** A witness and what it speaks of: the first line of a statement names its kind. */
function placeOf(witness: string, text: string): string {
  return `${witness}\n${text.slice(0, text.indexOf('\n'))}`;
}

/** What says no time gives way to anything, and what says one to a later one alone. */
function isLater(time: string | null, before: string | null): boolean {
  return before === null || (time !== null && time > before);
}

function textOf(note: string): string {
  return parseNote(Buffer.from(note)).okOrThrow().text;
}
