import { afterAll, beforeAll, expect, it } from 'vitest';
import { actOf, addActs } from '../../platform/auth/trail.fixture.ts';
import { newFolder, openIn } from '../../platform/evidence/log.fixture.ts';
import { startRecords, type TestRecords } from '../watch/watch.fixture.ts';
import { trailSealer } from './sealed-trail.ts';

let records: TestRecords;
beforeAll(async () => {
  records = await startRecords();
});
afterAll(() => records.stop());

it('seals how long the trail is and what it ends with, and nothing while it does not grow', async () => {
  const { db } = records;
  const log = (await openIn(newFolder())).okOrThrow();
  const seal = trailSealer(db, log);
  (await seal()).okOrThrow();
  expect(log.size).toBe(0n);
  await addActs(db, [actOf()]);
  (await seal()).okOrThrow();
  (await seal()).okOrThrow();
  expect(log.size).toBe(1n);
  // Nor after a restart.
  (await trailSealer(db, log)()).okOrThrow();
  expect(log.size).toBe(1n);
  const { hash } = await db.selectFrom('trail').select('hash').executeTakeFirstOrThrow();
  expect(JSON.parse(Buffer.from((await log.entry(0n)).okOrThrow()!).toString())).toEqual({
    type: 'trail',
    entries: 1,
    head: hash.toString('base64'),
  });
  await log.close();
});
