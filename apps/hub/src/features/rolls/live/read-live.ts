/** Reads the live database: a CSV dump, voter records of NIST SP 1500-102, or a query, as the mapping says. Changes nothing. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '@bellwether/basics';
import { columnsOf, type Mapping, type RollsError, vriRecords, vriValues } from '@bellwether/rolls';
import { CsvRows } from './csv-rows.ts';
import { incompleteDump, type LiveSink } from './live-types.ts';
import { queryRows } from './postgres-rows.ts';

/** Bytes read at a time. */
const PIECE = 1024 * 1024;

/** Largest dump after unpacking: the nation's voters take a tenth. What grows beyond it was packed to do harm. */
const MOST_DUMP = 1024 ** 4;

/** Largest document of voter records, which is read whole: half of the longest text that V8 holds. */
const MOST_DOCUMENT = 256 * 1024 * 1024;

/**
 * Reads all of it. `live`: a file, packed if it ends in `.gz`; for a source of kind postgres, the address of the database,
 * which is told to nobody.
 */
export async function readLive(
  mapping: Mapping,
  live: string,
  sink: LiveSink,
): Promise<Result<void, RollsError>> {
  const { source } = mapping;
  if (source.kind === 'postgres') return queryRows(source.query, live, sink);
  const read = source.kind === 'csv' ? readCsv(live, source.delimiter, sink) : readVri(live, mapping, sink);
  const done = await read;
  return done.isErr() ? err({ ...done.error, detail: `${live}: ${done.error.detail}` }) : ok();
}

async function readCsv(path: string, delimiter: string, sink: LiveSink): Promise<Result<void, RollsError>> {
  const rows = new CsvRows(delimiter, sink);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let failed: Result<void, RollsError> = ok();
  const read = await pieces(path, MOST_DUMP, (bytes) => {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch {
      failed = err(incompleteDump(`line ${faultyLine(bytes, rows.line)}: not in UTF-8`));
      return false;
    }
    failed = rows.addText(text);
    return failed.isOk();
  });
  if (failed.isErr()) return failed;
  if (read.isErr()) return read;
  try {
    const last = rows.addText(decoder.decode());
    return last.isErr() ? last : rows.endText();
  } catch {
    return err(incompleteDump(`line ${rows.line}: it ends within a character`));
  }
}

async function readVri(path: string, mapping: Mapping, sink: LiveSink): Promise<Result<void, RollsError>> {
  const parts: Uint8Array[] = [];
  const read = await pieces(path, MOST_DOCUMENT, (bytes) => {
    parts.push(bytes);
    return true;
  });
  if (read.isErr()) return read;
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    return err(incompleteDump('it is not in UTF-8'));
  }
  const records = vriRecords(json);
  if (records.isErr()) return records;
  const columns = columnsOf(mapping);
  const begun = sink.takeColumns(columns);
  if (begun.isErr()) return begun;
  for (const [at, record] of records.value.entries()) {
    const values = vriValues(record, columns);
    const taken = values.isErr() ? values : sink.takeRow(values.value);
    if (taken.isErr()) return err({ ...taken.error, detail: `record ${at + 1}: ${taken.error.detail}` });
  }
  return ok();
}

/** Hands on the bytes of a file, unpacked, until `take` wants no more. */
async function pieces(
  path: string,
  most: number,
  take: (bytes: Uint8Array) => boolean,
): Promise<Result<void, RollsError>> {
  let size = 0;
  let isEnough = false;
  const into = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const bytes of source) {
      size += bytes.length;
      if (size <= most && take(bytes)) continue;
      isEnough = true;
      return;
    }
  };
  const file = createReadStream(path, { highWaterMark: PIECE });
  try {
    if (path.endsWith('.gz')) await pipeline(file, createGunzip({ chunkSize: PIECE }), into);
    else await pipeline(file, into);
  } catch (error) {
    // Whoever stops reading early breaks the pipe: that is no failure of the file.
    if (!isEnough) return err(incompleteDump((error as Error).message));
  }
  return size > most ? err(incompleteDump(`it has more than ${most} bytes`)) : ok();
}

/** The line of the first bytes that are no UTF-8; `first`: the line with which they begin. */
function faultyLine(bytes: Uint8Array, first: number): number {
  let line = first;
  for (let at = 0; at < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at, end));
    } catch {
      // The first line of a piece may begin within a character, which is no fault; then a later one is named.
      if (at > 0 || end === bytes.length) return line;
    }
    at = end;
  }
  return first;
}
