/** A year of history, as the bench of the history makes it, put into a hub that runs. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from '../options.ts';

const DAYS = 365;

type Listed = {
  readonly path: string;
  readonly day: string | null;
  readonly fromStep: number;
  readonly toStep: number;
  readonly rows: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
};

/** Copies the files into the data folder and lists them in the hub's database. Makes them first if they are not there. */
export async function addYear({ cache }: BenchOptions, folder: string): Promise<void> {
  const made = join(cache, `history-${DAYS}`);
  const list = join(made, 'list.json');
  if (!existsSync(list) || (JSON.parse(readFileSync(list, 'utf8')) as Listed[]).length < DAYS) makeYear(made);
  const files = JSON.parse(readFileSync(list, 'utf8')) as Listed[];
  for (const { path } of files) cpSync(join(made, path), join(folder, 'history', path), { recursive: true });
  const time = (ms: number) => `to_timestamp(${ms / 1000})`;
  const rows = files.map(
    ({ path, day, fromStep, toStep, rows, bytes, first, last }) =>
      `('${path}', ${day === null ? 'NULL' : `'${day}'`}, ${fromStep}, ${toStep}, ${rows}, ${bytes}, ${time(first)}, ${time(last)})`,
  );
  const columns = 'path, day, from_step, to_step, rows, bytes, first_at, last_at';
  const sql = `INSERT INTO history_files (${columns}) VALUES ${rows.join(', ')} ON CONFLICT DO NOTHING`;
  const {
    folder: socket,
    user,
    database,
  } = JSON.parse(readFileSync(join(folder, 'postgres', 'connection.json'), 'utf8')) as {
    readonly folder: string;
    readonly user: string;
    readonly database: string;
  };
  execFileSync(psql(), ['-q', '-v', 'ON_ERROR_STOP=1', '-h', socket, '-U', user, '-d', database], {
    input: sql,
  });
}

function makeYear(folder: string): void {
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`making a year of history in ${folder} (some minutes) ...\n`);
  const program = '.build/measure-history.mjs';
  execFileSync('node_modules/.bin/esbuild', [
    'apps/hub/src/platform/history/testing/measure.ts',
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--external:@duckdb/node-api',
    '--log-level=error',
    `--outfile=${program}`,
  ]);
  execFileSync(process.execPath, [program, 'generate', folder, `${DAYS}`], { stdio: 'inherit' });
}

/** Debian keeps it beside the server of each version. */
function psql(): string {
  const root = '/usr/lib/postgresql';
  const [version] = existsSync(root) ? readdirSync(root).sort().reverse() : [];
  const path = join(root, version ?? '', 'bin', 'psql');
  return existsSync(path) ? path : 'psql';
}
