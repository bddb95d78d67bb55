import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CodePurpose, NewCode } from './auth-types.ts';
import { CODE_LIFE } from './codes.ts';
import {
  addPerson,
  HOUR,
  MACHINE,
  OFFICE,
  personActor,
  startPeople,
  type TestPeople,
} from './records.fixture.ts';

const ADMINISTRATOR = personActor('Ada', [['administrator', 'state']]);

let test: TestPeople;
beforeAll(async () => {
  test = await startPeople();
});
afterEach(() => test.empty());
afterAll(() => test.stop());

/** A clerk who is invited; gives the person and the code. */
async function invited(): Promise<{ person: string } & NewCode> {
  const clerk = { name: 'Bo', phone: null, role: 'clerk', place: '29001', until: null, why: null } as const;
  return (await test.people.invite(ADMINISTRATOR, clerk, '192.0.2.1')).okOrThrow();
}

/** What becomes of a code that is typed: the person and what it is for, or the code of the refusal. */
async function typed(code: string): Promise<string> {
  const taken = await test.people.takeCode(code, OFFICE);
  return taken.isOk() ? `${taken.value.person} ${taken.value.purpose}` : taken.error.code;
}

describe('a code that is read over the phone', () => {
  it('is for one person and purpose, and tells the trail that it was used, never what it was', async () => {
    const { person, code, until } = await invited();

    expect(code).toMatch(/^\d{4}-\d{4}-\d{4}$/);
    expect(until).toBe(test.time + CODE_LIFE);
    expect(await typed(code)).toBe(`${person} enrol`);
    expect(test.acts.at(-1)).toMatchObject({ act: 'code.use', place: '29001', about: `person:${person}` });
    expect(JSON.stringify(test.acts)).not.toContain(code.slice(0, 9));
    const kept = await test.db.selectFrom('codes').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(code.replaceAll('-', ''));
  });

  it.each([
    ['as it is shown', (code: string) => code],
    ['without groups', (code: string) => code.replaceAll('-', '')],
    ['with spaces everywhere', (code: string) => [...code].join('\u00a0 ')],
    [
      'in groups of three, with dots',
      (code: string) => (code.replaceAll('-', '').match(/.../g) ?? []).join('.'),
    ],
    ['with dashes of a word processor', (code: string) => code.replaceAll('-', ' – ')],
  ])('works %s', async (_, write) => {
    const { person, code } = await invited();
    expect(await typed(write(code))).toBe(`${person} enrol`);
  });

  it('works once: a replay opens nothing', async () => {
    const { code } = await invited();
    await typed(code);

    expect(await typed(code)).toBe('AUTH_CODE_WRONG');
  });

  it('lets in one of twenty who type it at the same time', async () => {
    const { person, code } = await invited();

    const all = await Promise.all(Array.from({ length: 20 }, () => typed(code)));

    expect(all.filter((answer) => answer === `${person} enrol`)).toHaveLength(1);
    expect(all.filter((answer) => answer === 'AUTH_CODE_WRONG')).toHaveLength(19);
  });

  it('works for fifteen minutes and not a moment longer', async () => {
    const first = await invited();
    test.time += CODE_LIFE - 1;
    expect(await typed(first.code)).toBe(`${first.person} enrol`);
    const second = await invited();
    test.time += CODE_LIFE;

    expect(await typed(second.code)).toBe('AUTH_CODE_WRONG');
  });

  it('is not given its time again by a clock that was set back', async () => {
    const { code } = await invited();
    test.time -= HOUR;

    expect(await typed(code)).toBe('AUTH_CODE_WRONG');
  });

  it('withdraws the earlier ones of the same person, and nobody else’s', async () => {
    const bo = await invited();
    const other = await invited();
    const again = (await test.people.newCode(ADMINISTRATOR, bo.person, 'enrol', '')).okOrThrow();

    expect(await typed(bo.code)).toBe('AUTH_CODE_WRONG');
    expect(await typed(other.code)).toBe(`${other.person} enrol`);
    expect(await typed(again.code)).toBe(`${bo.person} enrol`);
  });

  it('is one alone, also when two are made at the same time', async () => {
    const { person } = await invited();
    const made = await Promise.all(
      Array.from({ length: 5 }, () => test.people.newCode(ADMINISTRATOR, person, 'enrol', '')),
    );

    const answers = [];
    for (const one of made) answers.push(await typed(one.okOrThrow().code));

    expect(answers.filter((answer) => answer !== 'AUTH_CODE_WRONG')).toHaveLength(1);
  });

  it('can be withdrawn, and is shown while it works', async () => {
    const { person, code, until } = await invited();
    expect((await test.people.find(person))?.codeUntil).toBe(until);

    await test.people.withdrawCodes(ADMINISTRATOR, person, '');
    await test.people.withdrawCodes(ADMINISTRATOR, person, '');

    expect(await typed(code)).toBe('AUTH_CODE_WRONG');
    expect((await test.people.find(person))?.codeUntil).toBe(null);
    expect(test.acts.filter(({ act }) => act === 'code.withdraw')).toHaveLength(1);
  });

  it.each([
    '',
    ' ',
    '1234-5678-901',
    '1234-5678-9012-3',
    'abcd-efgh-ijkl',
    "' OR '1'='1",
    '\0'.repeat(12),
    '９'.repeat(12),
    '1'.repeat(100_000),
  ])('is not %j', async (code) => {
    await invited();
    expect(await typed(code)).toBe('AUTH_CODE_WRONG');
  });

  it.each([
    ['invited', 'enrol', true],
    ['invited', 'passkey', false],
    ['invited', 'recover', false],
    ['active', 'enrol', false],
    ['active', 'passkey', true],
    ['active', 'recover', true],
    ['removed', 'enrol', false],
    ['removed', 'passkey', false],
    ['removed', 'recover', false],
  ] as const)('of somebody who is %s, to %s: %s', async (state, purpose, may) => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    await test.db.updateTable('people').set({ state }).execute();

    const made = await test.people.newCode(ADMINISTRATOR, 'Bo', purpose, '');

    expect(made.isOk() ? 'made' : made.error.code).toBe(may ? 'made' : 'AUTH_PERSON_STATE');
  });

  it('opens nothing any more when the person became another than it was made for', async () => {
    const { code } = await invited();
    await test.db.updateTable('people').set({ state: 'active' }).execute();

    expect(await typed(code)).toBe('AUTH_CODE_WRONG');
  });

  it('is for nobody who is not there', async () => {
    const made = await test.people.newCode(MACHINE, "Bo'; DROP TABLE people; --", 'enrol', '');
    expect(made.isErr() && made.error.code).toBe('AUTH_PERSON_UNKNOWN');
  });

  it('and its entry in the trail are there together, or neither is', async () => {
    const { person, code } = await invited();
    test.trailBroken = true;
    await expect(typed(code)).rejects.toThrow('the trail is broken');
    await expect(test.people.newCode(ADMINISTRATOR, person, 'enrol', '')).rejects.toThrow();
    test.trailBroken = false;

    expect(await typed(code), 'neither used nor withdrawn').toBe(`${person} enrol`);
  });
});

describe('whose code somebody may make', () => {
  const CLERK = personActor('Cy', [['clerk', '29001']]);
  const made = async (purpose: CodePurpose, by = CLERK) => {
    const code = await test.people.newCode(by, 'Bo', purpose, '');
    return code.isOk() ? 'made' : code.error.code;
  };

  it('a clerk: of a deputy of their office', async () => {
    await addPerson(test, 'Bo', [['deputy', '29001']]);
    expect(await made('passkey')).toBe('made');
  });

  it.each([
    ['another clerk of it', [['clerk', '29001']]],
    [
      'a deputy who is one of another office, too',
      [
        ['deputy', '29001'],
        ['deputy', '29003'],
      ],
    ],
    [
      'a deputy who is an administrator, too',
      [
        ['deputy', '29001'],
        ['administrator', 'state'],
      ],
    ],
  ] as const)('a clerk: not of %s, since a code makes one that person', async (_, roles) => {
    await addPerson(test, 'Bo', roles);
    expect(await made('passkey')).toBe('AUTH_NOT_YOURS');
    expect(await made('recover')).toBe('AUTH_NOT_YOURS');
  });

  it('nobody: of themselves, to get in again', async () => {
    await addPerson(test, 'Bo', [['administrator', 'state']]);
    const bo = personActor('Bo', [['administrator', 'state']]);

    expect(await made('recover', bo)).toBe('AUTH_NOT_YOURS');
    expect(await made('passkey', bo), 'another device of their own').toBe('made');
  });

  it('no program', async () => {
    await addPerson(test, 'Bo', [['deputy', '29001']]);
    const sensor = { kind: 'sensor', key: '1', name: 'x', place: '29001' } as const;
    expect(await made('passkey', sensor as never)).toBe('AUTH_NOT_YOURS');
  });
});
