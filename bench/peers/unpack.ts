/**
 * Debian packages of the peers, downloaded and unpacked in the cache folder. Nothing is installed and no service of the
 * machine is touched: what runs is started by the bench, listens on the loopback only, and ends with the bench.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Unpacks packages over each other into `into`; gives the version of the first one, or why it cannot be done. */
export function unpack(
  packages: readonly string[],
  debs: string,
  into: string,
): { version: string } | { reason: string } {
  mkdirSync(debs, { recursive: true });
  const missing = packages.filter((name) => debOf(debs, name) === undefined);
  if (missing.length > 0) {
    const reason = download(missing, debs);
    if (reason !== null) return { reason };
  }
  const files = packages.map((name) => debOf(debs, name)!);
  if (!existsSync(into)) {
    for (const file of files) {
      const { status, stderr } = spawnSync('dpkg-deb', ['-x', file, into], { encoding: 'utf8' });
      if (status === 0) continue;
      rmSync(into, { recursive: true, force: true });
      return { reason: `dpkg-deb: ${stderr.trim()}` };
    }
  }
  return { version: decodeURIComponent(files[0]!.split('_')[1]!) };
}

function download(packages: readonly string[], debs: string): string | null {
  const get = () => spawnSync('apt-get', ['download', '-q', ...packages], { cwd: debs, encoding: 'utf8' });
  let { status, stderr, error } = get();
  if (error) return 'no apt-get here: the peers are measured as Debian packages them';
  if (status !== 0 && process.getuid?.() === 0) {
    spawnSync('apt-get', ['update', '-q']);
    ({ status, stderr } = get());
  }
  return status === 0 ? null : `apt-get download failed: ${stderr.trim().split('\n').at(-1)}`;
}

function debOf(debs: string, name: string): string | undefined {
  const file = readdirSync(debs).find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb'));
  return file === undefined ? undefined : join(debs, file);
}

/** Where a program is on the PATH, or undefined. */
export function programPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
