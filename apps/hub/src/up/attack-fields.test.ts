/** Every field of every route of the hub, from its own document, is given what would do harm where text is not kept as text. */
import type { CeremonyOptions, CodeAnswer } from '@bellwether/api';
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, PAGE } from '../features/people/people.fixture.ts';
import { STEP_UP_LIFE } from '../platform/auth/rights.ts';
import { Authenticator } from '../platform/auth/testing/authenticator.ts';
import { type Attacked, type AttackedHub, startAttacked } from './attacked.fixture.ts';
import { addressOf, bodyOf, HOST, type Method, type Route, routesOf, usual } from './document.fixture.ts';

/** A header that no route sends: whoever finds it in an answer has split one. */
const PLANTED = 'x-planted';

/** What would end a statement, a header, a line of a log, a string in C, a page. */
const NASTY: Readonly<Record<string, string>> = {
  SQL: `'; DROP TABLE people; --" OR ""="\\'); SELECT pg_sleep(60); --`,
  'ends of lines': `a\r\n${PLANTED}: 1\r\n\r\n<script>`,
  NUL: 'a\0b',
  'escapes of an address': '%00%0d%0a',
  'half a character': '\uD800\u202Egnp.exe',
  'a name of JavaScript': '__proto__',
  'a megabyte': 'x'.repeat(1_048_576),
};

type Question = {
  readonly method: Method;
  readonly path: string;
  /** As in the document. */
  readonly route: string;
  readonly payload?: unknown;
};

let hub: AttackedHub;
/** When the passkey was shown, ms. */
let shown = 0;
let dana: Attacked;
let routes: readonly Route[];
beforeAll(async () => {
  hub = await startAttacked();
  dana = await hub.somebody('administrator', 'state');
  routes = await routesOf(hub.app);
});
afterAll(() => hub.stop());

/** Everything that is asked of a route with one harmful text. */
function* questionsOf(
  [method, route, operation]: Route,
  nasty: string,
  credential: object | undefined,
): Generator<Question> {
  const schema = bodyOf(operation);
  const body = schema && (usual(schema, hub.clock.now) as Record<string, unknown>);
  if (body !== undefined && 'credential' in body) body.credential = credential ?? {};
  const payload = body === undefined ? {} : { payload: body };
  for (const { name } of operation.parameters ?? []) {
    const value = asText(nasty);
    yield { method, route, path: addressOf(route, operation, name, value), ...payload };
  }
  if (body === undefined) return;
  const path = addressOf(route, operation);
  for (const place of leavesOf(body)) {
    yield { method, route, path, payload: replaced(body, place, nasty) };
  }
  yield { method, route, path, payload: { ...body, [nasty]: nasty } };
}

/** As much of it as a connection lets through in an address, and without halves of characters, which none can hold. */
function asText(nasty: string): string {
  return nasty.slice(0, 8_192).replaceAll(/\p{Cs}/gu, '\uFFFD');
}

/** Paths to everything in a value that is no object. */
function leavesOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [at];
  return Object.entries(value).flatMap(([name, one]) => leavesOf(one, [...at, name]));
}

function replaced(value: unknown, [name, ...more]: readonly string[], by: string): unknown {
  if (name === undefined) return by;
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [name]: replaced(object[name], more, by) };
}

/** Brings whoever asks to where the route can be reached: signed in, with the passkey just shown, with a ticket that is open. */
async function prepared(route: string, browser: Browser): Promise<object | undefined> {
  if (browser.session === undefined || hub.clock.now - shown > STEP_UP_LIFE / 2) {
    const answer = await browser.signIn(dana.device);
    if (answer.statusCode !== 200) throw new Error(answer.body);
    shown = hub.clock.now;
  }
  if (route.endsWith('/sign-in/passkey')) {
    return dana.device.show((await browser.tell<CeremonyOptions>('sign-in/passkey/options')).options);
  }
  if (route.endsWith('/step-up')) {
    return dana.device.show((await browser.tell<CeremonyOptions>('step-up/options')).options);
  }
  if (route.endsWith('/own/passkeys')) {
    return new Authenticator(PAGE).create(
      (await browser.tell<CeremonyOptions>('own/passkeys/options')).options,
    );
  }
  if (route.endsWith('/sign-in/code/passkey')) {
    const { code } = await hub.invited('clerk', '29001');
    return new Authenticator(PAGE).create((await browser.tell<CodeAnswer>('sign-in/code', { code })).options);
  }
  return undefined;
}

async function ask({ method, path, payload }: Question, browser: Browser): Promise<LightMyRequestResponse> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const isLines = path.includes('/intake/');
  const answer = await hub.app.inject({
    method,
    url: path,
    remoteAddress: '192.0.2.17',
    headers: {
      ...HOST,
      origin: PAGE,
      cookie,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(isLines ? { 'content-type': 'text/plain' } : {}),
    },
    ...(isLines ? { payload: 'a line\n' } : {}),
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  });
  for (const { name, value } of answer.cookies) {
    if (value === '') browser.cookies.delete(name);
    else browser.cookies.set(name, value);
  }
  return answer;
}

/** What is wrong with an answer: nothing ever should be. */
function wrongWith({ statusCode, headers, body }: LightMyRequestResponse, nasty: string): string | undefined {
  if (statusCode >= 500) return `${statusCode} ${body.slice(0, 300)}`;
  if (PLANTED in headers) return 'a header was planted';
  const told = Object.entries(headers).flatMap(([name, value]) => [name, ...[value].flat().map(String)]);
  if (told.some((text) => /[\r\n\0]/.test(text))) return 'a header holds a control character';
  if (statusCode >= 400 && !String(headers['content-type']).startsWith('application/json')) {
    return `a refusal of type ${String(headers['content-type'])}`;
  }
  if (nasty.length > 10_000 && body.length > 100_000) return 'it gives back what is too long';
  return undefined;
}

describe('harm in every field of every route', () => {
  it.each(Object.entries(NASTY))(
    'is text, or refused: %s',
    async (_, nasty) => {
      const wrong: string[] = [];
      const fields = new Set<string>();
      const answered = new Set<number>();
      const { browser } = dana;
      for (const route of routes) {
        // Live updates never end.
        if (route[1].endsWith('/live')) continue;
        let sent = 0;
        let credential = await prepared(route[1], browser);
        for (const question of questionsOf(route, nasty, credential)) {
          if (sent++ > 0) credential = await prepared(route[1], browser);
          const answer = await ask(question, browser);
          // Attempts have their limits: time passes.
          hub.clock.now += 500;
          answered.add(answer.statusCode);
          fields.add(`${question.method} ${question.route} ${sent}`);
          const fault = wrongWith(answer, nasty);
          if (fault !== undefined) wrong.push(`${told(question)}: ${fault}`);
        }
      }

      expect(wrong).toEqual([]);
      expect(hub.fatal).toEqual([]);
      const lines = hub.logged.splice(0);
      expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
      expect(lines.filter((line) => line.trimEnd().includes('\n'))).toEqual([]);
      // It was asked everywhere, or it has shown nothing.
      expect(fields.size).toBeGreaterThan(routes.length);
      expect(answered.size).toBeGreaterThan(1);
    },
    300_000,
  );

  it.each(['Application/JSON', 'application/JSON; charset=utf-8', ' application/json'])(
    'is found however the type of the content is spelled: %s',
    async (type) => {
      const { browser } = dana;
      await browser.signIn(dana.device);
      const headers = { ...HOST, origin: PAGE, cookie: dana.cookie(), 'content-type': type };
      const asked = {
        method: 'PUT',
        url: '/api/v1/set-up/state',
        remoteAddress: '192.0.2.17',
        headers,
      } as const;
      const answer = await hub.app.inject({ ...asked, payload: '{"name":"a\\u0000b","zone":"UTC"}' });

      expect(answer.statusCode).toBe(400);
      expect(answer.json().detail).toContain('NUL');
      expect(hub.fatal).toEqual([]);
    },
  );

  it('is no JSON that is as deep as it is long', async () => {
    const { browser } = dana;
    await browser.signIn(dana.device);
    await browser.tell('sign-in/passkey/options');
    const headers = { ...HOST, origin: PAGE, cookie: dana.cookie(), 'content-type': 'application/json' };
    const asked = {
      method: 'POST',
      url: '/api/v1/sign-in/passkey',
      remoteAddress: '192.0.2.17',
      headers,
    } as const;
    for (const depth of [1_000, 100_000, 900_000]) {
      const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      const answer = await hub.app.inject({
        ...asked,
        payload: `{"credential":{"id":${deep},"response":${deep}}}`,
      });

      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
    }
    expect(hub.fatal).toEqual([]);
  });

  it('has changed nothing but what was told: every table is there, and the trail is whole', async () => {
    const tables = ['people', 'grants', 'sessions', 'passkeys', 'trail', 'incidents', 'authorities'];
    const { rows } = await sql<{ name: string | null }>`
      SELECT to_regclass(name)::text AS name FROM unnest(${tables}::text[]) AS name`.execute(hub.db);
    await hub.auth.watch.lookAtTrail(true);

    expect(rows.map(({ name }) => name)).toEqual(tables);
    expect(await hub.auth.watch.isWhole()).toBe(true);
  });
});

function told({ method, path, payload }: Question): string {
  return `${method} ${path.slice(0, 200)} ${JSON.stringify(payload)?.slice(0, 200)}`;
}
