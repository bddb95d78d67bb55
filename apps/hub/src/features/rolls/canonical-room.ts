/** Room for the canonical fields of some thousand rows, as leaves are made of them. It grows with the rows. */
import { type FieldBytes, GROUPS, type Group, type RowReader, type RowValues } from '@bellwether/rolls';

/** Bytes for one group at first. */
const FIRST_ROOM = 2 * 1024 * 1024;

type GroupRoom = { bytes: Uint8Array; readonly offsets: Uint32Array };

/** Canonical fields by group and row. */
export class CanonicalRoom {
  readonly #groups: Readonly<Record<Group, GroupRoom>>;

  /** `rows`: most rows. */
  constructor(rows: number) {
    const room = (): GroupRoom => ({ bytes: new Uint8Array(FIRST_ROOM), offsets: new Uint32Array(rows + 1) });
    this.#groups = { public: room(), identity: room(), administrative: room() };
  }

  /** What leaves are made of. */
  get fields(): Readonly<Record<Group, FieldBytes>> {
    return this.#groups;
  }

  /** Writes the row of a place; the places before it are written. */
  write(reader: RowReader, values: RowValues, at: number): void {
    for (const group of GROUPS) this.#writeGroup(reader, values, group, at);
  }

  /** Bytes that a row has in a group. */
  lengthOf(group: Group, at: number): number {
    const { offsets } = this.#groups[group];
    return offsets[at + 1]! - offsets[at]!;
  }

  #writeGroup(reader: RowReader, values: RowValues, group: Group, at: number): void {
    const room = this.#groups[group];
    const start = room.offsets[at]!;
    for (;;) {
      try {
        room.offsets[at + 1] = reader.writeCanonical(values, group, room.bytes, start);
        return;
      } catch (error) {
        // No room: how much a row takes is known when it is written.
        if (!(error instanceof RangeError)) throw error;
        const grown = new Uint8Array(room.bytes.length * 2);
        grown.set(room.bytes);
        room.bytes = grown;
      }
    }
  }
}
