/** What is known of each witness: what it cosigned last and when, how fast it answers, and what went wrong. Kept over a restart. */
import { join } from 'node:path';
import { readOrNull, writeWhole } from './tile-files.ts';

/** Name of the file in the private folder. */
const RECORDS = 'witnesses.json';

/** A cosignature that is older does not count as tonight's: a day, and time for a witness that was switched off over night. ms. */
export const WITNESS_LATE = 26 * 3_600_000;

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

/** What a hub wrote down of the witnesses of its policy. `size`: entries of the checkpoint that was cosigned last. */
export type KeptWitness = Pick<WitnessRecord, 'name' | 'cosignedAt' | 'size'>;

/**
 * All witnesses of the policy that the hub went by when it ran last, for whoever looks without asking it: those that cosigned last
 * stand first, those that never did last. Empty where the log needs no witness, and where the file is damaged.
 */
export async function keptWitnesses(privateFolder: string): Promise<readonly KeptWitness[]> {
  const bytes = await readOrNull(join(privateFolder, RECORDS));
  return [...readKept(bytes)].sort((a, b) => (b.cosignedAt ?? 0) - (a.cosignedAt ?? 0));
}

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
    for (const { name, ...known } of readKept(await readOrNull(this.#path)))
      if (this.#records.has(name)) this.note(name, known);
  }

  async keep(): Promise<void> {
    const kept = this.all.map(
      ({ name, cosignedAt, size }): Kept => ({ name, cosignedAt, size: size === null ? null : String(size) }),
    );
    await writeWhole(this.#path, JSON.stringify(kept), 5);
  }
}

type Kept = { readonly name: string; readonly cosignedAt: number | null; readonly size: string | null };

function readKept(bytes: Uint8Array | null): readonly KeptWitness[] {
  if (bytes === null) return [];
  try {
    return (JSON.parse(Buffer.from(bytes).toString()) as Kept[]).map(({ name, cosignedAt, size }) => ({
      name,
      cosignedAt,
      size: size === null ? null : BigInt(size),
    }));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return [];
    throw error;
  }
}
