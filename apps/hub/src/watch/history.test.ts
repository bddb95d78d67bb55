import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type WatchOptions, watch } from './watch.ts';

const ROOT = new URL('../../../..', import.meta.url).pathname;
const DIST = join(ROOT, 'apps/hub/dist');

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
});

let folder: string;
let history: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  history = join(folder, "the office's history");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function watching(
  paths: string[],
  options: Partial<WatchOptions> = {},
  stdin = '',
  meanwhile = () => {},
) {
  const base: WatchOptions = {
    paths,
    surface: undefined,
    format: undefined,
    decisions: undefined,
    verdicts: undefined,
    history,
    year: 2026,
    zone: undefined,
    columns: undefined,
    workers: 1,
  };
  async function* pipe(): AsyncGenerator<Buffer> {
    yield Buffer.from(stdin);
    meanwhile();
  }
  return watch(
    { ...base, ...options },
    { stdin: pipe(), now: Date.UTC(2026, 10, 1), clock: () => 0, progress: () => {}, stopped: () => false },
  );
}

async function accountOf(paths: string[], options?: Partial<WatchOptions>, stdin?: string) {
  return (await watching(paths, options, stdin)).okOrThrow()!.account;
}

/** Rows of a query over the whole history, which it calls `h`. */
async function ask(sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const files = `${history.replaceAll("'", "''")}/*/*/*.parquet`;
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(`CREATE VIEW h AS FROM read_parquet('${files}', hive_partitioning = true)`);
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function partsIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .sort();
}

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function packet(day: number, number: number): string {
  const second = String(number % 60).padStart(2, '0');
  const source = number % 5 === 0 ? `2001:db8::${number % 100}` : `203.0.113.${number % 256}`;
  const destination = number % 5 === 0 ? '2001:db8:1::10' : '198.51.100.10';
  return (
    `Oct  ${day} 10:00:${second} fw1 kernel: [1.0] DROP: IN=eth0 OUT= SRC=${source} DST=${destination} ` +
    `LEN=60 TTL=50 PROTO=TCP SPT=${40_000 + (number % 1000)} DPT=22 WINDOW=1 RES=0x00 SYN URGP=0`
  );
}

const packets = (day: number, count: number) => Array.from({ length: count }, (_, i) => packet(day, i));

describe('the history of contacts', () => {
  it('holds every contact of the account, once, by day and sensor', async () => {
    const account = await accountOf([file('fw1.log', [...packets(7, 3000), ...packets(8, 2500)])]);

    expect(account.contacts).toBe(5500);
    expect(
      await ask('SELECT sum(contacts)::INT AS contacts, count(DISTINCT line)::INT AS lines FROM h'),
    ).toEqual([{ contacts: 5500, lines: 5500 }]);
    expect(
      await ask('SELECT day::VARCHAR AS day, sensor, count(*)::INT AS n FROM h GROUP BY ALL ORDER BY day'),
    ).toEqual([
      { day: '2026-10-07', sensor: 'fw1.log', n: 3000 },
      { day: '2026-10-08', sensor: 'fw1.log', n: 2500 },
    ]);
  });

  it('says of a contact what its line says, and how that line settles it', async () => {
    const path = file('fw1.log', packets(7, 2));
    await accountOf([path]);

    const four = { source: '203.0.113.1', destination: '198.51.100.10', source_port: 40_001, line: '2' };
    const six = { source: '2001:db8::', destination: '2001:db8:1::10', source_port: 40_000, line: '1' };
    const rest = {
      file: path,
      destination_port: 22,
      protocol: 6,
      kind: 'packet',
      outcome: 'denied',
      status: null,
      disposition: 'refused',
      rule: 'denied',
      account: null,
      route: null,
      content: 0,
      bytes: null,
      millis: null,
      contacts: 1,
      day: '2026-10-07',
      sensor: 'fw1.log',
    };
    expect(await ask('FROM h ORDER BY line')).toEqual([
      { time: '2026-10-07 10:00:00+00', ...rest, ...six },
      { time: '2026-10-07 10:00:01+00', ...rest, ...four },
    ]);
  });

  it('counts what one line tells several times, and hashes accounts', async () => {
    const log = file('auth.log', [
      'Oct  7 10:00:00 www sshd[10]: Failed password for invalid user admin from 203.0.113.9 port 4000 ssh2',
      'Oct  7 10:00:01 www sshd[11]: message repeated 4 times: [ Failed password for root from 203.0.113.9 port 4001 ssh2]',
    ]);
    const account = await accountOf([log]);

    const [row] = (await ask(
      'SELECT sum(contacts)::INT AS contacts, count(DISTINCT account)::INT AS accounts FROM h',
    )) as { contacts: number; accounts: number }[];
    expect(row).toEqual({ contacts: account.contacts + account.detail, accounts: 2 });
  });

  it('is the same when the same inputs are watched again, and grows with others', async () => {
    const path = file('fw1.log', packets(7, 100));
    await accountOf([path]);
    const once = partsIn(history);
    await accountOf([path]);

    expect(partsIn(history)).toEqual(once);
    // The same file in another zone: its rows fall on another day, and none stays where it was.
    await accountOf([path], { zone: 'Pacific/Auckland' });
    expect(await ask('SELECT DISTINCT day::VARCHAR AS day FROM h')).toEqual([{ day: '2026-10-06' }]);
    await accountOf([file('fw2.log', packets(7, 50))]);
    expect(await ask('SELECT count(*)::INT AS n FROM h')).toEqual([{ n: 150 }]);
    expect(readdirSync(history).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('tells pipes apart by what came through', async () => {
    await accountOf(['-'], {}, `${packets(7, 10).join('\n')}\n`);
    await accountOf(['-'], {}, `${packets(8, 20).join('\n')}\n`);
    await accountOf(['-'], {}, `${packets(8, 20).join('\n')}\n`);

    expect(await ask('SELECT count(*)::INT AS n FROM h')).toEqual([{ n: 30 }]);
  });

  it('has the same rows from several workers', async () => {
    const path = file('fw1.log', packets(7, 12_000));
    const rows = 'SELECT count(*)::INT AS n, bit_xor(hash(h))::VARCHAR AS all FROM h';
    await accountOf([path]);
    const alone = await ask(rows);
    await accountOf([path], { workers: 2 });

    expect(await ask(rows)).toEqual(alone);
  });

  it('holds contacts without a readable time, of no day', async () => {
    const timeless = packet(7, 1).slice('Oct  7 10:00:01 fw1 '.length);
    const account = await accountOf([file('fw1.log', [timeless, ...packets(7, 2)])], { format: 'netfilter' });

    expect(account.contacts).toBe(3);
    expect(await ask('SELECT time, day::VARCHAR AS day FROM h WHERE line = 1')).toEqual([
      { time: null, day: null },
    ]);
  });

  it('is refused before anything is read where it cannot be written', async () => {
    const blocked = file('a file', ['']);
    const watched = await watching([file('fw1.log', packets(7, 3))], { history: join(blocked, 'inside') });

    expect(watched.isErr() && watched.error.code).toBe('WATCH_OUTPUT_UNWRITABLE');
  });
});

describe('a history that fails on the way', () => {
  it('is an error that names it, and ends cleanly', async () => {
    // More than what is looked at before the history is opened.
    const text = `${packets(7, 1000).join('\n')}\n`;
    const watched = await watching(['-'], {}, text, () => {
      rmSync(history, { recursive: true });
      writeFileSync(history, 'no folder any more');
    });

    expect(watched.isErr() && watched.error.code).toBe('WATCH_OUTPUT_UNWRITABLE');
    expect(watched.isErr() && watched.error.reason).toContain(history);
    expect(readFileSync(history, 'utf8')).toBe('no folder any more');
  });
});

describe('without a history', () => {
  it('no code of DuckDB is loaded: nothing that is imported at once needs it', () => {
    const text = (name: string): string => readFileSync(join(DIST, name), 'utf8');
    const watching = readdirSync(DIST).filter((name) => /^(bellwether|worker|watch-\w+)\.js$/.test(name));
    const reached = new Set(watching);
    for (const name of reached) {
      for (const [, other] of text(name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
        reached.add(other!);
    }

    expect(watching.length).toBe(3);
    expect([...reached].filter((name) => text(name).includes('@duckdb/node-api'))).toEqual([]);
    // It is there all the same, for who asks for a history.
    const asked = readdirSync(DIST).filter((name) => /^history-\w+\.js$/.test(name));
    expect(watching.some((name) => asked.some((chunk) => text(name).includes(`import("./${chunk}")`)))).toBe(
      true,
    );
  });
});
