/** `bellwether up`: starts the hub of a state and stays with it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ok, type Result } from '@bellwether/basics';
import { usualFolder } from '../platform/folder.ts';
import { createLog, type HubLog, LOG_LEVELS, type LogLevel } from '../platform/log.ts';
import type { UpError } from '../up/errors.ts';
import { type Hub, type HubOptions, startHub } from '../up/hub.ts';
import type { IntakeHub } from '../up/intake-hub.ts';
import { readRunning } from '../up/running.ts';
import type { Role, Spread } from '../up/spread.ts';

declare const BELLWETHER_VERSION: string;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A stop takes as long as the last step and a snapshot; when it takes longer than this, ms, something hangs. */
const STOP_LIMIT = 45_000;

/** Runs `bellwether up ARGS`; gives the exit code when the hub has stopped. */
export async function upCommand(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    return wrongUsage(`--port takes a number up to 65535, not ${JSON.stringify(values.port)}`);
  }
  const level = values['log-level'] ?? 'info';
  if (!(LOG_LEVELS as readonly string[]).includes(level)) {
    return wrongUsage(`--log-level is one of ${LOG_LEVELS.join(', ')}`);
  }
  const folder = values.data ?? usualFolder(process.env, process.getuid?.());
  const role = values.role ?? 'all';
  if (!isRole(role)) return wrongUsage(`--role is one of ${ROLE_NAMES.join(', ')}`);
  if (values.nats === undefined && values.role !== undefined) return wrongUsage('--role needs --nats');
  if (values.nats !== undefined && process.env.DATABASE_URL === undefined) {
    return wrongUsage('--nats needs a PostgreSQL that all processes reach: set DATABASE_URL');
  }
  if (values.nats !== undefined && values.sample === true) {
    return wrongUsage('--sample is for a hub of one process: leave --nats out');
  }
  return run({
    nats: values.nats === undefined ? undefined : { servers: values.nats, role },
    folder,
    port,
    level: level as LogLevel,
    sample: values.sample === true,
    json: values.json === true,
  });
}

/** What `--role` may be; the parts themselves are loaded where there is a NATS. */
const ROLE_NAMES: readonly Role[] = ['all', 'intake', 'judge'];

function isRole(name: string): name is Role {
  return (ROLE_NAMES as readonly string[]).includes(name);
}

type Wanted = {
  readonly nats: { readonly servers: string; readonly role: Role } | undefined;
  readonly folder: string;
  readonly port: number | undefined;
  readonly level: LogLevel;
  readonly sample: boolean;
  readonly json: boolean;
};

async function run(wanted: Wanted): Promise<number> {
  const log = createLog(wanted.level);
  const asked: Asked = { toEnd: false, stop: () => {} };
  const onSignal = (): void => {
    asked.toEnd = true;
    asked.stop(EXIT.done);
  };
  // A hub that was asked to start again does so in this process: whoever watches it sees one command that runs.
  let run = await runOnce(wanted, log, asked, () => {
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
  while (run.end === 'again' && !asked.toEnd) {
    log.log.info({}, 'the hub starts again, as it was asked to');
    run = await runOnce({ ...wanted, port: run.port }, log, asked);
  }
  process.off('SIGTERM', onSignal);
  process.off('SIGINT', onSignal);
  return run.end === 'again' ? EXIT.done : run.end;
}

/** How a run ended, and the port that it had: whoever looks at a page finds the hub there again. */
type Run = { readonly end: number | 'again'; readonly port: number | undefined };

/** Whether somebody wants the process to end, also while it starts again, and how the hub that runs is stopped. */
type Asked = { toEnd: boolean; stop: (how: Run['end']) => void };

/** One hub from its start to its end. `onFirst`: it is the first of this process, and has started. */
async function runOnce(wanted: Wanted, log: HubLog, asked: Asked, onFirst?: () => void): Promise<Run> {
  let end: (how: Run['end']) => void = () => {};
  const ended = new Promise<Run['end']>((resolve) => {
    end = resolve;
  });
  const { folder, port, sample, json } = wanted;
  const onFatal = (error: Error): void => {
    // What nobody expects: better to begin anew from what is on disk than to go on with what may be wrong.
    log.log.error({ reason: error.stack ?? error.message }, 'the hub ends because of an unexpected failure');
    process.exit(EXIT.failed);
  };
  const joined =
    wanted.nats === undefined ? ok(undefined) : await joinHub(wanted.nats, log, asked, onFatal, onFirst);
  if (joined.isErr()) return { end: sayWhyNot(joined.error), port };
  const spread = joined.value;
  const started = await startPart({
    folder,
    port,
    spread,
    databaseUrl: process.env.DATABASE_URL,
    flow: new URL('./flow.js', import.meta.url),
    desk: fileURLToPath(new URL('./desk', import.meta.url)),
    site: fileURLToPath(new URL('./site', import.meta.url)),
    version: BELLWETHER_VERSION,
    program: fileURLToPath(new URL('./bellwether.js', import.meta.url)),
    agent: fileURLToPath(new URL('../../agent/dist/bellwether-agent.js', import.meta.url)),
    sample,
    log,
    now: Date.now,
    onRestart: () => asked.stop('again'),
    onFatal,
  });
  if (started.isErr()) {
    await spread?.end();
    if (asked.toEnd) return { end: EXIT.done, port };
    const { code, detail } = started.error;
    if (code === 'UP_RUNNING') return { end: sayWhereItRuns(folder, json, detail), port };
    return { end: sayWhyNot(started.error), port };
  }
  const hub = started.value;
  let isStopping = false;
  asked.stop = (how) => {
    // A terminal sends its signal to all of a group, and others pass it on: the second one must not cut the stop short.
    if (isStopping) return;
    isStopping = true;
    const limit = setTimeout(() => process.exit(EXIT.failed), STOP_LIMIT).unref();
    void hub.stop().then(async () => {
      await spread?.end();
      clearTimeout(limit);
      end(how);
    });
  };
  // Who joins others has been told that before, because he may have had to wait.
  if (spread === undefined) onFirst?.();
  if (asked.toEnd) asked.stop(EXIT.done);
  // Who stops a hub that is still catching up does not wait until it has.
  if (hub.ready !== undefined) {
    const early = await Promise.race([hub.ready.then(() => undefined), ended]);
    if (early !== undefined) return { end: early, port: hub.port };
    if (sample) await loadSampleOnce(hub);
  }
  if (onFirst !== undefined) sayReady(hub.port, hub.token, json);
  return { end: await ended, port: hub.port };
}

/** The whole of a hub, or the part of it that takes in lines. */
async function startPart(
  options: HubOptions,
): Promise<Result<Hub | (IntakeHub & { readonly ready?: undefined }), UpError>> {
  const { spread } = options;
  if (spread?.role !== 'intake') return startHub(options);
  const { startIntakeHub } = await import('../up/intake-hub.ts');
  return startIntakeHub({ ...options, spread });
}

/** Joins a hub of several processes; while it stands by, it may be stopped. */
async function joinHub(
  { servers, role }: NonNullable<Wanted['nats']>,
  { log }: HubLog,
  asked: Asked,
  onFatal: (error: Error) => void,
  onFirst?: () => void,
): Promise<Result<Spread, UpError>> {
  onFirst?.();
  const credentials = process.env.NATS_CREDENTIALS;
  const { joinSpread, USUAL_STREAM } = await import('../up/spread.ts');
  return joinSpread({
    place: {
      servers,
      stream: process.env.BELLWETHER_STREAM ?? USUAL_STREAM,
      ...(credentials === undefined ? {} : { credentials: readFileSync(credentials, 'utf8') }),
    },
    role,
    copies: Number(process.env.BELLWETHER_STREAM_COPIES ?? 1),
    log,
    isOver: () => asked.toEnd,
    onFatal,
  });
}

function sayWhyNot({ code, detail }: UpError): number {
  if (code === 'UP_STOPPED') return EXIT.done;
  process.stderr.write(`bellwether up: ${code}: ${detail}\n`);
  return EXIT.failed;
}

/** Loads the sample state into a hub that has never heard anything. */
async function loadSampleOnce(hub: Hub): Promise<void> {
  const { loadSampleInto } = await import('../up/sample.ts');
  const { isSampleWanted } = await import('../up/sample-wanted.ts');
  await loadSampleInto(hub);
  // Not waited for: the hub is ready without it.
  if (!(await isSampleWanted(hub.core.db, false))) return;
  hub.roll.makeSample();
  hub.makeSampleMail();
}

/** The one line that scripts wait for. The token stands on a person's terminal, and in no log. */
function sayReady(port: number, token: string, json: boolean): void {
  // Under systemd standard output is a log, which others read: the token stays in its file.
  const query = process.env.JOURNAL_STREAM === undefined ? `?token=${token}` : '?token=';
  const url = `http://localhost:${port}/${query}`;
  process.stdout.write(
    json
      ? `${JSON.stringify({ schema: 'bellwether/up@1', ready: true, url })}\n`
      : `Bellwether is ready: ${url}\n`,
  );
}

/** A hub runs here already: its address is what was asked for. */
function sayWhereItRuns(folder: string, json: boolean, detail: string): number {
  const running = readRunning(folder);
  let token: string;
  try {
    token = readFileSync(`${folder}/token`, 'utf8').trim();
  } catch {
    token = '';
  }
  if (running === undefined || token === '') {
    process.stderr.write(`bellwether up: UP_RUNNING: ${detail}, and it is not ready yet\n`);
    return EXIT.failed;
  }
  sayReady(running.port, token, json);
  return EXIT.done;
}

function parse(args: string[]) {
  return parseArgs({
    args,
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      sample: { type: 'boolean' },
      nats: { type: 'string' },
      role: { type: 'string' },
      'log-level': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

function wrongUsage(reason: string): number {
  process.stderr.write(`bellwether up: ${reason}\n\n${HELP}`);
  return EXIT.usage;
}

const HELP = `Usage: bellwether up [--data DIR] [--port N] [--sample] [--log-level LEVEL] [--json]
                     [--nats URL [--role all|intake|judge]]

Starts the hub: its database, its ways in, its desk. Stays in the foreground; SIGTERM and Ctrl-C stop it.
When it is ready it says so on standard output, with the address of the desk. Logs go to standard error.

  --data DIR         where everything is kept (default: /var/lib/bellwether for root, else
                     ~/.local/state/bellwether; or the environment's BELLWETHER_DATA)
  --port N           of the desk and the API on this machine (default: 8118, or as bellwether.yaml says)
  --sample           loads the sample state, if the hub has never heard anything
  --nats URL         one hub of several processes, which share this NATS server and DATABASE_URL
                     (docs/how/scale.md); NATS_CREDENTIALS names a file with its credentials
  --role ROLE        what this process does: intake takes in lines, judge counts and shows them, all does both (default)
  --log-level LEVEL  debug, info, warn, error or silent
  --json             says that it is ready as JSON

A hub that runs on the folder already is not disturbed: its address is printed, and that is all.
DATABASE_URL names a PostgreSQL that somebody else runs; without it, the hub runs its own.

Exit code: 0 stopped as asked, or running already; 1 could not start, or ended unexpectedly; 2 wrong usage.
docs/how/office.md tells how to connect a sensor; docs/reference/configuration.md what else can be set.
`;
