/**
 * The inputs of the benches, made once by `bellwether testkit contacts` and kept in the cache folder. Their names hold
 * format, lines, seed and the version of the generator: an input of an older generator is made again.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS, type FormatName } from '@bellwether/testkit';
import type { BenchOptions } from '../options.ts';

/** One made input. */
export type Input = {
  readonly format: FormatName;
  /** Folder of the run, with `truth.json` and `surface.yaml`. */
  readonly folder: string;
  /** The log file. */
  readonly path: string;
  readonly surface: string;
  readonly lines: number;
  readonly bytes: number;
  readonly seed: number;
};

/** The repository: benches are started there. */
export const ROOT = process.cwd();

/** The command, as people run it; BELLWETHER_COMMAND names another build, to measure before and after a change. */
export const BELLWETHER = process.env.BELLWETHER_COMMAND ?? join(ROOT, 'apps/hub/dist/bellwether.js');

/** The input with about so many lines, from the cache or made now. */
export function inputOf(options: BenchOptions, format: FormatName, lines: number, seed: number): Input {
  const [folder] = foldersOf(options, [format], lines, seed);
  return { format, folder, seed, ...fileOf(folder, format) };
}

/** One run of the generator told by several formats: the same world, seen by several sensors. */
export function worldOf(
  options: BenchOptions,
  formats: readonly FormatName[],
  lines: number,
  seed: number,
): readonly Input[] {
  const [folder] = foldersOf(options, formats, lines, seed);
  return formats.map((format) => ({ format, folder, seed, ...fileOf(folder, format) }));
}

function foldersOf(
  options: BenchOptions,
  formats: readonly FormatName[],
  lines: number,
  seed: number,
): readonly [string] {
  const stem = `${formats.join('+')}-${lines}-${seed}`;
  const parent = join(options.cache, 'inputs');
  mkdirSync(parent, { recursive: true });
  const older = readdirSync(parent).filter((name) => name.startsWith(`${stem}-`) && !name.endsWith('.part'));
  if (options.anyInputs && older[0] !== undefined) return [join(parent, older[0])];
  const folder = join(parent, `${stem}-${generatorVersion()}`);
  if (existsSync(folder)) return [folder];
  for (const name of older) rmSync(join(parent, name), { recursive: true });
  process.stderr.write(`making ${stem} in ${parent} ...\n`);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  const args = ['--lines', `${lines}`, '--seed', `${seed}`, '--formats', formats.join(','), '--out', part];
  const { status, stderr } = spawnSync(process.execPath, [BELLWETHER, 'testkit', 'contacts', ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`testkit failed for ${stem}: ${stderr}`);
  renameSync(part, folder);
  return [folder];
}

function fileOf(folder: string, format: FormatName): Pick<Input, 'path' | 'surface' | 'lines' | 'bytes'> {
  const path = join(folder, FORMATS[format].file);
  return {
    path,
    surface: join(folder, 'surface.yaml'),
    lines: countLines(folder, format),
    bytes: statSync(path).size,
  };
}

/** The head of truth.json tells the lines of each file; the sources behind it are not needed for that. */
function countLines(folder: string, format: FormatName): number {
  const text = readFileSync(join(folder, 'truth.json'), 'latin1').split('\n', 1)[0]!;
  const file = new RegExp(`"format":"${format}","lines":(\\d+)`).exec(text);
  if (file === null) throw new Error(`${folder}/truth.json has no lines of ${format}`);
  return Number(file[1]);
}

let version: string | undefined;

/** A hash of the generator's sources without its tests: any change may change the bytes that it makes. */
function generatorVersion(): string {
  version ??= hashOf(join(ROOT, 'testkit/src'));
  return version;
}

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort();
  for (const name of files)
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(folder, name)))
      .update('\0');
  return hash.digest('hex').slice(0, 12);
}
