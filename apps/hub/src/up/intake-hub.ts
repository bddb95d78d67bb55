/**
 * A process of a hub that takes in lines and does nothing else (`bellwether up --nats URL --role intake`): its ways in,
 * the keys that open them, and the journal. Another process judges what stands there, and shows it.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { keepRefusals } from '../features/watch/jobs.ts';
import { intakeRoutes } from '../features/watch/routes-intake.ts';
import { readConfig, USUAL_PORT } from '../platform/config.ts';
import { USUAL_HTTPS_PORT } from '../platform/config-https.ts';
import { openHttp } from '../platform/http/listening.ts';
import { createMetrics } from '../platform/http/metrics.ts';
import { createServer } from '../platform/http/server.ts';
import { readOrMakeToken } from '../platform/http/token.ts';
import type { HubLog } from '../platform/log.ts';
import { openAuth } from './auth.ts';
import { type IntakeCore, startIntakeCore } from './core.ts';
import type { UpError } from './errors.ts';
import { Outside } from './outside.ts';
import { forgetRunning, writeRunning } from './running.ts';
import type { Spread } from './spread.ts';
import { openWaysIn } from './ways-in.ts';

/** How often it looks how far the other process has come, ms: what waits is counted in gigabytes. */
const LOOK_EVERY = 500;

/** How often what was refused is written down, ms. */
const REFUSALS_EVERY = 1_000;

/** What it is started with. */
export type IntakeHubOptions = {
  readonly folder: string;
  readonly port: number | undefined;
  readonly databaseUrl: string | undefined;
  readonly spread: Spread;
  readonly flow: URL;
  readonly desk: string;
  readonly version: string;
  readonly log: HubLog;
  readonly now: () => number;
  readonly onFatal: (error: Error) => void;
};

/** One that runs. */
export type IntakeHub = {
  readonly core: IntakeCore;
  readonly port: number;
  readonly token: string;
  stop(): Promise<void>;
};

/** Starts it; waits while another process writes the journal. */
export async function startIntakeHub(options: IntakeHubOptions): Promise<Result<IntakeHub, UpError>> {
  const { log, now } = options;
  let core: IntakeCore | undefined;
  const metrics = createMetrics({
    backlog: () => core?.intake.backlog ?? 0,
    journal: () => core?.journal.bytes ?? 0,
    desks: () => 0,
    log: () => ({ size: 0, published: 0, waiting: 0 }),
  });
  const started = await startIntakeCore({
    ...options,
    log: log.log,
    onTaken: metrics.taken,
    onRefused: metrics.refused,
    onCommitted: () => {},
    onChanged: () => {},
    onHistory: () => {},
  });
  if (started.isErr()) return started;
  core = started.value;
  const undo: (() => Promise<unknown>)[] = [() => started.value.stop()];
  const stop = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  const opened = await openDoors(options, started.value, () => metrics.text(), undo);
  if (opened.isErr()) {
    await stop();
    return opened;
  }
  const { db, intake, folder } = started.value;
  const timers = [
    every(LOOK_EVERY, log, async () => {
      const row = await db.query.selectFrom('progress').select('journal_offset').executeTakeFirst();
      if (row !== undefined) intake.keptUpTo(Number(row.journal_offset));
    }),
    every(REFUSALS_EVERY, log, () => keepRefusals(db, intake.refusals, now())),
  ];
  undo.push(() => Promise.all(timers.map((one) => one())));
  writeRunning(folder.path, { pid: process.pid, port: opened.value.port });
  undo.push(async () => forgetRunning(folder.path));
  return ok({ core: started.value, ...opened.value, stop });
}

/** Does it again and again, one at a time; gives how that is ended. What fails is tried at the next turn. */
function every(pause: number, log: HubLog, work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch((error: Error) => log.log.warn({ reason: error.message }, 'a look at the database'))
      .finally(() => {
        running = undefined;
      });
  }, pause);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function openDoors(
  { port, desk, version, log, now, onFatal }: IntakeHubOptions,
  core: IntakeCore,
  metrics: () => Promise<string>,
  undo: (() => Promise<unknown>)[],
): Promise<Result<Pick<IntakeHub, 'port' | 'token'>, UpError>> {
  const config = readConfig(core.folder.config);
  if (config.isErr()) return config;
  const token = readOrMakeToken(core.folder.token);
  if (token.isErr()) return err(token.error);
  log.hide(token.value);
  const auth = await openAuth({
    db: core.db.query,
    config: config.value,
    now,
    onBroken: (detail) => log.log.error({ detail }, 'the trail is not what was written'),
  });
  undo.push(() => auth.close());
  const { https } = config.value;
  const app = createServer({
    token: token.value,
    auth,
    https: https === undefined ? null : { name: https.name, port: https.port ?? USUAL_HTTPS_PORT },
    log: log.log,
    desk,
    version,
    now,
    routes: [intakeRoutes(core.intake)],
    checks: async () => [
      {
        name: 'journal',
        ok: core.intake.trouble === '',
        detail: core.intake.trouble || `${core.journal.bytes} bytes in the stream`,
      },
      { name: 'flow', ok: true, detail: `${core.intake.backlog} bytes wait to be judged` },
    ],
    metrics,
    onFatal,
  });
  const folder = core.folder.tls;
  const outside = new Outside({ config: https, folder, app, log: log.log, now, isAlone: auth.isAlone });
  const wanted = { port: port ?? config.value.port ?? USUAL_PORT };
  const listening = await openHttp(app, wanted, log.log);
  if (listening.isErr()) return listening;
  undo.push(() => Promise.all([outside.close(), listening.value.close()]));
  await outside.start();
  const waysIn = await openWaysIn(config.value, core.intake, log.log);
  if (waysIn.isErr()) return waysIn;
  undo.push(() => Promise.all(waysIn.value.map((one) => one.close())));
  return ok({ port: listening.value.port, token: token.value });
}
