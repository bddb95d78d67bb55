/**
 * `npm test`: installs what is missing, builds, and runs every test there is: unit, property, scenario,
 * documentation, house. Ends with one plain line `N passed, N failed`; exits 1 when anything failed.
 * Arguments after `--` go to Vitest, to run less.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { installPackages, ROOT, runNode } from './install.mjs';
import { installMissing, TEST_NEEDS } from './machine.mjs';

installPackages();
if (!installMissing(TEST_NEEDS)) process.exit(1);
if (runNode(['scripts/build.mjs']) !== 0) finish(0, 1);

/**
 * Databases and logs of tests wait for the disk at every commit: in memory they do not, and half of the time is gone. What a killed process
 * left behind is the same there. Only where there is room, since a container has little of it.
 */
const MEMORY = '/dev/shm';
const MEMORY_NEEDED = 8 * 2 ** 30;
const scratch = scratchInMemory();

const report = join(ROOT, '.build/tests.json');
mkdirSync(join(ROOT, '.build'), { recursive: true });
rmSync(report, { force: true });
const status = runNode([
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
const { passed, failed, notRun } = totals(report);
if (notRun > 0) {
  if (process.env.BELLWETHER_CORPORA === undefined) {
    process.stdout.write(`${notRun} not run: they read real data, and BELLWETHER_CORPORA names no folder\n`);
  } else {
    process.stdout.write(
      `${notRun} not run, though BELLWETHER_CORPORA is set: nothing may be skipped then\n`,
    );
  }
}
const skippedForNoReason = process.env.BELLWETHER_CORPORA === undefined ? 0 : notRun;
// Vitest also fails for what is no test of its own: an error outside any test, or no test at all.
const elsewhere = status !== 0 && failed === 0 ? 1 : 0;
finish(passed, failed + skippedForNoReason + elsewhere);

/** A folder in memory for what tests write, named to them as TMPDIR; undefined where there is no room. */
function scratchInMemory() {
  if (process.env.TMPDIR !== undefined || !existsSync(MEMORY)) return undefined;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < MEMORY_NEEDED || freemem() < MEMORY_NEEDED) return undefined;
  const folder = mkdtempSync(join(MEMORY, 'bellwether-tests-'));
  // PostgreSQL runs as another user, who has to pass through.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  return folder;
}

/** Sums the report up. A file that cannot be loaded has no tests in it, and counts as one failure. */
function totals(path) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return { passed: 0, failed: 1, notRun: 0 };
  }
  const tests = results.flatMap((file) => file.assertionResults);
  const unloaded = results.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  return { passed, failed: failed + unloaded.length, notRun: tests.length - passed - failed };
}

function finish(passed, failed) {
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exit(failed === 0 ? 0 : 1);
}
