/** A process that adds entries to a log until it is killed, and says what was acknowledged: `from to`, a line each. */
import { join } from 'node:path';
import { openEvidenceLog } from '../log.ts';
import { fileSigner } from '../log-key.ts';
import { numberedEntry } from './numbered-entry.ts';

const [folder = '', seed = '1'] = process.argv.slice(2);
const signer = (await fileSigner(join(folder, 'key'), 'test.example/log')).okOrThrow();
const log = (
  await openEvidenceLog({
    folder: join(folder, 'log'),
    privateFolder: join(folder, 'private'),
    origin: 'test.example/log',
    signer,
  })
).okOrThrow();
process.stdout.write(`open ${log.size}\n`);
// Batches of one and of hundreds, several at a time, from a small generator: what lies where differs with the seed.
let state = Number(seed);
for (;;) {
  const sizes = Array.from({ length: 1 + (state % 3) }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % 5 === 0 ? 1 + (state % 700) : 1 + (state % 3);
  });
  let next = Number(log.size);
  const calls = sizes.map((count) => {
    const entries = Array.from({ length: count }, (_, i) => numberedEntry(next + i));
    next += count;
    return log.appendEntries(entries);
  });
  for (const call of calls) {
    const { from, to } = (await call).okOrThrow();
    process.stdout.write(`${from} ${to}\n`);
  }
}
