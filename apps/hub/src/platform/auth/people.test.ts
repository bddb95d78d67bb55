import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addPerson, HOUR, MACHINE, personActor, startPeople, type TestPeople } from './records.fixture.ts';
import { LONGEST_PASSING } from './rights.ts';

const ADMINISTRATOR = personActor('Ada', [['administrator', 'state']]);
const CLERK = personActor('Cy', [['clerk', '29001']]);
const FROM = '192.0.2.1';

let test: TestPeople;
beforeAll(async () => {
  test = await startPeople();
});
afterEach(() => test.empty());
afterAll(() => test.stop());

/** Invites; gives the person's number, or the code of the refusal. */
async function invite(wish: object = {}, by = ADMINISTRATOR): Promise<string> {
  const usual = { name: 'Bo Rivera', phone: null, role: 'clerk', place: '29001', until: null, why: null };
  const made = await test.people.invite(by, { ...usual, ...wish } as never, FROM);
  return made.isOk() ? made.value.person : made.error.code;
}

describe('an invitation', () => {
  it('is a person, a role, a code and an entry in the trail', async () => {
    const until = test.time + HOUR;
    const person = await invite({ role: 'vendor', until, phone: ' 555  0100 ', why: 'New scanners' });

    expect(await test.people.find(person)).toEqual({
      id: person,
      name: 'Bo Rivera',
      phone: '555 0100',
      state: 'invited',
      grants: [
        {
          id: expect.any(Number),
          role: 'vendor',
          place: '29001',
          from: test.time,
          until,
          givenBy: 'Ada',
          why: 'New scanners',
        },
      ],
      passkeys: 0,
      lastSeen: null,
      codeUntil: expect.any(Number),
    });
    expect(test.acts).toMatchObject([
      { who: ADMINISTRATOR, act: 'person.invite', place: '29001', about: `person:${person}`, origin: FROM },
    ]);
  });

  it.each([
    ['clerk', 'state', null, 'AUTH_GRANT_INVALID'],
    ['administrator', '29001', null, 'AUTH_GRANT_INVALID'],
    ['clerk', '29000', null, 'AUTH_GRANT_INVALID'],
    ['clerk', "29001' OR 1=1", null, 'AUTH_GRANT_INVALID'],
    ['auditor', 'state', null, 'AUTH_GRANT_INVALID'],
    ['auditor', 'state', LONGEST_PASSING + 1, 'AUTH_GRANT_INVALID'],
    ['auditor', 'state', 0, 'AUTH_GRANT_INVALID'],
  ])('as %s at %s until %s is refused', async (role, place, after, code) => {
    const until = after === null ? null : test.time + after;
    expect(await invite({ role, place, until })).toBe(code);
    expect(await test.people.list('all')).toEqual([]);
  });

  it('by a clerk is for deputies of their own office', async () => {
    expect(await invite({ role: 'deputy' }, CLERK)).toMatch(/^[\w-]{22}$/);
    expect(await invite({ role: 'deputy', place: '29003' }, CLERK)).toBe('AUTH_NOT_YOURS');
    expect(await invite({ role: 'clerk' }, CLERK)).toBe('AUTH_NOT_YOURS');
    expect(await invite({ role: 'administrator', place: 'state' }, CLERK)).toBe('AUTH_NOT_YOURS');
  });

  it('by whoever holds the machine is for anybody, but at places where the role is given', async () => {
    expect(await invite({ role: 'administrator', place: 'state' }, MACHINE)).toMatch(/^[\w-]{22}$/);
    expect(await invite({ role: 'clerk', place: 'state' }, MACHINE)).toBe('AUTH_GRANT_INVALID');
  });

  it.each([
    ['José', 'Jose\u0301'],
    ['O’Brien-Smith, Jr.', '  O’Brien-Smith,\u00a0 Jr. '],
    ["Robert'); DROP TABLE people;--", "Robert'); DROP TABLE people;--"],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['${jndi:ldap://x}', '${jndi:ldap://x}'],
    ['Ñandú 李 👩', 'Ñandú 李 👩'],
  ])('keeps the name %j as it is written, in one form', async (kept, name) => {
    const person = await invite({ name, phone: kept.slice(0, 40), why: kept });
    expect(await test.people.find(person)).toMatchObject({
      name: kept,
      phone: kept.slice(0, 40).trim(),
      grants: [{ why: kept }],
    });
  });

  it.each(['', '  ', 'a\0b', 'a\nb', 'a\u202eb', 'a\u200bb', '\ud800', 'x'.repeat(101), 'x'.repeat(1e6)])(
    'refuses the name %j',
    async (text) => {
      expect(await invite({ name: text })).toBe('AUTH_TEXT_INVALID');
      expect(await invite({ phone: text })).toBe('AUTH_TEXT_INVALID');
      expect(await invite({ why: text.length === 101 ? text.repeat(5) : text })).toBe('AUTH_TEXT_INVALID');
    },
  );

  it('keeps any text or refuses it, and reads it back as it was kept', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(texts, async (name) => {
        const person = await invite({ name });
        if (person === 'AUTH_TEXT_INVALID') return;
        expect((await test.people.find(person))?.name).toBe(
          name.normalize('NFC').trim().replace(/\s+/gu, ' '),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is not there if the trail cannot be written', async () => {
    test.trailBroken = true;
    await expect(invite()).rejects.toThrow('the trail is broken');
    expect(await test.people.list('all')).toEqual([]);
  });
});

describe('the list of people', () => {
  it('of an office has who holds a role there now', async () => {
    await addPerson(test, 'Bo', [['clerk', '29001']]);
    await addPerson(test, 'Cy', [['clerk', '29003']]);
    await addPerson(test, 'Di', [['vendor', '29001', test.time + HOUR]]);
    await addPerson(test, 'Ed', [['administrator', 'state']]);

    expect((await test.people.list('29001')).map(({ id }) => id)).toEqual(['Bo', 'Di']);
    expect((await test.people.list('all')).map(({ id }) => id)).toEqual(['Bo', 'Cy', 'Di', 'Ed']);
    test.time += HOUR;
    expect((await test.people.list('29001')).map(({ id }) => id)).toEqual(['Bo']);
    expect((await test.people.find('Di'))?.grants).toEqual([]);
    expect(await test.people.find('nobody')).toBeUndefined();
  });
});
