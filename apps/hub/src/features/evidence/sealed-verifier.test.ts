import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder, openIn } from '../../platform/evidence/log.fixture.ts';
import { sealedVerifier, sealVerifier } from './sealed-verifier.ts';

it('seals the hashes of a verifier once, again when they change, and nothing that is no list of hashes', async () => {
  const folder = newFolder();
  const log = (await openIn(folder)).okOrThrow();
  const privateFolder = join(folder, 'private');
  const sums = join(folder, 'SHA256SUMS');
  const seal = async (version = '1.0.0') =>
    (await sealVerifier({ log, privateFolder, sums, version })).okOrThrow();
  await seal();
  expect(await sealedVerifier(privateFolder)).toBeNull();
  for (const text of ['', 'no hash\n', `${'a'.repeat(64)}  ../../etc/passwd\n`]) {
    writeFileSync(sums, text);
    await seal();
  }
  expect(log.size).toBe(0n);
  const files = { 'bellwether-verify.html': 'b'.repeat(64), 'bellwether-verify.js': 'a'.repeat(64) };
  writeFileSync(
    sums,
    Object.entries(files)
      .map(([name, hash]) => `${hash}  ${name}\n`)
      .join(''),
  );
  await seal();
  await seal();
  expect(log.size).toBe(1n);
  const entry = JSON.parse(Buffer.from((await log.entry(0n)).okOrThrow()!).toString());
  expect(entry).toEqual({ type: 'verifier', version: '1.0.0', files });
  expect(await sealedVerifier(privateFolder)).toEqual({ index: '0', version: '1.0.0', files });
  await seal('1.0.1');
  expect((await sealedVerifier(privateFolder))?.index).toBe('1');
  await log.close();
});
