import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { admitTold } from './oidc-people.ts';
import { MACHINE, startPeople, type TestPeople } from './records.fixture.ts';
import type { Role } from './rights.ts';

let test: TestPeople;
beforeAll(async () => {
  test = await startPeople();
});
afterAll(() => test.stop());

/** Somebody comes from the directory with these roles. */
function comes(roles: readonly (readonly [Role, string])[]) {
  return admitTold(test.options, {
    directory: 'county',
    subject: 'ann',
    name: 'Ann Lee',
    roles: roles.map(([role, place]) => ({ role, place })),
    address: '192.0.2.7',
  });
}

it('somebody whose roles a directory takes away, and whoever ends one of them at that moment, do not wait for each other', async () => {
  await comes([
    ['clerk', '29001'],
    ['deputy', '29003'],
  ]);
  let coming: ReturnType<typeof comes> | undefined;

  await test.db.transaction().execute(async (tx) => {
    // As ending a role does it: the role, then the trail.
    await sql`SELECT id FROM grants WHERE role = 'deputy' FOR UPDATE`.execute(tx);
    coming = comes([['navigator', '29001']]);
    const waiting = sql<{ n: number }>`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`;
    await expect.poll(async () => (await waiting.execute(test.db)).rows[0]?.n).toBeGreaterThan(0);
    const act = { act: 'grant.end', place: '29003', about: 'person:ann' };
    await test.options.trail.add(tx, { who: MACHINE, ...act });
  });

  expect((await coming)?.isOk()).toBe(true);
  expect(test.acts.map(({ act }) => act)).toEqual([
    'person.join',
    'grant.give',
    'grant.give',
    'grant.end',
    'grant.end',
    'grant.end',
    'grant.give',
  ]);
});
