import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Recovery } from './auth-types.ts';
import {
  addPerson,
  HOUR,
  MACHINE,
  OFFICE,
  personActor,
  startPeople,
  type TestPeople,
} from './records.fixture.ts';
import { createRecovery, PRINTED_CODES, RECOVERY_LIFE } from './recovery.ts';

const BO = personActor('Bo', [['administrator', 'state']]);

let test: TestPeople;
let recovery: Recovery;
beforeAll(async () => {
  test = await startPeople();
  recovery = createRecovery(test.options);
});
afterEach(() => test.empty());
afterAll(() => test.stop());

/** Codes of a clerk, or of an administrator. */
async function codesOf(role: 'clerk' | 'administrator'): Promise<readonly string[]> {
  await addPerson(test, 'Ada', [[role, role === 'clerk' ? '29001' : 'state']]);
  return recovery.makeCodes('Ada', personActor('Ada', []), OFFICE.address);
}

/** The person whom a code lets in, or the code of the refusal. */
async function typed(code: string): Promise<string> {
  const taken = await recovery.takePrintedCode(code, OFFICE);
  return taken.isOk() ? taken.value.person : taken.error.code;
}

async function decided(id: number, approved: boolean, by = BO): Promise<string> {
  const made = await recovery.decideRecovery(by, id, approved, '');
  return made.isErr() ? made.error.code : (made.value?.code ?? 'refused');
}

describe('printed codes', () => {
  it('are ten, each for one use', async () => {
    const codes = await codesOf('clerk');
    expect(new Set(codes).size).toBe(PRINTED_CODES);
    expect(codes[0]).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);

    expect(await typed(codes[0]!.toLowerCase())).toBe('Ada');
    expect(await typed(codes[0]!)).toBe('AUTH_CODE_WRONG');
    expect(await recovery.codesLeft('Ada')).toBe(PRINTED_CODES - 1);
    const kept = JSON.stringify([
      test.acts,
      await test.db.selectFrom('recovery_codes').selectAll().execute(),
    ]);
    for (const code of codes) expect(kept).not.toContain(code.replaceAll('-', ''));
    expect(test.acts.map(({ act }) => act)).toEqual(['recovery-codes.make', 'recovery-code.use']);
  });

  it('let in one of twenty who type the same one at once', async () => {
    const [code] = await codesOf('clerk');
    const all = await Promise.all(Array.from({ length: 20 }, () => typed(code!)));
    expect(all.filter((answer) => answer === 'Ada')).toHaveLength(1);
  });

  it('work no longer when new ones are printed', async () => {
    const [old] = await codesOf('clerk');
    const [one] = await recovery.makeCodes('Ada', MACHINE, '');

    expect(await typed(old!)).toBe('AUTH_CODE_WRONG');
    expect(await typed(one!)).toBe('Ada');
  });

  it('tell a slip of the hand from a code that is not there', async () => {
    const [code] = await codesOf('clerk');
    const slip = code!.slice(0, -1) + (code!.endsWith('0') ? '1' : '0');
    expect(await typed(slip)).toBe('AUTH_CODE_MISTYPED');
    expect(await typed('0000-0000-0000-0000-0000')).toBe('AUTH_CODE_WRONG');
    expect(await typed('1234-5678-9012')).toBe('AUTH_CODE_WRONG');
    expect(await typed("' OR 1=1 --")).toBe('AUTH_CODE_WRONG');
    expect(await typed('\0'.repeat(20))).toBe('AUTH_CODE_MISTYPED');
    expect(await recovery.codesLeft('Ada')).toBe(PRINTED_CODES);
  });

  it('open nothing for who is removed, and are not made for them', async () => {
    const [code] = await codesOf('clerk');
    await test.db.updateTable('people').set({ state: 'removed' }).execute();

    expect(await typed(code!)).toBe('AUTH_CODE_WRONG');
    expect(await recovery.makeCodes('Ada', MACHINE, '')).toEqual([]);
    expect(await recovery.makeCodes('nobody', MACHINE, '')).toEqual([]);
  });

  it('are not used up when the trail cannot be written', async () => {
    const [code] = await codesOf('clerk');
    test.trailBroken = true;
    await expect(typed(code!)).rejects.toThrow('the trail is broken');
    test.trailBroken = false;
    expect(await typed(code!)).toBe('Ada');
  });
});

describe('an administrator who lost every passkey', () => {
  it('waits for another one, who reads out a code', async () => {
    const [code] = await codesOf('administrator');
    expect(await typed(code!)).toBe('AUTH_RECOVERY_WAITS');
    const [waits] = await recovery.waiting();
    expect(waits).toEqual({
      id: expect.any(Number),
      person: 'Ada',
      name: 'Ada Example',
      asked: test.time,
      from: OFFICE.address,
      until: test.time + RECOVERY_LIFE,
    });

    const read = await decided(waits!.id, true);
    const taken = (await test.people.takeCode(read, OFFICE)).okOrThrow();
    expect(taken).toEqual({ person: 'Ada', purpose: 'recover' });
    expect(await recovery.waiting()).toEqual([]);
    expect(test.acts.map(({ act }) => act)).toEqual([
      'recovery-codes.make',
      'recovery-code.use',
      'recovery.ask',
      'recovery.approve',
      'code.use',
    ]);
  });

  it('does not decide about it, not even with another role, nor does anybody who may not', async () => {
    const [code] = await codesOf('administrator');
    await typed(code!);
    const [waits] = await recovery.waiting();
    const self = personActor('Ada', [
      ['administrator', 'state'],
      ['clerk', '29001'],
    ]);
    expect(await decided(waits!.id, true, self)).toBe('AUTH_NOT_YOURS');
    expect(await decided(waits!.id, false, self)).toBe('AUTH_NOT_YOURS');
    expect(await decided(waits!.id, true, personActor('Cy', [['clerk', '29001']]))).toBe('AUTH_NOT_YOURS');
    expect(await decided(waits!.id, true, personActor('Di', [['analyst', 'state']]))).toBe('AUTH_NOT_YOURS');
    const sensor = { kind: 'sensor', key: '1', name: 'x', place: 'state' } as never;
    expect(await decided(waits!.id, true, sensor)).toBe('AUTH_NOT_YOURS');

    expect(await recovery.waiting()).toHaveLength(1);
  });

  it('is decided about once, also when two do at the same time', async () => {
    const [code] = await codesOf('administrator');
    await typed(code!);
    const [waits] = await recovery.waiting();
    const all = await Promise.all([
      decided(waits!.id, true),
      decided(waits!.id, true, personActor('Cy', [['administrator', 'state']])),
      decided(waits!.id, false, MACHINE),
    ]);

    expect(all.filter((answer) => answer === 'AUTH_PERSON_STATE')).toHaveLength(2);
    expect(await decided(waits!.id, true)).toBe('AUTH_PERSON_STATE');
  });

  it('is refused, and can ask again with another code', async () => {
    const [one, other] = await codesOf('administrator');
    await typed(one!);
    expect(await decided((await recovery.waiting())[0]!.id, false)).toBe('refused');
    expect(await recovery.waiting()).toEqual([]);

    expect(await typed(other!)).toBe('AUTH_RECOVERY_WAITS');
    expect(await recovery.waiting()).toHaveLength(1);
  });

  it('waits for a day, and once only', async () => {
    const [one, two, three] = await codesOf('administrator');
    await Promise.all([typed(one!), typed(two!)]);
    const [waits, ...others] = await recovery.waiting();
    expect(others).toEqual([]);
    test.time += RECOVERY_LIFE;
    expect(await recovery.waiting()).toEqual([]);
    expect(await decided(waits!.id, true)).toBe('AUTH_PERSON_STATE');

    expect(await typed(three!), 'asked anew').toBe('AUTH_RECOVERY_WAITS');
    expect(await recovery.waiting()).toHaveLength(1);
  });

  it('is like anybody else when the role has ended', async () => {
    await addPerson(test, 'Ada', [
      ['administrator', 'state', test.time + HOUR],
      ['analyst', 'state'],
    ]);
    const [one, other] = await recovery.makeCodes('Ada', MACHINE, '');
    expect(await typed(one!)).toBe('AUTH_RECOVERY_WAITS');
    test.time += HOUR;

    expect(await typed(other!)).toBe('Ada');
  });

  it.each([0, -1, 0.5, Number.NaN, 1e300])('has no number %d', async (id) => {
    expect(await decided(id, true)).toBe('AUTH_PERSON_STATE');
  });
});

describe('a printed code and whoever removes the person at the same moment', () => {
  it('do not wait for each other: the person is locked before the code', async () => {
    const [code] = await codesOf('administrator');
    const waiting = () =>
      test.db.transaction().execute(async (tx) => {
        const { rows } = await sql<{
          n: number;
        }>`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`.execute(tx);
        return rows[0]?.n;
      });
    let typing: Promise<string> | undefined;

    const withdrawn = await test.db.transaction().execute(async (tx) => {
      await sql`SELECT id FROM people WHERE id = 'Ada' FOR UPDATE`.execute(tx);
      typing = typed(code!);
      await expect.poll(waiting).toBeGreaterThan(0);
      return await tx
        .updateTable('recovery_codes')
        .set({ withdrawn_at: new Date(test.time) })
        .where('person', '=', 'Ada')
        .executeTakeFirstOrThrow();
    });

    expect(Number(withdrawn.numUpdatedRows)).toBe(PRINTED_CODES);
    expect(await typing).toBe('AUTH_CODE_WRONG');
  });
});
