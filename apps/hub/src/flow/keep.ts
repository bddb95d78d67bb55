/**
 * Step 6, keep: everything that some steps yield, in one transaction with the number of the last of them. Whoever reads
 * `progress` knows what is counted; a transaction whose end was not heard of is looked up there.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { HistoryFile } from '../platform/history/history-types.ts';
import { type Connection, clientConfig } from '../platform/postgres/connection.ts';
import { ACCOUNT_COLUMNS, type AccountRows, type Pending } from './account.ts';
import type { IncidentDelta } from './decide.ts';

/** A statement of one commit takes milliseconds; one that takes a minute hangs, and is tried again. */
const STATEMENT_LIMIT = 60_000;

/** How far the database has come. */
export type Progress = { readonly step: number; readonly offset: number; readonly historyStep: number };

/**
 * Thrown where the database is further than this judge has brought it: another one has gone on. Steps are counted once,
 * so this one has to end.
 */
export class KeptByAnother extends Error {
  override readonly name = 'KeptByAnother';
}

/** What is kept at once. */
export type Commit = {
  /** Where the database is, as its one writer knows. */
  readonly before: Progress;
  readonly pending: Pending;
  /** A file that holds all rows up to and with `pending.step`, where one was written. */
  readonly file: HistoryFile | undefined;
  readonly historyStep: number;
  /** Opened incidents are dated by this, ms: the clock of the hub. */
  readonly now: number;
};

/** What a commit changed that people see. */
export type Kept = { readonly incidents: number };

/** A connection of its own to the database: one writer, one transaction at a time. */
export class Keeper {
  readonly #connection: Connection;
  #client: pg.Client | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** How far it has come; the first time, the row is made. */
  async progress(journalId: string): Promise<Progress & { readonly journalId: string }> {
    const client = await this.#connected();
    await client.query(
      `INSERT INTO progress (step, journal_offset, history_step, journal_id) VALUES (0, 0, 0, $1)
       ON CONFLICT DO NOTHING`,
      [journalId],
    );
    const { rows } = await client.query('SELECT * FROM progress');
    const row = rows[0] as { step: string; journal_offset: string; history_step: string; journal_id: string };
    return {
      step: Number(row.step),
      offset: Number(row.journal_offset),
      historyStep: Number(row.history_step),
      journalId: row.journal_id,
    };
  }

  /** Keeps it, or throws; after an error the connection is made anew, and what is there already is not kept twice. */
  async keep(commit: Commit): Promise<Kept> {
    const client = await this.#connected();
    try {
      await client.query('BEGIN');
      const at = await lockedProgress(client);
      if (at.step === commit.pending.step && at.historyStep === commit.historyStep) {
        // The answer to an earlier try was lost, and its transaction was not.
        await client.query('ROLLBACK');
        return { incidents: 0 };
      }
      refuseOthers(at, commit.before);
      await addStreams(client, commit.pending);
      await addAccount(client, 'account_minutes', 'minute', 60, commit.pending.account);
      await addAccount(client, 'account_hours', 'hour', 3600, commit.pending.account.byHour());
      const incidents = await addIncidents(client, [...commit.pending.incidents.values()], commit.now);
      await addDecisions(client, commit.pending);
      await addSensors(client, commit.pending);
      await addBatches(client, commit.pending);
      await addFollowed(client, commit.pending);
      await addSurfaces(client, commit.pending);
      await addFile(client, commit.file);
      await client.query(
        'UPDATE progress SET step = $1, journal_offset = $2, history_step = $3, updated_at = now()',
        [commit.pending.step, commit.pending.offset, commit.historyStep],
      );
      await client.query('COMMIT');
      return { incidents };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Adds a file of the history that holds all rows up to where the database is. */
  async keepFile(file: HistoryFile, before: Progress): Promise<void> {
    const client = await this.#connected();
    try {
      await client.query('BEGIN');
      const at = await lockedProgress(client);
      // It may be there already: the answer to an earlier try was lost.
      const isKept = at.historyStep === before.step;
      refuseOthers(isKept ? { ...at, historyStep: before.historyStep } : at, before);
      await addFile(client, file);
      await client.query('UPDATE progress SET history_step = greatest(history_step, $1)', [before.step]);
      await client.query('COMMIT');
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = new pg.Client({ ...clientConfig(this.#connection), statement_timeout: STATEMENT_LIMIT });
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    this.#client = client;
    return client;
  }
}

/** Where the database is; nobody else moves it before the transaction ends. */
async function lockedProgress(client: pg.Client): Promise<Pick<Progress, 'step' | 'historyStep'>> {
  const { rows } = await client.query<{ step: string; history_step: string }>(
    'SELECT step, history_step FROM progress FOR UPDATE',
  );
  return { step: Number(rows[0]!.step), historyStep: Number(rows[0]!.history_step) };
}

function refuseOthers(at: Pick<Progress, 'step' | 'historyStep'>, before: Progress): void {
  if (at.step === before.step && at.historyStep === before.historyStep) return;
  throw new KeptByAnother(`another judge has kept step ${at.step}, and this one was at step ${before.step}`);
}

/** Ways in on which a sensor's lines may be lost without anybody knowing: nobody acknowledges them. */
const BEST_EFFORT: ReadonlySet<string> = new Set(['syslog-udp', 'syslog-tcp', 'syslog-tls']);

async function addStreams(client: pg.Client, { streams }: Pending): Promise<void> {
  for (const { stream, authority, sensor, transport, format, zone, unwrap } of streams) {
    await client.query(
      `INSERT INTO sensors (id, authority, name, transport, format, zone, completeness, unwrap)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (id) DO UPDATE SET format = excluded.format, zone = excluded.zone, transport = excluded.transport,
                                      completeness = excluded.completeness, unwrap = excluded.unwrap`,
      [
        stream,
        authority,
        sensor,
        transport,
        format,
        zone,
        BEST_EFFORT.has(transport) ? 'best-effort' : 'complete',
        unwrap,
      ],
    );
  }
}

async function addAccount(
  client: pg.Client,
  table: 'account_minutes' | 'account_hours',
  column: 'minute' | 'hour',
  seconds: number,
  account: AccountRows,
): Promise<void> {
  const { period, stream, counts } = account.columns();
  if (period.length === 0) return;
  const names = ACCOUNT_COLUMNS.join(', ');
  const arrays = ACCOUNT_COLUMNS.map((_, i) => `$${i + 3}::bigint[]`).join(', ');
  const sums = ACCOUNT_COLUMNS.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ');
  await client.query(
    `INSERT INTO ${table} (${column}, sensor, ${names})
     SELECT to_timestamp(period * ${seconds}), sensor, ${names}
     FROM unnest($1::bigint[], $2::int[], ${arrays}) AS cells (period, sensor, ${names})
     ON CONFLICT (${column}, sensor) DO UPDATE SET ${sums}`,
    [period, stream, ...counts],
  );
}

/** Gives how many were opened. */
async function addIncidents(
  client: pg.Client,
  deltas: readonly IncidentDelta[],
  now: number,
): Promise<number> {
  const more = deltas.filter(({ count }) => count > 0);
  const less = deltas.filter(({ count }) => count < 0);
  let opened = 0;
  if (more.length > 0) {
    const { rows } = await client.query(
      `INSERT INTO incidents (key, kind, authority, sensor, opened_at, last_at, count, reason, source, destination, port,
                              protocol, line)
       SELECT d.key, d.kind, s.authority, d.sensor, to_timestamp(d.first / 1000), to_timestamp(d.last / 1000), d.count,
              d.reason, d.source, d.destination, d.port, d.protocol, d.line
       FROM unnest($1::text[], $2::text[], $3::int[], $4::float8[], $5::float8[], $6::bigint[], $7::text[], $8::text[],
                   $9::text[], $10::int[], $11::int[], $12::bigint[])
            AS d (key, kind, sensor, first, last, count, reason, source, destination, port, protocol, line)
       LEFT JOIN sensors s ON s.id = d.sensor
       ON CONFLICT (key) WHERE state <> 'closed'
       DO UPDATE SET count = incidents.count + excluded.count,
                     last_at = greatest(incidents.last_at, excluded.last_at)
       RETURNING (xmax = 0) AS opened`,
      [
        more.map(({ key }) => key),
        more.map(({ kind }) => kind),
        more.map(({ stream }) => stream),
        more.map(({ first }) => first),
        more.map(({ last }) => last),
        more.map(({ count }) => count),
        more.map(({ reason }) => reason),
        more.map(({ source }) => source),
        more.map(({ destination }) => destination),
        more.map(({ port }) => port),
        more.map(({ protocol }) => protocol),
        more.map(({ line }) => line),
      ],
    );
    opened = rows.filter((row: { opened: boolean }) => row.opened).length;
  }
  if (less.length > 0) {
    await client.query(
      `UPDATE incidents SET
         count = incidents.count + d.count,
         state = CASE WHEN incidents.count + d.count <= 0 THEN 'closed' ELSE incidents.state END,
         closed_at = CASE WHEN incidents.count + d.count <= 0 THEN to_timestamp($3 / 1000.0) END,
         note = CASE WHEN incidents.count + d.count <= 0 THEN coalesce(note, 'settled by what came later') ELSE note END
       FROM unnest($1::text[], $2::bigint[]) AS d (key, count)
       WHERE incidents.key = d.key AND state <> 'closed'`,
      [less.map(({ key }) => key), less.map(({ count }) => count), now],
    );
  }
  return opened;
}

async function addDecisions(client: pg.Client, { decisions }: Pending): Promise<void> {
  // Without a time there is no end, and a block without an end is none.
  const dated = decisions.filter(({ from, until }) => from !== null && until !== null);
  if (dated.length === 0) return;
  await client.query(
    `INSERT INTO decisions (value, reason, alpha, rule, forgeable, covers, contacts, targets, first_at, last_at, campaign,
                            from_at, until_at, seen)
     SELECT value::cidr, reason, alpha, rule, forgeable, covers, contacts, targets, first_at::timestamptz,
            last_at::timestamptz, campaign, from_at::timestamptz, until_at::timestamptz, seen
     FROM unnest($1::text[], $2::text[], $3::float8[], $4::text[], $5::boolean[], $6::text[], $7::bigint[], $8::bigint[],
                 $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
          AS d (value, reason, alpha, rule, forgeable, covers, contacts, targets, first_at, last_at, campaign, from_at,
                until_at, seen)`,
    [
      dated.map(({ value }) => value),
      dated.map(({ reason }) => reason),
      dated.map(({ alpha }) => alpha),
      dated.map(({ rule }) => rule),
      dated.map(({ forgeable }) => forgeable),
      dated.map(({ covers }) => covers),
      dated.map(({ evidence }) => evidence.contacts),
      dated.map(({ evidence }) => evidence.targets),
      dated.map(({ evidence }) => evidence.first),
      dated.map(({ evidence }) => evidence.last),
      dated.map(({ campaign }) => campaign),
      dated.map(({ from }) => from),
      dated.map(({ until }) => until),
      dated.map(({ seen }) => seen),
    ],
  );
}

async function addSensors(client: pg.Client, { sensors }: Pending): Promise<void> {
  if (sensors.size === 0) return;
  const entries = [...sensors];
  await client.query(
    `UPDATE sensors SET
       last_heard = greatest(last_heard, to_timestamp(d.heard / 1000)),
       last_event = greatest(last_event, to_timestamp(d.event / 1000)),
       lines = sensors.lines + d.lines,
       missing_batches = sensors.missing_batches + d.missing
     FROM unnest($1::int[], $2::float8[], $3::float8[], $4::bigint[], $5::bigint[])
          AS d (id, heard, event, lines, missing)
     WHERE sensors.id = d.id`,
    [
      entries.map(([id]) => id),
      entries.map(([, { heard }]) => heard),
      entries.map(([, { event }]) => (Number.isFinite(event) ? event : null)),
      entries.map(([, { lines }]) => lines),
      entries.map(([, { missing }]) => missing),
    ],
  );
}

async function addBatches(client: pg.Client, { batches }: Pending): Promise<void> {
  if (batches.length === 0) return;
  await client.query(
    `INSERT INTO batches (client, sequence, digest, lines, at)
     SELECT client, sequence, decode(digest, 'hex'), lines, to_timestamp(at / 1000)
     FROM unnest($1::text[], $2::bigint[], $3::text[], $4::int[], $5::float8[]) AS b (client, sequence, digest, lines, at)
     ON CONFLICT DO NOTHING`,
    [
      batches.map(({ client: name }) => name),
      batches.map(({ sequence }) => sequence),
      batches.map(({ digest }) => digest),
      batches.map(({ lines }) => lines),
      batches.map(({ at }) => at),
    ],
  );
}

async function addFollowed(client: pg.Client, { followed }: Pending): Promise<void> {
  for (const [path, { file, offset }] of followed) {
    await client.query(
      `INSERT INTO followed (path, file, "offset") VALUES ($1, $2, $3)
       ON CONFLICT (path) DO UPDATE SET file = excluded.file, "offset" = excluded."offset"`,
      [path, file, offset],
    );
  }
}

async function addSurfaces(client: pg.Client, { surfaces }: Pending): Promise<void> {
  for (const yaml of surfaces) {
    const sha256 = createHash('sha256').update(yaml).digest('hex');
    await client.query('INSERT INTO surfaces (yaml, sha256) VALUES ($1, $2)', [yaml, sha256]);
  }
}

async function addFile(client: pg.Client, file: HistoryFile | undefined): Promise<void> {
  if (file === undefined) return;
  const time = (ms: number) => (Number.isFinite(ms) ? new Date(ms) : null);
  await client.query(
    `INSERT INTO history_files (path, day, from_step, to_step, rows, bytes, first_at, last_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      file.path,
      file.day,
      file.fromStep,
      file.toStep,
      file.rows,
      file.bytes,
      time(file.first),
      time(file.last),
    ],
  );
}
