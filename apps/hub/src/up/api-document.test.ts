import { describe, expect, it, onTestFinished } from 'vitest';
import { testServer } from '../platform/http/server.fixture.ts';
import { allRoutes, apiDocument, apiMarkdown } from './api-document.ts';

const HOST = { host: 'localhost:8118' };

/** Ways in: whoever asks is answered. */
const FOR_ANYBODY = [
  'GET /api/v1/me',
  'GET /api/v1/set-up',
  'GET /api/v1/set-up/https/ca.pem',
  'GET /api/v1/sign-in/oidc/{name}',
  'GET /api/v1/sign-in/oidc/{name}/back',
  'POST /api/v1/sign-in/code',
  'POST /api/v1/sign-in/code/passkey',
  'POST /api/v1/sign-in/passkey',
  'POST /api/v1/sign-in/passkey/options',
  'POST /api/v1/sign-out',
];

/** Routes of a server under /api/v1, as `GET /api/v1/today`, the parameters as OpenAPI writes them, by what they ask for. */
async function routesUnderApi(): Promise<{ readonly all: string[]; readonly forAnybody: string[] }> {
  const all: string[] = [];
  const forAnybody: string[] = [];
  const { app } = testServer(onTestFinished, {
    routes: [
      (scope) => {
        scope.addHook('onRoute', ({ method, url, config }) => {
          for (const one of [method].flat()) {
            const route = `${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`;
            all.push(route);
            if (config?.right === 'anybody') forAnybody.push(route);
          }
        });
      },
      ...allRoutes(),
    ],
  });
  await app.ready();
  return { all: all.sort(), forAnybody: forAnybody.sort() };
}

describe('the OpenAPI document', () => {
  it('has every route of the API, with a summary, a tag and its problems', async () => {
    const { paths } = await apiDocument();
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    );
    const api = operations.filter(({ name }) => name.includes(' /api/v1/'));

    expect(api.map(({ name }) => name).sort()).toEqual((await routesUnderApi()).all);
    expect(api.length).toBeGreaterThan(12);
    for (const { name, operation } of operations) {
      expect(operation.summary, name).toMatch(/^[A-Z].*[^.]$/);
      expect(operation.tags, name).toHaveLength(1);
    }
    for (const { name, operation } of api) {
      expect(Object.keys(operation.responses).join(), name).toMatch(/^[23]0\d/);
      if (FOR_ANYBODY.includes(name)) continue;
      expect(operation.responses['401']?.description, name).toMatch(/HTTP_TOKEN_MISSING|AUTH_SIGNED_OUT/);
    }
  });

  it('may be read by anybody', async () => {
    const { app } = testServer(onTestFinished, { routes: allRoutes() });

    const answer = await app.inject({ url: '/api/openapi.json', headers: HOST });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Bellwether' } });
    expect(Object.keys(answer.json().paths)).toContain('/api/v1/intake/{authority}/{sensor}');
  });

  it('has few ways in', async () => {
    expect((await routesUnderApi()).forAnybody).toEqual(FOR_ANYBODY);
  });

  it('lets nobody ask anything else who does not say who they are', async () => {
    const { app } = testServer(onTestFinished, { routes: allRoutes() });

    const { all, forAnybody } = await routesUnderApi();
    for (const route of all.filter((one) => !forAnybody.includes(one))) {
      const [method, url = ''] = route.split(' ');
      const answer = await app.inject({
        method: method as 'GET',
        url: url.replaceAll(/[{}]/g, ''),
        headers: HOST,
      });
      expect([route, answer.statusCode]).toEqual([route, 401]);
    }
  });
});

describe('the page of the API', () => {
  it('tells every route with its fields', async () => {
    const page = await apiMarkdown();

    expect(page).toContain('### `GET /api/v1/contacts`\n');
    expect(page).toContain('| `port` | query | integer, 0 to 65535 |  |');
    expect(page).toContain('| `state` | body | `open`, `taken`, `closed` | required |');
    expect(page).not.toContain('undefined');
  });
});
