import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createVault, erasureComplete, openVault, VAULT_BACKUP_DAYS, Vault } from './vault.ts';

const NOVEMBER = Date.parse('2026-11-20T12:00Z');
const DECEMBER = Date.parse('2026-12-02T12:00Z');

/** More than two chunks. */
const MANY = 9_000;

describe('the vault', () => {
  it('gives back every key that it was made of, and those that were added', async () => {
    const { vault, pairs } = made(MANY);
    const [handle, key] = [random(), random()];
    (await vault.addKeys([handle], [key])).okOrThrow();

    const asked = [pairs[0]!, pairs[4_095]!, pairs[4_096]!, pairs[MANY - 1]!];
    const found = (await vault.keysFor([...asked.map((pair) => pair.handle), handle, random()])).okOrThrow();

    expect(found).toEqual([...asked.map((pair) => pair.key), key, null]);
    const handles = Buffer.concat([...pairs.map((pair) => pair.handle), handle].sort(Buffer.compare));
    const out = new Uint8Array(handles.length);
    expect(vault.readKeys(handles, out).okOrThrow()).toBe(0);
    const at = handles.indexOf(handle);
    expect(Buffer.from(out.subarray(at, at + 32)).equals(key)).toBe(true);
  });

  it('tells how many keys it misses', () => {
    const { vault, pairs } = made(3);
    const handles = Buffer.concat([pairs[0]!.handle, pairs[1]!.handle, Buffer.alloc(32, 0xff)]);

    expect(vault.readKeys(handles, new Uint8Array(handles.length)).okOrThrow()).toBe(1);
  });

  it('has no key in the clear, and only the owner may read its files', async () => {
    const { folder, vault, pairs } = made(100);
    (await vault.addKeys([random()], [random()])).okOrThrow();

    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      expect(pairs.some(({ key }) => bytes.includes(Buffer.from(key)))).toBe(false);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('forgets an erased key, whatever copies of its file there are, and keeps all others', async () => {
    const { folder, vault, pairs } = made(MANY);
    const copy = readFileSync(join(folder, 'voter-keys'));
    const { handle } = pairs[5_000]!;

    const erased = (await vault.eraseKey(handle)).okOrThrow();

    expect(erased.completeFrom).toBe('2026-12-25');
    const found = (await vault.keysFor([handle, pairs[4_999]!.handle, pairs[5_001]!.handle])).okOrThrow();
    expect(found).toEqual([null, pairs[4_999]!.key, pairs[5_001]!.key]);
    expect(readdirSync(folder).sort()).toEqual(['key-2026-11.2', 'voter-keys']);
    // The copy from before: its vault key is gone.
    writeFileSync(join(folder, 'voter-keys'), copy);
    const again = await vault.keysFor([handle]);
    expect(again.isErr() && again.error.code).toBe('ROLL_VAULT_UNUSABLE');
  });

  it('wraps everything again with the first addition of a month', async () => {
    const { folder, pairs } = made(10);
    const later = new Vault(folder, () => DECEMBER);
    (await later.addKeys([random()], [random()])).okOrThrow();

    expect(readdirSync(folder).sort()).toEqual(['key-2026-12', 'voter-keys']);
    expect((await later.keysFor([pairs[3]!.handle])).okOrThrow()).toEqual([pairs[3]!.key]);
  });

  it('goes on behind an addition that was cut off', async () => {
    const { folder, vault, pairs } = made(10);
    (await vault.addKeys([random()], [random()])).okOrThrow();
    const path = join(folder, 'voter-keys');
    truncateSync(path, statSync(path).size - 5);
    const [handle, key] = [random(), random()];
    (await vault.addKeys([handle], [key])).okOrThrow();

    expect((await vault.keysFor([handle, pairs[9]!.handle])).okOrThrow()).toEqual([key, pairs[9]!.key]);
  });

  it('destroys vault keys that wrap nothing when its keeper opens it', async () => {
    const { folder } = made(10);
    writeFileSync(join(folder, 'key-2026-10'), randomBytes(32), { mode: 0o600 });

    (await openVault(folder, () => NOVEMBER)).okOrThrow();

    expect(readdirSync(folder).sort()).toEqual(['key-2026-11', 'voter-keys']);
  });

  it.each([
    ['the folder', ''],
    ['the file', 'voter-keys'],
    ['the key', 'key-2026-11'],
  ])('is refused when others may read %s', async (_, name) => {
    const { folder } = made(10);
    chmodSync(join(folder, name), 0o755);

    const opened = await openVault(folder, () => NOVEMBER);

    expect(opened.isErr() && opened.error).toMatchObject({ code: 'ROLL_VAULT_UNUSABLE' });
  });

  it('notices any byte that was changed', async () => {
    const { folder, vault, pairs } = made(20);
    const path = join(folder, 'voter-keys');
    const whole = readFileSync(path);
    const start = whole.indexOf('\n') + 1;
    for (let at = start; at < whole.length; at += 37) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 0x10;
      writeFileSync(path, bytes);

      const found = await vault.keysFor([pairs[7]!.handle]);
      expect(found.isErr() || found.value[0] === null).toBe(true);
    }
  });

  it('says from which day no copy holds an erased key', () => {
    expect(VAULT_BACKUP_DAYS).toBe(35);
    expect(erasureComplete('2026-11-20')).toBe('2026-12-25');
  });
});

type Made = {
  readonly folder: string;
  readonly vault: Vault;
  readonly pairs: readonly { readonly handle: Uint8Array; readonly key: Uint8Array }[];
};

function made(count: number): Made {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-vault-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const pairs = Array.from({ length: count }, () => ({ handle: random(), key: random() })).sort((a, b) =>
    Buffer.compare(a.handle, b.handle),
  );
  const bytes = Buffer.concat(pairs.flatMap(({ handle, key }) => [handle, key]));
  createVault(folder, bytes, () => NOVEMBER);
  return { folder, vault: new Vault(folder, () => NOVEMBER), pairs };
}

function random(): Uint8Array {
  return Uint8Array.from(randomBytes(32));
}
