/** For tests: a mail room on a real database, asked over HTTP. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToldMail, ToldMessage } from '@bellwether/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import type { Act } from '../../../platform/auth/auth-types.ts';
import { somebody } from '../../../platform/http/auth.fixture.ts';
import { BEARER, testServer } from '../../../platform/http/server.fixture.ts';
import { startRecords, type TestRecords } from '../../watch/watch.fixture.ts';
import { openMailRoom } from './open-room.ts';
import { mailRoomRoutes } from './routes.ts';

export const NOW = Date.UTC(2027, 2, 9, 15);
export const ADAIR = '29001';
export const BOONE = '29019';
const SIGNED_IN = {
  host: 'localhost:8118',
  origin: 'http://localhost:8118',
  cookie: 'bellwether-session=secret',
};
type Headers = Readonly<Record<string, string>>;

export let records: TestRecords;
/** The data folder. */
export let data: string;

/** A database for the tests of one file. */
export function useRecords(): void {
  beforeAll(async () => {
    records = await startRecords();
    data = mkdtempSync(join(tmpdir(), 'bellwether-mail-'));
  });
  beforeEach(async () => {
    await sql`TRUNCATE mail_days, mail_messages, mail_prints, mail_reports, mail_pulls, mail_orders, mail_lists, mail_marks
            RESTART IDENTITY CASCADE`.execute(records.db);
  });
  afterAll(async () => {
    await records.stop();
    rmSync(data, { recursive: true });
  });
}

/** A room, and who asks it. */
export function setup() {
  const world = { now: NOW, acts: [] as Act[], changes: 0 };
  const room = openMailRoom({
    folder: data,
    db: records.db,
    trail: { add: async (_tx, act) => void world.acts.push(act) },
    names: async () => (place) => `office ${place}`,
    showPart: async ({ name, bytes }) =>
      name.endsWith('.exe')
        ? null
        : { how: 'text-only', why: null, pages: [], text: Buffer.from(bytes).toString(), cut: false },
    onChanged: () => {
      world.changes++;
    },
    onTrouble: () => {},
    now: () => world.now,
  });
  const { app, fake } = testServer(onTestFinished, { routes: [mailRoomRoutes(room)] });
  const ask = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    payload?: object,
    headers: Headers = BEARER,
  ) => {
    const answer = await app.inject({
      ...{ method, url: `/api/v1/mail${path}`, headers },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  const ok = async <T>(...asked: Parameters<typeof ask>): Promise<T> => {
    const { status, body } = await ask(...asked);
    expect([status, body]).toEqual([status === 204 ? 204 : 200, body]);
    return body as T;
  };
  const as = (place: string): Headers => {
    fake.alone = false;
    fake.sessions.set('secret', somebody('clerk', place));
    return SIGNED_IN;
  };
  return { world, ask, ok, as, fake };
}

let told = 0;

/** A message of a few words. */
export const mail = (words: string): string =>
  `From: Vendor <billing@vendor.example>\r\nTo: clerk@adair.example\r\nSubject: Your invoice\r\n\r\n${words}\r\n`;

/** What a hook tells of a message. */
export function message(more: Partial<ToldMessage> & { readonly bytes?: string } = {}): ToldMessage {
  const { bytes = mail(`number ${told}`), ...changed } = more;
  const isKept = changed.outcome === 'hold' || changed.outcome === 'block';
  return {
    ...{
      kind: 'message',
      id: `message-${told++}`,
      at: new Date(NOW).toISOString(),
      office: ADAIR,
      hook: 'milter',
    },
    ...{ outcome: 'deliver', sha256: createHash('sha256').update(bytes).digest('hex'), score: 0.2 },
    ...{ from: 'billing@vendor.example', fromName: 'Vendor', to: ['clerk@adair.example'] },
    ...{ subject: 'Your invoice', reasons: [{ code: 'x', text: 'It only looks like the vendor.' }] },
    ...{ prints: [], where: 'queue', queueId: 'ABC123', exposed: 0 },
    ...(isKept ? { message: Buffer.from(bytes).toString('base64') } : {}),
    ...changed,
  };
}

export const batch = (...events: ToldMail['events']): ToldMail => ({ events });
