import { readFileSync, writeFileSync } from 'node:fs';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startVendorDatabase, type VendorDatabase } from './capture-postgres.fixture.ts';
import { NightsOfTest } from './nights.fixture.ts';
import type { Night } from './rolls-files.ts';

let vendor: VendorDatabase;
let client: Client;

beforeAll(async () => {
  vendor = await startVendorDatabase();
  client = await vendor.connect();
  await client.query(`CREATE TABLE voters (voter_id text PRIMARY KEY, lea_id text, status text, city text);
    ALTER TABLE voters REPLICA IDENTITY FULL;
    CREATE TABLE audit (n bigint GENERATED ALWAYS AS IDENTITY, voter text, office text, set jsonb);
    CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO audit (voter, office, set) VALUES (NEW.voter_id, NEW.lea_id, jsonb_build_object('city', NEW.city));
      RETURN NEW; END $$;
    CREATE TRIGGER audited AFTER UPDATE ON voters FOR EACH ROW EXECUTE FUNCTION audited();
    CREATE PUBLICATION bellwether FOR TABLE voters`);
  await client.query("SELECT pg_create_logical_replication_slot('bellwether', 'pgoutput')");
  await client.query("INSERT INTO voters VALUES ('4711', '29001', 'active', 'Rolla')");
}, 120_000);

afterAll(async () => {
  await client?.end();
  await vendor?.stop();
});

const AUDIT = `SELECT n AS position, n::text AS id, now() AS at, office, 'office' AS source, 'c1' AS clerk, 'd1' AS device,
  NULL AS address, 'address-updated' AS class, voter AS record, set AS fields FROM audit`;

/** Two nights whose dumps are the same, and between them a change that is taken back. */
async function twoNights(transactions: string): Promise<readonly Night[]> {
  const state = new NightsOfTest({ voters: 400, days: 1, seed: 3 });
  const path = state.file('mapping.yaml');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(/^transactions:.*$/m, `transactions: ${transactions}`),
  );
  (await state.begin()).okOrThrow();
  const change = { live: state.dump(0), changes: vendor.address };
  const nights: Night[] = [];
  for (const night of [1, 2]) {
    if (night === 2) {
      await client.query("UPDATE voters SET city = 'Salem' WHERE voter_id = '4711'");
      await client.query("UPDATE voters SET city = 'Rolla' WHERE voter_id = '4711'");
    }
    (await state.reconcile(night, change)).okOrThrow();
    nights.push(await state.seal(night));
  }
  return nights;
}

test.each([
  ['replication', '{ kind: replication, publication: bellwether, slot: bellwether }', []],
  [
    'audit-table',
    `{ kind: audit-table, query: ${JSON.stringify(AUDIT.replaceAll('\n', ' '))} }`,
    [{ clerk: 'c1', device: 'd1' }],
  ],
])(
  'a change that is made and undone between two nights is named, by %s',
  async (kind, transactions, by) => {
    const [first, second] = await twoNights(transactions);
    expect(first).toMatchObject({ captures: kind, unauthorised: [] });
    expect(second).toMatchObject({ captures: kind, unauthorised: [] });
    expect(second!.undone).toMatchObject([
      { recordId: '4711', office: '29001', fields: ['public.address.city'], by },
    ]);
    expect(second!.undone![0]!.times.length).toBeGreaterThan(0);
  },
  60_000,
);

test('with plain dumps it is told as not captured', async () => {
  const [, second] = await twoNights('{ kind: ndjson }');
  expect(second).toMatchObject({ captures: 'dumps', unauthorised: [] });
  expect(second).not.toHaveProperty('undone');
}, 60_000);
