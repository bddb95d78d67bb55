/**
 * The npm packages, installed exactly as package-lock.json says, and only when they are not.
 * Runs on Node alone, since it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Node 20.19 is the first release in which a CommonJS package may require an ES module; some of ours are. */
const OLDEST_NODE = [20, 19];

/** Installs the packages unless they are there; exits with the reason when that fails. */
export function installPackages() {
  refuseOldNode();
  if (packagesAreThere()) return;
  process.stderr.write('Installing npm packages (about a minute the first time) ...\n');
  // Install scripts stay off: no package may run code of its own on the machine of an election office.
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (status === 0) return;
  process.stderr.write(`npm ci failed${error ? `: ${error.message}` : ''}. Is the npm registry reachable?\n`);
  process.exit(1);
}

/** Runs one of our scripts or tools with Node; gives its exit code. */
export function runNode(args, options = {}) {
  // In a log file, colours are noise; and the tools do not agree on when to leave them out.
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env,
    ...options,
  });
  if (error) throw error;
  return status ?? 1;
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  process.stderr.write(
    `Node ${process.versions.node} is too old: install ${OLDEST_NODE.join('.')} or newer (24 is best).\n`,
  );
  process.exit(1);
}

/** npm leaves in node_modules a list of what it installed; everything that is not optional has to be in it. */
function packagesAreThere() {
  const installed = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(installed) || !existsSync(join(ROOT, 'node_modules/.bin/bellwether'))) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || there[path]?.version === entry.version,
  );
}
