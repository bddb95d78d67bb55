/**
 * A row as a book keeps it: the values of all fields, by group and name, each behind its length (u16, big-endian). Names are
 * left out, since every row has the same: that makes a book a third of what canonical rows would take.
 */
import { encodeText } from '@bellwether/evidence';
import { GROUPS, type Group, type RollFields } from '@bellwether/rolls';

/** Names of fields by group, sorted: as the genesis tells them. */
export type FieldNames = Readonly<Record<Group, readonly string[]>>;

/** Appends the values of canonical fields of one group to `out`; where they end. */
export function keepValues(
  canonical: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  let end = at;
  for (let i = from; i < to; ) {
    const value = i + 1 + canonical[i]!;
    const length = 2 + ((canonical[value]! << 8) | canonical[value + 1]!);
    for (let b = 0; b < length; b++) out[end + b] = canonical[value + b]!;
    end += length;
    i = value + length;
  }
  return end;
}

/** Makes canonical fields of kept rows again. */
export class RowSpeller {
  readonly #names: FieldNames;
  readonly #heads: readonly (readonly Uint8Array[])[];

  constructor(names: FieldNames) {
    this.#names = names;
    this.#heads = GROUPS.map((group) =>
      names[group].map((name) => {
        const bytes = encodeText(name);
        return Uint8Array.of(bytes.length, ...bytes);
      }),
    );
  }

  /** Bytes that names and their lengths take in a row: what canonical fields have more than a kept row. */
  get room(): number {
    return this.#heads.flat().reduce((sum, { length }) => sum + length, 0);
  }

  /** Writes the canonical fields of the group at `place` of `GROUPS`; `from`: where its values begin. Both ends. */
  spell(
    row: Uint8Array,
    from: number,
    place: number,
    out: Uint8Array,
    at: number,
  ): readonly [number, number] {
    let i = from;
    let end = at;
    for (const head of this.#heads[place]!) {
      out.set(head, end);
      end += head.length;
      const length = 2 + ((row[i]! << 8) | row[i + 1]!);
      for (let b = 0; b < length; b++) out[end + b] = row[i + b]!;
      end += length;
      i += length;
    }
    return [i, end];
  }

  /** The fields of a kept row. */
  fieldsOf(row: Uint8Array): RollFields {
    let at = 0;
    const text = new TextDecoder();
    const read = (group: Group): Readonly<Record<string, string>> =>
      Object.fromEntries(
        this.#names[group].map((name) => {
          const start = at + 2;
          at = start + ((row[at]! << 8) | row[at + 1]!);
          return [name, text.decode(row.subarray(start, at))];
        }),
      );
    return { public: read('public'), identity: read('identity'), administrative: read('administrative') };
  }

  /** A row to keep. */
  rowOf(fields: RollFields): Uint8Array {
    const values = GROUPS.flatMap((group) =>
      this.#names[group].map((name) => encodeText(fields[group][name] ?? '')),
    );
    const row = new Uint8Array(values.reduce((sum, { length }) => sum + 2 + length, 0));
    let at = 0;
    for (const value of values) {
      row[at] = value.length >>> 8;
      row[at + 1] = value.length;
      row.set(value, at + 2);
      at += 2 + value.length;
    }
    return row;
  }
}
