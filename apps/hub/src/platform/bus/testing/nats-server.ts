/** A NATS server of our own for tests, on loopback and in a folder of its own, that can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Tries to reach a server that starts, and the pause between them, ms: ten seconds in all. */
const TRIES = 200;
const PAUSE = 50;

/** A server that runs. */
export class NatsServer {
  readonly #folder: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(root: string, port: number) {
    this.#folder = mkdtempSync(join(root, 'bellwether-nats-'));
    this.port = port;
  }

  /** Starts one with JetStream, which keeps its files below `root`. */
  static async begin(root = tmpdir()): Promise<NatsServer> {
    const server = new NatsServer(root, await freePort());
    await server.run();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** The process; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it again, with what it had. */
  async run(): Promise<void> {
    const args = ['-js', '-sd', this.#folder, '-a', '127.0.0.1', '-p', String(this.port)];
    this.#process = spawn('nats-server', args, { stdio: 'ignore' });
    for (let tries = 0; tries < TRIES; tries++) {
      if (await answers(this.port)) return;
      await sleep(PAUSE);
    }
    throw new Error('nats-server does not start');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }

  /** Ends it, and removes what it had. */
  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
