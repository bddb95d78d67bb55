import { describe, expect, it, onTestFinished } from 'vitest';
import type { Routes } from './app.ts';
import { BEARER, testServer } from './server.fixture.ts';

/** A route that fails as pg does: an error with the SQLSTATE as its code. */
function failingWith(code: string): Routes {
  return (app) => {
    app.get('/change', { config: { right: { verb: 'account.read', of: 'reach' } } }, async () => {
      throw Object.assign(new Error('deadlock detected'), { code });
    });
  };
}

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
