/** For tests: a run in memory, and its dumps read back. */
import { csvRows } from '@bellwether/basics';
import { COLUMNS, type Column, isLive, type NewValues, type VoterRow } from './columns.ts';
import { generateRolls, type RollsFiles } from './generate-rolls.ts';
import type { RollsOptions } from './options.ts';
import type { RollsTransaction } from './transactions.ts';
import type { RollsTruth } from './truth.ts';

/** A run that was written. */
export type WrittenRun = {
  readonly truth: RollsTruth;
  readonly files: ReadonlyMap<string, string>;
  /** Dumps by night, each by voter_id. */
  readonly nights: ReadonlyArray<ReadonlyMap<string, VoterRow>>;
  readonly transactions: readonly RollsTransaction[];
};

const EVERYTHING: RollsFiles = { nights: 'all', lists: true, format: 'csv' };

/** Writes a run into memory. */
export function filesOf(options: RollsOptions, files: RollsFiles = EVERYTHING): ReadonlyMap<string, string> {
  const pieces = new Map<string, Buffer[]>();
  generateRolls(options, files, {
    write(file, bytes) {
      pieces.set(file, [...(pieces.get(file) ?? []), Buffer.from(bytes)]);
    },
  });
  return new Map([...pieces].map(([name, bytes]) => [name, Buffer.concat(bytes).toString()]));
}

/** Writes a run into memory and reads it back. */
export function writtenRun(options: RollsOptions): WrittenRun {
  const files = filesOf(options);
  return {
    truth: JSON.parse(files.get('truth.json') as string),
    files,
    nights: Array.from({ length: options.days + 1 }, (_, night) =>
      readRows(files.get(night === 0 ? 'db-before.csv' : `db-night-${night}.csv`) as string),
    ),
    transactions: (files.get('transactions.ndjson') as string)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  };
}

/** Rows of a CSV file by voter_id; columns that it does not have are left out. */
export function readRows(text: string): ReadonlyMap<string, VoterRow> {
  const [header, ...rows] = csvRows(text, 1_000_000).rows;
  const columns = header?.fields as Column[];
  return new Map(
    rows.map(({ fields }) => {
      const row = Object.fromEntries(columns.map((column, at) => [column, fields[at]]));
      return [row.voter_id as string, row as VoterRow];
    }),
  );
}

/** The database as authorised transactions make it: each number once, on the day that it bears. */
export function foldDays(run: WrittenRun): ReadonlyArray<ReadonlyMap<string, VoterRow>> {
  const used = new Set<string>();
  const state = new Map(run.nights[0] as ReadonlyMap<string, VoterRow>);
  const days = [...new Set(run.transactions.map(({ day }) => day))].sort();
  const first = Date.parse(`${run.truth.start}T00:00:00Z`);
  return run.nights.map((_, night) => {
    const day = new Date(first + (night - 1) * 86_400_000).toISOString().slice(0, 10);
    if (!days.includes(day)) return new Map(state);
    for (const { id, day: at, record, fields } of run.transactions) {
      if (at !== day || used.has(id)) continue;
      used.add(id);
      state.set(record, { ...(state.get(record) as VoterRow), ...(fields as NewValues) });
    }
    return new Map(state);
  });
}

/** Records in which two states differ, and in which columns. */
export function differences(
  one: ReadonlyMap<string, VoterRow>,
  other: ReadonlyMap<string, VoterRow>,
): ReadonlyMap<string, readonly Column[]> {
  const found = new Map<string, readonly Column[]>();
  for (const record of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(record), other.get(record)];
    if (a === undefined || b === undefined) found.set(record, []);
    else {
      const columns = COLUMNS.filter((column) => a[column] !== b[column]);
      if (columns.length > 0) found.set(record, columns);
    }
  }
  return found;
}

/** Live registrations of a dump. */
export function liveOf(rows: ReadonlyMap<string, VoterRow>): readonly VoterRow[] {
  return [...rows.values()].filter(isLive);
}
