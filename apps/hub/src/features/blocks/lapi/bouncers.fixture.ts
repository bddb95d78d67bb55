/** The local API and the lists over real records, with keys, blocks and a clock that a test sets. */
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import type { BouncerTakes } from '../../../platform/auth/rights.ts';
import { type FakeAuth, fakeAuth } from '../../../platform/http/auth.fixture.ts';
import { type OnEnd, type TestServer, testServer } from '../../../platform/http/server.fixture.ts';
import { bouncerRoutes } from '../../../up/bouncers.ts';
import type { Records } from '../../watch/dependencies.ts';
import { FakeIntake } from '../../watch/sockets/fake-intake.ts';

/** Half past two in the afternoon of election day in Missouri. */
export const NOON = Date.UTC(2026, 10, 3, 20, 30);

export const MINUTE = 60_000;

/** A key for services of the public, and one for private services too. */
export const PUBLIC_KEY = `bwk_${'p'.repeat(43)}`;
export const PRIVATE_KEY = `bwk_${'q'.repeat(43)}`;

/** The key of a sensor. */
export const SENSOR_KEY = `bwk_${'s'.repeat(43)}`;

/** A block as a test writes it. Minutes from the clock of the test. */
export type WrittenBlock = {
  readonly value: string;
  readonly minutes?: number;
  readonly since?: number;
  readonly covers?: string;
  readonly seen?: string;
  readonly reason?: string;
};

/** The server. */
export type TestBouncers = TestServer & {
  readonly fake: FakeAuth;
  readonly intake: FakeIntake;
  readonly leftOut: number[];
  readonly time: { now: number };
  block(block: WrittenBlock): Promise<number>;
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** What is told in a stream: values that are gone, then values that are new. */
  stream(query: string, headers?: Record<string, string>): Promise<{ gone: string[]; added: string[] }>;
};

/** Makes it over records, which are emptied. `now`: a clock that walks by itself, where one has to. */
export async function testBouncers(onEnd: OnEnd, db: Records, now?: () => number): Promise<TestBouncers> {
  await sql`TRUNCATE decisions, lifted_decisions RESTART IDENTITY`.execute(db);
  const time = { now: NOON };
  const clock = now ?? (() => time.now);
  const fake = fakeAuth(clock);
  const intake = new FakeIntake();
  const leftOut: number[] = [];
  giveKey(fake, PUBLIC_KEY, '1', { guards: 'public' });
  giveKey(fake, PRIVATE_KEY, '2', { guards: 'private' });
  fake.keys.set(SENSOR_KEY, { kind: 'sensor', key: '3', name: 'old agent', place: '29001' });
  const options = {
    db,
    intake,
    auth: fake.auth,
    now: clock,
    onLeftOut: (count: number) => void leftOut.push(count),
  };
  const server = testServer(onEnd, { publicRoutes: bouncerRoutes(options).byKey, auth: fake.auth });
  const get: TestBouncers['get'] = (path, headers = { 'x-api-key': PUBLIC_KEY }) =>
    server.app.inject({ method: 'GET', url: path, headers: { host: 'localhost:8118', ...headers } });
  return {
    ...server,
    fake,
    intake,
    leftOut,
    time,
    get,
    block: async ({ value, minutes = 60, since = 0, covers = 'all', seen = 'packets', reason = 'scan' }) => {
      const from = clock() + since * MINUTE;
      const { rows } = await sql<{ id: number }>`
        INSERT INTO decisions (value, reason, rule, forgeable, covers, contacts, targets, from_at, until_at, seen)
        VALUES (${value}::text::cidr, ${reason}, 'test', false, ${covers}, 1, 1, ${new Date(from)},
                ${new Date(clock() + minutes * MINUTE)}, ${seen}) RETURNING id`.execute(db);
      // The book looks at most twice a second.
      time.now += 501;
      return rows[0]!.id;
    },
    stream: async (query, headers) => {
      const answer = await get(`/v1/decisions/stream?${query}`, headers);
      const { new: added, deleted } = answer.json<Record<'new' | 'deleted', { value: string }[]>>();
      const values = (all: readonly { value: string }[]) => all.map(({ value }) => value).sort();
      return { gone: values(deleted), added: values(added) };
    },
  };
}

/** Gives somebody a key. */
export function giveKey(fake: FakeAuth, secret: string, key: string, takes: Partial<BouncerTakes>): void {
  const usual: BouncerTakes = { guards: 'public', ranges: 'by-agent', most: 50_000 };
  fake.keys.set(secret, {
    kind: 'bouncer',
    key,
    name: `door ${key}`,
    place: '29001',
    takes: { ...usual, ...takes },
  });
}
