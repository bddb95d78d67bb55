/** What the database tells an intake that starts: sensors, batches that were acknowledged, files that are followed. */
import type { JournalIntake } from '../flow/intake.ts';
import type { StreamRecord } from '../platform/bus/index.ts';
import type { Database } from '../platform/postgres/database.ts';

/** Sensors as the database tells of them; `tell` of each, with the number of its lines. */
export async function sensorsKept(
  db: Database,
  tell: (record: StreamRecord, lines: number) => void,
): Promise<StreamRecord[]> {
  const sensors = await db.query.selectFrom('sensors').selectAll().orderBy('id').execute();
  return sensors.map(({ id, authority, name, transport, format, zone, unwrap, lines }) => {
    const record: StreamRecord = { stream: id, authority, sensor: name, transport, format, unwrap, zone };
    tell(record, lines);
    return record;
  });
}

/** Sensors, their newest batches and followed files, as the database tells of them. */
export async function knowWhatIsKept(db: Database, intake: JournalIntake): Promise<StreamRecord[]> {
  const streams = await sensorsKept(db, (record, lines) => intake.streams.know(record, lines));
  const batches = await db.pool.query<{ client: string; sequence: number; digest: string }>(
    `SELECT client, sequence, encode(digest, 'hex') AS digest
     FROM (SELECT *, row_number() OVER (PARTITION BY client ORDER BY sequence DESC) AS place FROM batches) AS b
     WHERE place <= 64 ORDER BY client, sequence`,
  );
  for (const { client, sequence, digest } of batches.rows) intake.knowBatch(client, sequence, digest);
  const followed = await db.query.selectFrom('followed').selectAll().execute();
  for (const { path, file, offset } of followed) intake.knowFollowed(path, file, offset);
  return streams;
}

/** Digest of a batch that was acknowledged long ago, `gone` if its number has been forgotten. */
export async function lookUpBatch(
  db: Database,
  client: string,
  sequence: number,
): Promise<string | 'gone' | undefined> {
  const { rows } = await db.pool.query<{ digest: string | null; floor: number | null }>(
    `SELECT (SELECT encode(digest, 'hex') FROM batches WHERE client = $1 AND sequence = $2) AS digest,
            (SELECT sequence FROM batch_floors WHERE client = $1) AS floor`,
    [client, sequence],
  );
  const { digest, floor } = rows[0]!;
  if (digest !== null) return digest;
  return floor !== null && sequence <= floor ? 'gone' : undefined;
}
