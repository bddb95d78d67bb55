/** For tests that kill: begins a roll, or reconciles one, as often as asked, in a process of its own. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bestHasher } from '../../../platform/evidence/hashing.ts';
import { openEvidenceLog } from '../../../platform/evidence/log.ts';
import { fileSigner } from '../../../platform/evidence/log-key.ts';
import { rollPaths } from '../roll-files.ts';

// The parser of mappings is CommonJS, which asks for modules of Node in its own way: there has to be one before it is loaded.
Object.assign(globalThis, { require: createRequire(import.meta.url) });
const { beginRoll } = await import('../genesis.ts');
const { reconcileRoll } = await import('../reconcile.ts');

const [step, data, live, files, origin, moment] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const paths = rollPaths(data);
const now = Number(moment);
process.stdout.write('begun\n');
if (step === 'genesis') {
  const signer = (await fileSigner(join(paths.logPrivate, 'key'), origin)).okOrThrow();
  const folders = { folder: paths.log, privateFolder: paths.logPrivate };
  const log = (await openEvidenceLog({ ...folders, origin, signer })).okOrThrow();
  const mapping = join(files, 'mapping.yaml');
  const given = { signers: null, policy: null, day: '2026-10-04', now: () => now };
  const begun = await beginRoll({ paths, log, hasher: bestHasher(), mapping, live, ...given });
  begun.okOrThrow();
  await log.close();
} else {
  const transactions = join(files, 'transactions.ndjson');
  const reading = { paths, hasher: bestHasher(), live, transactions, now, zone: 'America/Chicago' };
  (await reconcileRoll({ ...reading, isWhole: false }, 'test')).okOrThrow();
}
process.stdout.write('done\n');
