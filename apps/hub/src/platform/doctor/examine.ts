/** All checks of one data folder, in the order in which one would look. */
import { ok, type Result } from '@bellwether/basics';
import { readConfig } from '../config.ts';
import { type DataFolder, existingFolder } from '../folder.ts';
import type { Connection } from '../postgres/connection.ts';
import { type Check, fine, wrong } from './check.ts';
import { type DatabaseFindings, databaseChecks } from './database-checks.ts';
import { helpFor } from './failures.ts';
import { httpsCheck } from './https-check.ts';
import { hubCheck, portsCheck } from './hub-checks.ts';
import { clockCheck, diskCheck, nodeCheck, permissionsCheck } from './machine-checks.ts';
import { withDatabase } from './with-database.ts';
import { witnessCheck } from './witness-check.ts';

/** What is looked at. */
export type ExamineOptions = {
  readonly path: string;
  readonly databaseUrl: string | undefined;
  readonly now: number;
};

/** Looks at everything that a hub needs. */
export async function examine({ path, databaseUrl, now }: ExamineOptions): Promise<Check[]> {
  const folder = existingFolder(path);
  if (folder.isErr()) {
    const help = helpFor(folder.error);
    return [nodeCheck(), clockCheck(now, undefined), wrong('folder', folder.error.reason, help)];
  }
  const hub = await hubCheck(folder.value);
  const records = await recordChecks(folder.value, databaseUrl, now);
  return [
    nodeCheck(),
    diskCheck(folder.value.path),
    clockCheck(now, records.newest),
    permissionsCheck(folder.value),
    ...(await configChecks(folder.value, hub.ok, now)),
    ...records.checks,
    await witnessCheck(folder.value, hub.ok, now),
    hub,
  ];
}

async function recordChecks(
  folder: DataFolder,
  databaseUrl: string | undefined,
  now: number,
): Promise<DatabaseFindings> {
  const look = async (connection: Connection): Promise<Result<DatabaseFindings, never>> =>
    ok(await databaseChecks(connection, folder, now));
  const found = await withDatabase(folder, databaseUrl, look);
  if (found.isOk()) return found.value;
  return { checks: [wrong('postgres', found.error.reason, helpFor(found.error))], newest: undefined };
}

/** The configuration can be read; where no hub runs, its ports are free; the certificate that it names can be served. */
async function configChecks(folder: DataFolder, running: boolean, now: number): Promise<Check[]> {
  const read = readConfig(folder.config);
  if (read.isErr()) return [wrong('configuration', read.error.detail, 'Mend the place that is named.')];
  const ports = running ? fine('configuration', 'it has no mistakes') : await portsCheck(read.value);
  return [ports, await httpsCheck(read.value, folder, now)];
}
