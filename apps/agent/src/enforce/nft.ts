/** The kernel's firewall, by the `nft` command: its own library changes from release to release, its language does not. */
import { spawn } from 'node:child_process';

/** What a command said. `code` null: it could not be started, or took too long. */
export type Ran = { readonly code: number | null; readonly out: string; readonly trouble: string };

/** 200,000 blocks take four seconds on a small machine; a command that takes half a minute hangs. ms. */
const TIME = 30_000;

/** Most that is read of an answer, bytes: the listing of as many blocks as an office takes. */
const MOST_OUT = 96 * 1024 * 1024;

/** Most of what a command complains. */
const MOST_TROUBLE = 4_096;

/** Runs a command of the system's own, with some input. Never throws. */
export type RunTool = (program: string, args: readonly string[], input?: string) => Promise<Ran>;

/** On this computer, in the network namespace of this process. */
export function runTool(program: string, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: TIME,
      killSignal: 'SIGKILL',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    });
    const parts: Buffer[] = [];
    let size = 0;
    let trouble = '';
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MOST_OUT) child.kill('SIGKILL');
      else parts.push(part);
    });
    child.stderr.on('data', (part: Buffer) => {
      if (trouble.length < MOST_TROUBLE)
        trouble += part.toString('utf8').slice(0, MOST_TROUBLE - trouble.length);
    });
    // Who ends before it has read everything is told about by its exit code.
    child.stdin.on('error', () => {});
    child.on('error', (error) => resolve({ code: null, out: '', trouble: `${program}: ${error.message}` }));
    child.on('close', (code, signal) => {
      const late = signal === null ? '' : `${program} was ended after ${TIME / 1_000} s, or said too much`;
      resolve({ code, out: Buffer.concat(parts).toString('utf8'), trouble: late || trouble.trim() });
    });
    child.stdin.end(input);
  });
}

/** Writes a transaction; null, or what nft complained of. */
export async function writeRules(run: RunTool, text: string): Promise<string | null> {
  const { code, trouble } = await run('nft', ['-f', '-'], text);
  return code === 0 ? null : firstLine(trouble);
}

function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? 'nft failed and said nothing').slice(0, 250);
}
