/**
 * A hub as `bellwether up` runs it: the heart, the HTTP server, the other ways in, and the jobs. Everything that one
 * part tells another passes through here, so that the parts know nothing of each other.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { formatSurfaceError, parseSurface } from '@bellwether/contacts/surface';
import { Jobs } from '../features/watch/jobs.ts';
import { intakeRoutes } from '../features/watch/routes-intake.ts';
import { type Config, readConfig, USUAL_PORT } from '../platform/config.ts';
import { openHttp } from '../platform/http/listening.ts';
import { createServer } from '../platform/http/server.ts';
import { readOrMakeToken } from '../platform/http/token.ts';
import type { HubLog } from '../platform/log.ts';
import { type Core, startCore } from './core.ts';
import type { UpError } from './errors.ts';
import { readinessOf } from './readiness.ts';
import { forgetRunning, writeRunning } from './running.ts';
import { openWaysIn } from './ways-in.ts';

/** What a hub is started with. */
export type HubOptions = {
  readonly folder: string;
  /** Of the desk and the API; what the configuration says if it is left out. */
  readonly port: number | undefined;
  readonly databaseUrl: string | undefined;
  readonly reserve?: number;
  /** The bundled program of the flow's thread, and the folder of the built desk. */
  readonly flow: URL;
  readonly desk: string;
  readonly version: string;
  readonly log: HubLog;
  readonly now: () => number;
  /** Something that nobody expects has happened: the process has to end. */
  readonly onFatal: (error: Error) => void;
};

/** A hub that runs. */
export type Hub = {
  readonly core: Core;
  readonly config: Config;
  readonly port: number;
  readonly token: string;
  /** Resolves when everything is judged that had been taken in before. */
  readonly ready: Promise<void>;
  /** States a surface that holds from now on; resolves when it does. */
  stateSurface(yaml: string): Promise<Result<void, UpError>>;
  stop(): Promise<void>;
};

/** Starts it. */
export async function startHub(options: HubOptions): Promise<Result<Hub, UpError>> {
  const { log, now, onFatal } = options;
  const core = await startCore({
    folder: options.folder,
    databaseUrl: options.databaseUrl,
    reserve: options.reserve,
    flow: options.flow,
    now,
    log: log.log,
    onTaken: () => {},
    onRefused: () => {},
    onCommitted: () => {},
    onChanged: () => {},
    onHistory: () => {},
    onFatal,
  });
  if (core.isErr()) return core;
  const { folder, intake, db } = core.value;
  const undo: (() => Promise<unknown>)[] = [];
  const opened = await openRest(options, core.value, undo);
  if (opened.isErr()) {
    for (const step of undo.reverse()) await step();
    await core.value.stop();
    return opened;
  }
  const jobs = new Jobs({
    db,
    refusals: intake.refusals,
    now,
    compact: async () => {},
    onTrouble: (job, error) => log.log.warn({ job, reason: error.message }, 'a job failed'),
    onChanged: () => {},
  });
  writeRunning(folder.path, { pid: process.pid, port: opened.value.port });
  return ok({
    ...opened.value,
    core: core.value,
    ready: core.value.flow.ready,
    stateSurface: (yaml) => stateSurface(core.value, yaml),
    stop: async () => {
      forgetRunning(folder.path);
      for (const step of undo.reverse()) await step();
      await jobs.stop();
      await core.value.stop();
    },
  });
}

async function stateSurface({ intake, flow }: Core, yaml: string): Promise<Result<void, UpError>> {
  const parsed = parseSurface(yaml);
  if (parsed.isErr())
    return err({ code: 'UP_SURFACE_INVALID', detail: formatSurfaceError(parsed.error, 'surface') });
  const recorded = await intake.recordSurface(yaml);
  if (recorded.isErr()) return recorded;
  await flow.keptTo(recorded.value);
  return ok();
}

type Opened = Pick<Hub, 'config' | 'port' | 'token'>;

async function openRest(
  { port, desk, version, log, now, onFatal }: HubOptions,
  core: Core,
  undo: (() => Promise<unknown>)[],
): Promise<Result<Opened, UpError>> {
  const config = readConfig(core.folder.config);
  if (config.isErr()) return config;
  const token = readOrMakeToken(core.folder.token);
  if (token.isErr()) return err(token.error);
  log.hide(token.value);
  const app = createServer({
    token: token.value,
    log: log.log,
    desk,
    version,
    now,
    routes: [intakeRoutes(core.intake)],
    checks: () => readinessOf(core),
    metrics: async () => '',
    onFatal,
  });
  const listening = await openHttp(app, { port: port ?? config.value.port ?? USUAL_PORT }, log.log);
  if (listening.isErr()) return listening;
  undo.push(() => listening.value.close());
  const waysIn = await openWaysIn(config.value, core.intake, log.log);
  if (waysIn.isErr()) return waysIn;
  undo.push(() => Promise.all(waysIn.value.map((one) => one.close())));
  return ok({ config: config.value, port: listening.value.port, token: token.value });
}
