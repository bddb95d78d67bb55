/** A process for tests to kill: makes a CA, then revokes one certificate after the other, and says which. */
import { openOwnCa } from '../own.ts';

const [folder] = process.argv.slice(2) as [string];
process.stdout.write('begins\n');
const ca = (await openOwnCa(folder, () => Date.now())).okOrThrow();
for (let n = 1; ; n += 1) {
  (await ca.revokeClient(`1${n.toString(16).padStart(5, '0')}`)).okOrThrow();
  process.stdout.write(`${n}\n`);
}
