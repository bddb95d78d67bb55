/**
 * What the bench of the history runs, one measurement a process: `generate`, `search`, `peer` and `write`, each with a
 * folder. Says what it measured as JSON.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContactsQuery } from '@bellwether/api';
import { BATCH_ROWS } from '@bellwether/contacts';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { batchOf } from '../entries.fixture.ts';
import { compact, type HistoryFile, openHistorySearch, openHistoryWriter } from '../index.ts';
import { quoted } from '../naming.ts';

/** A state's contacts of a day. */
const ROWS_A_DAY = 100_000;

/** Offices that have sensors. */
const OFFICES = 71;

const FIRST_DAY = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

/** A source of the generated history that comes every day, some thirty times. */
const FREQUENT = '57.136.102.245';

/** Times that a question is asked. */
const RUNS = 4;

/** Times that plain files are asked: they take so much longer. */
const PEER_RUNS = 2;

const [task, folder, count] = process.argv.slice(2) as [string, string, string];
if (task === 'generate') await generate(Number(count));
if (task === 'search') say(await measureSearch(Number(count)));
if (task === 'peer') say(await measurePeer(Number(count)));
if (task === 'write') say(await measureWriting(Number(count)));

/** Days as the hub keeps them, and beside them as files by day and office in the order of arrival. Goes on where it was. */
async function generate(days: number): Promise<void> {
  const connection = await duckdb('1GB');
  mkdirSync(join(folder, 'fresh'), { recursive: true });
  const files = listed();
  for (let day = files.length; day < days; day++) {
    const path = `fresh/${day}-${day}.parquet`;
    await connection.run(`SELECT setseed(${(day % 1000) / 1000})`);
    await connection.run(`COPY (${daySql(day)}) TO ${quoted(join(folder, path))} (COMPRESSION zstd)`);
    const first = FIRST_DAY + day * DAY;
    const bytes = statSync(join(folder, path)).size;
    const span = { fromStep: day, toStep: day, rows: ROWS_A_DAY, bytes, first, last: first + DAY - 1 };
    files.push(...(await compact({ kind: 'days', files: [{ path, day: null, ...span }] }, folder)));
    const plain = join(folder, 'plain', `day=${String(day).padStart(3, '0')}`);
    mkdirSync(plain, { recursive: true });
    await connection.run(
      `COPY (FROM ${quoted(join(folder, path))}) TO ${quoted(plain)} (FORMAT parquet, PARTITION_BY (authority), WRITE_PARTITION_COLUMNS true)`,
    );
    rmSync(join(folder, path));
    writeFileSync(join(folder, 'list.json'), JSON.stringify(files));
  }
}

/** Sources have a heavy tail: most contacts are of some thousand that come every day, the rest of millions. */
function daySql(day: number): string {
  const text = (key: string) =>
    `concat(${[24, 16, 8, 0].map((shift) => `((${key} >> ${shift}) & 255)::UTINYINT`).join(`, '.', `)})`;
  return `WITH chance AS (
      SELECT i, random() AS a, random() AS u, random() AS o, random() AS p, random() AS q, random() AS t FROM range(${ROWS_A_DAY}) r(i)
    ), contact AS (
      SELECT *, hash(CASE WHEN u < 0.6 THEN floor(3000 * pow(a, 3)) ELSE 3000 + floor(4000000 * pow(a, 2)) END::BIGINT) >> 32 AS k,
        floor(${OFFICES} * pow(o, 2))::UINTEGER AS office FROM chance
    )
    SELECT to_timestamp((${FIRST_DAY + day * DAY} + floor(t * ${DAY})) / 1000) AS time, office AS stream,
      (29000 + office)::VARCHAR AS authority, 'fw' AS sensor, (${day * ROWS_A_DAY} + i)::BIGINT AS line, 0::UBIGINT AS entry,
      k::UBIGINT AS source_key, NULL::UBIGINT AS source_low, ${text('k')} AS source,
      concat('198.51.', office, '.', (q * 10)::INT) AS destination, (a * 64000)::USMALLINT AS source_port,
      CASE WHEN p < 0.8 THEN [22, 23, 80, 443, 445, 3389, 5060, 8080][1 + floor(p * 10)::INT] ELSE floor(65536 * a) END::USMALLINT AS destination_port,
      6::UTINYINT AS protocol, 'packet' AS kind, 'denied' AS outcome, NULL::USMALLINT AS status,
      CASE WHEN q < 0.97 THEN 'refused' WHEN q < 0.99 THEN 'blocked' WHEN q < 0.99999 THEN 'served' ELSE 'through' END AS disposition,
      CASE WHEN q < 0.97 THEN 'denied' WHEN q < 0.99 THEN 'blocked' WHEN q < 0.99999 THEN 'accepted-public' ELSE 'accepted-stranger' END AS rule,
      0::USMALLINT AS content, 1::INTEGER AS units, q < 0.0005 AS late, round(7 * a * a, 2)::FLOAT AS stake
    FROM contact ORDER BY t`;
}

/** Questions by their names, about the last days. */
function questions(days: number): [string, ContactsQuery][] {
  const end = FIRST_DAY + listed().length * DAY;
  const period = { from: new Date(end - days * DAY).toISOString(), to: new Date(end).toISOString() };
  const week = new Date(end - (days / 2) * DAY);
  const hours = { from: week.toISOString(), to: new Date(week.getTime() + 6 * 3_600_000).toISOString() };
  return [
    ['a source', { ...period, source: FREQUENT }],
    ['a prefix /16', { ...period, source: `${FREQUENT}/16` }],
    ['an office', { ...period, authority: '29020' }],
    ['a port', { ...period, port: 22 }],
    ['through', { ...period, disposition: 'through' }],
    ['refused', { ...period, disposition: 'refused' }],
    ['a rule at an office', { ...period, authority: '29020', rule: 'accepted-stranger' }],
    ['six hours', hours],
    ['all', period],
  ];
}

async function measureSearch(days: number) {
  const began = performance.now();
  const search = await openHistorySearch(folder);
  search.use(listed());
  const opened = performance.now() - began;
  const answers: { name: string; first: number; again: number; total: number }[] = [];
  for (const [name, query] of questions(days)) {
    const times: number[] = [];
    let total = 0;
    for (let run = 0; run < RUNS; run++) {
      const asked = performance.now();
      total = (await search.search(query, 'all')).okOrThrow().total;
      times.push(performance.now() - asked);
    }
    answers.push({ name, first: times[0]!, again: median(times.slice(1)), total });
  }
  search.close();
  const bytes = listed()
    .slice(-days)
    .reduce((sum, file) => sum + file.bytes, 0);
  return { opened, answers, bytes, memory: process.resourceUsage().maxRSS / 1000 };
}

/** The same questions to the files by day and office, by whoever knows SQL and DuckDB as it comes. */
async function measurePeer(days: number) {
  const connection = await duckdb(undefined);
  const end = listed().length;
  const paths = Array.from({ length: days }, (_, i) =>
    quoted(join(folder, 'plain', `day=${String(end - 1 - i).padStart(3, '0')}`, '*', '*.parquet')),
  );
  const table = `read_parquet([${paths.join(', ')}])`;
  const answers: { name: string; first: number; again: number; total: number }[] = [];
  for (const [name, query] of questions(days)) {
    const terms = [
      query.source?.endsWith('/16')
        ? `source LIKE '${FREQUENT.split('.').slice(0, 2).join('.')}.%'`
        : undefined,
      query.source === FREQUENT ? `source = '${FREQUENT}'` : undefined,
      query.authority && `authority = '${query.authority}'`,
      query.port && `destination_port = ${query.port}`,
      query.disposition && `disposition = '${query.disposition}'`,
      query.rule && `rule = '${query.rule}'`,
      `time >= TIMESTAMPTZ '${query.from}' AND time < TIMESTAMPTZ '${query.to}'`,
    ];
    const where = terms.filter((term) => term !== undefined).join(' AND ');
    const times: number[] = [];
    let total = 0;
    for (let run = 0; run < PEER_RUNS; run++) {
      const asked = performance.now();
      const sums = await connection.runAndReadAll(`SELECT sum(units)::DOUBLE FROM ${table} WHERE ${where}`);
      total = (sums.getRows()[0]![0] as number | null) ?? 0;
      await connection.runAndReadAll(`SELECT * FROM ${table} WHERE ${where} ORDER BY time DESC LIMIT 100`);
      times.push(performance.now() - asked);
    }
    answers.push({ name, first: times[0]!, again: median(times.slice(1)), total });
  }
  return { answers, memory: process.resourceUsage().maxRSS / 1000 };
}

/** Rows a second that the writer takes, and that it puts on disk. */
async function measureWriting(flushes: number) {
  const writer = await openHistoryWriter(folder);
  writer.name(0, 'state', 'fw');
  const batch = batchOf(
    Array.from({ length: BATCH_ROWS }, (_, i) => ({
      time: FIRST_DAY + i,
      line: i,
      source: `203.${i % 7}.${(i * 31) % 256}.${(i * 7919) % 256}`,
    })),
  );
  let taking = 0;
  let writing = 0;
  let rows = 0;
  for (let flush = 0; flush < flushes; flush++) {
    const began = performance.now();
    for (let i = 0; i < 7; i++) writer.take(0, batch, 0, batch.count, 1 + i * BATCH_ROWS);
    const taken = performance.now();
    rows += (await writer.flush(flush, flush))!.rows;
    taking += taken - began;
    writing += performance.now() - taken;
  }
  writer.close();
  return {
    take: rows / taking,
    write: rows / (taking + writing),
    memory: process.resourceUsage().maxRSS / 1000,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function listed(): HistoryFile[] {
  const path = join(folder, 'list.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as HistoryFile[]) : [];
}

async function duckdb(memory: string | undefined): Promise<DuckDBConnection> {
  const options = memory === undefined ? { threads: '2' } : { threads: '2', memory_limit: memory };
  const connection = await (await DuckDBInstance.create(':memory:', options)).connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  return connection;
}

function say(measured: unknown): void {
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
