/** A whole hub for attacks: every room behind the real door, with real sign-in on a real PostgreSQL, and what it logged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '@bellwether/basics';
import type { FastifyInstance } from 'fastify';
import { Browser, PAGE } from '../features/people/people.fixture.ts';
import { peopleRoutes } from '../features/people/routes.ts';
import { setUpRoutes } from '../features/set-up/routes.ts';
import { watchRoutes } from '../features/watch/routes.ts';
import { intakeRoutes } from '../features/watch/routes-intake.ts';
import { FakeIntake } from '../features/watch/sockets/fake-intake.ts';
import { startRecords, type TestRecords, testWatch } from '../features/watch/watch.fixture.ts';
import type { Place, Role } from '../platform/auth/rights.ts';
import { Authenticator } from '../platform/auth/testing/authenticator.ts';
import type { Config } from '../platform/config.ts';
import { deskFolder, TOKEN } from '../platform/http/server.fixture.ts';
import { createServer } from '../platform/http/server.ts';
import type { LiveHub } from '../platform/http/sse.ts';
import { createLog } from '../platform/log.ts';
import { type OpenAuth, openAuth } from './auth.ts';

/** A hub that is attacked. */
export type AttackedHub = {
  readonly app: FastifyInstance;
  readonly auth: OpenAuth;
  readonly db: TestRecords['db'];
  readonly live: LiveHub;
  /** Lines of the log. */
  readonly logged: string[];
  /** What would have ended the process. */
  readonly fatal: Error[];
  /** What its clock says, ms; tests turn it on. */
  readonly clock: { now: number };
  /** A code for somebody new, as whoever holds the machine makes it. */
  invited(role: Role, place: Place): Promise<{ readonly person: string; readonly code: string }>;
  /** Somebody with a device, signed in. */
  somebody(role: Role, place: Place, address?: string): Promise<Attacked>;
  stop(): Promise<void>;
};

/** Somebody who is signed in. */
export type Attacked = {
  readonly person: string;
  readonly browser: Browser;
  readonly device: Authenticator;
  /** Header with their cookies. */
  cookie(): string;
};

/** Starts one, with the 116 offices. */
export async function startAttacked(): Promise<AttackedHub> {
  const records = await startRecords();
  const { db } = records;
  const folder = mkdtempSync(join(tmpdir(), 'attacked-'));
  const clock = { now: Date.now() };
  const now = (): number => clock.now;
  const config = {} as Config;
  const auth = await openAuth({ db, config, now, onBroken: () => {} });
  const { dependencies, live } = testWatch(db);
  const logged: string[] = [];
  const fatal: Error[] = [];
  const { log, hide } = createLog('debug', (line) => void logged.push(line));
  hide(TOKEN);
  const undo: (() => void | Promise<void>)[] = [];
  const app = createServer({
    token: TOKEN,
    auth,
    https: null,
    log,
    desk: deskFolder((work) => void undo.push(work)),
    version: '0.0.0',
    now,
    routes: [
      intakeRoutes(new FakeIntake()),
      watchRoutes({ ...dependencies, trail: auth.trail, now }),
      peopleRoutes({
        db,
        auth,
        watch: auth.watch,
        address: () => null,
        stateName: async () => 'Missouri',
        now,
      }),
      setUpRoutes({
        db,
        auth,
        config,
        configPath: join(folder, 'bellwether.yaml'),
        https: () => ({ how: 'off', name: null, address: null, waiting: null, fingerprint: null }),
        ownAuthority: () => null,
        checkHttps: async () => ok(),
        clearSample: () => {},
        restart: () => {},
        now,
      }),
    ],
    checks: async () => [],
    metrics: async () => '',
    onFatal: (error) => void fatal.push(error),
  });
  await app.ready();
  let count = 0;
  async function invited(role: Role, place: Place) {
    count++;
    const until = role === 'vendor' || role === 'auditor' ? now() + 86_400_000 : null;
    const invitation = { name: `${role} ${count}`, phone: null, role, place, until, why: null };
    return (await auth.people.invite({ kind: 'machine', alone: false }, invitation, '')).okOrThrow();
  }
  async function somebody(role: Role, place: Place, address?: string): Promise<Attacked> {
    const { code, person } = await invited(role, place);
    const browser = new Browser(app, address);
    const device = new Authenticator(PAGE);
    await browser.enrol(code, device);
    const cookie = () => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { person, browser, device, cookie };
  }
  const stop = async (): Promise<void> => {
    await app.close();
    await auth.close();
    for (const work of undo) await work();
    await records.stop();
    rmSync(folder, { recursive: true });
  };
  return { app, auth, db, live, logged, fatal, clock, invited, somebody, stop };
}
