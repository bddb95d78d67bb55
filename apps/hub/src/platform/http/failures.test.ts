import { describe, expect, it, onTestFinished } from 'vitest';
import type { Routes } from './app.ts';
import { BEARER, testServer } from './server.fixture.ts';

/** A route that fails as pg does: an error with the SQLSTATE as its code. */
function failingWith(code: string, syscall?: string): Routes {
  return (app) => {
    app.get('/change', { config: { right: { verb: 'account.read', of: 'reach' } } }, async () => {
      throw Object.assign(new Error('deadlock detected'), {
        code,
        ...(syscall === undefined ? {} : { syscall }),
      });
    });
  };
}

describe('a database that is killed', () => {
  it.each([
    ['EPIPE', 'write'],
    ['ECONNRESET', 'read'],
    ['ECONNRESET', 'write'],
    ['ENOENT', 'connect'],
    ['ECONNREFUSED', 'connect'],
    ['57P01', undefined],
  ])('is away, and no defect: %s on %s', async (code, syscall) => {
    const { app, fatal } = testServer(onTestFinished, { routes: [failingWith(code, syscall)] });

    const answer = await app.inject({ url: '/api/v1/change', headers: BEARER });

    expect([answer.statusCode, answer.json().code]).toEqual([503, 'HTTP_DATABASE_AWAY']);
    expect(fatal).toEqual([]);
  });

  it('is told from a file that is missing', async () => {
    const { app, fatal } = testServer(onTestFinished, { routes: [failingWith('ENOENT', 'open')] });
    expect((await app.inject({ url: '/api/v1/change', headers: BEARER })).statusCode).toBe(500);
    await expect.poll(() => fatal.length).toBe(1);
  });
});

describe('a change that the database took back for the sake of another one', () => {
  it.each(['40P01', '40001'])('is to be asked for again, and is no defect: %s', async (code) => {
    const { app, fatal } = testServer(onTestFinished, { routes: [failingWith(code)] });

    const answer = await app.inject({ url: '/api/v1/change', headers: BEARER });

    expect([answer.statusCode, answer.json().code]).toEqual([503, 'HTTP_BUSY']);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).not.toContain('deadlock');
    expect(fatal).toEqual([]);
  });

  it.each(['42P01', '23505', '40', '4000'])('is told from a question that is wrong: %s', async (code) => {
    const { app } = testServer(onTestFinished, { routes: [failingWith(code)] });

    const answer = await app.inject({ url: '/api/v1/change', headers: BEARER });

    expect([answer.statusCode, answer.json().code]).toEqual([500, 'HTTP_UNEXPECTED']);
  });
});
