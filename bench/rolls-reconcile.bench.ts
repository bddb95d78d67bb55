/**
 * The roll of a state on one core: its genesis from a CSV dump, the comparison of a night in which every row is computed, and
 * that of the next one, which knows rows by their bytes; as people run them: processes of their own, from reading the dump to a
 * signed result on disk. Nobody signs in between, so both nights name and judge every change of the day as well.
 *
 *     npm run bench -- rolls-reconcile [--lines=200000] [--full]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type BenchOptions, readOptions } from './options.ts';
import { BELLWETHER } from './running/inputs.ts';
import { measure, type Used } from './running/processes.ts';
import { table, whole } from './running/table.ts';

/** Registrations of a plain run; `--lines=N` takes another number. */
const VOTERS = 200_000;

/** With `--full`: those of Missouri. */
const MISSOURI = 4_300_000;

/** Records that the attacks of the run change, remove and add: what the comparison has to name, and nothing else. */
const ATTACKS = 'update,delete,insert';

/** Night after the first, for which the database did not change. */
const SECOND_DAY = '2026-10-06';

/** The day before the made-up first one. */
const GENESIS_DAY = '2026-10-04';
const FIRST_DAY = '2026-10-05';

/** Exit code of a comparison that found something. */
const FOUND = 3;

/** Data lie on a disk that really syncs: /tmp is memory on many machines. */
const SCRATCH = '/var/tmp';

main(readOptions(process.argv.slice(2)));

function main(options: BenchOptions): void {
  const voters = options.lines ?? (options.full ? MISSOURI : VOTERS);
  const folder = mkdtempSync(join(SCRATCH, 'bellwether-bench-rolls-'));
  try {
    const rows = runs(String(options.core), folder, voters);
    say(`${whole(voters)} registrations, one core; load at the end ${loadavg()[0]!.toFixed(1)}\n`);
    say(table(['what', 'seconds', 'CPU seconds', 'MB'], rows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runs(core: string, folder: string, voters: number): readonly (readonly string[])[] {
  const kit = join(folder, 'kit');
  const data = join(folder, 'data');
  const step = (status: number, ...args: readonly string[]): Used => {
    const used = measure(core, [process.execPath, BELLWETHER, ...args]);
    if (used.status !== status)
      throw new Error(`${args.join(' ')} ended with ${used.status}: ${used.stderr}`);
    return used;
  };
  const chosen = ['--voters', String(voters), '--days', '1', '--seed', '7', '--attacks', ATTACKS];
  step(0, 'testkit', 'rolls', ...chosen, '--out', kit);
  const mapping = ['--mapping', join(kit, 'mapping.yaml')];
  const before = ['--live', join(kit, 'db-before.csv'), '--day', GENESIS_DAY];
  const genesis = step(0, 'rolls', 'genesis', '--data', data, ...mapping, ...before);
  const after = ['--live', join(kit, 'db-night-1.csv'), '--transactions', join(kit, 'transactions.ndjson')];
  const compare = (day: string): Used =>
    step(FOUND, 'rolls', 'reconcile', '--data', data, ...after, '--day', day, '--json');
  const night = compare(FIRST_DAY);
  const found = JSON.parse(night.stdout) as { readonly changed: number; readonly unauthorised: unknown[] };
  // What is sealed is no clean night: records were changed without authority, and the command says so.
  const sealing = step(FOUND, 'rolls', 'seal', '--data', data);
  const known = compare(SECOND_DAY);
  say(`${whole(found.changed)} differ, ${found.unauthorised.length} of them without authority`);
  return [
    ['genesis', ...figures(genesis)],
    ['comparison of a night, every row computed', ...figures(night)],
    ['seal', ...figures(sealing)],
    ['comparison of the next night, rows known by their bytes', ...figures(known)],
  ];
}

function figures({ wall, cpu, memory }: Used): readonly string[] {
  return [wall.toFixed(1), cpu.toFixed(1), whole(memory)];
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
