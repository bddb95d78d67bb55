import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { publicPages } from './public-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-site-'));
mkdirSync(join(folder, 'site/check'), { recursive: true });
writeFileSync(join(folder, 'site/check/index.html'), '<!doctype html><title>Check</title>');
writeFileSync(join(folder, 'site/.hidden'), 'no');
writeFileSync(join(folder, 'secret'), 'no');
const app = Fastify();
publicPages(join(folder, 'site'))(app.withTypeProvider<TypeBoxTypeProvider>());
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

describe('the public pages', () => {
  it('are led to, and served as they are on disk, to be asked for anew', async () => {
    const led = await app.inject('/public');
    expect([led.statusCode, led.headers.location]).toEqual([303, '/public/check/']);
    const page = await app.inject('/public/check/');
    expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(page.body).toContain('<title>Check</title>');
  });

  it.each([
    '/public/../secret',
    '/public/%2e%2e/secret',
    '/public/..%2fsecret',
    '/public/.hidden',
    '/public/none',
  ])('are all that is served: not %s', async (path) => {
    const answer = await app.inject(path);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toBe('no');
  });
});
