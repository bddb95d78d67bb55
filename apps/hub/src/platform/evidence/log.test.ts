import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  checkInclusion,
  checkSignatures,
  entryHashes,
  GrowingTree,
  inclusionProof,
  leafHash,
  parseCheckpoint,
  parseNote,
} from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestHasher } from './hashing.ts';
import { newFolder, ORIGIN, openIn } from './log.fixture.ts';
import { fileSigner } from './log-key.ts';
import type { EvidenceLog } from './log-types.ts';
import { numberedEntry } from './testing/numbered-entry.ts';
import { nodeVerifier } from './verifying.ts';

const hasher = bestHasher();

function numbered(from: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => numberedEntry(from + i));
}

async function everything(log: EvidenceLog): Promise<string[]> {
  const texts: string[] = [];
  for await (const { first, entries } of log.bundles(0n, log.size)) {
    expect(first).toBe(BigInt(texts.length));
    texts.push(...entries.map((entry) => Buffer.from(entry).toString()));
  }
  return texts;
}

describe('the log on disk', () => {
  it('has the root of its entries, in whatever pieces they came, and keeps them over a restart', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (steps) => {
          const folder = newFolder();
          let log = (await openIn(folder)).okOrThrow();
          let next = 0;
          for (const together of steps) {
            const calls = together.map((count) => {
              const entries = numbered(next, count);
              next += count;
              return log.appendEntries(entries);
            });
            const places = (await Promise.all(calls)).map((call) => call.okOrThrow());
            expect(places.at(-1)!.to).toBe(BigInt(next));
            await log.close();
            log = (await openIn(folder)).okOrThrow();
            expect(log.size).toBe(BigInt(next));
          }
          const tree = new GrowingTree(hasher, () => {});
          tree.append(entryHashes(hasher, numbered(0, next)));
          expect(log.root).toEqual(tree.root());
          expect(await everything(log)).toEqual(
            numbered(0, next).map((entry) => Buffer.from(entry).toString()),
          );
          await log.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  it('signs checkpoints that prove each entry', async () => {
    const log = (await openIn(newFolder())).okOrThrow();
    expect(log.newest).toBeNull();
    const notes: string[] = [];
    log.onCheckpoint((note) => notes.push(note));
    (await log.appendEntries(numbered(0, 700))).okOrThrow();
    const note = parseNote(Buffer.from(log.newest!)).okOrThrow();
    expect(notes).toEqual([log.newest]);
    expect((await checkSignatures(note, [log.key], nodeVerifier())).isOk()).toBe(true);
    const { size, root, origin } = parseCheckpoint(note.text).okOrThrow();
    expect([origin, size]).toEqual([ORIGIN, 700n]);
    for (const index of [0n, 255n, 256n, 511n, 699n]) {
      const proof = (await inclusionProof(hasher, index, size, log.readTile)).okOrThrow();
      const entry = (await log.entry(index)).okOrThrow()!;
      expect(entry).toEqual(new Uint8Array(numberedEntry(Number(index))));
      expect(checkInclusion(hasher, { index, size, leaf: leafHash(hasher, entry), root }, proof).isOk()).toBe(
        true,
      );
    }
    expect((await log.entry(700n)).okOrThrow()).toBeNull();
    await log.close();
  });

  it('adds nothing where entries speak of their place, and another came first', async () => {
    const log = (await openIn(newFolder())).okOrThrow();
    const calls = [
      log.appendEntries(numbered(0, 3), 0n),
      log.appendEntries(numbered(3, 1), 0n),
      log.appendEntries(numbered(3, 2), 3n),
    ];
    const [first, moved, second] = await Promise.all(calls);
    expect([first!.okOrThrow().to, second!.okOrThrow().to]).toEqual([3n, 5n]);
    expect(moved!.isErr() && moved!.error.code).toBe('LOG_MOVED');
    expect(await everything(log)).toEqual(numbered(0, 5).map((entry) => Buffer.from(entry).toString()));
    await log.close();
  });

  it('keeps no partial tile where there is a full one', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 100))).okOrThrow();
    (await log.appendEntries(numbered(100, 100))).okOrThrow();
    expect(readdirSync(join(folder, 'log/tile/0')).sort()).toEqual(['000.p']);
    (await log.appendEntries(numbered(200, 100))).okOrThrow();
    expect(readdirSync(join(folder, 'log/tile/0')).sort()).toEqual(['000', '001.p']);
    expect(readdirSync(join(folder, 'log/tile/entries')).sort()).toEqual(['000', '001.p']);
    await log.close();
  });

  it('refuses a second writer, and names the first', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    const second = await openIn(folder);
    expect(second.isErr() && second.error.code).toBe('LOG_LOCKED');
    expect(second.isErr() && second.error.detail).toContain(String(process.pid));
    await log.close();
    const third = (await openIn(folder)).okOrThrow();
    await third.close();
    expect((await third.appendEntries(numbered(0, 1))).isErr()).toBe(true);
  });

  it('refuses what was changed on disk, whichever file of its edge', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 600))).okOrThrow();
    await log.close();
    for (const path of [
      'log/tile/0/002.p/88',
      'log/tile/1/000.p/2',
      'log/tile/entries/002.p/88',
      'private/signing.json',
    ]) {
      const kept = readFileSync(join(folder, path));
      const changed = Buffer.from(kept);
      changed[changed.length - 7]! ^= 1;
      writeFileSync(join(folder, path), changed);
      const refused = await openIn(folder);
      expect(refused.isErr() && refused.error.code).toBe('LOG_DAMAGED');
      rmSync(join(folder, path));
      if (!path.startsWith('private')) {
        const missing = await openIn(folder);
        expect(missing.isErr() && missing.error.code).toBe('LOG_DAMAGED');
      }
      writeFileSync(join(folder, path), kept);
    }
    await (await openIn(folder)).okOrThrow().close();
  });

  it('refuses to go on from a state that is older than what was published', async () => {
    const folder = newFolder();
    let log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 10))).okOrThrow();
    await log.close();
    const old = newFolder();
    cpSync(folder, old, { recursive: true });
    log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(10, 10))).okOrThrow();
    writeFileSync(join(old, 'log/checkpoint'), log.newest!);
    await log.close();
    const refused = await openIn(old);
    expect(refused.isErr() && refused.error.code).toBe('LOG_ROLLED_BACK');
    // Another root of the same size is a fork.
    const forked = newFolder();
    cpSync(join(folder, 'key'), join(forked, 'key'));
    const other = (await openIn(forked)).okOrThrow();
    (await other.appendEntries(numbered(50, 20))).okOrThrow();
    await other.close();
    cpSync(join(old, 'log/checkpoint'), join(forked, 'log/checkpoint'));
    const fork = await openIn(forked);
    expect(fork.isErr() && fork.error.code).toBe('LOG_ROLLED_BACK');
  });

  it('refuses a full disk, keeps what it has, and goes on when there is room', async ({ skip }) => {
    const folder = newFolder();
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (cause) {
      console.info(`no small disk could be mounted: ${String(cause)}`);
      skip();
    }
    try {
      const log = (await openIn(disk)).okOrThrow();
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(600_000));
      let acknowledged = 0;
      for (;;) {
        const added = await log.appendEntries(numbered(acknowledged, 500));
        if (added.isErr()) {
          expect(added.error.code).toBe('LOG_DISK_FULL');
          break;
        }
        acknowledged += 500;
      }
      expect(acknowledged).toBeGreaterThan(0);
      rmSync(join(disk, 'ballast'));
      (await log.appendEntries(numbered(acknowledged, 500))).okOrThrow();
      expect(await everything(log)).toEqual(
        numbered(0, acknowledged + 500).map((entry) => Buffer.from(entry).toString()),
      );
      await log.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe('the key of the log', () => {
  it('is made once, for its owner alone', async () => {
    const path = join(newFolder(), 'key');
    const made = (await fileSigner(path, ORIGIN)).okOrThrow();
    const again = (await fileSigner(path, ORIGIN)).okOrThrow();
    expect(again.key).toEqual(made.key);
    chmodSync(path, 0o640);
    const open = await fileSigner(path, ORIGIN);
    expect(open.isErr() && open.error.detail).toContain('mode 640');
  });

  it('is refused where it is another kind, or no key', async () => {
    const folder = newFolder();
    const rsa = execFileSync('openssl', ['genpkey', '-algorithm', 'X25519'], { encoding: 'utf8' });
    for (const [name, text] of [
      ['other', rsa],
      ['none', 'no key'],
      ['empty', ''],
    ] as const) {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      expect((await fileSigner(join(folder, name), ORIGIN)).isErr()).toBe(true);
    }
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
    expect((await fileSigner(join(folder, 'none/key'), ORIGIN)).isErr()).toBe(true);
  });
});
