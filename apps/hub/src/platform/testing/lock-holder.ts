/** A process that takes a folder, says `taken` or whose it is, and lives until its standard input ends. */
import { writeSync } from 'node:fs';
import { lockFolder } from '../lock.ts';

const locked = await lockFolder(process.argv[2]!);
writeSync(1, locked.isOk() ? 'taken\n' : `${locked.error.pid}\n`);
process.stdin.resume();
