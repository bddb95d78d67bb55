/** The bundled program as an office runs it, for tests. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type NoteKey, parseNoteKey, type Subtle, webVerifier } from '@bellwether/evidence';
import { onTestFinished } from 'vitest';
import { folderForTest } from './folder.ts';
import { hasher, logKey, SmallHub } from './small-log.ts';

export const PROGRAM = new URL('../../dist/bellwether-agent.js', import.meta.url).pathname;
export const verifier = webVerifier(webcrypto.subtle as unknown as Subtle);

/** The program, to its end. Not for what asks a hub that runs in this process: that would stand still. */
export function agent(...args: string[]) {
  if (!existsSync(PROGRAM)) throw new Error('the agent is not built: run `npm run build`');
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'witness', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A hub that runs until the test is over. */
export async function newHub(): Promise<{ hub: SmallHub; address: string }> {
  const hub = new SmallHub();
  onTestFinished(() => hub.close());
  return { hub, address: await hub.listen() };
}

/** A new witness: its file, and its public key. */
export function newWitness(): { state: string; key: NoteKey } {
  const state = join(folderForTest(), 'witness.json');
  const made = JSON.parse(agent('init', '--state', state, '--name', 'adair', '--json').stdout) as {
    keys: string[];
  };
  return { state, key: parseNoteKey(hasher, made.keys[0]!).okOrThrow() };
}

/** One round with a hub that runs in this process: so not by `spawnSync`, which would stop it. */
export async function oneRound(state: string, hub: string, ...more: string[]) {
  const args = [
    PROGRAM,
    'witness',
    'run',
    '--state',
    state,
    '--hub',
    hub,
    '--log',
    logKey,
    '--once',
    '--json',
    ...more,
  ];
  const child = spawn(process.execPath, args);
  let out = '';
  let error = '';
  child.stdout.on('data', (piece) => (out += piece));
  child.stderr.on('data', (piece) => (error += piece));
  const [status] = (await once(child, 'close')) as [number | null];
  const events = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { status, events, error };
}

/** A witness that listens, and its address. */
export async function listening(state: string): Promise<{ child: ChildProcess; address: string }> {
  const args = [
    PROGRAM,
    'witness',
    'run',
    '--state',
    state,
    '--listen',
    '127.0.0.1:0',
    '--log',
    logKey,
    '--json',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout! })) {
    const { event, address } = JSON.parse(line) as { event: string; address?: string };
    if (event === 'listening') {
      child.stdout!.resume();
      return { child, address: address! };
    }
  }
  throw new Error('it ended before it listened');
}
