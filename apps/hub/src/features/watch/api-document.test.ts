import { describe, expect, it, onTestFinished } from 'vitest';
import { testServer } from '../../platform/http/server.fixture.ts';
import { allRoutes, apiDocument, apiMarkdown } from './api-document.ts';

const HOST = { host: 'localhost:8118' };

/** Routes of a server under /api/v1, as `GET /api/v1/today`, the parameters as OpenAPI writes them. */
async function routesUnderApi(): Promise<string[]> {
  const found: string[] = [];
  const { app } = testServer(onTestFinished, {
    routes: [
      (scope) => {
        scope.addHook('onRoute', ({ method, url }) => {
          for (const one of [method].flat()) found.push(`${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
        });
      },
      ...allRoutes(),
    ],
  });
  await app.ready();
  return found.sort();
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

    expect(api.map(({ name }) => name).sort()).toEqual(await routesUnderApi());
    expect(api.length).toBeGreaterThan(12);
    for (const { name, operation } of operations) {
      expect(operation.summary, name).toMatch(/^[A-Z].*[^.]$/);
      expect(operation.tags, name).toHaveLength(1);
    }
    for (const { name, operation } of api) {
      expect(Object.keys(operation.responses), name).toContain('200');
      expect(operation.responses['401']?.description, name).toContain('HTTP_TOKEN_MISSING');
    }
  });

  it('may be read by anybody', async () => {
    const { app } = testServer(onTestFinished, { routes: allRoutes() });

    const answer = await app.inject({ url: '/api/openapi.json', headers: HOST });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Bellwether' } });
    expect(Object.keys(answer.json().paths)).toContain('/api/v1/intake/{authority}/{sensor}');
  });

  it('lets nobody ask anything else without the token', async () => {
    const { app } = testServer(onTestFinished, { routes: allRoutes() });

    for (const route of await routesUnderApi()) {
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
