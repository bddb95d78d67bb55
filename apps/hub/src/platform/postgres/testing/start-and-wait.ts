/** For a test: a process that starts the database of a folder, says where it is, and waits to be killed. */
import { openFolder } from '../../folder.ts';
import { startPostgres } from '../server.ts';

const folder = openFolder(process.argv[2]!).okOrThrow();
const server = (await startPostgres({ folder })).okOrThrow();
process.stdout.write(`${server.pid}\n`);
setInterval(() => undefined, 60_000);
