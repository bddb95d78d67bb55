import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendCaptured, type CapturedTransaction } from './capture-append.ts';
import { type AuditSource, captureAudit } from './capture-audit.ts';
import { startVendorDatabase, type VendorDatabase } from './capture-postgres.fixture.ts';
import { captureReplication, type ReplicationSource } from './capture-replication.ts';

let vendor: VendorDatabase;
let client: Client;

beforeAll(async () => {
  vendor = await startVendorDatabase();
  client = await vendor.connect();
  await client.query(`CREATE TABLE voters (voter_id text PRIMARY KEY, lea_id text, status text, city text);
    ALTER TABLE voters REPLICA IDENTITY FULL;
    CREATE TABLE audit (n bigint PRIMARY KEY, voter text, who text, did text, set jsonb);
    CREATE PUBLICATION bellwether FOR TABLE voters`);
  await client.query("SELECT pg_create_logical_replication_slot('bellwether', 'pgoutput')");
}, 120_000);

afterAll(async () => {
  await client?.end();
  await vendor?.stop();
});

function replication(): ReplicationSource {
  const mapping = {
    record: 'voter_id',
    office: 'lea_id',
    status: { column: 'status', live: ['active', 'inactive'] },
  } as const;
  return { client, slot: 'bellwether', publication: 'bellwether', mapping, zone: 'America/Chicago' };
}

function audit(name: string): AuditSource {
  const query = `SELECT n AS position, 'a' || n AS id, '2026-11-02T20:00:00Z' AS at, '29001' AS office, 'office' AS source,
    who AS clerk, NULL AS device, NULL AS address, did AS class, voter AS record, set AS fields FROM audit`;
  return { client, query, state: join(vendor.folder, 'captures', name), zone: 'America/Chicago' };
}

/** Keeps lines in memory. */
function kept(): {
  lines: CapturedTransaction[];
  keep: (lines: readonly CapturedTransaction[]) => Promise<void>;
} {
  const lines: CapturedTransaction[] = [];
  return { lines, keep: async (more) => void lines.push(...more) };
}

test('replication tells of a change that was undone, once, and by nobody', async () => {
  await client.query("INSERT INTO voters VALUES ('1', '29001', 'active', 'Rolla')");
  await client.query("UPDATE voters SET city = 'Salem' WHERE voter_id = '1'");
  await client.query("UPDATE voters SET city = 'Rolla' WHERE voter_id = '1'");
  await client.query("UPDATE voters SET status = 'cancelled' WHERE voter_id = '1'");
  await client.query("DELETE FROM voters WHERE voter_id = '1'");
  const { lines, keep } = kept();
  expect((await captureReplication(replication(), keep)).okOrThrow()).toBe(5);
  expect(lines.map((line) => [line.class, line.fields])).toEqual([
    ['registration-created', { voter_id: '1', lea_id: '29001', status: 'active', city: 'Rolla' }],
    ['registration-updated', { city: 'Salem' }],
    ['registration-updated', { city: 'Rolla' }],
    ['registration-cancelled', { status: 'cancelled' }],
    ['registration-cancelled', {}],
  ]);
  expect(lines[1]).toMatchObject({ record: '1', office: '29001', source: 'database', clerk: null });
  expect(new Set(lines.map(({ id }) => id)).size).toBe(5);
  expect((await captureReplication(replication(), keep)).okOrThrow()).toBe(0);
});

test('what could not be written down comes again, with the same numbers', async () => {
  await client.query("INSERT INTO voters VALUES ('2', '29001', 'active', 'Rolla')");
  const lost = kept();
  const failing = captureReplication(replication(), async (lines) => {
    lost.lines.push(...lines);
    throw new Error('disk full');
  });
  await expect(failing).rejects.toThrow('disk full');
  const { lines, keep } = kept();
  expect((await captureReplication(replication(), keep)).okOrThrow()).toBe(1);
  expect(lines).toEqual(lost.lines);
});

test('a slot that is not there and an emptied table are refused in words', async () => {
  const wrong = await captureReplication({ ...replication(), slot: 'nobody' }, kept().keep);
  expect(wrong.isErr() && wrong.error.detail).toContain('nobody');
  await client.query('TRUNCATE voters');
  const emptied = await captureReplication(replication(), kept().keep);
  expect(emptied.isErr() && emptied.error.detail).toContain('TRUNCATE');
});

test('an audit table is read on from where it was, with a row that came late', async () => {
  const add = (n: number, city: string) =>
    client.query('INSERT INTO audit VALUES ($1, $2, $3, $4, $5)', [
      n,
      '7',
      'c1',
      'address-updated',
      { city },
    ]);
  await add(1, 'Salem');
  await add(3, 'Rolla');
  const { lines, keep } = kept();
  expect((await captureAudit(audit('late.json'), keep)).okOrThrow()).toBe(2);
  await add(2, 'Cuba');
  await add(4, 'Steelville');
  expect((await captureAudit(audit('late.json'), keep)).okOrThrow()).toBe(2);
  expect((await captureAudit(audit('late.json'), keep)).okOrThrow()).toBe(0);
  expect(lines.map(({ id }) => id)).toEqual(['a1', 'a3', 'a2', 'a4']);
  expect(lines[0]).toMatchObject({ day: '2026-11-02', clerk: 'c1', record: '7', fields: { city: 'Salem' } });
});

test('an audit row that is no transaction stops the reading, and nothing is kept', async () => {
  await client.query("INSERT INTO audit VALUES (9, '7', 'c1', 'whatever', '{}')");
  const { lines, keep } = kept();
  const wrong = await captureAudit(audit('wrong.json'), keep);
  expect(wrong.isErr() && wrong.error.detail).toContain('row 9');
  expect(lines).toEqual([]);
});

test('a line that a power cut left half is cut off before more is written', async () => {
  const path = join(vendor.folder, 'captures', 'lines.ndjson');
  const line: CapturedTransaction = {
    id: 'a',
    day: '2026-11-02',
    at: '2026-11-02T20:00:00.000Z',
    office: '29001',
    source: 'office',
    clerk: null,
    device: null,
    address: null,
    class: 'other',
    record: '7',
    fields: {},
  };
  await appendCaptured(path, [line]);
  appendFileSync(path, '{"id":"ha');
  await appendCaptured(path, [{ ...line, id: 'b' }]);
  const ids = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text).id);
  expect(ids).toEqual(['a', 'b']);
});
