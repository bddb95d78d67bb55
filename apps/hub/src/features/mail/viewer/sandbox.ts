/**
 * Runs one program of this machine on one foreign file, with nothing around it: no network, no other files, a user of its own, and limits of
 * time, memory and output (bubblewrap, prlimit). What it writes is read, and the folder removed, whatever happened.
 */
import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Seconds of work: a page takes a tenth of one, and what takes longer is meant to. */
const CPU_SECONDS = 20;

/** From start to end, ms. */
const WITHIN = 30_000;

/** Memory of the program, bytes. */
const MEMORY = 1_500_000_000;

/** Bytes of one file that it writes, and of all files that are read. */
const MOST_FILE = 16_777_216;
const MOST_ALL = 33_554_432;

/** Files that are read. */
const MOST_FILES = 32;

/** Processes and threads of the program. */
const MOST_PROCESSES = 64;

/** Where the file lies for the program, and where it writes. */
export const INPUT = '/input';
export const OUTPUT = '/output';

/** What came of it. `files`: in the order of their names. */
export type Sandboxed =
  | { readonly ran: true; readonly files: readonly Uint8Array[] }
  | { readonly ran: false; readonly why: string };

/** How it is run. */
export type SandboxOptions = {
  /** Seconds of CPU. */
  readonly seconds?: number;
  /** Files that the program finds beside its input, by their paths there: its settings. It may change them. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** Runs it. Programs that are not there, and machines that allow no such thing, are no error: nothing ran. */
export async function inSandbox(
  program: string,
  args: readonly string[],
  input: Uint8Array,
  { seconds = CPU_SECONDS, settings = {} }: SandboxOptions = {},
): Promise<Sandboxed> {
  for (const needed of ['bwrap', 'prlimit', program])
    if (!isOnPath(needed)) return { ran: false, why: `${needed} is not installed here` };
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-view-'));
  try {
    const [file, output] = [join(folder, 'input'), mkdtempSync(join(folder, 'output-'))];
    writeFileSync(file, input, { mode: 0o600 });
    const binds = Object.entries(settings).flatMap(([path, text], at) => {
      const own = join(folder, `settings-${at}`);
      writeFileSync(own, text, { mode: 0o600 });
      return ['--bind', own, path];
    });
    const ended = await run('bwrap', [
      ...[
        '--unshare-all',
        '--die-with-parent',
        '--new-session',
        '--clearenv',
        '--uid',
        '65534',
        '--gid',
        '65534',
      ],
      ...['--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/lib', '/lib'],
      ...['--symlink', 'usr/lib64', '/lib64', '--ro-bind-try', '/etc/fonts', '/etc/fonts'],
      ...['--ro-bind-try', '/etc/libreoffice', '/etc/libreoffice'],
      ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache', '--proc', '/proc', '--dev', '/dev'],
      ...['--tmpfs', '/tmp', '--setenv', 'HOME', '/tmp', '--setenv', 'PATH', '/usr/bin'],
      ...['--ro-bind', file, INPUT, '--bind', output, OUTPUT, ...binds, '--'],
      ...[
        'prlimit',
        `--cpu=${seconds}`,
        `--as=${MEMORY}`,
        `--fsize=${MOST_FILE}`,
        `--nproc=${MOST_PROCESSES}`,
        '--core=0',
        '--',
      ],
      ...[program, ...args],
    ]);
    const files = readBounded(output);
    // A file with faults in it is shown as far as it goes.
    return ended === null || files.length > 0 ? { ran: true, files } : { ran: false, why: ended };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Null: it ended well; else why not. */
function run(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: WITHIN, killSignal: 'SIGKILL', maxBuffer: 65_536, env: {} } as const;
    execFile(
      program,
      args,
      { ...options, env: { PATH: process.env.PATH ?? '/usr/bin' } },
      (error, _out, said) => {
        if (error === null) return resolve(null);
        if (error.killed === true) return resolve(`it took longer than ${WITHIN / 1_000} seconds`);
        resolve(said.trim().split('\n').at(-1)?.slice(0, 200) || 'it broke off');
      },
    );
  });
}

function readBounded(folder: string): Uint8Array[] {
  const files: Uint8Array[] = [];
  let all = 0;
  for (const name of readdirSync(folder).sort().slice(0, MOST_FILES)) {
    const path = join(folder, name);
    const { size } = statSync(path);
    all += size;
    if (size > MOST_FILE || all > MOST_ALL) break;
    files.push(readFileSync(path));
  }
  return files;
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '/usr/bin').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
