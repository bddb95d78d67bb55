/** Writes a run into files. Rows and transactions stream: memory grows with what changes, not with the voters. */
import type { Sink } from '../contacts/writers/log-file.ts';
import { isLive } from './columns.ts';
import { csvHeader, csvLine } from './csv-rows.ts';
import { mappingYaml } from './mapping.ts';
import type { RollsOptions } from './options.ts';
import { startRolls } from './play.ts';
import { pollBookName, pollBookText } from './poll-book.ts';
import { PUBLIC_LIST_COLUMNS } from './public-list.ts';
import type { RollsTruth } from './truth.ts';

/** What of a run is written. */
export type RollsFiles = {
  /** Dumps of which nights, beside the one before the first day. */
  readonly nights: 'all' | 'last';
  /** Whether the public lists before the first day and after the last one are written too. */
  readonly lists: boolean;
};

/** Characters that are gathered before they are written. */
const CHUNK = 1 << 20;

/** Writes `db-before.csv`, the dumps, `transactions.ndjson`, `mapping.yaml` and `truth.json`; gives the truth. */
export function generateRolls(options: RollsOptions, files: RollsFiles, sink: Sink): RollsTruth {
  const run = startRolls(options);
  const transactions = new TextFile(sink, 'transactions.ndjson');
  for (const day of run.days())
    for (const transaction of day.transactions) transactions.add(`${JSON.stringify(transaction)}\n`);
  transactions.end();

  const { days } = run.choice;
  const nights = files.nights === 'last' ? [0, days] : Array.from({ length: days + 1 }, (_, night) => night);
  const dumps = nights.map(
    (night) => new TextFile(sink, night === 0 ? 'db-before.csv' : `db-night-${night}.csv`),
  );
  const lists = files.lists
    ? [new TextFile(sink, 'public-list-a.csv'), new TextFile(sink, 'public-list-b.csv')]
    : [];
  for (const dump of dumps) dump.add(csvHeader());
  for (const list of lists) list.add(csvHeader(PUBLIC_LIST_COLUMNS));
  for (const rows of run.rowsOf(nights)) {
    let row = rows[0];
    let line = row === undefined ? '' : csvLine(row);
    for (let at = 0; at < rows.length; at++) {
      const next = rows[at];
      if (next === undefined) continue;
      if (next !== row) {
        row = next;
        line = csvLine(next);
      }
      (dumps[at] as TextFile).add(line);
    }
    for (const [at, list] of lists.entries()) {
      const listed = rows.at(at === 0 ? 0 : -1);
      if (listed !== undefined && isLive(listed) && listed.protected === '')
        list.add(csvLine(listed, PUBLIC_LIST_COLUMNS));
    }
  }
  for (const file of [...dumps, ...lists]) file.end();

  for (const book of run.pollBooks())
    sink.write(pollBookName(book), Buffer.from(pollBookText(book, run.population, run.rows(book.night))));
  sink.write('mapping.yaml', Buffer.from(mappingYaml('csv')));
  const truth = run.truth();
  sink.write('truth.json', Buffer.from(`${JSON.stringify(truth, null, 1)}\n`));
  return truth;
}

/** A text that goes into a file piece by piece. */
class TextFile {
  private readonly sink: Sink;
  private readonly name: string;
  private text = '';
  private isStarted = false;

  constructor(sink: Sink, name: string) {
    this.sink = sink;
    this.name = name;
  }

  add(text: string): void {
    this.text += text;
    if (this.text.length >= CHUNK) this.flush();
  }

  /** Writes the rest; a file without any text is there and empty. */
  end(): void {
    if (this.text !== '' || !this.isStarted) this.flush();
  }

  private flush(): void {
    this.sink.write(this.name, Buffer.from(this.text));
    this.text = '';
    this.isStarted = true;
  }
}
