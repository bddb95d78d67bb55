/**
 * For tests that need a second process or thread: bundles a TypeScript file of ours, since Node 20 runs none, and
 * starts it. Only a process can be killed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ESBUILD = fileURLToPath(new URL('../../../../../node_modules/.bin/esbuild', import.meta.url));

/** Bundles the file at `source` into the folder; gives the path of what can be run. */
export function bundle(source: URL, folder: string): string {
  const bundled = join(folder, `${source.pathname.split('/').at(-1)}.mjs`);
  const options = [
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--log-level=error',
    // CommonJS packages in it ask for modules of Node by `require`, which such a file does not have.
    "--banner:js=import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
    `--outfile=${bundled}`,
  ];
  execFileSync(ESBUILD, [fileURLToPath(source), ...options], { stdio: 'inherit' });
  return bundled;
}

/** A process of ours, and what it says, line by line. */
export type Child = { readonly process: ChildProcess; readonly lines: AsyncIterator<string> };

/** Starts what was bundled. What it writes to standard error is shown. */
export function startChild(bundled: string, args: readonly string[]): Child {
  const process_ = spawn(process.execPath, [bundled, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: process_.stdout! })[Symbol.asyncIterator]();
  return { process: process_, lines };
}

/** Ends it as a power cut would, and waits until it is gone. */
export async function killChild({ process: child }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
