/** Writes a run into files. Rows and transactions stream: memory grows with what changes, not with the voters. */
import type { Sink } from '../contacts/writers/log-file.ts';
import { ByteFile } from './byte-file.ts';
import type { VoterRow } from './columns.ts';
import { CsvRows } from './csv-rows.ts';
import { dumpWriter } from './dump-writer.ts';
import { mappingYaml, type RollsFormat } from './mapping.ts';
import type { RollsOptions } from './options.ts';
import { type RollsRun, startRolls } from './play.ts';
import { addPollBook, pollBookName } from './poll-book.ts';
import { isListed, PUBLIC_LIST_COLUMNS } from './public-list.ts';
import type { RollsTruth } from './truth.ts';

/** What of a run is written. */
export type RollsFiles = {
  /** Dumps of which nights, beside the one before the first day. */
  readonly nights: 'all' | 'last';
  /** Whether the public lists before the first day and after the last one are written too. */
  readonly lists: boolean;
  /** How the dumps are spelled. */
  readonly format: RollsFormat;
};

/** Writes `db-before.csv`, the dumps, `transactions.ndjson`, `mapping.yaml` and `truth.json`; gives the truth. */
export function generateRolls(options: RollsOptions, files: RollsFiles, sink: Sink): RollsTruth {
  const run = startRolls(options);
  const transactions = new ByteFile(sink, 'transactions.ndjson');
  for (const day of run.days())
    for (const transaction of day.transactions)
      transactions.add(Buffer.from(`${JSON.stringify(transaction)}\n`));
  transactions.end();
  writeDumps(run, files, sink);
  for (const book of run.pollBooks()) {
    const file = new ByteFile(sink, pollBookName(book));
    addPollBook(file, book, run.population, run.rows(book.night));
    file.end();
  }
  sink.write('mapping.yaml', Buffer.from(mappingYaml(files.format)));
  const truth = run.truth();
  sink.write('truth.json', Buffer.from(`${JSON.stringify(truth, null, 1)}\n`));
  return truth;
}

/** All dumps in one pass over the population: a row that is the same in all of them is made and spelled once. */
function writeDumps(run: RollsRun, files: RollsFiles, sink: Sink): void {
  const { days } = run.choice;
  const nights = files.nights === 'last' ? [0, days] : Array.from({ length: days + 1 }, (_, night) => night);
  const writer = dumpWriter(files.format);
  const dumps = nights.map((night) => new ByteFile(sink, `${dumpName(night)}.${writer.ending}`));
  const lists = files.lists
    ? [new ByteFile(sink, 'public-list-a.csv'), new ByteFile(sink, 'public-list-b.csv')]
    : [];
  const listed = new CsvRows(PUBLIC_LIST_COLUMNS);
  for (const dump of dumps) dump.add(writer.start);
  for (const list of lists) list.add(listed.header());
  const isStarted = dumps.map(() => false);
  for (const rows of run.rowsOf(nights)) {
    let spelled: VoterRow | undefined;
    let bytes: Uint8Array = new Uint8Array();
    for (let at = 0; at < dumps.length; at++) {
      const row = rows[at];
      if (row === undefined) continue;
      if (row !== spelled) {
        spelled = row;
        bytes = writer.row(row);
      }
      const dump = dumps[at] as ByteFile;
      if (isStarted[at] === true) dump.add(writer.between);
      isStarted[at] = true;
      dump.add(bytes);
    }
    for (let at = 0; at < lists.length; at++) {
      const row = rows[at === 0 ? 0 : rows.length - 1];
      if (row !== undefined && isListed(row)) (lists[at] as ByteFile).add(listed.line(row));
    }
  }
  for (const dump of dumps) dump.add(writer.end);
  for (const file of [...dumps, ...lists]) file.end();
}

function dumpName(night: number): string {
  return night === 0 ? 'db-before' : `db-night-${night}`;
}
