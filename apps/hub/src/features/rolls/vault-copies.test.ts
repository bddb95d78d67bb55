/** Copies of the vault: they help after a loss, and end when an erasure has to be complete. */
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder } from '../../platform/evidence/log.fixture.ts';
import { noteErased } from './erased-records.ts';
import { createVault, VAULT_BACKUP_DAYS, Vault } from './vault.ts';
import { copyVault, endVaultCopies, newestVaultCopy, type VaultCopying } from './vault-copies.ts';

const DAY = 86_400_000;
/** A night of which the month changes between the erasure and the end of the copies. */
const START = Date.parse('2026-11-20T08:10Z');

type Made = VaultCopying & {
  readonly open: Vault;
  readonly pairs: readonly { readonly handle: Uint8Array; readonly key: Uint8Array }[];
};

function made(): Made & { now: number } {
  const root = newFolder();
  const [data, folder] = [join(root, 'data'), join(root, 'copies')];
  const vault = join(data, 'vault');
  mkdirSync(folder);
  const random = () => Uint8Array.from(randomBytes(32));
  const pairs = Array.from({ length: 5_000 }, () => ({ handle: random(), key: random() })).sort((a, b) =>
    Buffer.compare(a.handle, b.handle),
  );
  createVault(vault, Buffer.concat(pairs.flatMap(({ handle, key }) => [handle, key])), () => START);
  const state = { data, folder, vault, pairs, now: START };
  return Object.assign(state, { open: new Vault(vault, () => state.now) });
}

async function keyIn(folder: string, handle: Uint8Array): Promise<Uint8Array | null> {
  return (await new Vault(folder, () => START).keysFor([handle])).okOrThrow()[0]!;
}

/** Files below a folder in which these bytes stand. */
function filesWith(folder: string, bytes: Uint8Array): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(Buffer.from(bytes)));
}

it('has an erased key in copies from before for 35 days, and nowhere after', async () => {
  const state = made();
  const { handle, key } = state.pairs[1_234]!;
  const wraps = readFileSync(join(state.vault, 'key-2026-11'));
  expect((await copyVault(state, state.now)).okOrThrow()).toBe('2026-11-20');
  const { completeFrom } = (await state.open.eraseKey(handle)).okOrThrow();
  state.now += DAY;
  (await copyVault(state, state.now)).okOrThrow();

  expect(await keyIn(join(state.folder, '2026-11-20'), handle)).toEqual(key);
  expect(await keyIn(join(state.folder, '2026-11-21'), handle)).toBeNull();
  expect(filesWith(state.folder, wraps)).toHaveLength(1);

  for (; new Date(state.now).toISOString().slice(0, 10) < completeFrom; state.now += DAY) {
    (await endVaultCopies(state.folder, state.now)).okOrThrow();
    (await copyVault(state, state.now)).okOrThrow();
    expect(readdirSync(state.folder)).toContain('2026-11-20');
  }
  expect((await endVaultCopies(state.folder, state.now)).okOrThrow()).toBe(1);

  expect(readdirSync(state.folder)).toHaveLength(VAULT_BACKUP_DAYS - 1);
  for (const name of readdirSync(state.folder))
    expect(await keyIn(join(state.folder, name), handle)).toBeNull();
  expect(await keyIn(state.vault, handle)).toBeNull();
  for (const place of [state.data, state.folder])
    expect([...filesWith(place, key), ...filesWith(place, wraps)]).toEqual([]);
});

it('copies everything that is in the vault, for the owner alone, and takes the place of a copy of that day', async () => {
  const state = made();
  (await copyVault(state, state.now)).okOrThrow();
  (await noteErased(state.vault, '1001')).okOrThrow();
  const [handle, key] = [Uint8Array.from(randomBytes(32)), Uint8Array.from(randomBytes(32))];
  (await state.open.addKeys([handle], [key])).okOrThrow();
  (await copyVault(state, state.now + 3_600_000)).okOrThrow();

  const copy = join(state.folder, '2026-11-20');
  expect(readdirSync(state.folder)).toEqual(['2026-11-20']);
  expect(readdirSync(copy).sort()).toEqual(readdirSync(state.vault).sort());
  for (const name of readdirSync(copy)) {
    expect(readFileSync(join(copy, name)).equals(readFileSync(join(state.vault, name)))).toBe(true);
    expect(statSync(join(copy, name)).mode & 0o777).toBe(0o600);
  }
  expect(await keyIn(copy, handle)).toEqual(key);
  expect(await newestVaultCopy(state.folder)).toBe('2026-11-20');
});

it('clears away what was cut off: with the next copy, and at the latest when its days are over', async () => {
  const state = made();
  const leave = (name: string) => {
    mkdirSync(join(state.folder, name));
    writeFileSync(join(state.folder, name, 'key-2026-11'), randomBytes(32));
  };
  leave('2026-11-19.new');
  leave('2026-11-20.old.new');
  (await copyVault(state, state.now)).okOrThrow();
  expect(readdirSync(state.folder)).toEqual(['2026-11-20']);
  leave('2026-11-20.new');
  mkdirSync(join(state.folder, 'lost+found'));
  (await endVaultCopies(state.folder, state.now + 34 * DAY)).okOrThrow();
  expect(readdirSync(state.folder)).toContain('2026-11-20.new');
  (await endVaultCopies(state.folder, state.now + 35 * DAY)).okOrThrow();
  expect(readdirSync(state.folder)).toEqual(['lost+found']);
});

it('is refused where the folder is missing, or lies where the loss of one disk would take both', async () => {
  const state = made();
  const detailOf = async (folder: string) => {
    const copied = await copyVault({ ...state, folder }, state.now);
    return copied.isErr() ? `${copied.error.code} ${copied.error.detail}` : 'copied';
  };
  const missing = join(state.folder, 'not-mounted');
  expect(await detailOf(missing)).toContain('make it, or mount its disk');
  expect(existsSync(missing)).toBe(false);
  mkdirSync(join(state.data, 'copies'));
  symlinkSync(join(state.data, 'copies'), join(state.folder, 'elsewhere'));
  for (const folder of [state.data, join(state.data, 'copies'), join(state.folder, 'elsewhere')])
    expect(await detailOf(folder)).toContain('would be lost with it');
  expect(await detailOf(join(state.vault, 'voter-keys'))).toContain('ROLL_VAULT_UNCOPIED');
  rmSync(state.folder, { recursive: true });
  const ended = await endVaultCopies(state.folder, state.now);
  expect(ended.isErr() && ended.error.code).toBe('ROLL_VAULT_UNCOPIED');
  expect(await newestVaultCopy(state.folder)).toBeNull();
});
