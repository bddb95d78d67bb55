import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openGiven } from './given.ts';
import { type Issued, Issuer } from './issued.fixture.ts';

const NAME = 'hub.example.gov';

/** Long enough for the busiest machine: it is only waited for what does not come. */
const patient = { timeout: 60_000 };

let issuer: Issuer;
let old: Issued & { chain: string };
let renewed: Issued & { chain: string };
let folder: string;
let count = 0;
beforeAll(() => {
  issuer = new Issuer();
  old = issuer.leaf(NAME);
  renewed = issuer.leaf(NAME, { days: 200 });
});
afterAll(() => issuer.remove());
beforeEach(() => {
  folder = join(issuer.folder, `given-${count++}`);
  mkdirSync(folder);
  put(old);
});

const at = (name: string): string => join(folder, name);

/** Puts a pair in place of the one that is there, each file in one step. */
function put({ chain, secret }: { chain: string; secret: string }): void {
  for (const [name, text] of [
    ['hub.crt', chain],
    ['hub.key', secret],
  ] as const) {
    writeFileSync(at('new'), text, { mode: 0o600 });
    renameSync(at('new'), at(name));
  }
}

/** Opens the pair in the folder, reads again each 5 ms, and keeps what was told. */
async function opened(now: () => number = Date.now) {
  const troubles: (string | null)[] = [];
  const files = { name: NAME, certificate: at('hub.crt'), key: at('hub.key') };
  const source = await openGiven(files, now, { every: 5, onTrouble: (one) => troubles.push(one) });
  if (source.isOk()) onTestFinished(() => source.value.close());
  return { source, troubles };
}

describe('a given certificate', () => {
  it('is served as it is in its files', async () => {
    const { source } = await opened();

    expect(source.okOrThrow().current).toMatchObject({ cert: old.chain });
    expect(source.okOrThrow()).toMatchObject({ fingerprint: null, trouble: null });
  });

  it('gives way to a new one, and who serves it is told once', async () => {
    const source = (await opened()).source.okOrThrow();
    const told: string[] = [];
    source.onChange(({ cert }) => void told.push(cert));

    put(renewed);

    await expect.poll(() => told, patient).toEqual([renewed.chain]);
    expect(source.current?.cert).toBe(renewed.chain);
    expect(source.trouble).toBeNull();
  });

  it('is followed over links that are exchanged', async () => {
    for (const [name, pair] of [['one', old] as const, ['two', renewed] as const]) {
      mkdirSync(at(name));
      writeFileSync(join(at(name), 'hub.crt'), pair.chain);
      writeFileSync(join(at(name), 'hub.key'), pair.secret, { mode: 0o600 });
    }
    for (const name of ['hub.crt', 'hub.key']) rmSync(at(name));
    symlinkSync('one', at('live'));
    for (const name of ['hub.crt', 'hub.key']) symlinkSync(join('live', name), at(name));
    const source = (await opened()).source.okOrThrow();
    expect(source.current?.cert).toBe(old.chain);

    symlinkSync('two', at('next'));
    renameSync(at('next'), at('live'));

    await expect.poll(() => source.current?.cert, patient).toBe(renewed.chain);
  });

  it.each([
    ['damaged', () => writeFileSync(at('hub.crt'), 'x'), 'TLS_CERTIFICATE_INVALID'],
    ['gone', () => rmSync(at('hub.crt')), 'TLS_FILE_UNREADABLE'],
    ['of another key', () => writeFileSync(at('hub.crt'), renewed.chain), 'TLS_KEY_MISMATCH'],
    ['open to others', () => chmodSync(at('hub.key'), 0o644), 'TLS_KEY_OPEN'],
    ['for another name', () => put(issuer.leaf('other.example.gov')), 'TLS_CERTIFICATE_INVALID'],
  ])('that is %s later is told, and the one before is served on, until it is mended', async (_, spoil) => {
    const { source, troubles } = await opened();
    const open = source.okOrThrow();

    spoil();
    await expect.poll(() => open.trouble, patient).not.toBeNull();
    expect(open.current?.cert).toBe(old.chain);

    rmSync(at('hub.key'), { force: true });
    put(renewed);
    await expect.poll(() => open.current?.cert, patient).toBe(renewed.chain);
    expect(open.trouble).toBeNull();
    expect(troubles.at(-1)).toBeNull();
  });

  it('that ends while it is served is told, and served on', async () => {
    let time = Date.now();
    const source = (await opened(() => time)).source.okOrThrow();

    time += 91 * 86_400_000;

    await expect.poll(() => source.trouble, patient).toContain('it ended on');
    expect(source.current?.cert).toBe(old.chain);
  });

  it('may have a key that its group reads', async () => {
    chmodSync(at('hub.key'), 0o640);

    expect((await opened()).source.isOk()).toBe(true);
  });

  it.each([
    ['no file', () => rmSync(at('hub.key')), 'TLS_FILE_UNREADABLE'],
    ['a pipe', () => pipe('hub.crt'), 'TLS_FILE_UNREADABLE'],
    ['a folder', () => folderAt('hub.crt'), 'TLS_FILE_UNREADABLE'],
    ['a file of 300 KB', () => writeFileSync(at('hub.crt'), Buffer.alloc(300_000)), 'TLS_FILE_UNREADABLE'],
    ['a key that all may read', () => chmodSync(at('hub.key'), 0o604), 'TLS_KEY_OPEN'],
    ['a key that its group may change', () => chmodSync(at('hub.key'), 0o660), 'TLS_KEY_OPEN'],
    ['the key of another', () => copyFileSync(renewed.key, at('hub.key')), 'TLS_KEY_MISMATCH'],
  ])('is not begun with %s', async (_, spoil, code) => {
    spoil();

    const { source } = await opened();

    expect(source.isErr() && source.error.code).toBe(code);
    // What is told never holds the key.
    expect(source.isErr() && source.error.detail).not.toContain('BEGIN');
  });
});

function pipe(name: string): void {
  rmSync(at(name));
  execFileSync('mkfifo', [at(name)]);
}

function folderAt(name: string): void {
  rmSync(at(name));
  mkdirSync(at(name));
}
