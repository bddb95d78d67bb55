/**
 * A process that runs what a hub of several processes stands on, for benches: PostgreSQL and NATS, in a folder. It says
 * where they are as one line of JSON, and ends when its standard input does.
 *
 *     neighbours FOLDER
 */

import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NatsServer } from '../../platform/bus/testing/nats-server.ts';
import { openFolder } from '../../platform/folder.ts';
import { clientConfig } from '../../platform/postgres/connection.ts';
import { startPostgres } from '../../platform/postgres/server.ts';

const root = process.argv[2]!;
mkdirSync(root, { recursive: true });
const folder = openFolder(join(root, 'database'));
if (folder.isErr()) throw new Error(folder.error.reason);
const postgres = await startPostgres({ folder: folder.value });
if (postgres.isErr()) throw new Error(postgres.error.code);
const { host, user, database, port } = clientConfig(postgres.value.connection);
const nats = await NatsServer.begin(root);
process.stdout.write(
  `${JSON.stringify({
    databaseUrl: `postgresql://${user}@/${database}?host=${encodeURIComponent(String(host))}&port=${port}`,
    nats: nats.url,
    natsPid: nats.pid,
  })}\n`,
);
process.stdin.resume();
await once(process.stdin, 'end');
await nats.end();
await postgres.value.stop();
process.exit();
