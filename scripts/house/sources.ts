/** The files that the rules of the house are about. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A source file of ours: its path below the repository, with forward slashes, and its text. */
export type Source = { readonly path: string; readonly text: string };

/** Where sources of ours are. */
const FOLDERS = ['packages', 'apps', 'testkit', 'bench', 'scenarios', 'scripts'];

/** Folders that hold nothing written by hand. */
const NOT_OURS = new Set(['node_modules', 'dist', 'wasm']);

/** Every TypeScript file in the repository below the folder `root`, tests included, in order of path. */
export function allSources(root: string): Source[] {
  return FOLDERS.flatMap((folder) => filesBelow(root, folder))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Whether a file is a test, or serves tests only, and so may use what tests need. */
export function isTest(path: string): boolean {
  return /\.(?:test|fixture)\.tsx?$/.test(path) || path.includes('/testing/');
}

function filesBelow(root: string, folder: string): string[] {
  let entries: { name: string; isDirectory(): boolean }[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return NOT_OURS.has(entry.name) ? [] : filesBelow(root, path);
  });
}
