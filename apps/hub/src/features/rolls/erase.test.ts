/** One voter is erased, by two people, and everything else still verifies. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { agreeErasure, askErasure, erasuresOf } from './erase.ts';
import { generalElection, retainedUntil } from './retention.ts';
import { changeOf, RollOfTest, TODAY } from './rolls.fixture.ts';

const RULES = { elections: [], legalHold: null };
const REASON = { recordId: '1007', reason: 'court-order' } as const;
/** Two months before an election: 22 months after the last one are over. */
const FREE = Date.parse('2028-10-01T12:00Z');

async function removed(): Promise<RollOfTest> {
  const roll = await new RollOfTest().begin();
  await roll.capture([changeOf('1007', '29001', 'removed')]);
  (await roll.signAs('29001', { office: '29001', day: TODAY, sequence: 1 })).okOrThrow();
  return roll;
}

it('is refused while records have to be kept, while the record is live, and before its removal is sealed', async () => {
  const roll = await removed();
  const ask = (recordId: string, rules = RULES as Parameters<typeof askErasure>[1]) =>
    roll.rolls.act((holding) => askErasure(holding, rules, { ...REASON, recordId }, 'Ann'));
  const detailOf = async (asked: ReturnType<typeof ask>) => {
    const answer = await asked;
    return answer.isErr() ? `${answer.error.code}: ${answer.error.detail}` : 'ok';
  };
  expect(await detailOf(ask('1007'))).toContain('until 2028-09-03');
  roll.now = FREE;
  expect(await detailOf(ask('1008'))).toContain('it has to be removed');
  expect(await detailOf(ask('1007'))).toContain('sealed first');
  await roll.reconcile([
    { handle: '00'.repeat(32), recordId: '1007', office: '29001', fields: [], kind: 'new' },
  ]);
  (await roll.rolls.sealPending()).okOrThrow();
  expect(await detailOf(ask('1007'))).toContain('incident');
  await roll.reconcile();
  (await roll.rolls.sealPending()).okOrThrow();
  expect(await detailOf(ask('1007', { elections: [], legalHold: 'A court holds the rolls.' }))).toContain(
    'A court',
  );
  expect(await detailOf(ask('9999'))).toContain('ROLL_RECORD_UNKNOWN');
  expect(await detailOf(ask('1007'))).toBe('ok');
});

it('takes two people, destroys the key, says so in the log, and leaves no trace', async () => {
  const roll = await removed();
  await roll.reconcile();
  (await roll.rolls.sealPending()).okOrThrow();
  roll.now = FREE;
  // Somebody asked for it before, and nobody agreed.
  (await roll.rolls.act((holding) => askErasure(holding, RULES, REASON, 'Cy'))).okOrThrow();
  const { id } = (await roll.rolls.act((holding) => askErasure(holding, RULES, REASON, 'Ann'))).okOrThrow();
  const alone = await roll.rolls.act((holding) => agreeErasure(holding, RULES, id, 'Ann'));
  expect(alone.isErr() && alone.error.code).toBe('ROLL_ERASE_ONE_PERSON');
  const done = (await roll.rolls.act((holding) => agreeErasure(holding, RULES, id, 'Bob'))).okOrThrow();
  expect(done).toMatchObject({ state: 'done', completeFrom: '2026-12-08', recordId: '' });
  expect((await erasuresOf(roll.rolls.held)).map(({ state }) => state).sort()).toEqual(['done', 'withdrawn']);
  const last = Buffer.from((await roll.log.entry(roll.log.size - 1n)).okOrThrow()!).toString();
  expect(JSON.parse(last)).toMatchObject({ type: 'erase', by: 2, reason: 'court-order' });
  expect(await filesWith(roll.data, '1007 ELM ST')).toEqual([]);
  expect(await filesWith(roll.data, '"1007"')).toEqual([]);
  // The whole log is folded again, and every root and signature with it.
  await roll.reopen();
  await roll.reconcile();
  expect((await roll.rolls.sealPending()).okOrThrow().epoch).toBe(2);
});

it('knows when general elections are, and when 22 months are over', () => {
  expect([2024, 2026, 2028, 2022].map(generalElection)).toEqual([
    '2024-11-05',
    '2026-11-03',
    '2028-11-07',
    '2022-11-08',
  ]);
  expect(retainedUntil('2026-11-02', [])).toBeNull();
  expect(retainedUntil('2026-11-03', [])).toBe('2028-09-03');
  expect(retainedUntil('2028-09-03', [])).toBeNull();
  expect(retainedUntil('2028-10-01', ['2028-08-01'])).toBe('2030-06-01');
});

async function filesWith(folder: string, needle: string): Promise<string[]> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return names
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(needle));
}
