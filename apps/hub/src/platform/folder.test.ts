import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { existingFolder, FOLDER_VERSION, openFolder, usualFolder } from './folder.ts';

const made: string[] = [];

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

function place(): string {
  const path = mkdtempSync(join(tmpdir(), 'bellwether-'));
  made.push(path);
  return path;
}

describe('the data folder', () => {
  it.each([
    [{ BELLWETHER_DATA: '/data' }, 0, '/data'],
    [{}, 0, '/var/lib/bellwether'],
    [{ BELLWETHER_DATA: '', HOME: '/home/ada' }, 1000, '/home/ada/.local/state/bellwether'],
    [{ XDG_STATE_HOME: '/state', HOME: '/home/ada' }, 1000, '/state/bellwether'],
  ])('with %j and user %i is %s', (env, uid, path) => {
    expect(usualFolder(env, uid)).toBe(path);
  });

  it('is made with its folders, all closed to others', () => {
    const folder = openFolder(join(place(), 'a', 'b')).okOrThrow();

    for (const path of [folder.path, folder.journal, folder.history, folder.snapshots, folder.backups]) {
      expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o700]);
    }
    expect(existingFolder(folder.path)).toEqual(openFolder(folder.path));
  });

  it('is closed to others where somebody opened it, but for PostgreSQL’s user, who passes through', () => {
    const { path } = openFolder(place()).okOrThrow();
    chmodSync(path, 0o755);
    openFolder(path).okOrThrow();

    expect(statSync(path).mode & 0o777).toBe(0o710);
  });

  it('is refused as it is when a newer version wrote it', () => {
    const path = place();
    writeFileSync(join(path, 'version'), `${FOLDER_VERSION + 1}\n`);
    mkdirSync(join(path, 'from-the-future'));

    for (const open of [openFolder, existingFolder]) {
      expect(open(path)).toMatchObject({ error: { code: 'FOLDER_NEWER' } });
    }
    expect(readdirSync(path).sort()).toEqual(['from-the-future', 'version']);
  });

  it('may have been prepared with a configuration', () => {
    const path = place();
    writeFileSync(join(path, 'bellwether.yaml'), 'port: 8118\n');

    expect(openFolder(path).isOk()).toBe(true);
  });

  it.each(['', 'one', '0', '1.5', '-1', '99999999999999999999'])('is refused with the version %j', (text) => {
    const path = place();
    writeFileSync(join(path, 'version'), text);

    expect(openFolder(path)).toMatchObject({ error: { code: 'FOLDER_NOT_OURS' } });
  });

  it('is not made of a folder that holds something else', () => {
    const path = place();
    writeFileSync(join(path, 'letters.txt'), '');

    expect(openFolder(path)).toMatchObject({ error: { code: 'FOLDER_NOT_OURS' } });
    expect(readdirSync(path)).toEqual(['letters.txt']);
  });

  it('is not made by who only wants to look', () => {
    const path = join(place(), 'new');

    expect(existingFolder(path)).toMatchObject({ error: { code: 'FOLDER_MISSING' } });
    expect(existsSync(path)).toBe(false);
  });

  it('cannot be where a file is', () => {
    const path = join(place(), 'file');
    writeFileSync(path, '');

    expect(openFolder(path)).toMatchObject({ error: { code: 'FOLDER_UNWRITABLE' } });
  });
});
