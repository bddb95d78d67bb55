/**
 * Messages of PostgreSQL's logical replication plugin `pgoutput`, protocol version 1 (PostgreSQL documentation, "Logical
 * Replication Message Formats"). Numbers are big-endian, strings end in a zero byte.
 *
 *   B  begin     i64 LSN of the commit, i64 µs since 2000-01-01 UTC, i32 xid
 *   C  commit    i8 flags (0), i64 LSN of the commit, i64 LSN after it, i64 µs
 *   R  relation  i32 id, str schema, str name, i8 replica identity, i16 columns × (i8 flags, str name, i32 type, i32 modifier)
 *   I  insert    i32 relation, 'N' tuple
 *   U  update    i32 relation, optionally ('K' key or 'O' old row) tuple, 'N' tuple
 *   D  delete    i32 relation, 'K' or 'O' tuple
 *   T  truncate  i32 relations, i8 options, i32 × relation
 *   O  origin, Y type, M message: nothing of a row; they are taken whole and left.
 *   tuple: i16 columns × ('n' null, 'u' unchanged and not sent, or 't' i32 length and text)
 *
 * Strict: anything else, too long or too short is refused with a sentence.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { RollsError } from '@bellwether/rolls';
import { incompleteDump, MOST_COLUMNS } from './live/live-types.ts';

/** Bytes of the longest message: a row of 256 columns of some hundred letters has a tenth. */
const MOST_MESSAGE = 1024 * 1024;

/** ms between 1970 and 2000. */
const EPOCH = 946_684_800_000;

/** Values in the order of the columns; undefined: it was not sent, since it is unchanged. */
export type Tuple = readonly (string | null | undefined)[];

/** One message, as far as rows need it. */
export type PgMessage =
  | { readonly kind: 'begin'; readonly lsn: bigint; readonly at: number }
  | { readonly kind: 'commit'; readonly lsn: bigint; readonly end: bigint }
  | {
      readonly kind: 'relation';
      readonly id: number;
      readonly name: string;
      readonly columns: readonly string[];
    }
  | { readonly kind: 'insert'; readonly relation: number; readonly row: Tuple }
  | { readonly kind: 'update'; readonly relation: number; readonly old: Tuple | null; readonly row: Tuple }
  | { readonly kind: 'delete'; readonly relation: number; readonly old: Tuple }
  | { readonly kind: 'truncate'; readonly relations: readonly number[] }
  | { readonly kind: 'other' };

/** Reads one message. `ROLLS_DUMP_INCOMPLETE` for what is none. */
export function parsePgoutput(bytes: Uint8Array): Result<PgMessage, RollsError> {
  if (bytes.length === 0 || bytes.length > MOST_MESSAGE)
    return err(incompleteDump(`a replication message of ${bytes.length} bytes`));
  const reader = new MessageReader(bytes);
  try {
    const message = messageOf(reader);
    if (message.kind !== 'other') reader.end();
    return ok(message);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return err(incompleteDump(`a replication message is malformed: ${error.message}`));
  }
}

class Malformed extends Error {}

function messageOf(reader: MessageReader): PgMessage {
  const kind = reader.letter();
  switch (kind) {
    case 'B': {
      const lsn = reader.i64();
      const at = EPOCH + Number(reader.i64() / 1000n);
      reader.i32();
      return { kind: 'begin', lsn, at };
    }
    case 'C': {
      if (reader.u8() !== 0) throw new Malformed('flags of a commit');
      const [lsn, end] = [reader.i64(), reader.i64()];
      reader.i64();
      return { kind: 'commit', lsn, end };
    }
    case 'R':
      return relationOf(reader);
    case 'I': {
      const relation = reader.i32();
      reader.expect('N');
      return { kind: 'insert', relation, row: tupleOf(reader) };
    }
    case 'U': {
      const relation = reader.i32();
      const letter = reader.letter();
      if (letter === 'N') return { kind: 'update', relation, old: null, row: tupleOf(reader) };
      if (letter !== 'K' && letter !== 'O') throw new Malformed('an update without rows');
      const old = tupleOf(reader);
      reader.expect('N');
      return { kind: 'update', relation, old, row: tupleOf(reader) };
    }
    case 'D': {
      const relation = reader.i32();
      const letter = reader.letter();
      if (letter !== 'K' && letter !== 'O') throw new Malformed('a delete without a row');
      return { kind: 'delete', relation, old: tupleOf(reader) };
    }
    case 'T': {
      const count = reader.i32();
      reader.u8();
      if (count < 0 || count > MOST_COLUMNS) throw new Malformed(`${count} tables emptied at once`);
      return { kind: 'truncate', relations: Array.from({ length: count }, () => reader.i32()) };
    }
    case 'O':
    case 'Y':
    case 'M':
      return { kind: 'other' };
    default:
      throw new Malformed(`of kind ${JSON.stringify(kind)}`);
  }
}

function relationOf(reader: MessageReader): PgMessage {
  const id = reader.i32();
  const schema = reader.text();
  const name = `${schema}.${reader.text()}`;
  reader.u8();
  const columns = Array.from({ length: reader.columns() }, () => {
    reader.u8();
    const column = reader.text();
    reader.i32();
    reader.i32();
    return column;
  });
  return { kind: 'relation', id, name, columns };
}

function tupleOf(reader: MessageReader): Tuple {
  return Array.from({ length: reader.columns() }, () => {
    const kind = reader.letter();
    if (kind === 'n') return null;
    if (kind === 'u') return undefined;
    if (kind !== 't') throw new Malformed(`a value of kind ${JSON.stringify(kind)}`);
    return reader.value(reader.i32());
  });
}

class MessageReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  i32(): number {
    return this.view.getInt32(this.take(4));
  }

  i64(): bigint {
    return this.view.getBigInt64(this.take(8));
  }

  letter(): string {
    return String.fromCharCode(this.u8());
  }

  expect(letter: string): void {
    if (this.letter() !== letter) throw new Malformed(`no ${letter} where it belongs`);
  }

  columns(): number {
    const count = this.view.getInt16(this.take(2));
    if (count < 0 || count > MOST_COLUMNS) throw new Malformed(`${count} columns`);
    return count;
  }

  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new Malformed('a name without an end');
    const text = this.value(end - this.at);
    this.at++;
    return text;
  }

  value(length: number): string {
    if (length < 0) throw new Malformed('a value of no length');
    const from = this.take(length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        this.bytes.subarray(from, this.at),
      );
    } catch {
      throw new Malformed('text that is not UTF-8');
    }
  }

  end(): void {
    if (this.at !== this.bytes.length) throw new Malformed('bytes after its end');
  }

  private take(count: number): number {
    const from = this.at;
    if (from + count > this.bytes.length) throw new Malformed('it ends too early');
    this.at += count;
    return from;
  }
}
