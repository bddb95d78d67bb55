/** The listener for agents and its orders over real records and real TLS, with clocks and certificates as they go wrong. */
import { createPublicKey, generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEnrolled, OrderLine, OrderText, Problem } from '@bellwether/api';
import { certificateRequestOf, pemOf } from '@bellwether/basics';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLimits } from '../../platform/auth/limits.ts';
import type { Actor } from '../../platform/auth/rights.ts';
import type { Listening } from '../../platform/http/binding.ts';
import { openOwnCa } from '../../platform/tls/own.ts';
import type { OwnCa } from '../../platform/tls/own-ca.ts';
import { BlockBook } from '../blocks/lapi/block-book.ts';
import { type OrderKey, orderKeyIn } from '../blocks/order-key.ts';
import { Orders } from '../blocks/orders.ts';
import { undoBlock } from '../blocks/outcomes.ts';
import { agentOrderRoutes } from '../blocks/routes-agent-orders.ts';
import { startRecords, type TestRecords } from '../watch/watch.fixture.ts';
import { AgentBook } from './agent-book.ts';
import { AgentSockets } from './agent-door.ts';
import { Enrolment } from './enrolment.ts';
import { openAgentsListener } from './listener.ts';
import { Reports } from './reports.ts';
import { createAgentServer } from './server.ts';
import { agentRows } from './store.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 3, 12);
const MACHINE: Actor = { kind: 'machine', alone: true };
const trail = { add: async () => {} };

let now = START;
let records: TestRecords;
let folder: string;
let ca: OwnCa;
let key: OrderKey;
let listening: Listening;
let enrolment: Enrolment;
let orders: Orders;
let sockets: AgentSockets;

beforeAll(async () => {
  records = await startRecords();
});
afterAll(() => records.stop());

beforeEach(async () => {
  now = START;
  await records.db.deleteFrom('agents').execute();
  await records.db.deleteFrom('decisions').execute();
  await records.db.deleteFrom('lifted_decisions').execute();
  await records.db.deleteFrom('spared').execute();
  folder = mkdtempSync(join(tmpdir(), 'bellwether-agents-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await openHub();
});

/** A hub that lets agents in; another one on the same folder is the same hub after a restart. */
async function openHub(): Promise<void> {
  const clock = (): number => now;
  ca = (await openOwnCa(join(folder, 'tls'), clock)).okOrThrow();
  key = (await orderKeyIn(folder)).okOrThrow();
  const { db } = records;
  const blocks = new BlockBook({ db, now: clock, onLeftOut: () => {} });
  const hubOrders = new Orders({ db, blocks, key, now: clock, onTrouble: () => {} });
  await hubOrders.start();
  orders = hubOrders;
  const book = new AgentBook((serial) => ca.isRevoked(serial), clock);
  await book.readFrom(db);
  const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
  const orderKey = key.publicKey;
  enrolment = new Enrolment({ db, trail, ca, book, orderKey, never: [], now: clock, random });
  sockets = new AgentSockets();
  const app = createAgentServer({
    enrolment,
    reports: new Reports(db, clock, () => {}),
    limits: createLimits({ now: clock }),
    book,
    sockets,
    log: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error;
    },
    routes: [agentOrderRoutes({ orders, onStream: () => {} })],
    programRoutes: [],
  });
  const address = { host: '127.0.0.1', port: 0, name: 'localhost', hasAdministrator: false };
  const opened = await openAgentsListener(app, ca, address, clock, pino({ level: 'silent' }));
  listening = opened.okOrThrow();
  const here = listening;
  onTestFinished(async () => {
    await hubOrders.close();
    await here.close();
  });
}

type Own = { readonly key: string; readonly cert: string };

/** A key and a request that asks for whatever name. */
async function newRequest(subject = ''): Promise<{ pem: string; request: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = {
    publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: async (bytes: Uint8Array) =>
      new Uint8Array(sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  };
  const der = await certificateRequestOf({ subject, names: [] }, signer);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { pem, request: pemOf('CERTIFICATE REQUEST', der) };
}

/** Asks over TLS. The clock of these tests is not that of the machine, so what Node thinks of the hub's times does not count. */
function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  own?: Own,
): Promise<{ status: number; body: T }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: '127.0.0.1', port: listening.port, servername: 'localhost', agent: false },
        ...{ method, path: `/agent/v1/${path}`, rejectUnauthorized: false },
        headers: { 'content-type': 'application/json' },
        ...own,
      },
      async (response) => {
        let text = '';
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode!, body: JSON.parse(text) as T });
      },
    );
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function enrolled(office = '29001', name = 'gateway', subject = ''): Promise<Own> {
  const { code } = (await enrolment.makeAgentCode(MACHINE, office, name, '')).okOrThrow();
  const { pem, request: asked } = await newRequest(subject);
  const { status, body } = await ask<AgentEnrolled>('POST', 'enrol', {
    code: code.replaceAll('-', '').slice(0, 10),
    request: asked,
    version: '1.0.0',
  });
  expect(status).toBe(200);
  expect(body.orderKey).toBe(key.publicKey);
  return { key: pem, cert: body.certificate };
}

/** A stream of orders: what came, and whether it has ended. */
function follow(own: Own, after = 0) {
  const lines: string[] = [];
  const seen = { lines, ended: false };
  const asked = request(
    {
      ...{ host: '127.0.0.1', port: listening.port, servername: 'localhost', agent: false },
      ...{ path: `/agent/v1/orders?after=${after}`, rejectUnauthorized: false },
      ...own,
    },
    (response) => {
      let rest = '';
      response.on('data', (piece) => {
        const parts = `${rest}${piece}`.split('\n');
        rest = parts.pop()!;
        lines.push(...parts.filter(Boolean));
      });
      response.on('error', () => {});
      response.on('close', () => {
        seen.ended = true;
      });
    },
  );
  asked.on('error', () => {
    seen.ended = true;
  });
  asked.end();
  onTestFinished(() => void asked.destroy());
  return seen;
}

function textOf(line: string): OrderText {
  const { order, signature } = JSON.parse(line) as OrderLine;
  const spki = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  expect(verify(null, Buffer.from(order), spki, Buffer.from(signature, 'base64'))).toBe(true);
  return JSON.parse(order) as OrderText;
}

async function decide(value: string, hours = 4): Promise<number> {
  const row = {
    value,
    reason: 'intrusion',
    rule: 'r',
    forgeable: false,
    covers: 'all',
    contacts: 1,
    targets: 1,
  };
  const times = { from_at: new Date(now), until_at: new Date(now + hours * 3_600_000) };
  const { id } = await records.db
    .insertInto('decisions')
    .values({ ...row, ...times })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Half a second later: what is in force is asked anew. */
async function told(): Promise<void> {
  now += 1_000;
  await orders.changed();
}

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 20_000 }).toBe(true);
}

describe('an agent at the hub', () => {
  it('gets the name that the hub chose, whatever its request asks for', async () => {
    const own = await enrolled('29001', 'gateway', 'agent:29003:7');
    const [row] = await agentRows(records.db, 'all', new Set());
    expect(new X509Certificate(own.cert).subject).toBe(`CN=agent:29001:${row!.id}`);
  });

  it('is asked for its certificate with everything but enrolment', async () => {
    for (const path of ['orders', 'nothing-here']) {
      const { status } = await ask('GET', path);
      expect(status).toBe(path === 'orders' ? 401 : 404);
    }
    const other = (await openOwnCa(join(folder, 'other'), () => now)).okOrThrow();
    const { pem, request: asked } = await newRequest();
    const forged = (await other.issueClient(asked, 'agent:29001:1')).okOrThrow();
    const { body } = await ask<Problem>('GET', 'orders', undefined, { key: pem, cert: forged.certificate });
    expect(body.code).toBe('AGENT_CERTIFICATE_MISSING');
  });

  it('is not let in with a certificate that is over, and renews in time', async () => {
    const own = await enrolled();
    now += 60 * DAY;
    const { request: asked } = await newRequest();
    const renewed = await ask<{ certificate: string }>('POST', 'renew', { request: asked }, own);
    expect(renewed.status).toBe(200);
    expect(Date.parse(new X509Certificate(renewed.body.certificate).validTo)).toBe(now + 90 * DAY);
    now += 31 * DAY;
    const { status, body } = await ask<Problem>('POST', 'renew', { request: asked }, own);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'AGENT_CERTIFICATE_OVER' });
  });

  it('is not let in by a right code after five guesses at it, and the codes of others stay good', async () => {
    const { code } = (await enrolment.makeAgentCode(MACHINE, '29001', 'guessed', '')).okOrThrow();
    const secret = code.replaceAll('-', '').slice(0, 10);
    const { request: asked } = await newRequest();
    const enrol = async (guess: string) => {
      const { status, body } = await ask<Problem>('POST', 'enrol', {
        code: guess,
        request: asked,
        version: '1',
      });
      return { status, code: body.code };
    };
    const other = secret.startsWith('00') ? '11' : '00';
    expect(await enrol(`${other}${secret.slice(2)}`)).toEqual({ status: 403, code: 'AGENT_CODE_WRONG' });
    const last = secret.endsWith('X') ? 'Y' : 'X';
    for (let tries = 0; tries < 5; tries++) {
      const wrong = await enrol(`${secret.slice(0, -1)}${last}`);
      expect(wrong).toEqual({ status: 403, code: 'AGENT_CODE_WRONG' });
    }
    expect(await enrol(secret)).toEqual({ status: 403, code: 'AGENT_CODE_WRONG' });
    expect(await enrolled('29001', 'another')).toHaveProperty('cert');
  });

  it('may show the certificate before its own, for it may have lost power in between, and none before that', async () => {
    const first = await enrolled();
    const renewed = async (by: Own): Promise<Own> => {
      const { pem, request: asked } = await newRequest();
      const { body } = await ask<{ certificate: string }>('POST', 'renew', { request: asked }, by);
      return { key: pem, cert: body.certificate };
    };
    const codeWith = async (own: Own) => (await ask<Problem>('POST', 'outcomes', {}, own)).body.code;
    const second = await renewed(first);
    // Let in, and told that this is no report.
    expect([await codeWith(first), await codeWith(second)]).toEqual(
      new Array(2).fill('HTTP_REQUEST_INVALID'),
    );
    const third = await renewed(second);
    expect([await codeWith(first), await codeWith(second), await codeWith(third)]).toEqual([
      ...['AGENT_REVOKED', 'HTTP_REQUEST_INVALID', 'HTTP_REQUEST_INVALID'],
    ]);
  });

  it('is not enrolled by a code that is half an hour old', async () => {
    const { code } = (await enrolment.makeAgentCode(MACHINE, '29001', 'late', '')).okOrThrow();
    now += 1_800_001;
    const question = { code: code.replaceAll('-', '').slice(0, 10), request: (await newRequest()).request };
    const { status, body } = await ask<Problem>('POST', 'enrol', { ...question, version: '1' });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'AGENT_CODE_WRONG' });
  });

  it('whose clock is years off is told apart at the desk', async () => {
    const own = await enrolled();
    const report = {
      ...{ sequence: 0, at: 0, decided: 0, enforced: 0, refusedCount: 0, missingCount: 0, vetoes: 0 },
      ...{
        point: { state: 'none', why: [] },
        refused: [],
        missing: [],
        version: '1.0.0',
        clock: 946_684_800_000,
      },
      backlog: { lines: 3, bytes: 300, oldest: 0 },
    };
    expect(await ask('POST', 'outcomes', report, own)).toEqual({ status: 200, body: { clock: now } });
    const [row] = await agentRows(records.db, 'all', new Set());
    expect(row).toMatchObject({ clockAhead: 946_684_800_000 - now, backlog: { lines: 3 } });
  });
});

describe('orders', () => {
  it('are the whole list first, then what changes, to each office under its own name', async () => {
    const first = await decide('198.51.100.7/32');
    await told();
    const one = follow(await enrolled('29001'));
    const other = follow(await enrolled('29003'));
    await until(() => one.lines.length === 1 && other.lines.length === 1);
    expect(textOf(one.lines[0]!)).toMatchObject({
      ...{ office: '29001', hub: key.hub, isWhole: true, sequence: orders.number },
      add: [{ id: String(first), network: '198.51.100.7', covers: 'all' }],
    });
    expect(textOf(other.lines[0]!).office).toBe('29003');
    const second = await decide('2001:db8::/64');
    await told();
    await until(() => one.lines.length === 2 && other.lines.length === 2);
    const { isWhole, add, sequence } = textOf(one.lines[1]!);
    expect({ isWhole, sequence }).toEqual({ isWhole: false, sequence: textOf(one.lines[0]!).sequence + 1 });
    expect(add.map(({ id, network }) => [id, network])).toEqual([[String(second), '2001:db8::/64']]);
  });

  it('lift what a person lifted, and the decision stays as it was written', async () => {
    const id = await decide('198.51.100.8/32');
    await told();
    const stream = follow(await enrolled());
    await until(() => stream.lines.length === 1);
    const what = { id, why: 'it is the library', origin: '', now };
    const lifted = await undoBlock(records.db, trail, MACHINE, what);
    expect(lifted.okOrThrow()).toMatchObject({ id, value: '198.51.100.8/32' });
    expect(await undoBlock(records.db, trail, MACHINE, what)).toMatchObject({
      error: { code: 'AGENT_BLOCK_OVER' },
    });
    await told();
    await until(() => stream.lines.length === 2);
    expect(textOf(stream.lines[1]!)).toMatchObject({ isWhole: false, add: [], lift: [String(id)] });
    const kept = await records.db.selectFrom('decisions').select('until_at').where('id', '=', id).execute();
    expect(kept[0]!.until_at.getTime()).toBeGreaterThan(now);
  });

  it('spare somebody at one office alone where it is said', async () => {
    const one = follow(await enrolled('29001'));
    const other = follow(await enrolled('29003'));
    await until(() => one.lines.length === 1 && other.lines.length === 1);
    const times = { from_at: new Date(now), until_at: new Date(now + DAY) };
    await records.db
      .insertInto('spared')
      .values({ network: '203.0.113.9/32', how: 'phone', office: '29003', ...times })
      .execute();
    await told();
    await until(() => one.lines.length === 2 && other.lines.length === 2);
    expect(textOf(one.lines[1]!).spare).toEqual([]);
    expect(textOf(other.lines[1]!).spare).toMatchObject([{ network: '203.0.113.9' }]);
  });

  it('go on over a restart: the number rises, and who missed some gets the whole list', async () => {
    const own = await enrolled();
    const before = orders.number;
    await listening.close();
    await openHub();
    await decide('198.51.100.9/32');
    await told();
    expect(orders.number).toBe(before + 2);
    const missed = follow(own, before);
    const missedOne = follow(own, before + 1);
    const current = follow(own, before + 2);
    const ahead = follow(own, before + 900);
    await until(() => missed.lines.length > 0 && missedOne.lines.length > 0 && ahead.lines.length > 0);
    expect(textOf(missed.lines[0]!).isWhole).toBe(true);
    expect(textOf(missedOne.lines[0]!)).toMatchObject({ isWhole: false, sequence: before + 2 });
    // After a backup was brought back numbers go beyond what agents have seen: none takes new orders for old ones.
    expect(textOf(ahead.lines[0]!)).toMatchObject({ isWhole: true, sequence: before + 901 });
    await until(() => current.lines.length > 0);
    expect(textOf(current.lines[0]!)).toMatchObject({ isWhole: true, sequence: before + 901 });
  });

  it('end at once for an agent that is revoked while it listens', async () => {
    const own = await enrolled();
    const stream = follow(own);
    await until(() => stream.lines.length === 1);
    const [row] = await agentRows(records.db, 'all', new Set());
    (await enrolment.revokeAgent(MACHINE, row!.id, 'lost', '')).okOrThrow();
    sockets.endAllOf(row!.id);
    await until(() => stream.ended);
    const { status, body } = await ask<Problem>('GET', 'orders', undefined, own);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'AGENT_REVOKED' });
    expect(ca.isRevoked(new X509Certificate(own.cert).serialNumber.toLowerCase())).toBe(true);
    // After a restart as well.
    await openHub();
    expect((await ask('GET', 'orders', undefined, own)).status).toBe(403);
  });
});
