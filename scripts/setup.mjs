/** `npm run setup`: from a fresh clone to a `bellwether` that runs. Quick when there is nothing to do. */
import { installPackages, runNode } from './install.mjs';

installPackages();
const status = runNode(['scripts/build.mjs']);
if (status === 0) process.stdout.write('Ready: npx bellwether --help\n');
process.exitCode = status;
