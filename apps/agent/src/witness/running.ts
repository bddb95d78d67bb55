/** A witness that runs: what has to hold before it signs anything, then rounds and requests until it is told to stop. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import type { Hasher, NoteKey, Verifier } from '@bellwether/evidence';
import type { AgentError } from '../errors.ts';
import { checksWith } from './checks.ts';
import { thisComputer } from './copy-marks.ts';
import { Cosigner } from './cosigner.ts';
import { firstSeen } from './first-seen.ts';
import { hubClient } from './hub-client.ts';
import { type ListenAddress, serveWitness } from './listening.ts';
import { OwnRows } from './own-rows.ts';
import { publishNote } from './publishing.ts';
import { genesisFrom, RollFold } from './roll-fold.ts';
import { type RoundEnd, roundsWith } from './rounds.ts';
import type { Report } from './witness-events.ts';
import { takeStore, type WitnessStore, whyCopy } from './witness-store.ts';

/** Longest wait after failures, in ms: a hub that is back is witnessed again within ten minutes. */
const MAX_WAIT_MS = 600_000;

/** Part of a wait that is left to chance, so that 116 offices do not ask in the same second. */
const JITTER = 0.2;

/** What a witness is asked to do. */
export type WitnessTask = {
  readonly state: string;
  /** The log's key; without it, the one that the state knows. */
  readonly log: NoteKey | null;
  /** Address of the hub, for a witness that asks by itself. */
  readonly hub: string | null;
  readonly listen: ListenAddress | null;
  readonly publish: string | null;
  /** Ms between rounds. */
  readonly every: number;
  /** Replay the roll too, and state what came of it. */
  readonly checks: boolean;
  /** Rows of one's own, and the mapping that they are read through: paths; null: none are compared. */
  readonly own: { readonly rows: string; readonly mapping: string } | null;
  /** One round, and it is done. */
  readonly once: boolean;
};

/** What a witness has around it. */
export type WitnessWorld = {
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  /** Ms since 1970. */
  readonly now: () => number;
  /** [0, 1). */
  readonly random: () => number;
  readonly report: Report;
  /** Ends it, in order. */
  readonly end: AbortSignal;
};

/** Runs a witness. Gives how it ended: the last round, or null where it was told to end. */
export async function runWitness(
  task: WitnessTask,
  world: WitnessWorld,
): Promise<Result<RoundEnd | null, AgentError>> {
  const store = await takeStore(task.state, world.hasher);
  if (store.isErr()) return store;
  try {
    return await runWith(store.value, task, world);
  } finally {
    await store.value.close();
  }
}

async function runWith(
  store: WitnessStore,
  task: WitnessTask,
  world: WitnessWorld,
): Promise<Result<RoundEnd | null, AgentError>> {
  const { hasher, verifier, now, report } = world;
  const { publish: folder } = task;
  const cosigner = new Cosigner({
    store,
    hasher,
    verifier,
    now,
    report,
    ...(folder === null
      ? {}
      : {
          publish: (seen: { origin: string; note: string }) =>
            publishNote(folder, seen.origin, 'checkpoint', seen.note),
        }),
  });
  if (cosigner.stopped === null) {
    const copy = await whyCopy(store, await thisComputer());
    if (copy !== null) await cosigner.stopWitness({ ...copy, note: null });
  } else {
    report({ event: 'stopped', why: cosigner.stopped.why, detail: cosigner.stopped.detail });
  }
  if (cosigner.stopped !== null) return ok('stopped');
  const fault = cosigner.clockFault();
  if (fault !== null) return err(fault);
  const log = await logOf(store, task.log);
  if (log.isErr()) return log;

  const ended = new AbortController();
  const end = AbortSignal.any([world.end, ended.signal]);
  let server: Server | null = null;
  try {
    if (task.listen !== null) {
      const served = await serveWitness(cosigner, task.listen);
      server = served.server;
      report({ event: 'listening', address: served.address });
    }
    if (task.hub === null) return await untilStopped(cosigner, end);
    const client = hubClient(task.hub, end);
    const round = roundsWith({ cosigner, client, log: log.value, hasher, verifier, now, report });
    const seenAt = (index: bigint): number | null =>
      firstSeen(cosigner.memory.firstSeen.get(log.value.name) ?? [], index, now());
    const readGenesis = genesisFrom(client, hasher);
    const fold = new RollFold({ client, hasher, verifier, now, seenAt, readGenesis });
    const publish = async (note: string): Promise<void> => {
      if (folder !== null) await publishNote(folder, log.value.name, 'statement', note);
    };
    const ownRows =
      task.own === null
        ? null
        : new OwnRows({
            ...{ cosigner, client, hasher, now, report, log: log.value, ...task.own },
            differencesFile: `${task.state}.differences.json`,
          });
    const stateChecks = checksWith({ cosigner, client, log: log.value, fold, ownRows, now, report, publish });
    const roundAndChecks = async (): Promise<Result<RoundEnd, AgentError>> => {
      const done = await round();
      if (!task.checks || done.isErr() || cosigner.stopped !== null) return done;
      const stated = await stateChecks();
      return stated.isErr() ? stated : stated.value === 'refused' ? ok('refused') : done;
    };
    return task.once
      ? await roundAndChecks()
      : await roundAfterRound(roundAndChecks, cosigner, task.every, { ...world, end });
  } finally {
    ended.abort();
    if (server !== null) await closed(server);
  }
}

/** The key of the log: the one that is known, or one that is told for the first time, which is kept. */
async function logOf(store: WitnessStore, told: NoteKey | null): Promise<Result<NoteKey, AgentError>> {
  const { logs } = store.memory;
  if (told === null) {
    const [known, ...more] = logs;
    if (known !== undefined && more.length === 0) return ok(known);
    return err({
      code: 'WITNESS_LOG_UNKNOWN',
      detail: known === undefined ? 'it knows none' : 'it knows several',
    });
  }
  const known = logs.find(({ name }) => name === told.name);
  if (known === undefined) return (await store.keepChange({ logs: [...logs, told] })).map(() => told);
  if (Buffer.compare(known.publicKey, told.publicKey) === 0) return ok(known);
  return err({ code: 'WITNESS_LOG_OTHER_KEY', detail: told.name });
}

async function roundAfterRound(
  round: () => Promise<Result<RoundEnd, AgentError>>,
  cosigner: Cosigner,
  every: number,
  { random, report, end }: WitnessWorld,
): Promise<Result<RoundEnd | null, AgentError>> {
  let failures = 0;
  while (!end.aborted) {
    const done = await round();
    if (cosigner.stopped !== null) return ok('stopped');
    if (end.aborted) break;
    if (done.isErr()) report({ event: 'failed', ...done.error });
    failures = done.isErr() ? failures + 1 : 0;
    const wait = Math.min(every * 2 ** Math.min(failures, 10), Math.max(MAX_WAIT_MS, every));
    await pause(wait * (1 - JITTER * random()), end, cosigner);
  }
  return ok(null);
}

/** How often a pause looks whether the witness has stopped, in ms: a person reads the message, no machine waits for it. */
const LOOK_MS = 1_000;

async function pause(ms: number, end: AbortSignal, cosigner: Cosigner): Promise<void> {
  for (let left = ms; left > 0 && !end.aborted && cosigner.stopped === null; left -= LOOK_MS) {
    await sleep(Math.min(left, LOOK_MS), undefined, { signal: end }).catch(() => {});
  }
}

/** For a witness that only listens. */
async function untilStopped(
  cosigner: Cosigner,
  end: AbortSignal,
): Promise<Result<RoundEnd | null, AgentError>> {
  while (!end.aborted && cosigner.stopped === null) await pause(LOOK_MS, end, cosigner);
  return ok(cosigner.stopped === null ? null : 'stopped');
}

/** Answers what is under way, then ends. */
function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeIdleConnections();
  });
}
