import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { lockWitness } from './witness-lock.ts';

/** A process that listens at a number of the lock, and is killed: what is left of an owner that died. */
async function deadOwner(folder: string, number: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const program = `require('node:net').createServer().listen(${JSON.stringify(join(folder, `${number}`))}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', program]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the lock of a witness', () => {
  it('is refused while another has it, and given when it is given back', async () => {
    const folder = join(folderForTest(), 'lock');
    const first = (await lockWitness(folder)).okOrThrow();
    expect(await lockWitness(folder)).toMatchObject({ error: { code: 'WITNESS_STATE_IN_USE' } });
    await first.unlock();
    const second = (await lockWitness(folder)).okOrThrow();
    expect((await lockWitness(folder)).isErr()).toBe(true);
    await second.unlock();
  });

  it('is taken over from a process that was killed, and only the highest number counts', async () => {
    const folder = join(folderForTest(), 'lock');
    await deadOwner(folder, 7);
    expect(existsSync(join(folder, '7'))).toBe(true);
    const lock = (await lockWitness(folder)).okOrThrow();
    expect(readdirSync(folder)).toEqual(['8']);
    await lock.unlock();
  });

  it('has one owner among many that want it at once, whoever died before', async () => {
    const folder = join(folderForTest(), 'lock');
    await deadOwner(folder, 3);
    for (let round = 0; round < 8; round++) {
      const all = await Promise.all(Array.from({ length: 8 }, () => lockWitness(folder)));
      const owners = all.filter((one) => one.isOk());
      expect(owners.length).toBe(1);
      for (const owner of owners) await owner.okOrThrow().unlock();
    }
  });

  it('works below a path that is too long for the address of a socket', async () => {
    const folder = join(folderForTest(), 'x'.repeat(120), 'lock');
    const lock = (await lockWitness(folder)).okOrThrow();
    expect((await lockWitness(folder)).isErr()).toBe(true);
    await lock.unlock();
  });

  it('does not keep a process from ending', () => {
    const folder = join(folderForTest(), 'lock');
    const module = new URL('./witness-lock.ts', import.meta.url).pathname;
    // The bundled agent holds it over its whole run; here the source is enough, stripped of its types by esbuild.
    const program = `import { build } from 'esbuild';
      const { outputFiles } = await build({ entryPoints: [${JSON.stringify(module)}], bundle: true, write: false, format: 'esm', platform: 'node' });
      const { lockWitness } = await import('data:text/javascript;base64,' + Buffer.from(outputFiles[0].contents).toString('base64'));
      const lock = await lockWitness(${JSON.stringify(folder)});
      console.log(lock.isOk());`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(out).toBe('true\n');
  });
});
