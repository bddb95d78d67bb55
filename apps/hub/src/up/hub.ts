/**
 * A hub as `bellwether up` runs it: the heart, the HTTP server, the other ways in, and the jobs. Everything that one
 * part tells another passes through here, so that the parts know nothing of each other.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Changed, LiveTopic } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import { DISPOSITIONS } from '@bellwether/contacts';
import { formatSurfaceError, parseSurface } from '@bellwether/contacts/surface';
import type { AppealsDependencies } from '../features/appeals/dependencies.ts';
import { appealPage } from '../features/appeals/routes-public.ts';
import type { DrillsDependencies } from '../features/drills/dependencies.ts';
import { followDrills } from '../features/drills/outcomes.ts';
import { publicEvidenceRoutes } from '../features/evidence/routes-public.ts';
import { trailSealer } from '../features/evidence/sealed-trail.ts';
import { sealVerifier } from '../features/evidence/sealed-verifier.ts';
import { forgetEnded } from '../features/people/jobs.ts';
import { Probes } from '../features/probes/schedule.ts';
import { forgetVisits } from '../features/probes/store.ts';
import { openingsRoutes } from '../features/rolls/routes-openings.ts';
import { Jobs } from '../features/watch/jobs.ts';
import { tellDesks } from '../features/watch/routes-live.ts';
import { scannersOf } from '../features/watch/scanner-files.ts';
import { type Config, readConfig, USUAL_PORT } from '../platform/config.ts';
import { USUAL_HTTPS_PORT } from '../platform/config-https.ts';
import { openHttp } from '../platform/http/listening.ts';
import { createMetrics, type HubMetrics } from '../platform/http/metrics.ts';
import { publicPages } from '../platform/http/public-pages.ts';
import { createServer } from '../platform/http/server.ts';
import { LiveHub } from '../platform/http/sse.ts';
import { readOrMakeToken } from '../platform/http/token.ts';
import type { HubLog } from '../platform/log.ts';
import { AgentsOfHub, SAMPLE_AGENTS } from './agents.ts';
import { openAuth } from './auth.ts';
import { bouncerRoutes } from './bouncers.ts';
import { type Core, startCore } from './core.ts';
import type { UpError } from './errors.ts';
import { logFigures, type OpenEvidence, openEvidence } from './evidence.ts';
import { HistoryKeeper } from './history.ts';
import { Outside } from './outside.ts';
import { readinessOf } from './readiness.ts';
import { RollOfHub, secondHandsOf } from './roll.ts';
import { roomRoutes, sourceAt } from './rooms.ts';
import { forgetRunning, writeRunning } from './running.ts';
import { makeSampleMail } from './sample-mail.ts';
import { witnessesOfSample } from './sample-witnesses.ts';
import type { Spread } from './spread.ts';
import { openWaysIn } from './ways-in.ts';
import { WitnessProcesses } from './witness-processes.ts';

/** How often the trail is sealed in the log, ms: what was cut off of it is missed by no more than an hour. */
const SEAL_TRAIL_EVERY = 3_600_000;

/** An hour, ms: what may go after ninety days can wait as long. */
const FORGET_EVERY = 3_600_000;

/** How often drills are looked at, ms: little beside the minute within which the quickest has to be blocked. */
const DRILLS_EVERY = 5_000;

/** How often the hub looks whether something of the roll is due, ms: it is done to the minute. */
const ROLL_EVERY = 30_000;

/** What a hub is started with. */
export type HubOptions = {
  readonly folder: string;
  /** Of the desk and the API; what the configuration says if it is left out. */
  readonly port: number | undefined;
  readonly databaseUrl: string | undefined;
  /** The NATS that several processes share, and what this one does. */
  readonly spread?: Spread | undefined;
  readonly reserve?: number;
  /** The bundled program of the flow's thread, and the folder of the built desk. */
  readonly flow: URL;
  readonly desk: string;
  /** Folder of the built public pages. */
  readonly site: string;
  readonly version: string;
  /** The program itself, for what is done in a process of its own; without it nothing is. */
  readonly program?: string | undefined;
  /** The bundled program of the agent, and whether the sample state is asked for: together they make its witnesses. */
  readonly agent?: string | undefined;
  readonly sample?: boolean;
  readonly log: HubLog;
  readonly now: () => number;
  /** Somebody changed what only holds from a start on: the hub is to be stopped and started again. */
  readonly onRestart: () => void;
  /** Something that nobody expects has happened: the process has to end. */
  readonly onFatal: (error: Error) => void;
};

/** A hub that runs. */
export type Hub = {
  readonly core: Core;
  readonly config: Config;
  readonly port: number;
  readonly token: string;
  readonly roll: RollOfHub;
  /** Tells the mail of the sample state, in the background. */
  makeSampleMail(): void;
  /** Resolves when everything is judged that had been taken in before. */
  readonly ready: Promise<void>;
  /** States a surface that holds from now on; resolves when it does. */
  stateSurface(yaml: string): Promise<Result<void, UpError>>;
  stop(): Promise<void>;
};

/** Starts it. */
export async function startHub(options: HubOptions): Promise<Result<Hub, UpError>> {
  const { log, now, onFatal } = options;
  const live = new LiveHub();
  let core: Core | undefined;
  let history: HistoryKeeper | undefined;
  let evidence: OpenEvidence | undefined;
  let agents: AgentsOfHub | null = null;
  const metrics = createMetrics({
    backlog: () => core?.intake.backlog ?? 0,
    journal: () => core?.journal.bytes ?? 0,
    desks: () => live.clients,
    log: () => (evidence === undefined ? { size: 0, published: 0, waiting: 0 } : logFigures(evidence)),
  });
  const refreshHistory = (): void => {
    history
      ?.refresh()
      .catch((error: Error) => log.log.warn({ reason: error.message }, 'the list of the history'));
  };
  const started = await startCore({
    folder: options.folder,
    databaseUrl: options.databaseUrl,
    spread: options.spread,
    reserve: options.reserve,
    flow: options.flow,
    now,
    log: log.log,
    onTaken: metrics.taken,
    onRefused: metrics.refused,
    onCommitted: metrics.committed,
    onChanged: (changed) => {
      live.publish(changed);
      void agents?.orders.changed();
    },
    onHistory: refreshHistory,
    onFatal,
  });
  if (started.isErr()) return started;
  core = started.value;
  const undo: (() => Promise<unknown>)[] = [() => started.value.stop()];
  const stop = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  history = await HistoryKeeper.open(core.db, core.folder.history);
  undo.push(async () => history?.close());
  const opened = await openRest(options, { core, history, live, metrics }, undo);
  if (opened.isErr()) {
    await stop();
    return opened;
  }
  ({ evidence, agents } = opened.value);
  const keeper = history;
  const { query } = core.db;
  const jobs = new Jobs({
    db: core.db,
    refusals: core.intake.refusals,
    now,
    compact: () => keeper.compact(now()),
    others: [
      { name: 'ended sign-ins', every: FORGET_EVERY, work: () => forgetEnded(query, now()) },
      { name: 'old visits', every: FORGET_EVERY, work: () => forgetVisits(query, now()) },
      { name: 'sealing the trail', every: SEAL_TRAIL_EVERY, work: opened.value.sealTrail },
      { name: 'sealing the verifier', every: SEAL_TRAIL_EVERY, work: opened.value.sealVerifier },
      { name: 'the roll', every: ROLL_EVERY, work: () => opened.value.roll.turn() },
      { name: 'drills', every: DRILLS_EVERY, work: () => followDrills(opened.value.drills) },
    ],
    onTrouble: (job, error) => log.log.warn({ job, reason: error.message }, 'a job failed'),
    onChanged: (topic) => live.publish(changeOf(topic)),
  });
  undo.push(() => jobs.stop());
  const probes = new Probes({
    db: query,
    probes: opened.value.config.probes ?? [],
    now,
    chance: Math.random,
    onFalseBlock: () => live.publish(changeOf('incidents')),
    onTrouble: (probe, error) => log.log.warn({ probe, reason: error.message }, 'a visit was not kept'),
  });
  undo.push(() => probes.close());
  // In the background: folding a year of a large state takes longer than anybody waits for a start.
  void opened.value.roll.turn().catch((error: Error) => log.log.warn({ reason: error.message }, 'the roll'));
  // What was done while no hub ran is sealed at once. A log that takes nothing now is no reason not to watch.
  await opened.value
    .sealTrail()
    .catch((error: Error) => log.log.warn({ reason: error.message }, 'the trail is not sealed'));
  writeRunning(core.folder.path, { pid: process.pid, port: opened.value.port });
  const { path } = core.folder;
  undo.push(async () => forgetRunning(path));
  const ending = new AbortController();
  let mail: Promise<void> = Promise.resolve();
  undo.push(async () => {
    ending.abort();
    await mail;
  });
  return ok({
    ...opened.value,
    core,
    ready: core.flow.ready,
    makeSampleMail: () => {
      const { program } = options;
      if (program === undefined) return;
      const { port, token } = opened.value;
      const { signal } = ending;
      mail = makeSampleMail({ db: started.value.db, folder: path, program, port, token, signal }).catch(
        (error: Error) => {
          if (!signal.aborted) log.log.warn({ reason: error.message }, 'the mail of the sample');
        },
      );
    },
    stateSurface: (yaml) => stateSurface(started.value, yaml),
    stop,
  });
}

/** Something that people see has changed, and no line was counted. */
function changeOf(topic: LiveTopic): Changed {
  const none = Object.fromEntries(DISPOSITIONS.map((name) => [name, 0])) as Changed['added']['dispositions'];
  return {
    asOf: new Date().toISOString(),
    topics: [topic],
    added: { lines: 0, contacts: 0, knocks: 0, dispositions: none },
  };
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

type Opened = Pick<Hub, 'config' | 'port' | 'token'> & {
  readonly sealTrail: () => Promise<void>;
  readonly sealVerifier: () => Promise<void>;
  readonly roll: RollOfHub;
  readonly evidence: OpenEvidence;
  readonly agents: AgentsOfHub | null;
  readonly drills: DrillsDependencies;
};

type Parts = {
  readonly core: Core;
  readonly history: HistoryKeeper;
  readonly live: LiveHub;
  readonly metrics: HubMetrics;
};

async function openRest(
  options: HubOptions,
  { core, history, live, metrics }: Parts,
  undo: (() => Promise<unknown>)[],
): Promise<Result<Opened, UpError>> {
  const { port, desk, version, log, program, now, onRestart, onFatal } = options;
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
  const onLogTrouble = (what: string): void => log.log.warn({ reason: what }, 'the evidence log');
  const agent = await witnessesOfSample(options, core, config.value, onLogTrouble);
  const evidence = await openEvidence(core.folder, config.value, now, onLogTrouble);
  if (evidence.isErr()) return evidence;
  undo.push(() => evidence.value.close());
  const roll = new RollOfHub({
    core,
    config: config.value,
    evidence: evidence.value,
    program: program ?? null,
    now,
    onTrouble: (what) => log.log.warn({ reason: what }, 'the roll'),
  });
  undo.push(() => roll.close());
  const bouncers = bouncerRoutes({
    db: core.db.query,
    intake: core.intake,
    auth,
    now,
    onLeftOut: (count) => log.log.warn({ count }, 'blocks that no bouncer is told of: they cannot be read'),
  });
  const agents = await AgentsOfHub.open({
    core,
    auth,
    config: config.value.agents ?? (options.sample === true ? SAMPLE_AGENTS : undefined),
    visitors: (config.value.probes ?? []).flatMap(({ from }) => from ?? []),
    bouncers: bouncers.byCertificate,
    log: log.log,
    now,
    onChanged: () => live.publish(changeOf('offices')),
    onFatal,
  });
  if (agents.isErr()) return agents;
  undo.push(async () => agents.value?.close());
  const appeals: AppealsDependencies = {
    db: core.db.query,
    auth,
    onSpared: () => {
      tellDesks(live, ['decisions'], now());
      void agents.value?.orders.changed();
    },
    now,
  };
  const drills: DrillsDependencies = {
    db: core.db.query,
    log: evidence.value.log,
    trail: auth.trail,
    search: history.search,
    sourceOf: (address) => sourceAt(core, address),
    lastOrder: () => agents.value?.orders.number ?? 0,
    detector: version,
    elections: config.value.rolls?.elections ?? [],
    random: randomBytes,
    now,
  };
  const { https } = config.value;
  let outside: Outside | undefined;
  const app = createServer({
    token: token.value,
    auth,
    https: https === undefined ? null : { name: https.name, port: https.port ?? USUAL_HTTPS_PORT },
    log: log.log,
    desk,
    version,
    now,
    routes: roomRoutes({
      core,
      history,
      live,
      config: config.value,
      auth,
      evidence: evidence.value,
      roll,
      agents: agents.value,
      scanners: scannersOf(core.folder.path, (what) => log.log.warn({ reason: what }, 'a list of scanners')),
      appeals,
      drills,
      outside: () => outside!,
      stateSurface: (yaml) => stateSurface(core, yaml),
      onRestart,
      log: log.log,
      now,
    }),
    publicRoutes: [
      publicPages(options.site),
      publicEvidenceRoutes(evidence.value),
      appealPage(appeals),
      ...bouncers.byKey,
      openingsRoutes({
        db: core.db.query,
        auth,
        rolls: () => roll.rolls,
        keys: evidence.value.policy?.logs.map(({ key }) => key) ?? [],
        hands: secondHandsOf(config.value),
        now,
      }),
    ],
    checks: () => readinessOf(core, evidence.value),
    metrics: () => metrics.text(),
    onFatal,
  });
  outside = new Outside({
    config: https,
    folder: core.folder.tls,
    app,
    log: log.log,
    now,
    isAlone: auth.isAlone,
  });
  const listening = await openHttp(app, { port: port ?? config.value.port ?? USUAL_PORT }, log.log);
  if (listening.isErr()) return listening;
  const world = outside;
  undo.push(async () => {
    live.close();
    // Both serve the same pages: neither ends them before the other has let go.
    await Promise.all([world.close(), listening.value.close()]);
  });
  await outside.start();
  // Where another process takes in lines, its configuration says by which ways.
  const ways = options.spread?.role === 'judge' ? {} : config.value;
  const waysIn = await openWaysIn(ways, core.intake, log.log);
  if (waysIn.isErr()) return waysIn;
  undo.push(() => Promise.all(waysIn.value.map((one) => one.close())));
  if (agent !== null) {
    const witnesses = new WitnessProcesses({
      data: core.folder.path,
      agent,
      hub: `http://localhost:${listening.value.port}`,
      log: evidence.value.log,
      now,
      onTrouble: onLogTrouble,
    });
    undo.push(() => witnesses.stop());
  }
  const seal = trailSealer(core.db.query, evidence.value.log);
  return ok({
    config: config.value,
    port: listening.value.port,
    token: token.value,
    roll,
    evidence: evidence.value,
    agents: agents.value,
    drills,
    sealTrail: async () => {
      const sealed = await seal();
      if (sealed.isErr()) throw new Error(`${sealed.error.code}: ${sealed.error.detail}`);
    },
    sealVerifier: async () => {
      // Whoever checks a roll needs it; before there is one, nobody does.
      if (roll.rolls === null) return;
      const { logPrivate: privateFolder } = core.folder;
      const sums = join(options.site, 'verify/SHA256SUMS');
      const sealed = await sealVerifier({ log: evidence.value.log, privateFolder, sums, version });
      if (sealed.isErr()) throw new Error(`${sealed.error.code}: ${sealed.error.detail}`);
    },
  });
}
