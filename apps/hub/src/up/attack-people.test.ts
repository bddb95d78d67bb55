/** Guesses, stolen and planted sign-ins, and people who are no longer welcome, at a whole hub. */
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, outcomeOf, PAGE } from '../features/people/people.fixture.ts';
import { CODE_LIFE } from '../platform/auth/codes.ts';
import { IDLE_LIFE, WHOLE_LIFE } from '../platform/auth/session-ends.ts';
import { Authenticator } from '../platform/auth/testing/authenticator.ts';
import { openHttp } from '../platform/http/listening.ts';
import { type Attacked, type AttackedHub, startAttacked } from './attacked.fixture.ts';

/** A minute of guesses, as many as are asked of us. */
const GUESSES = 10_000;
const MINUTE = 60_000;

let hub: AttackedHub;
let dana: Attacked;
beforeAll(async () => {
  hub = await startAttacked();
  dana = await hub.somebody('administrator', 'state');
});
afterAll(() => hub.stop());

/** Guesses codes for a minute from the addresses, one after the other; gives how many were looked at. */
async function guess(addressOf: (number: number) => string): Promise<number> {
  let heard = 0;
  for (let number = 0; number < GUESSES; number++) {
    hub.clock.now += MINUTE / GUESSES;
    const { statusCode } = await hub.app.inject({
      method: 'POST',
      url: '/api/v1/sign-in/code',
      remoteAddress: addressOf(number),
      headers: { host: 'localhost:8118', origin: PAGE },
      payload: { code: String(number).padStart(12, '0') },
    });
    if (statusCode !== 429) heard++;
  }
  return heard;
}

describe('10,000 guesses a minute', () => {
  it('from one network: 24 at most are looked at, and the right person gets in from another meanwhile', async () => {
    const { code } = await hub.invited('clerk', '29001');

    const heard = await guess((number) => `198.51.100.${number % 256}`);
    const clerk = new Browser(hub.app, '192.0.2.90');
    const enrolled = await clerk.enrol(code, new Authenticator(PAGE));

    expect(heard).toBeLessThanOrEqual(24);
    expect(heard).toBeGreaterThanOrEqual(20);
    expect(enrolled.name).toContain('clerk');
  }, 120_000);

  it('from 1,000 networks: 600 at most are looked at; who has a passkey, and who comes from a known network, gets in', async () => {
    const { code } = await hub.invited('clerk', '29003');
    hub.clock.now += 10 * MINUTE;

    const heard = await guess((number) => `10.${number % 250}.${Math.floor(number / 250) % 4}.9`);
    const signedIn = await dana.browser.signIn(dana.device);
    const enrolled = await new Browser(hub.app, '192.0.2.91').enrol(code, new Authenticator(PAGE));

    expect(heard).toBeLessThanOrEqual(600);
    expect(heard).toBeGreaterThan(300);
    expect(outcomeOf(signedIn)).toBe('200');
    expect(enrolled.name).toContain('clerk');
  }, 120_000);
});

describe('a code', () => {
  it('that was used, or is over, opens nothing, from wherever it is typed again', async () => {
    const used = await hub.invited('clerk', '29001');
    await new Browser(hub.app).enrol(used.code, new Authenticator(PAGE));
    const late = await hub.invited('clerk', '29001');
    hub.clock.now += CODE_LIFE;

    for (const code of [used.code, late.code]) {
      const answer = await new Browser(hub.app, '203.0.113.5').post('sign-in/code', { code });
      expect(outcomeOf(answer)).toBe('403 AUTH_CODE_WRONG');
    }
  });
});

describe('a cookie', () => {
  it('that was stolen opens nothing in another network, and from then on nothing at home', async () => {
    const sam = await hub.somebody('clerk', '29001');
    const thief = new Browser(hub.app, '203.0.113.66');
    thief.cookies.set('bellwether-session', sam.browser.session!);

    expect(outcomeOf(await thief.get('own'))).toBe('401 AUTH_SESSION_ELSEWHERE');
    expect(outcomeOf(await sam.browser.get('own'))).toBe('401 AUTH_SESSION_ELSEWHERE');
    const entries = await hub.db.selectFrom('trail').select(['act', 'why']).execute();
    expect(entries).toContainEqual({ act: 'session.end', why: 'elsewhere' });
  });

  it('that was planted before the sign-in is not the one of the session, and ends with it', async () => {
    const eve = await hub.somebody('clerk', '29003');
    const victim = await hub.somebody('clerk', '29001');
    const planted = eve.browser.session!;
    victim.browser.cookies.set('bellwether-session', planted);
    await victim.browser.signIn(victim.device);

    expect(victim.browser.session).not.toBe(planted);
    expect((await victim.browser.get('me')).json().person.id).toBe(victim.person);
    expect(outcomeOf(await eve.browser.get('own'))).toBe('401 AUTH_SESSION_ENDED');
  });
});

describe('a clock that is wrong', () => {
  it('prolongs no session: forward it is over, back everybody signs in once more', async () => {
    const [idle, back] = [await hub.somebody('clerk', '29001'), await hub.somebody('clerk', '29001')];

    hub.clock.now += IDLE_LIFE;
    expect(outcomeOf(await idle.browser.get('own'))).toBe('401 AUTH_SESSION_IDLE');
    await back.browser.signIn(back.device);
    hub.clock.now -= WHOLE_LIFE;
    const after = await back.browser.get('own');
    hub.clock.now += WHOLE_LIFE;

    expect(after.statusCode).toBe(401);
    expect((await back.browser.get('own')).statusCode).toBe(401);
  });
});

describe('a person who is removed while they are signed in', () => {
  it('is out at the next question, and their live updates end within the second', async () => {
    await dana.browser.signIn(dana.device);
    const sam = await hub.somebody('clerk', '29001', '127.0.0.1');
    const listening = (
      await openHttp(hub.app, { host: '127.0.0.1', port: 0 }, pino({ level: 'silent' }))
    ).okOrThrow();
    const headers = { host: 'localhost:8118', cookie: sam.cookie() };
    const stream = await new Promise<IncomingMessage>((resolve) => {
      get({ host: '127.0.0.1', port: listening.port, path: '/api/v1/live', headers }, resolve);
    });
    const ended = new Promise<void>((resolve) => void stream.resume().on('close', resolve));
    expect(stream.statusCode).toBe(200);

    const removed = await dana.browser.post(`people/${sam.person}/removal`, { why: 'left the office' });

    expect(outcomeOf(removed)).toBe('200');
    expect(outcomeOf(await sam.browser.get('own'))).toBe('401 AUTH_SESSION_ENDED');
    expect((await sam.browser.get('offices')).statusCode).toBe(401);
    expect(outcomeOf(await sam.browser.signIn(sam.device))).toBe('403 AUTH_PASSKEY_REFUSED');
    // Nothing is published: the hub looks by itself.
    await ended;
    await listening.close();
  });
});
