/**
 * The `bellwether-verify` command: its first word says what is to be checked.
 *
 * Exit codes, everywhere: 0 it holds; 1 it could not be checked (the message says why); 2 wrong usage; 3 it was checked, and the answer
 * is "no".
 */

import { EXIT } from './commands/answering.ts';
import { CHECK_HELP, CHECKS, runCheck } from './commands/checks.ts';
import { ownHash } from './commands/own-hash.ts';
import { serveSignatures } from './node/signature-thread.ts';

declare const BELLWETHER_VERSION: string;

if (!serveSignatures()) {
  // Who reads our output may have seen enough (`| head`): that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.exitCode = await main(process.argv.slice(2));
}

async function main([name, ...rest]: string[]): Promise<number> {
  if (name === '--version' || name === '-V') {
    process.stdout.write(`bellwether-verify ${BELLWETHER_VERSION}\nsha256 ${ownHash()}\n`);
    return EXIT.yes;
  }
  if (name === '--help' || name === '-h') {
    process.stdout.write(CHECK_HELP);
    return EXIT.yes;
  }
  if (name !== undefined && Object.hasOwn(CHECKS, name)) return await runCheck(name, rest);
  const reason =
    name === undefined
      ? 'nothing to check is named'
      : `there is nothing called ${JSON.stringify(name)} to check`;
  process.stderr.write(`bellwether-verify: ${reason}\n\n${CHECK_HELP}`);
  return EXIT.usage;
}
