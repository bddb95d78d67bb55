import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { DirectoryConfig } from '../../platform/auth/oidc-types.ts';
import { startPeople, type TestPeople } from '../../platform/auth/records.fixture.ts';
import { CLIENT, startDirectory, type TestDirectory } from '../../platform/auth/testing/directory.ts';
import { type Browser, outcomeOf, PAGE, testHub } from './people.fixture.ts';

const BACK = `${PAGE}/api/v1/sign-in/oidc/county/back`;

/** A browser that follows a link, or is led here by a page of somebody else. */
const FOLLOWING = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

let records: TestPeople;
let directory: TestDirectory;
beforeAll(async () => {
  records = await startPeople();
  directory = await startDirectory({ redirect: BACK, way: 'none' });
  directory.people.set('ann', { groups: ['bw-clerks'], name: 'Ann Clerk' });
  directory.people.set('bob', { groups: ['others'], name: 'Bob' });
});
beforeEach(async () => {
  await records.empty();
  // The directory's clock is that of this machine.
  records.time = Date.now();
});
afterAll(async () => {
  await directory.close();
  await records.stop();
});

function setup() {
  const config: DirectoryConfig = {
    name: 'county',
    title: 'County sign-in',
    issuer: directory.issuer,
    client: CLIENT.id,
    claim: 'groups',
    roles: [{ value: 'bw-clerks', role: 'clerk', place: '29001' }],
  };
  return testHub(records, onTestFinished, [config]);
}

async function signIn(browser: Browser, subject: string, to = '') {
  const out = await browser.get(`sign-in/oidc/county${to === '' ? '' : `?to=${encodeURIComponent(to)}`}`);
  const back = await directory.walk(out.headers.location as string, subject);
  const path = `${back.pathname}${back.search}`.replace('/api/v1/', '');
  return { out, path, answer: await browser.get(path, FOLLOWING) };
}

describe('signing in with a directory', () => {
  it('leads there and back into a session, with a ticket that comes along from the page of the directory', async () => {
    const hub = setup();
    const browser = hub.browser();

    const { out, answer } = await signIn(browser, 'ann');

    expect([out.statusCode, answer.statusCode]).toEqual([303, 303]);
    expect(out.cookies).toMatchObject([
      { name: 'bellwether-directory', httpOnly: true, sameSite: 'Lax', path: '/' },
    ]);
    expect(answer.headers.location).toBe('/');
    expect(answer.cookies.find(({ name }) => name === 'bellwether-session')).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    });
    expect((await browser.get('me')).json()).toMatchObject({
      person: { name: 'Ann Clerk', grants: [{ role: 'clerk', place: '29001', givenBy: 'oidc:county' }] },
      steppedUpUntil: null,
    });
    expect((await browser.get('own')).json()).toMatchObject({ sessions: [{ how: 'oidc:county' }] });
  });

  it('is no passkey: what opens doors needs one', async () => {
    const hub = setup();
    const browser = hub.browser();
    await signIn(browser, 'ann');

    const answers = [
      await browser.post('people', { name: 'Dan Deputy', role: 'deputy', place: '29001' }),
      await browser.post('own/passkeys/options', {}),
      await browser.post('own/recovery-codes', {}),
    ];

    expect(answers.map(outcomeOf)).toEqual(Array(3).fill('401 AUTH_STEP_UP'));
  });

  it.each([
    ['/people?place=29001', '/people?place=29001'],
    ['//hub.example.net', '/'],
    ['/\\hub.example.net', '/'],
    ['https://hub.example.net', '/'],
    ['/a\r\nset-cookie: x=y', '/'],
    ['javascript:alert(1)', '/'],
  ])('to get to %j leads to %s', async (to, page) => {
    const hub = setup();

    const { answer } = await signIn(hub.browser(), 'ann', to);

    expect([answer.statusCode, answer.headers.location]).toEqual([303, page]);
  });

  it('leads to the page Sign in with the reason where it fails', async () => {
    const hub = setup();
    const browser = hub.browser();
    const { answer: stranger } = await signIn(browser, 'bob');
    const { path } = await signIn(hub.browser(), 'ann');

    const answers = [
      stranger,
      await browser.get(path, FOLLOWING),
      await browser.get('sign-in/oidc/county/back', FOLLOWING),
      await browser.get('sign-in/oidc/nowhere'),
    ];

    expect(answers.map(({ headers }) => headers.location)).toEqual([
      '/sign-in?why=AUTH_DIRECTORY_REFUSED',
      '/sign-in?why=AUTH_CEREMONY_OVER',
      '/sign-in?why=AUTH_CEREMONY_OVER',
      '/sign-in?why=AUTH_DIRECTORY_REFUSED',
    ]);
    expect(browser.session).toBeUndefined();
  });

  it('with a state that somebody forged signs nobody in', async () => {
    const hub = setup();
    const [browser, attacker] = [hub.browser(), hub.browser()];
    // The attacker's own answer of the directory, brought into the browser of somebody else.
    const out = await attacker.get('sign-in/oidc/county');
    const back = await directory.walk(out.headers.location as string, 'ann');
    await browser.get('sign-in/oidc/county');

    const answer = await browser.get(`sign-in/oidc/county/back${back.search}`, FOLLOWING);

    expect(answer.headers.location).toBe('/sign-in?why=AUTH_CEREMONY_OVER');
    expect(browser.session).toBeUndefined();
  });

  it('is begun by nobody but the person: a page of somebody else that leads there ends at the page Sign in', async () => {
    const browser = setup().browser();

    const answer = await browser.get('sign-in/oidc/county', FOLLOWING);

    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in']);
    expect([...browser.cookies.keys()]).toEqual([]);
  });

  it('is asked for a minute’s pause by who comes too often', async () => {
    const hub = setup();
    const browser = hub.browser('203.0.113.9');
    const locations = new Set<string>();

    for (let time = 0; time < 200; time++) {
      const { headers } = await browser.get('sign-in/oidc/county');
      locations.add(new URL(headers.location as string, PAGE).pathname);
    }

    expect([...locations]).toEqual(['/auth', '/sign-in']);
  });

  it.each(['sign-in/oidc/..%2F..', 'sign-in/oidc/county%00', `sign-in/oidc/${'a'.repeat(65)}`])(
    'is not at %s',
    async (path) => {
      const hub = setup();

      const answer = await hub.browser().get(path);

      expect([400, 404]).toContain(answer.statusCode);
      expect(hub.fatal).toEqual([]);
    },
  );
});
