import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecords, type TestRecords } from '../../features/watch/watch.fixture.ts';
import type { Act, CodePurpose, Origin, Passkeys, PersonActor } from './auth-types.ts';
import { MOST_PASSKEYS, selfOf } from './passkey-records.ts';
import { createPasskeys } from './passkeys.ts';
import { newPersonId } from './secrets.ts';
import { Authenticator, type Misbehaviour } from './testing/authenticator.ts';
import { TICKET_LIFE } from './tickets.ts';

const LOCAL: Origin = {
  address: '192.0.2.7',
  agent: 'test',
  site: 'localhost',
  origin: 'http://localhost:8118',
};
const NAMED: Origin = { ...LOCAL, site: 'hub.mo.example', origin: 'https://hub.mo.example' };

let records: TestRecords;
beforeAll(async () => {
  records = await startRecords();
});
afterAll(() => records.stop());

function setup() {
  const clock = { now: Date.UTC(2026, 10, 3, 14) };
  const acts: Act[] = [];
  const ended: string[] = [];
  const passkeys = createPasskeys({
    db: records.db,
    trail: { add: async (_tx, act) => void acts.push(act) },
    sessions: {
      endAllOf: async (person) => {
        ended.push(person);
        return 1;
      },
    },
    now: () => clock.now,
  });
  return { clock, acts, ended, passkeys };
}

async function addPerson(state = 'invited', name = 'Ann Clerk'): Promise<string> {
  const id = newPersonId(randomBytes);
  await records.db.insertInto('people').values({ id, name, state, created_at: new Date() }).execute();
  return id;
}

async function addGrant(person: string, place: string): Promise<void> {
  const grant = { person, role: 'clerk', place, from_at: new Date(0), given_by: 'machine' };
  await records.db.insertInto('grants').values(grant).execute();
}

async function enrol(
  passkeys: Passkeys,
  person: string,
  device: Authenticator,
  { origin = LOCAL, purpose = 'enrol' as CodePurpose, wrong = {} as Misbehaviour } = {},
) {
  const { options, ticket } = await passkeys.enrolOptions(person, origin);
  return await passkeys.checkEnrol(ticket, device.create(options, wrong), 'Desk', purpose, origin);
}

/** An active person with a passkey. */
async function enrolled(passkeys: Passkeys, { origin = LOCAL, counts = true } = {}) {
  const person = await addPerson();
  const device = new Authenticator(origin.origin, counts);
  const { passkey } = (await enrol(passkeys, person, device, { origin })).okOrThrow();
  return { person, device, passkey };
}

async function signIn(passkeys: Passkeys, device: Authenticator, wrong: Misbehaviour = {}, origin = LOCAL) {
  const { options, ticket } = await passkeys.signInOptions(origin);
  const answer = await passkeys.checkSignIn(ticket, device.show(options, wrong), origin);
  return answer.isOk() ? answer.value : answer.error;
}

const REFUSED = { code: 'AUTH_PASSKEY_REFUSED', detail: '' };
const OVER = { code: 'AUTH_CEREMONY_OVER', detail: '' };

describe('a new passkey', () => {
  it('is asked for as one that is found without a name, checks its owner, and tells nothing of its maker', async () => {
    const { passkeys } = setup();
    const { person, device } = await enrolled(passkeys);

    const { options } = await passkeys.enrolOptions(person, LOCAL);

    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { id: person, name: 'Ann Clerk' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: device.passkeys[0]?.id }],
    });
  });

  it('makes who was invited active, and stands in the trail at their office', async () => {
    const { passkeys, acts } = setup();
    const person = await addPerson();
    await addGrant(person, '29001');

    (await enrol(passkeys, person, new Authenticator(LOCAL.origin))).okOrThrow();

    const { state } = await records.db
      .selectFrom('people')
      .select('state')
      .where('id', '=', person)
      .executeTakeFirstOrThrow();
    expect(state).toBe('active');
    expect(acts.map(({ act, place, who }) => [act, place, (who as PersonActor).person])).toEqual([
      ['person.enrol', '29001', person],
      ['passkey.add', '29001', person],
    ]);
  });

  it.each<[string, Misbehaviour]>([
    ['answers another question', { challenge: 'bm90IHRoZSBxdWVzdGlvbg' }],
    ['was made at another page', { origin: 'https://hub.example.net' }],
    ['was made at another port', { origin: 'http://localhost:9999' }],
    ['is for another site', { site: 'example.net' }],
    ['was made in a frame of another page', { crossOrigin: true }],
    ['was made without its owner there', { up: false }],
    ['was made without a check of its owner', { uv: false }],
    ['is an old one that was shown', { type: 'webauthn.get' }],
  ])('is refused if it %s', async (_, wrong) => {
    const { passkeys, acts } = setup();
    const person = await addPerson();

    const answer = await enrol(passkeys, person, new Authenticator(LOCAL.origin), { wrong });

    expect(answer.isErr() && answer.error).toEqual(REFUSED);
    expect(await passkeys.listOf(person)).toEqual([]);
    expect(acts).toEqual([]);
  });

  it('is kept once: the same answer again is refused', async () => {
    const { passkeys } = setup();
    const person = await addPerson();
    const { options, ticket } = await passkeys.enrolOptions(person, LOCAL);
    const answer = new Authenticator(LOCAL.origin).create(options);

    (await passkeys.checkEnrol(ticket, answer, 'Desk', 'enrol', LOCAL)).okOrThrow();
    const again = await passkeys.checkEnrol(ticket, answer, 'Desk', 'enrol', LOCAL);

    expect(again.isErr() && again.error).toEqual(OVER);
    expect(await passkeys.listOf(person)).toHaveLength(1);
  });

  it('cannot be that of somebody else', async () => {
    const { passkeys } = setup();
    const { device, person } = await enrolled(passkeys);
    const thief = await addPerson();
    const { options, ticket } = await passkeys.enrolOptions(thief, LOCAL);
    const copied = device.passkeys[0]?.id as string;
    const made = new Authenticator(LOCAL.origin).create(options);

    const answer = await passkeys.checkEnrol(
      ticket,
      { ...made, id: copied, rawId: copied },
      'Mine',
      'enrol',
      LOCAL,
    );

    expect(answer.isErr() && answer.error).toEqual(REFUSED);
    expect(await signIn(passkeys, device)).toMatchObject({ person });
  });

  it('is refused for who was removed while it was made, and for who is enrolled already', async () => {
    const { passkeys } = setup();
    const removed = await addPerson('removed');
    const active = await addPerson('active');

    for (const person of [removed, active]) {
      const answer = await enrol(passkeys, person, new Authenticator(LOCAL.origin));
      expect(answer.isErr() && answer.error.code).toBe('AUTH_PERSON_STATE');
    }
  });

  it('takes the place of all others, and ends all sessions, where somebody recovers', async () => {
    const { passkeys, ended, acts } = setup();
    const { person, device: lost } = await enrolled(passkeys);
    const found = new Authenticator(LOCAL.origin);

    (await enrol(passkeys, person, found, { purpose: 'recover' })).okOrThrow();

    expect(await signIn(passkeys, lost)).toEqual(REFUSED);
    expect(await signIn(passkeys, found)).toMatchObject({ person });
    expect(ended).toEqual([person]);
    expect(acts.map(({ act }) => act)).toContain('passkeys.withdraw');
  });

  it('is one of a dozen at most', async () => {
    const { passkeys } = setup();
    const { person } = await enrolled(passkeys);
    const another = async () =>
      await enrol(passkeys, person, new Authenticator(LOCAL.origin), { purpose: 'passkey' });
    for (let count = 1; count < MOST_PASSKEYS; count++) (await another()).okOrThrow();

    const answer = await another();

    expect(answer.isErr() && answer.error.code).toBe('AUTH_TOO_MANY_PASSKEYS');
    expect(await passkeys.listOf(person)).toHaveLength(MOST_PASSKEYS);
  });
});

describe('signing in', () => {
  it('asks for no name, and says who it is', async () => {
    const { passkeys } = setup();
    const { person, device, passkey } = await enrolled(passkeys);

    const { options } = await passkeys.signInOptions(LOCAL);

    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(options).not.toHaveProperty('allowCredentials.0');
    expect(await signIn(passkeys, device)).toEqual({ person, passkey });
  });

  it('works time and again, with devices that count and devices that do not', async () => {
    const { passkeys } = setup();
    for (const counts of [true, false]) {
      const { person, device } = await enrolled(passkeys, { counts });
      for (let time = 0; time < 3; time++) expect(await signIn(passkeys, device)).toMatchObject({ person });
    }
  });

  it.each<[string, Misbehaviour]>([
    ['answers another question', { challenge: 'bm90IHRoZSBxdWVzdGlvbg' }],
    ['was shown at another page', { origin: 'https://hub.example.net' }],
    ['was shown at another port', { origin: 'http://localhost:9999' }],
    ['was shown for another site', { site: 'example.net' }],
    ['was shown in a frame of another page', { crossOrigin: true }],
    ['was shown without its owner there', { up: false }],
    ['was shown without a check of its owner', { uv: false }],
    ['was made just now', { type: 'webauthn.create' }],
    ['does not say whose it is', { userHandle: null }],
    ['says it is somebody else’s', { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['signs with another key', { signedBy: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
  ])('is refused where the passkey %s', async (_, wrong) => {
    const { passkeys } = setup();
    const { device } = await enrolled(passkeys);

    expect(await signIn(passkeys, device, wrong)).toEqual(REFUSED);
  });

  it('is refused where any bit of what was signed, or of the signature, is another', async () => {
    const { passkeys } = setup();
    const { device } = await enrolled(passkeys, { counts: false });
    const part = fc.constantFrom(
      'authenticatorData' as const,
      'signature' as const,
      'clientDataJSON' as const,
    );

    await fc.assert(
      fc.asyncProperty(part, fc.nat(), fc.nat(7), async (name, place, bit) => {
        const { options, ticket } = await passkeys.signInOptions(LOCAL);
        const shown = device.show(options);
        const bytes = Buffer.from(shown.response[name], 'base64url');
        const at = place % bytes.length;
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
        const changed = { ...shown.response, [name]: bytes.toString('base64url') };

        const answer = await passkeys.checkSignIn(ticket, { ...shown, response: changed }, LOCAL);

        expect(answer.isErr() && answer.error).toEqual(REFUSED);
      }),
      { numRuns: 200 },
    );
  });

  it('is refused, and breaks nothing, whatever is sent in place of a passkey', async () => {
    const { passkeys } = setup();
    const { device } = await enrolled(passkeys);
    const { options } = await passkeys.signInOptions(LOCAL);
    const good = device.show(options) as unknown as Record<string, unknown>;
    const bad = fc.oneof(
      fc.object(),
      fc.record({ id: fc.string(), rawId: fc.string(), type: fc.string(), response: fc.object() }),
      fc
        .tuple(
          fc.constantFrom('clientDataJSON', 'authenticatorData', 'signature', 'userHandle'),
          fc.oneof(fc.anything(), fc.base64String(), fc.constant('A'.repeat(100_000))),
        )
        .map(([name, value]) => ({ ...good, response: { ...(good.response as object), [name]: value } })),
    );

    await fc.assert(
      fc.asyncProperty(bad, async (credential) => {
        const { ticket } = await passkeys.signInOptions(LOCAL);
        const answer = await passkeys.checkSignIn(ticket, credential as object, LOCAL);
        expect(answer.isErr() && answer.error).toEqual(REFUSED);
      }),
      { numRuns: 100 },
    );
  });

  it('is answered in the same words for a passkey that never was, was removed, or is of somebody removed', async () => {
    const { passkeys } = setup();
    const removed = await enrolled(passkeys);
    await records.db
      .updateTable('passkeys')
      .set({ removed_at: new Date() })
      .where('person', '=', removed.person)
      .execute();
    const gone = await enrolled(passkeys);
    await records.db.updateTable('people').set({ state: 'removed' }).where('id', '=', gone.person).execute();
    const foreign = new Authenticator(LOCAL.origin);
    foreign.create({
      challenge: 'x',
      rp: { id: 'localhost' },
      user: { id: newPersonId(randomBytes) },
    });

    for (const device of [removed.device, gone.device, foreign]) {
      expect(await signIn(passkeys, device)).toEqual(REFUSED);
    }
  });

  it('is refused where the counter goes back or stays, and the trail says so', async () => {
    const { passkeys, acts } = setup();
    const { person, device, passkey } = await enrolled(passkeys);
    await addGrant(person, '29380');
    expect(await signIn(passkeys, device, { counter: 10 })).toMatchObject({ person });
    acts.length = 0;

    for (const counter of [10, 9, 0]) expect(await signIn(passkeys, device, { counter })).toEqual(REFUSED);

    expect(
      acts.map(({ who, act, about, place, before, after }) => ({ who, act, about, place, before, after })),
    ).toEqual(
      [10, 9, 0].map((counter) => ({
        who: 'hub',
        act: 'passkey.refuse',
        about: `passkey:${passkey}`,
        place: '29380',
        before: { counter: 10 },
        after: { counter },
      })),
    );
    expect(await signIn(passkeys, device, { counter: 11 })).toMatchObject({ person });
  });

  it('writes nothing to the trail about a counter that nobody signed', async () => {
    const { passkeys, acts } = setup();
    const { device } = await enrolled(passkeys);
    await signIn(passkeys, device, { counter: 10 });
    acts.length = 0;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

    await signIn(passkeys, device, { counter: 1, signedBy: privateKey });

    expect(acts).toEqual([]);
  });

  it('works once with one answer, also when it comes twice at the same time', async () => {
    const { passkeys } = setup();
    const { device } = await enrolled(passkeys);
    const { options, ticket } = await passkeys.signInOptions(LOCAL);
    const shown = device.show(options);

    const answers = await Promise.all([
      passkeys.checkSignIn(ticket, shown, LOCAL),
      passkeys.checkSignIn(ticket, shown, LOCAL),
    ]);

    expect(answers.map((answer) => answer.isOk()).toSorted()).toEqual([false, true]);
  });

  it('is over after five minutes, and in a window that was asked something else', async () => {
    const { passkeys, clock } = setup();
    const { device } = await enrolled(passkeys);
    const mine = await passkeys.signInOptions(LOCAL);
    const other = await passkeys.signInOptions(LOCAL);

    const swapped = await passkeys.checkSignIn(other.ticket, device.show(mine.options), LOCAL);
    clock.now += TICKET_LIFE;
    const late = await passkeys.checkSignIn(mine.ticket, device.show(mine.options), LOCAL);

    expect(swapped.isErr() && swapped.error).toEqual(REFUSED);
    expect(late.isErr() && late.error).toEqual(OVER);
  });

  it('does not work at another site with a passkey of this one', async () => {
    const { passkeys } = setup();
    const { device, person } = await enrolled(passkeys);
    const { options, ticket } = await passkeys.signInOptions(NAMED);
    const held = device.passkeys[0];

    const answer = await passkeys.checkSignIn(
      ticket,
      device.show(options, { origin: NAMED.origin }, held),
      NAMED,
    );

    expect(answer.isErr() && answer.error).toEqual(REFUSED);
    expect(await signIn(passkeys, device)).toMatchObject({ person });
  });
});

describe('showing the passkey once more', () => {
  async function stepUp(passkeys: Passkeys, person: string, device: Authenticator, wrong: Misbehaviour = {}) {
    const { options, ticket } = await passkeys.stepUpOptions(person, LOCAL);
    const answer = device.show(options, wrong, device.passkeys[0]);
    return await passkeys.checkStepUp(person, ticket, answer, LOCAL);
  }

  it('takes a passkey of the same person, named in the question', async () => {
    const { passkeys } = setup();
    const { person, device, passkey } = await enrolled(passkeys);

    const { options } = await passkeys.stepUpOptions(person, LOCAL);

    expect(options).toMatchObject({ allowCredentials: [{ id: passkey }], userVerification: 'required' });
    expect((await stepUp(passkeys, person, device)).isOk()).toBe(true);
    expect((await stepUp(passkeys, person, device, { userHandle: null })).isOk()).toBe(true);
  });

  it('refuses the passkey of somebody else, whatever it says', async () => {
    const { passkeys } = setup();
    const { person } = await enrolled(passkeys);
    const other = await enrolled(passkeys);

    for (const userHandle of [undefined, null, person]) {
      const wrong = userHandle === undefined ? {} : { userHandle };
      const answer = await stepUp(passkeys, person, other.device, wrong);
      expect(answer.isErr() && answer.error).toEqual(REFUSED);
    }
  });

  it('refuses an answer to a sign-in, and a sign-in by an answer to this', async () => {
    const { passkeys } = setup();
    const { person, device } = await enrolled(passkeys);
    const question = await passkeys.signInOptions(LOCAL);
    const stepped = await passkeys.stepUpOptions(person, LOCAL);

    const one = await passkeys.checkStepUp(person, question.ticket, device.show(question.options), LOCAL);
    const other = await passkeys.checkSignIn(stepped.ticket, device.show(stepped.options), LOCAL);

    expect([one, other].map((answer) => answer.isErr() && answer.error)).toEqual([OVER, OVER]);
  });

  it('refuses a question that was put to somebody else', async () => {
    const { passkeys } = setup();
    const { person } = await enrolled(passkeys);
    const other = await enrolled(passkeys);
    const { options, ticket } = await passkeys.stepUpOptions(other.person, LOCAL);

    const answer = await passkeys.checkStepUp(person, ticket, other.device.show(options), LOCAL);

    expect(answer.isErr() && answer.error).toEqual(OVER);
  });
});

describe('the passkeys of a person', () => {
  async function session(person: string, passkey: string | null): Promise<PersonActor> {
    const { number } = await records.db
      .insertInto('sessions')
      .values({
        hash: randomBytes(32),
        person,
        how: 'passkey',
        passkey,
        created_at: new Date(),
        seen_at: new Date(),
        network: 'loopback',
        agent: '',
      })
      .returning('number')
      .executeTakeFirstOrThrow();
    return { ...selfOf(person, 'Ann Clerk'), session: String(number) };
  }

  async function isOver({ session }: PersonActor): Promise<boolean> {
    const { ended_at } = await records.db
      .selectFrom('sessions')
      .select('ended_at')
      .where('number', '=', Number(session))
      .executeTakeFirstOrThrow();
    return ended_at !== null;
  }

  it('are listed with where they work and when they were used', async () => {
    const { passkeys, clock } = setup();
    const { person, device, passkey } = await enrolled(passkeys);
    const added = clock.now;
    clock.now += 60_000;
    await signIn(passkeys, device);

    expect(await passkeys.listOf(person)).toEqual([
      { id: passkey, name: 'Desk', site: 'localhost', backedUp: false, added, used: clock.now },
    ]);
  });

  it('can be removed, with the sessions that they began elsewhere', async () => {
    const { passkeys, acts } = setup();
    const { person, device, passkey } = await enrolled(passkeys);
    const second = new Authenticator(LOCAL.origin);
    (await enrol(passkeys, person, second, { purpose: 'passkey' })).okOrThrow();
    const elsewhere = await session(person, passkey);
    const here = await session(person, second.passkeys[0]?.id as string);

    (await passkeys.removePasskey(here, passkey, LOCAL.address)).okOrThrow();

    expect(await signIn(passkeys, device)).toEqual(REFUSED);
    expect(await signIn(passkeys, second)).toMatchObject({ person });
    expect([await isOver(elsewhere), await isOver(here)]).toEqual([true, false]);
    expect(acts.at(-1)).toMatchObject({ act: 'passkey.remove', about: `passkey:${passkey}`, who: here });
  });

  it('keep the last one of the site where they are asked, also when two are removed at the same time', async () => {
    const { passkeys } = setup();
    const { person, passkey } = await enrolled(passkeys);
    const second = new Authenticator(LOCAL.origin);
    (await enrol(passkeys, person, second, { purpose: 'passkey' })).okOrThrow();
    const elsewhere = new Authenticator(NAMED.origin);
    (await enrol(passkeys, person, elsewhere, { purpose: 'passkey', origin: NAMED })).okOrThrow();
    const here = await session(person, passkey);

    const answers = await Promise.all(
      [passkey, second.passkeys[0]?.id as string].map(
        async (id) => await passkeys.removePasskey(here, id, LOCAL.address),
      ),
    );

    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1);
    expect(answers.flatMap((answer) => (answer.isErr() ? [answer.error.code] : []))).toEqual([
      'AUTH_LAST_PASSKEY',
    ]);
    const other = await passkeys.removePasskey(here, elsewhere.passkeys[0]?.id as string, LOCAL.address);
    expect(other.isOk()).toBe(true);
  });

  it('cannot be removed by somebody else, nor twice', async () => {
    const { passkeys } = setup();
    const { person, passkey, device } = await enrolled(passkeys);
    const other = await enrolled(passkeys);
    const stranger = await session(other.person, other.passkey);

    const answer = await passkeys.removePasskey(stranger, passkey, LOCAL.address);

    expect(answer.isErr() && answer.error.code).toBe('AUTH_PASSKEY_UNKNOWN');
    expect(await signIn(passkeys, device)).toMatchObject({ person });
  });
});

describe('a person who is removed while they sign in', () => {
  it('is out, whoever of the two comes first, and neither waits for the other for ever', async () => {
    const { passkeys } = setup();
    for (let time = 0; time < 10; time++) {
      const { person, device } = await enrolled(passkeys);
      const { options, ticket } = await passkeys.signInOptions(LOCAL);
      const shown = device.show(options);
      const removal = records.db.transaction().execute(async (tx) => {
        await tx.selectFrom('people').select('id').where('id', '=', person).forUpdate().execute();
        await tx.updateTable('people').set({ state: 'removed' }).where('id', '=', person).execute();
        await tx
          .updateTable('passkeys')
          .set({ removed_at: new Date() })
          .where('person', '=', person)
          .execute();
      });

      await Promise.all([passkeys.checkSignIn(ticket, shown, LOCAL), removal]);

      expect(await signIn(passkeys, device)).toEqual(REFUSED);
    }
  });
});
