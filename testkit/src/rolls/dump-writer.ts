/** How rows are spelled in a dump: CSV, or the voter records of NIST. */

import type { VoterRow } from './columns.ts';
import { CsvRows } from './csv-rows.ts';
import type { RollsFormat } from './mapping.ts';
import { VRI_FRAME, voterRecord } from './vri-json.ts';

/** Spells the rows of a dump. */
export type DumpWriter = {
  /** How the file's name ends. */
  readonly ending: string;
  readonly start: Uint8Array;
  /** A row; good until the next one. */
  readonly row: (row: VoterRow) => Uint8Array;
  /** What stands before each row but the first. */
  readonly between: Uint8Array;
  readonly end: Uint8Array;
};

/** The writer of a format. */
export function dumpWriter(format: RollsFormat): DumpWriter {
  if (format === 'csv') {
    const csv = new CsvRows();
    const nothing = new Uint8Array();
    return {
      ending: 'csv',
      start: csv.header(),
      row: (row) => csv.line(row),
      between: nothing,
      end: nothing,
    };
  }
  return {
    ending: 'json',
    start: Buffer.from(VRI_FRAME.start),
    row: (row) => Buffer.from(JSON.stringify(voterRecord(row))),
    between: Buffer.from(VRI_FRAME.between),
    end: Buffer.from(VRI_FRAME.end),
  };
}
