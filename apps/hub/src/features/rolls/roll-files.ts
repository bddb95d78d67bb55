/** Reading and writing the JSON files of `DATA/rolls`: bounded, in one step, for the owner alone. */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Bytes of the largest file that is read whole: a sheet of 20,000 changes takes 40 MB. */
const MOST_BYTES = 256 * 1024 * 1024;

const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;

let drafts = 0;

/** Paths below the data folder of a hub. */
export type RollPaths = {
  readonly rolls: string;
  readonly head: string;
  readonly mapping: string;
  readonly books: string;
  readonly captures: string;
  readonly sheets: string;
  readonly batches: string;
  readonly nights: string;
  readonly erasures: string;
  readonly watching: string;
  readonly extracts: string;
  readonly signers: string;
  readonly public: string;
  readonly keys: string;
  readonly vault: string;
  readonly log: string;
  readonly logPrivate: string;
};

/** The paths; looks at nothing. `vault`: its folder, where it is not in the data folder. */
export function rollPaths(data: string, vault: string = join(data, 'vault')): RollPaths {
  const rolls = join(data, 'rolls');
  return {
    rolls,
    head: join(rolls, 'roll.json'),
    mapping: join(rolls, 'mapping.yaml'),
    books: join(rolls, 'book'),
    captures: join(rolls, 'captures'),
    sheets: join(rolls, 'sheets'),
    batches: join(rolls, 'batches'),
    nights: join(rolls, 'nights'),
    erasures: join(rolls, 'erasures'),
    watching: join(rolls, 'watching'),
    extracts: join(rolls, 'extracts'),
    signers: join(rolls, 'signers'),
    public: join(rolls, 'public'),
    keys: join(data, 'rolls-keys'),
    vault,
    log: join(data, 'log'),
    logPrivate: join(data, 'log-private'),
  };
}

/** Bytes of a file; null where there is none. Throws what the file system throws, and on files beyond every bound. */
export async function readBounded(path: string, most: number = MOST_BYTES): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await file.stat();
      if (size > most) throw new RangeError(`${path} has ${size} bytes, and ${most} are the most`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A JSON file of ours; null where there is none. Throws on one that is not JSON: it was damaged. */
export async function readJson<T extends { readonly schema: string }>(
  path: string,
  schema: T['schema'],
): Promise<T | null> {
  const bytes = await readBounded(path);
  if (bytes === null) return null;
  const value = JSON.parse(bytes.toString('utf8')) as T;
  if (value?.schema !== schema) throw new SyntaxError(`${path} is no ${schema}`);
  return value;
}

/** Puts a file in its place in one step; on disk with its name when it resolves. */
export async function writeFileWhole(path: string, bytes: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: OWNER_FOLDER });
  const draft = `${path}.${process.pid}-${drafts++}.new`;
  try {
    const file = await open(draft, 'w', OWNER_ONLY);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const names = await open(folder, 'r');
  try {
    await names.sync();
  } finally {
    await names.close();
  }
}

/** The same for JSON. */
export async function writeJson(path: string, value: object): Promise<void> {
  await writeFileWhole(path, `${JSON.stringify(value)}\n`);
}

/** Names in a folder, sorted; none where there is no folder. Drafts of writes that were cut off are left out. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.endsWith('.new')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
