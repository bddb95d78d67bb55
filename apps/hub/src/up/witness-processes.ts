/**
 * Runs the witnesses of the sample state: each is a process, started again when it ends, after a pause that grows. Each has the other end of
 * a pipe of this process, so none outlives the hub, not even one that was killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { formatNoteKey } from '@bellwether/evidence';
import type { EvidenceLog } from '../platform/evidence/log-types.ts';
import { SAMPLE_WITNESS_LIST, type SampleWitness, sampleWitnessFolder } from './sample-witnesses.ts';

/** Seconds between two rounds of a witness: whoever looks at a sample does not want to wait a minute. */
const EVERY_S = 10;

/** Where tests say how soon is soon enough for them, in the same unit. */
const EVERY_WANTED = 'BELLWETHER_SAMPLE_EVERY';

/** Pause before one is started again, ms: at first it may only wait for the one before it to let go of its state. */
const FIRST_PAUSE = 1_000;

/** Longest pause, ms: starting a program once a minute costs nothing, and what was wrong may have been put right. */
const LONGEST_PAUSE = 60_000;

/** After running for so long, ms, what ended it was something new: the pause is short again. */
const RAN_WELL = 60_000;

/** How long one may take to end when it is asked, ms: what it signed is on disk before it leaves, so it can be cut short. */
const ENDS_WITHIN = 5_000;

/** Bytes of a witness's log: more than a day, and five are nothing beside the rest of the sample. It begins anew then. */
const MOST_LOG = 1_048_576;

/** How often the size of the logs is looked at, ms: they grow by 30 KB in that time. */
const LOOK_AT_LOGS = 3_600_000;

/**
 * What keeps a program small that sleeps most of the time: a young generation of 1 MB and a heap that is cleaned rather than grown.
 */
const SMALL = ['--max-semi-space-size=1', '--optimize-for-size', '--v8-pool-size=1'];

/** What they run on. */
export type WitnessGround = {
  readonly data: string;
  /** The bundled program of the agent. */
  readonly agent: string;
  /** Address of the hub, and its log. */
  readonly hub: string;
  readonly log: EvidenceLog;
  readonly now: () => number;
  readonly onTrouble: (what: string) => void;
};

/** Those that run. */
export class WitnessProcesses {
  readonly #ground: WitnessGround;
  readonly #running = new Map<string, ChildProcess>();
  readonly #pauses = new Map<string, NodeJS.Timeout>();
  readonly #timer: NodeJS.Timeout;
  #isBegun = false;
  #isOver = false;

  constructor(ground: WitnessGround) {
    this.#ground = ground;
    // Before the first checkpoint there is nothing to look at, and whoever asks is told so each time.
    if (ground.log.newest !== null) this.#startAll();
    else ground.log.onCheckpoint(() => this.#startAll());
    this.#timer = setInterval(() => this.#shortenLogs(), LOOK_AT_LOGS).unref();
  }

  /** Ends all of them; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#timer);
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    await Promise.all([...this.#running.values()].map(endOf));
  }

  #startAll(): void {
    if (this.#isOver || this.#isBegun) return;
    this.#isBegun = true;
    for (const witness of SAMPLE_WITNESS_LIST) this.#start(witness, FIRST_PAUSE);
  }

  #start(witness: SampleWitness, pause: number): void {
    const { data, agent, hub, log, now } = this.#ground;
    const folder = sampleWitnessFolder(data, witness.name);
    const state = ['--state', join(folder, 'witness.json')];
    const checks = witness.checks ? ['--checks'] : [];
    const args = [
      'witness',
      'run',
      ...state,
      '--hub',
      hub,
      '--log',
      formatNoteKey(log.key),
      '--every',
      process.env[EVERY_WANTED] ?? String(EVERY_S),
      '--tied',
    ];
    const said = openSync(join(folder, 'witness.log'), 'a', 0o600);
    const child = spawn(process.execPath, [...SMALL, agent, ...args, ...checks], {
      stdio: ['pipe', said, said],
      // Only what a program needs: what the hub was told in its environment is nothing for others.
      env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2' },
    });
    closeSync(said);
    const from = now();
    this.#running.set(witness.name, child);
    // One that ends while it is told something is noticed by its end.
    child.stdin?.on('error', () => {});
    let isGone = false;
    const onEnd = (why: string): void => {
      if (isGone) return;
      isGone = true;
      this.#running.delete(witness.name);
      if (this.#isOver) return;
      this.#ground.onTrouble(`the witness ${witness.name} has ended (${why}) and is started again`);
      const next = now() - from > RAN_WELL ? FIRST_PAUSE : pause;
      const longer = Math.min(next * 2, LONGEST_PAUSE);
      this.#pauses.set(
        witness.name,
        setTimeout(() => this.#start(witness, longer), next),
      );
    };
    child.once('error', ({ message }) => onEnd(message));
    child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
  }

  #shortenLogs(): void {
    for (const { name } of SAMPLE_WITNESS_LIST) {
      const path = join(sampleWitnessFolder(this.#ground.data, name), 'witness.log');
      // They append, so what comes next stands at the beginning.
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MOST_LOG) truncateSync(path);
    }
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN);
  await gone;
  clearTimeout(limit);
}
