import { MeAnswer } from '@bellwether/api';
import { Value } from 'typebox/value';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Role, VERBS } from '../../platform/auth/rights.ts';
import { WHOLE_LIFE } from '../../platform/auth/session-ends.ts';
import { somebody } from '../../platform/http/auth.fixture.ts';
import { BEARER, testServer } from '../../platform/http/server.fixture.ts';
import { type MeDependencies, meRoutes } from './routes-me.ts';

const BEGUN = Date.UTC(2026, 10, 3, 22);

function setup() {
  const auth = {} as MeDependencies['auth'];
  const dependencies = {
    auth,
    stateName: async () => 'Missouri',
    address: () => 'https://hub.example.gov:8443',
    offices: async () => [{ leaId: '29001', name: 'Adair County' }],
    now: () => server.clock.now,
  };
  const server = testServer(onTestFinished, { routes: [meRoutes(dependencies)] });
  const { app, fake } = server;
  Object.assign(auth, {
    isAlone: () => fake.alone,
    directories: { list: [{ name: 'county', title: 'County sign-in', more: 'x' }] } as never,
    people: {
      find: async () => ({
        grants: [
          { id: 4, role: 'clerk', place: '29001', from: 0, until: null, givenBy: 'P', why: 'runs it' },
          { id: 5, role: 'clerk', place: '29380', from: 0, until: 1, givenBy: 'P', why: null },
        ],
      }),
    } as never,
    sessions: {
      listOf: async () => [
        { session: '2', created: 0 },
        { session: '1', created: BEGUN },
      ],
    } as never,
    recovery: { waiting: async () => [{ person: 'administrator-state' }, { person: 'other' }] } as never,
  });
  const me = async (headers: Record<string, string> = {}): Promise<MeAnswer> => {
    const answer = await app.inject({ url: '/api/v1/me', headers: { host: 'localhost', ...headers } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(Value.Errors(MeAnswer, answer.json())).toEqual([]);
    return answer.json();
  };
  const signedIn = (role: Role, place: string, steppedUp: number | null = null) => {
    fake.alone = false;
    fake.sessions.set('secret', somebody(role, place, { steppedUp }));
    return { cookie: 'bellwether-session=secret' };
  };
  return { ...server, me, signedIn };
}

describe('who asks', () => {
  it('is nobody, who learns how to sign in and whether there is somebody to ask', async () => {
    const { me, fake } = setup();

    expect(await me()).toEqual({
      who: 'nobody',
      person: null,
      rights: {},
      steppedUpUntil: null,
      until: null,
      needsSetUp: true,
      state: 'Missouri',
      address: 'https://hub.example.gov:8443',
      offices: [],
      directories: [{ name: 'county', title: 'County sign-in' }],
      recoveriesWaiting: 0,
    });
    fake.alone = false;
    expect((await me({ cookie: 'bellwether-session=over' })).who).toBe('nobody');
    expect((await me()).needsSetUp).toBe(false);
  });

  it('is the machine, which may do what no office does itself while it is alone, and then sends lines, tells of mail and tries the offices', async () => {
    const { me, fake } = setup();

    const alone = await me(BEARER);
    expect([alone.who, Object.keys(alone.rights)]).toEqual([
      'machine',
      // An office signs for itself, and blocks are for bouncers.
      VERBS.filter((verb) => verb !== 'rolls.sign' && verb !== 'blocks.read'),
    ]);
    fake.alone = false;
    // The timer that tries the offices and the hooks of mail run beside the hub, with its token.
    expect((await me(BEARER)).rights).toEqual({
      'drills.read': 'all',
      'drills.run': 'all',
      'lines.send': 'all',
      'mail.tell': 'all',
    });
  });

  it('is a person, with the roles that hold and what they may do where', async () => {
    const { me, signedIn } = setup();

    const clerk = await me(signedIn('clerk', '29001'));

    expect(clerk).toMatchObject({ who: 'person', needsSetUp: false, recoveriesWaiting: 0 });
    expect(clerk.person).toEqual({
      id: 'clerk-29001',
      name: 'A clerk',
      grants: [
        {
          id: 4,
          role: 'clerk',
          place: '29001',
          from: '1970-01-01T00:00:00.000Z',
          until: null,
          givenBy: 'P',
          why: 'runs it',
        },
      ],
    });
    expect(clerk.rights['people.invite']).toEqual(['29001']);
    expect(clerk.rights['surface.write']).toBeUndefined();
    expect(clerk.until).toBe(new Date(BEGUN + WHOLE_LIFE).toISOString());
  });

  it('learns until when dangerous acts need no passkey', async () => {
    const { me, signedIn, clock } = setup();
    const shown = clock.now - 60_000;

    expect((await me(signedIn('clerk', '29001'))).steppedUpUntil).toBeNull();
    const sure = signedIn('clerk', '29001', shown);
    expect((await me(sure)).steppedUpUntil).toBe(new Date(shown + 300_000).toISOString());
    clock.now += 300_000;
    expect((await me(sure)).steppedUpUntil).toBeNull();
  });

  it('is told who waits for them to agree, but not of themselves', async () => {
    const { me, signedIn } = setup();

    expect((await me(signedIn('administrator', 'state'))).recoveriesWaiting).toBe(1);
    expect((await me(signedIn('analyst', 'state'))).recoveriesWaiting).toBe(0);
  });
});
