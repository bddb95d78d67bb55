/** Reads the live database: a CSV dump, voter records of NIST SP 1500-102, or a query, as the mapping says. Changes nothing. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '@bellwether/basics';
import {
  columnsOf,
  type Mapping,
  type RollsError,
  rowOfTexts,
  vriRecords,
  vriValues,
} from '@bellwether/rolls';
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
  let failed: Result<void, RollsError> = ok();
  const read = await pieces(path, MOST_DUMP, (bytes) => {
    failed = rows.addBytes(bytes);
    return failed.isOk();
  });
  if (failed.isErr()) return failed;
  return read.isErr() ? read : rows.endBytes();
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
    const taken = values.isErr() ? values : sink.takeRow(rowOfTexts(values.value));
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
