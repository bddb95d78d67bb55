/** The routes of people over real records, behind the real door, with browsers and devices to come in with. */
import type { CeremonyOptions, CodeAnswer, Enrolled, Problem } from '@bellwether/api';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import type { Auth } from '../../platform/auth/auth-types.ts';
import { createKeys } from '../../platform/auth/keys.ts';
import { createLimits } from '../../platform/auth/limits.ts';
import { createDirectories } from '../../platform/auth/oidc.ts';
import type { DirectoryConfig } from '../../platform/auth/oidc-types.ts';
import { createPasskeys } from '../../platform/auth/passkeys.ts';
import { MACHINE, type TestPeople } from '../../platform/auth/records.fixture.ts';
import { createRecovery } from '../../platform/auth/recovery.ts';
import type { Place, Role } from '../../platform/auth/rights.ts';
import { Authenticator } from '../../platform/auth/testing/authenticator.ts';
import { createVisits } from '../../platform/auth/visits.ts';
import type { Routes } from '../../platform/http/app.ts';
import { deskFolder, type OnEnd, TOKEN } from '../../platform/http/server.fixture.ts';
import { createServer } from '../../platform/http/server.ts';
import { peopleRoutes } from './routes.ts';

/** Where its browsers are. */
export const PAGE = 'http://localhost:8118';

/** A hub's people, to be asked over HTTP. */
export type TestHub = {
  readonly app: FastifyInstance;
  readonly auth: Auth;
  readonly records: TestPeople;
  /** What ended the process. */
  readonly fatal: Error[];
  /** A browser that was never here, at an address of an office. */
  browser(address?: string): Browser;
  /** Somebody who was invited by whoever holds the machine, and has enrolled a device. */
  newcomer(role: Role, place: Place, address?: string): Promise<Newcomer>;
};

/** Somebody who is signed in. */
export type Newcomer = {
  readonly person: string;
  readonly browser: Browser;
  readonly device: Authenticator;
  readonly enrolled: Enrolled;
};

/** Makes one; it ends with the test. `more`: routes of another room beside those of people. */
export function testHub(
  records: TestPeople,
  onEnd: OnEnd,
  configs: readonly DirectoryConfig[] = [],
  more: (auth: Auth) => readonly Routes[] = () => [],
): TestHub {
  const { db, options, sessions, people } = records;
  const now = (): number => records.time;
  const visits = createVisits({ db, now, flushEvery: 3_600_000 });
  const fatal: Error[] = [];
  const auth: Auth = {
    sessions,
    people,
    recovery: createRecovery(options),
    passkeys: createPasskeys({ ...options, sessions }),
    directories: createDirectories({ ...options, configs }),
    keys: createKeys(options),
    trail: options.trail,
    visits,
    limits: createLimits({ now }),
    isAlone: () => false,
    lookAgain: async () => {},
  };
  const watch = { isWhole: async () => true };
  const app = createServer({
    token: TOKEN,
    auth,
    https: null,
    log: pino({ level: 'silent' }),
    desk: deskFolder(onEnd),
    version: '0.0.0',
    now,
    routes: [
      peopleRoutes({ db, auth, watch, address: () => null, stateName: async () => 'Missouri', now }),
      ...more(auth),
    ],
    checks: async () => [],
    metrics: async () => '',
    onFatal: (error) => void fatal.push(error),
  });
  onEnd(async () => {
    await app.close();
    await visits.stop();
  });
  const browser = (address?: string) => new Browser(app, address);
  let count = 0;
  async function newcomer(role: Role, place: Place, address?: string): Promise<Newcomer> {
    count++;
    const until = role === 'vendor' || role === 'auditor' ? now() + 86_400_000 : null;
    const invitation = { name: `${role} ${count}`, phone: null, role, place, until, why: null };
    const { code, person } = (await people.invite(MACHINE, invitation, '')).okOrThrow();
    const own = browser(address);
    const device = new Authenticator(PAGE);
    const enrolled = await own.enrol(code, device);
    return { person, browser: own, device, enrolled };
  }
  return { app, auth, records, fatal, browser, newcomer };
}

/** A browser: it keeps cookies, and says where its page is. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #app: FastifyInstance;
  readonly #address: string;

  constructor(app: FastifyInstance, address = '192.0.2.17') {
    this.#app = app;
    this.#address = address;
  }

  /** GET under /api/v1. */
  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    return await this.#ask('GET', path, undefined, headers);
  }

  /** POST of JSON under /api/v1, from a page of ours unless `headers` say otherwise. */
  async post(
    path: string,
    payload?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    return await this.#ask('POST', path, payload, headers);
  }

  /** POST that is answered with success. */
  async tell<Answer>(path: string, payload?: object): Promise<Answer> {
    const answer = await this.post(path, payload);
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
    return answer.json() as Answer;
  }

  /** Types a code and makes a passkey on this device. */
  async enrol(code: string, device: Authenticator, name = 'Desk'): Promise<Enrolled> {
    const { options } = await this.tell<CodeAnswer>('sign-in/code', { code });
    return await this.tell<Enrolled>('sign-in/code/passkey', { credential: device.create(options), name });
  }

  /** Signs in with the passkey of this device. */
  async signIn(device: Authenticator): Promise<LightMyRequestResponse> {
    const { options } = await this.tell<CeremonyOptions>('sign-in/passkey/options', {});
    return await this.post('sign-in/passkey', { credential: device.show(options) });
  }

  /** Shows the passkey once more. */
  async stepUp(device: Authenticator): Promise<LightMyRequestResponse> {
    const { options } = await this.tell<CeremonyOptions>('step-up/options', {});
    return await this.post('step-up', { credential: device.show(options) });
  }

  /** What the cookie of the session holds. */
  get session(): string | undefined {
    return this.cookies.get('bellwether-session');
  }

  async #ask(
    method: 'GET' | 'POST',
    path: string,
    payload: object | undefined,
    more: Readonly<Record<string, string>>,
  ): Promise<LightMyRequestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#app.inject({
      method,
      url: `/api/v1/${path}`,
      remoteAddress: this.#address,
      headers: {
        host: 'localhost:8118',
        'sec-fetch-site': 'same-origin',
        ...(method === 'POST' ? { origin: PAGE } : {}),
        ...(cookie === '' ? {} : { cookie }),
        ...more,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value } of answer.cookies) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}

/** Code of the problem that was answered, with its status: `403 AUTH_NOT_YOURS`; `200` for a success. */
export function outcomeOf(answer: LightMyRequestResponse): string {
  if (answer.statusCode < 400) return String(answer.statusCode);
  return `${answer.statusCode} ${(answer.json() as Problem).code}`;
}
