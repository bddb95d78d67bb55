/** A server for tests: with a token, a log that is kept, a desk in a folder of its own, and the routes that are given. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Auth } from '../auth/auth-types.ts';
import { createLog } from '../log.ts';
import type { Routes } from './app.ts';
import { type FakeAuth, fakeAuth } from './auth.fixture.ts';
import type { HttpLimits } from './limits.ts';
import { type Listening, openHttp } from './listening.ts';
import type { HttpsName } from './names.ts';
import { createServer } from './server.ts';

/** 43 characters, as a real one. */
export const TOKEN = 'T0ken-for-tests_0123456789abcdefghijklmnopq';

/** Header of a program. */
export const BEARER = { authorization: `Bearer ${TOKEN}`, host: 'localhost:8118' };

/** Takes what is to be done when the test has ended. */
export type OnEnd = (work: () => void | Promise<void>) => void;

/** What a test may choose. */
export type TestOptions = {
  readonly routes?: readonly Routes[];
  readonly publicRoutes?: readonly Routes[];
  readonly limits?: Partial<HttpLimits>;
  readonly checks?: () => Promise<{ name: string; ok: boolean; detail: string }[]>;
  readonly desk?: string;
  readonly https?: HttpsName;
  /** Real sign-in instead of the fake. */
  readonly auth?: Auth;
};

/** The server, and what it did. */
export type TestServer = {
  readonly app: FastifyInstance;
  /** Lines of the log. */
  readonly logged: string[];
  readonly fatal: Error[];
  readonly clock: { now: number };
  /** Who is signed in; the machine is alone if nothing is said. */
  readonly fake: FakeAuth;
  /** Opens it on a free port of 127.0.0.1. */
  open(): Promise<Listening>;
};

/** Makes a server that ends with the test: `onEnd` is the `onTestFinished` of Vitest. */
export function testServer(onEnd: OnEnd, options: TestOptions = {}): TestServer {
  const logged: string[] = [];
  const fatal: Error[] = [];
  const clock = { now: Date.UTC(2026, 10, 4) };
  const { log, hide } = createLog('debug', (line) => void logged.push(line));
  hide(TOKEN);
  const fake = fakeAuth(() => clock.now);
  const app = createServer({
    token: TOKEN,
    auth: options.auth ?? fake.auth,
    https: options.https ?? null,
    log,
    desk: options.desk ?? deskFolder(onEnd),
    version: '0.0.0',
    now: () => clock.now,
    routes: options.routes ?? [],
    publicRoutes: options.publicRoutes ?? [],
    checks: options.checks ?? (async () => []),
    metrics: async () => 'some 1\n',
    onFatal: (error) => void fatal.push(error),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  onEnd(async () => {
    await app.close();
  });
  const open = async (): Promise<Listening> => {
    const listening = (await openHttp(app, { host: '127.0.0.1', port: 0 }, log, options.limits)).okOrThrow();
    onEnd(() => listening.close());
    return listening;
  };
  return { app, logged, fatal, clock, fake, open };
}

/** A built desk of three files. */
export function deskFolder(onEnd: OnEnd): string {
  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  onEnd(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Bellwether</title>');
  writeFileSync(join(folder, 'assets', 'desk-4f2a.js'), 'export {};');
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  return folder;
}

/** A connection by hand, and everything that came back on it. */
export type RawConnection = { readonly socket: Socket; text(): string; readonly closed: Promise<void> };

/** Connects to a port of this machine. */
export function rawConnection(port: number, onEnd: OnEnd): RawConnection {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
  });
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => {});
  });
  onEnd(() => void socket.destroy());
  return { socket, text: () => text, closed };
}
