import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NoteSigner } from '@bellwether/evidence';
import { describe, expect, it } from 'vitest';
import { newFolder, ORIGIN, openIn } from './log.fixture.ts';
import { openEvidenceLog } from './log.ts';
import { fileSigner } from './log-key.ts';
import type { EvidenceLog } from './log-types.ts';
import { numberedEntry } from './testing/numbered-entry.ts';

function numbered(from: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => numberedEntry(from + i));
}

async function texts(log: EvidenceLog): Promise<string[]> {
  const all: string[] = [];
  for await (const { entries } of log.bundles(0n, log.size)) {
    all.push(...entries.map((entry) => Buffer.from(entry).toString()));
  }
  return all;
}

/** All files below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

describe('what lies beyond the log', () => {
  it('is removed at the start, whatever a broken-off step left, and nothing else is', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 600))).okOrThrow();
    await log.close();
    const before = filesIn(join(folder, 'log'));
    for (const path of ['0/002', '0/002.p/99', '0/003', '0/700.p/4', '1/000.p/3', '1/001', '2/000.p/1']) {
      const at = join(folder, 'log/tile', path);
      mkdirSync(join(at, '..'), { recursive: true });
      writeFileSync(at, 'what never was');
    }
    for (const path of ['002', '002.p/99', '002.p/90.1-7.new', '003.1-8.new', 'x001/002.p/3']) {
      const at = join(folder, 'log/tile/entries', path);
      mkdirSync(join(at, '..'), { recursive: true });
      writeFileSync(at, 'what never was');
    }
    const again = (await openIn(folder)).okOrThrow();
    expect(filesIn(join(folder, 'log'))).toEqual(before);
    expect(await texts(again)).toHaveLength(600);
    await again.close();
  });

  it('is not given out, whatever lies there', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 600))).okOrThrow();
    for (const name of ['002', '003']) writeFileSync(join(folder, 'log/tile/0', name), 'what never was');
    expect(await log.readTile({ level: 0, index: 2n, width: 88 })).toHaveLength(88 * 32);
    for (const [index, width] of [
      [2n, 89],
      [2n, 256],
      [3n, 256],
    ] as const) {
      expect(await log.readTile({ level: 0, index, width })).toBeNull();
      expect(await log.readTile({ level: 'entries', index, width })).toBeNull();
    }
    await log.close();
  });

  it('is made into the partial tile where a copy has only the full one', async () => {
    const folder = newFolder();
    let log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 300))).okOrThrow();
    await log.close();
    const signing = readFileSync(join(folder, 'private/signing.json'));
    log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(300, 300))).okOrThrow();
    await log.close();
    expect(existsSync(join(folder, 'log/tile/0/001.p'))).toBe(false);
    // A backup that read `signing` first, and the tiles after the log had grown.
    writeFileSync(join(folder, 'private/signing.json'), signing);
    log = (await openIn(folder)).okOrThrow();
    expect(log.size).toBe(300n);
    expect(readdirSync(join(folder, 'log/tile/0')).sort()).toEqual(['000', '001.p']);
    (await log.appendEntries(numbered(300, 1))).okOrThrow();
    expect(await texts(log)).toEqual(numbered(0, 301).map((entry) => Buffer.from(entry).toString()));
    await log.close();
  });
});

describe('a state that was put back', () => {
  it('is refused where a newer checkpoint waits for witnesses, though none is published', async () => {
    const folder = newFolder();
    let log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 10))).okOrThrow();
    await log.close();
    const old = newFolder();
    cpSync(folder, old, { recursive: true });
    log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(10, 10))).okOrThrow();
    writeFileSync(join(old, 'log/pending'), log.newest!);
    await log.close();
    const refused = await openIn(old);
    expect(refused.isErr() && [refused.error.code, refused.error.detail]).toEqual([
      'LOG_ROLLED_BACK',
      'the checkpoint that waits for witnesses has 20 entries, and 10 are known here',
    ]);
    rmSync(join(old, 'log/pending'));
    await (await openIn(old)).okOrThrow().close();
  });

  it('gives out what it has while it is at rest, and takes and signs nothing', async () => {
    const folder = newFolder();
    const log = (await openIn(folder)).okOrThrow();
    (await log.appendEntries(numbered(0, 10))).okOrThrow();
    await log.close();
    const { key } = (await fileSigner(join(folder, 'key'), ORIGIN)).okOrThrow();
    const resting = (
      await openEvidenceLog({
        folder: join(folder, 'log'),
        privateFolder: join(folder, 'private'),
        origin: ORIGIN,
        signer: { key, sign: () => expect.unreachable('nothing is signed') },
        atRest: 'from a backup',
      })
    ).okOrThrow();
    expect([resting.size, resting.newest, resting.trouble?.code]).toEqual([10n, null, 'LOG_AT_REST']);
    const refused = await resting.appendEntries(numbered(10, 1));
    expect(refused.isErr() && refused.error).toEqual({ code: 'LOG_AT_REST', detail: 'from a backup' });
    expect(await texts(resting)).toHaveLength(10);
    await resting.close();
  });
});

describe('a key that does not answer', () => {
  it('keeps the entries, says so, and what was kept is signed with the next ones', async () => {
    const folder = newFolder();
    const real = (await fileSigner(join(folder, 'key'), ORIGIN)).okOrThrow();
    let answers = true;
    const signer: NoteSigner = {
      key: real.key,
      sign: (message) => (answers ? real.sign(message) : Promise.reject(new Error('the agent is away'))),
    };
    const options = { folder: join(folder, 'log'), privateFolder: join(folder, 'private'), origin: ORIGIN };
    const log = (await openEvidenceLog({ ...options, signer })).okOrThrow();
    (await log.appendEntries(numbered(0, 3))).okOrThrow();
    const first = log.newest;
    answers = false;
    const unsigned = await log.appendEntries(numbered(3, 2));
    expect(unsigned.isErr() && unsigned.error).toEqual({
      code: 'LOG_UNSIGNED',
      detail: 'the agent is away',
    });
    expect([log.size, log.newest, log.trouble?.code]).toEqual([5n, first, 'LOG_UNSIGNED']);
    answers = true;
    (await log.appendEntries(numbered(5, 1))).okOrThrow();
    expect([log.newest?.split('\n')[1], log.trouble]).toEqual(['6', null]);
    expect(await texts(log)).toEqual(numbered(0, 6).map((entry) => Buffer.from(entry).toString()));
    await log.close();
    // Away at the start: it is said, and the folder is free for the next try.
    answers = false;
    const away = await openEvidenceLog({ ...options, signer });
    expect(away.isErr() && away.error).toEqual({ code: 'LOG_KEY_UNREADABLE', detail: 'the agent is away' });
    answers = true;
    await (await openEvidenceLog({ ...options, signer })).okOrThrow().close();
  });
});
