/** Bouncers that show a certificate: over real TLS, with what openssl makes, and CrowdSec's own bouncer for firewalls. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AgentBook } from '../features/agents/agent-book.ts';
import { AgentSockets } from '../features/agents/agent-door.ts';
import type { Enrolment } from '../features/agents/enrolment.ts';
import { openAgentsListener } from '../features/agents/listener.ts';
import type { Reports } from '../features/agents/reports.ts';
import { createAgentServer } from '../features/agents/server.ts';
import { BouncerCertificates } from '../features/blocks/lapi/bouncer-certificates.ts';
import {
  giveKey,
  PUBLIC_KEY,
  type TestBouncers,
  testBouncers,
} from '../features/blocks/lapi/bouncers.fixture.ts';
import { guardedMachine } from '../features/blocks/lapi/guarded-machine.fixture.ts';
import { certificatesRoutes } from '../features/blocks/lapi/routes-certificates.ts';
import { FakeIntake } from '../features/watch/sockets/fake-intake.ts';
import { startRecords, type TestRecords } from '../features/watch/watch.fixture.ts';
import type { Actor } from '../platform/auth/rights.ts';
import { BEARER, testServer } from '../platform/http/server.fixture.ts';
import { openOwnCa } from '../platform/tls/own.ts';
import type { OwnCa } from '../platform/tls/own-ca.ts';
import { bouncerRoutes } from './bouncers.ts';

const DAY = 86_400_000;
const BY: Actor = { kind: 'machine', alone: true };
const STRANGER = '198.18.1.7';

let records: TestRecords;
let hub: TestBouncers;
let folder: string;
let ca: OwnCa;
let certificates: BouncerCertificates;
let port: number;
let now: () => number;

beforeAll(async () => {
  records = await startRecords();
});
afterAll(() => records.stop());

beforeEach(async () => {
  now = Date.now;
  const clock = (): number => now();
  hub = await testBouncers(onTestFinished, records.db, clock);
  folder = mkdtempSync(join(tmpdir(), 'bellwether-bouncers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  ca = (await openOwnCa(join(folder, 'tls'), clock)).okOrThrow();
  const { auth } = hub.fake;
  certificates = new BouncerCertificates({ db: records.db, trail: auth.trail, auth, ca, now: clock });
  const options = { db: records.db, intake: new FakeIntake(), auth, now: clock, onLeftOut: () => {} };
  const app = createAgentServer({
    enrolment: {} as Enrolment,
    reports: {} as Reports,
    limits: auth.limits,
    book: new AgentBook(() => false, clock),
    sockets: new AgentSockets(),
    log: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error;
    },
    routes: [],
    programRoutes: [bouncerRoutes(options).byCertificate(certificates)],
  });
  const address = { host: '127.0.0.1', port: 0, name: 'localhost', hasAdministrator: false };
  const listening = (
    await openAgentsListener(app, ca, address, clock, pino({ level: 'silent' }))
  ).okOrThrow();
  port = listening.port;
  onTestFinished(() => listening.close());
});

type Own = { readonly key: string; readonly cert: string };

/** A key and a request as docs/how/bouncers.md makes them. */
function newRequest(): { readonly key: string; readonly request: string } {
  const paths = [join(folder, 'bouncer.key'), join(folder, 'bouncer.csr')] as const;
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=whoever'];
  execFileSync('openssl', ['req', '-new', ...how, '-keyout', paths[0], '-out', paths[1]], {
    stdio: 'ignore',
  });
  return { key: readFileSync(paths[0], 'utf8'), request: readFileSync(paths[1], 'utf8') };
}

async function certified(keyId = '1'): Promise<Own> {
  const { key, request: asked } = newRequest();
  const { certificate } = (await certificates.issueFor(BY, keyId, asked, '')).okOrThrow();
  return { key, cert: certificate };
}

type Answer = { readonly status: number; readonly text: string };

/** What Node thinks of the hub's times does not count: a test sets its clock. */
function ask(path: string, own?: Partial<Own>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{
          host: '127.0.0.1',
          port,
          servername: 'localhost',
          agent: false,
          path,
          rejectUnauthorized: false,
        },
        ...{ method: body === undefined ? 'GET' : 'POST', ...own },
        headers: body === undefined ? {} : { 'content-type': 'application/pkcs10' },
      },
      async (response) => {
        let text = '';
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode!, text });
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

const STREAM = '/v1/decisions/stream?startup=true';

describe('a bouncer with a certificate', () => {
  it('is told what is blocked as its key says, and sends no key', async () => {
    await hub.block({ value: `${STRANGER}/32` });
    await hub.block({ value: '198.18.2.7/32', covers: 'private' });
    giveKey(hub.fake, 'private', '7', { guards: 'private' });
    const told = async (own: Own) => (await ask(STREAM, own)).text.match(/198\.18\.\d\.7/g)?.sort();
    expect(await told(await certified('1'))).toEqual([STRANGER]);
    expect(await told(await certified('7'))).toEqual([STRANGER, '198.18.2.7']);
    const list = await ask('/lists/blocks.txt?for=plain', await certified('1'));
    expect(list).toMatchObject({ status: 200, text: expect.stringContaining(STRANGER) });
  });

  it('is told of clients behind a proxy where its key says that it sees them', async () => {
    await hub.block({ value: `${STRANGER}/32` });
    await hub.block({ value: '198.18.3.7/32', seen: 'client' });
    giveKey(hub.fake, 'web', '8', { sees: 'client' });
    const told = async (own: Own) => (await ask(STREAM, own)).text.match(/198\.18\.\d\.7/g)?.sort();
    expect(await told(await certified('1'))).toEqual([STRANGER]);
    const web = await certified('8');
    expect(await told(web)).toEqual([STRANGER, '198.18.3.7']);
    expect((await ask('/v1/decisions?ip=198.18.3.7', web)).text).toContain('198.18.3.7');
    expect((await ask('/lists/blocks.txt?for=plain', web)).text).not.toContain('198.18.3.7');
  });

  it('is nobody without one, with one of another CA, or with one of an agent', async () => {
    // Tries are counted by the minute, and none must end here.
    const begun = Date.now();
    now = () => begun;
    const nobody = { status: 403, text: '{"message":"access forbidden"}' };
    expect(await ask(STREAM)).toEqual(nobody);
    const other = (await openOwnCa(join(folder, 'other'), () => now())).okOrThrow();
    const { key, request: asked } = newRequest();
    const forged = (await other.issueClient(asked, 'bouncer:1')).okOrThrow();
    expect(await ask(STREAM, { key, cert: forged.certificate })).toEqual(nobody);
    const agent = (await ca.issueClient(asked, 'agent:29001:1')).okOrThrow();
    expect(await ask(STREAM, { key, cert: agent.certificate })).toEqual(nobody);
    expect((await ask(STREAM)).status).toBe(429);
  });

  it('ends with its key, also on a connection that is open, and with its time', async () => {
    const own = await certified();
    expect((await ask(STREAM, own)).status).toBe(200);
    const begun = Date.now();
    now = () => begun + 91 * DAY;
    expect(await ask(STREAM, own)).toMatchObject({ status: 403, text: expect.stringContaining('not hold') });
    now = Date.now;
    hub.fake.keys.delete(PUBLIC_KEY);
    expect((await ask(STREAM, own)).status).toBe(403);
  });

  it('gets its next one by the one it has, and nobody else does', async () => {
    const own = await certified();
    const { key, request: asked } = newRequest();
    expect((await ask('/bouncers/v1/renewal', {}, asked)).status).toBe(403);
    const next = await ask('/bouncers/v1/renewal', own, asked);
    expect(next).toMatchObject({ status: 200, text: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/) });
    expect((await ask(STREAM, { key, cert: next.text })).status).toBe(200);
    expect(await ask('/bouncers/v1/renewal', own, 'no request')).toMatchObject({ status: 422 });
    expect((await ask('/bouncers/v1/renewal', own, 'x'.repeat(9_000))).status).toBe(413);
  });

  it('is given by who may make keys, for the key of a bouncer', async () => {
    const { auth } = hub.fake;
    const keys = {
      ...auth.keys,
      placeOf: async (id: number) => [...hub.fake.keys.values()].find(({ key }) => key === String(id))?.place,
    };
    const open = { certificates, hub: 'hub.example:8444' };
    const routes = [certificatesRoutes({ keys, bouncers: () => open })];
    const { app } = testServer(onTestFinished, { routes, auth });
    const post = (id: number, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1/keys/${id}/certificate`, headers: BEARER, payload });
    const { key, request: asked } = newRequest();
    const given = await post(1, { request: asked });
    expect(given.json()).toMatchObject({ hub: 'hub.example:8444', authority: ca.certificate });
    const { certificate } = given.json<{ certificate: string }>();
    expect((await ask(STREAM, { key, cert: certificate })).status).toBe(200);
    // Key 3 sends lines, and there is no key 9.
    expect((await post(3, { request: asked })).json()).toMatchObject({ code: 'BOUNCER_KEY_SENDS_LINES' });
    expect((await post(9, { request: asked })).json()).toMatchObject({ code: 'AUTH_KEY_UNKNOWN' });
    expect((await post(1, { request: 'none' })).json()).toMatchObject({ code: 'BOUNCER_REQUEST_REFUSED' });
  });

  it('is the one of CrowdSec for firewalls: what it was told, the kernel does, until its key ends', async () => {
    const own = await certified();
    const machine = await guardedMachine(onTestFinished, port, [STRANGER, '198.18.2.7']);
    const file = (name: string, content: string): string => {
      const path = join(machine.folder, name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    };
    const config = file(
      'bouncer.yaml',
      [
        'mode: nftables',
        'update_frequency: 1s',
        'log_mode: stdout',
        'log_level: info',
        'api_url: https://localhost:8118/',
        `cert_path: ${file('bouncer.pem', own.cert)}`,
        `key_path: ${file('bouncer.key', own.key)}`,
        `ca_cert_path: ${file('ca.pem', ca.certificate)}`,
        'deny_action: DROP',
        'supported_decisions_types: [ban]',
        'blacklists_ipv4: crowdsec-blacklists',
        'blacklists_ipv6: crowdsec6-blacklists',
        'nftables:',
        '  ipv4: { enabled: true, set-only: false, table: crowdsec, chain: crowdsec-chain }',
        '  ipv6: { enabled: false }',
        'prometheus: { enabled: false }',
        '',
      ].join('\n'),
    );
    expect(await machine.answers(STRANGER)).toBe(true);
    machine.start('crowdsec-firewall-bouncer', '-c', config);
    await hub.block({ value: `${STRANGER}/32` });
    while (await machine.answers(STRANGER)) await wait(100);
    const refused = vi.spyOn(hub.fake.auth.limits, 'allow');
    hub.fake.keys.delete(PUBLIC_KEY);
    await hub.block({ value: '198.18.2.7/32' });
    while (refused.mock.calls.length < 2) await wait(100);
    expect(await machine.answers('198.18.2.7')).toBe(true);
    expect(await machine.answers(STRANGER)).toBe(false);
  });
});
