/** Commands of a scenario that go on while the next lines run: a hub that is sent to, killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './assertions.ts';

/** What a command gets from its scenario. */
export type BackgroundOptions = { readonly cwd: string; readonly env: NodeJS.ProcessEnv };

/** How long a scenario waits for a text, ms: the slowest thing that says when it is done loads a day of a state. */
const WAIT_MS = 240_000;

/** Pause between two looks, ms: short beside the start of any program. */
const PAUSE_MS = 50;

/** How long a command may take to end when a scenario is over, ms, before it is killed. */
const END_MS = 20_000;

type Started = {
  readonly child: ChildProcess;
  readonly gone: Promise<void>;
  exit: number | undefined;
  stdout: string;
  stderr: string;
};

/** The commands that a scenario has started, by the names it gave them. */
export class Background {
  readonly #started = new Map<string, Started>();

  /** Starts a command; a name may be given again when the one before it has ended. */
  start(name: string, command: readonly string[], { cwd, env }: BackgroundOptions): void {
    const before = this.#started.get(name);
    if (before !== undefined && before.exit === undefined) throw new Error(`${name} runs already`);
    const [program = '', ...args] = command;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const gone = new Promise<void>((resolve) => {
      child.once('close', (code) => {
        // A command that a signal has ended has no exit code of its own.
        started.exit = code ?? -1;
        resolve();
      });
    });
    const started: Started = { child, gone, exit: undefined, stdout: '', stderr: '' };
    child.on('error', (error) => {
      started.stderr += error.message;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      started.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      started.stderr += text;
    });
    this.#started.set(name, started);
  }

  /** Waits until it has printed a text; throws where it ends before, or takes too long. */
  async wait(name: string, text: string): Promise<Outcome> {
    const started = this.#named(name);
    const until = Date.now() + WAIT_MS;
    while (!started.stdout.includes(text)) {
      if (started.exit !== undefined) {
        throw new Error(`${name} ended before it said so:\n${started.stdout}${started.stderr.slice(-2_000)}`);
      }
      if (Date.now() > until) throw new Error(`${name} has not said so: ${started.stdout}`);
      await sleep(PAUSE_MS);
    }
    return { exit: 0, stdout: started.stdout, stderr: started.stderr };
  }

  /** Ends it as a power cut would (SIGKILL) or as a service manager does (SIGTERM); gives what it left. */
  async end(name: string, signal: 'SIGKILL' | 'SIGTERM'): Promise<Outcome> {
    const started = this.#named(name);
    if (started.exit !== undefined) throw new Error(`${name} had ended before`);
    started.child.kill(signal);
    await started.gone;
    const { exit = -1, stdout, stderr } = started;
    // A killed command is meant to end badly: no line has to say so.
    return { exit: signal === 'SIGKILL' ? 0 : exit, stdout, stderr };
  }

  /** The address and the token that a hub has printed. */
  address(name: string): { readonly url: string; readonly token: string } {
    const found = /(http:\/\/localhost:\d+)\/\?token=(\S+)/.exec(this.#named(name).stdout);
    if (found === null) throw new Error(`${name} has not told its address`);
    return { url: found[1] as string, token: found[2] as string };
  }

  /** Ends whatever still runs, and the databases that killed hubs have left in the folder. */
  async endAll(work: string): Promise<void> {
    for (const { child, gone, exit } of this.#started.values()) {
      if (exit !== undefined) continue;
      child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await gone;
      clearTimeout(killing);
    }
    for (const name of readdirSync(work)) await endDatabase(join(work, name, 'postgres/cluster'));
  }

  #named(name: string): Started {
    const started = this.#started.get(name);
    if (started === undefined) throw new Error(`nothing was started as ${name}`);
    return started;
  }
}

/** A killed hub leaves its PostgreSQL, which the next start of that hub would have taken over. */
async function endDatabase(cluster: string): Promise<void> {
  const note = join(cluster, 'postmaster.pid');
  if (!existsSync(note)) return;
  const postmaster = Number(readFileSync(note, 'utf8').split('\n', 1)[0]);
  const commandLine = `/proc/${postmaster}/cmdline`;
  // The number may be somebody else's by now.
  if (!existsSync(commandLine) || !readFileSync(commandLine, 'utf8').includes(cluster)) return;
  process.kill(postmaster, 'SIGQUIT');
  for (const until = Date.now() + END_MS; existsSync(commandLine) && Date.now() < until; )
    await sleep(PAUSE_MS);
}
