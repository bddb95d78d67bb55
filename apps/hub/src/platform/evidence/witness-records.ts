/** What is known of each witness: what it cosigned last and when, how fast it answers, and what went wrong. Kept over a restart. */
import { join } from 'node:path';
import { readOrNull, writeWhole } from './tile-files.ts';

/** Name of the file in the private folder. */
const RECORDS = 'witnesses.json';

/** What is known of a witness. */
export type WitnessRecord = {
  readonly name: string;
  /** ms; null: never. */
  readonly cosignedAt: number | null;
  /** Entries of the checkpoint that it cosigned last. */
  readonly size: bigint | null;
  /** How long its last answer took, ms; null: it was never asked, or never answered. */
  readonly latency: number | null;
  /** What went wrong when it was asked last; null for nothing. */
  readonly trouble: string | null;
};

/** The records of the witnesses of a policy. */
export class WitnessRecords {
  readonly #path: string;
  readonly #records: Map<string, WitnessRecord>;

  constructor(privateFolder: string, names: readonly string[]) {
    this.#path = join(privateFolder, RECORDS);
    this.#records = new Map(
      names.map((name) => [name, { name, cosignedAt: null, size: null, latency: null, trouble: null }]),
    );
  }

  get all(): readonly WitnessRecord[] {
    return [...this.#records.values()];
  }

  of(name: string): WitnessRecord {
    return this.#records.get(name)!;
  }

  note(name: string, what: Partial<Omit<WitnessRecord, 'name'>>): void {
    this.#records.set(name, { ...this.of(name), ...what });
  }

  /** Reads what was kept. It only spares a question: what cannot be read is as good as new. */
  async load(): Promise<void> {
    const bytes = await readOrNull(this.#path);
    if (bytes === null) return;
    try {
      for (const { name, cosignedAt, size } of JSON.parse(Buffer.from(bytes).toString()) as Kept[]) {
        if (this.#records.has(name)) this.note(name, { cosignedAt, size: BigInt(size) });
      }
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    }
  }

  async keep(): Promise<void> {
    const kept = this.all.flatMap(({ name, cosignedAt, size }): Kept[] =>
      cosignedAt === null || size === null ? [] : [{ name, cosignedAt, size: String(size) }],
    );
    await writeWhole(this.#path, JSON.stringify(kept), 5);
  }
}

type Kept = { readonly name: string; readonly cosignedAt: number; readonly size: string };
