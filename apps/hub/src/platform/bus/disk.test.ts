import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openJournal } from './journal.ts';
import { openReader } from './journal-reader.ts';
import type { Journal, JournalError } from './journal-types.ts';
import { faultOf, numbered, readRecords } from './testing/numbered.ts';

const root = mkdtempSync(join(tmpdir(), 'bellwether-disk-'));
/** A disk of 4 MiB, where it may be mounted. */
const small = join(root, 'small');
let mounted = false;
let files: FileHandle;

beforeAll(async () => {
  mkdirSync(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small], { stdio: 'pipe' });
    mounted = true;
  } catch (cause) {
    console.info(`no small disk could be mounted, so it is made small by a reserve: ${String(cause)}`);
  }
  const any = await open(join(root, 'any'), 'w');
  files = Object.getPrototypeOf(any);
  await any.close();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  if (mounted) execFileSync('umount', [small]);
  rmSync(root, { recursive: true, force: true });
});

/** Writes records from that number on until one is refused; says how many were not, and why the one was. */
async function fill(journal: Journal, from: number): Promise<{ next: number; error: JournalError }> {
  for (let next = from; ; next += 1) {
    const written = await journal.record([numbered(next, next)]);
    if (written.isErr()) return { next, error: written.error };
  }
}

function faults(folder: string, to: number): (string | undefined)[] {
  return readRecords(folder, 0, to).flatMap((record, index) => faultOf(record, index) ?? []);
}

function ioError(): Error {
  return Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
}

describe('a disk that is full', () => {
  it('refuses more, keeps what was acknowledged, and goes on by itself when there is room', async ({
    skip,
  }) => {
    if (!mounted) skip();
    const folder = join(small, 'journal');
    writeFileSync(join(small, 'ballast'), new Uint8Array(1024 * 1024));
    const journal = (await openJournal(folder, { segmentBytes: 1_000_000 })).okOrThrow();

    const first = await fill(journal, 0);
    const again = await journal.record([numbered(first.next + 4, 0), numbered(7 * first.next, 0)]);
    const durable = journal.durable;
    expect(first.error.code).toBe('JOURNAL_DISK_FULL');
    expect(again).toMatchObject({ error: { code: 'JOURNAL_DISK_FULL' } });
    expect(readRecords(folder, 0, durable)).toHaveLength(first.next);

    rmSync(join(small, 'ballast'));
    const second = await fill(journal, first.next);
    expect(second.next).toBeGreaterThan(first.next + 10);
    expect(second.error.code).toBe('JOURNAL_DISK_FULL');
    expect(faults(folder, journal.durable)).toEqual([]);
    await journal.close();

    // A full disk is no reason not to start.
    const reopened = (await openJournal(folder)).okOrThrow();
    expect(reopened.durable).toBeGreaterThanOrEqual(durable);
    reopened.release(reopened.durable);
    await reopened.close();
    rmSync(folder, { recursive: true });
  });

  it('is left the reserve, and takes more when there is room again', async ({ skip }) => {
    if (!mounted) skip();
    const folder = join(small, 'reserved');
    writeFileSync(join(small, 'ballast'), new Uint8Array(1024 * 1024));
    const journal = (await openJournal(folder, { reserve: 2 * 1024 * 1024 })).okOrThrow();

    const { next, error } = await fill(journal, 0);
    expect(error.code).toBe('JOURNAL_DISK_FULL');
    expect(journal.bytes).toBeLessThan(1024 * 1024);

    rmSync(join(small, 'ballast'));
    while ((await journal.record([numbered(next, next)])).isErr()) await sleep(20);
    expect(faults(folder, journal.durable)).toEqual([]);
    await journal.close();
    rmSync(folder, { recursive: true });
  });

  it('still takes ticks, so that what was acknowledged is judged', async () => {
    const journal = (
      await openJournal(join(root, 'ticks'), { reserve: Number.MAX_SAFE_INTEGER })
    ).okOrThrow();
    const tick = { kind: 4, head: { step: 1, all: false, snapshot: false } } as const;

    const [lines, alone, both] = await Promise.all([
      journal.record([numbered(1, 1)]),
      journal.record([tick]),
      journal.record([tick, numbered(2, 2)]),
    ]);

    expect(lines).toMatchObject({ error: { code: 'JOURNAL_DISK_FULL' } });
    expect(alone).toMatchObject({ value: journal.durable });
    expect(both).toMatchObject({ error: { code: 'JOURNAL_DISK_FULL' } });
    expect(journal.waiting).toBe(0);
    await journal.close();
  });
});

describe('a disk that fails', () => {
  it.each(['datasync', 'writev'] as const)(
    'once (%s): its group is not there, and what follows is',
    async (call) => {
      const folder = join(root, `once-${call}`);
      const journal = (await openJournal(folder)).okOrThrow();
      (await journal.record([numbered(0, 0)])).okOrThrow();
      vi.spyOn(files, call).mockRejectedValueOnce(ioError());

      const lost = await Promise.all([
        journal.record([numbered(70, 70)]),
        journal.record([numbered(71, 71)]),
      ]);
      const kept = await journal.record([numbered(1, 1)]);

      const unwritable = { error: { code: 'JOURNAL_UNWRITABLE' } };
      expect(lost).toMatchObject([unwritable, unwritable]);
      expect(kept).toMatchObject({ value: journal.durable });
      expect(readRecords(folder, 0, journal.durable)).toHaveLength(2);
      expect(faults(folder, journal.durable)).toEqual([]);
      await journal.close();
      const reopened = (await openJournal(folder)).okOrThrow();
      expect(faults(folder, reopened.durable)).toEqual([]);
      await reopened.close();
    },
  );

  it('and then the machine: what failed does not come back', async () => {
    const folder = join(root, 'then-killed');
    const journal = (await openJournal(folder)).okOrThrow();
    const end = (await journal.record([numbered(0, 0)])).okOrThrow();
    vi.spyOn(files, 'datasync').mockRejectedValueOnce(ioError());
    expect((await journal.record([numbered(70, 70)])).isErr()).toBe(true);
    const left = join(root, 'left-behind');
    cpSync(folder, left, { recursive: true, filter: (path) => !path.endsWith('lock') });

    const after = (await openJournal(left)).okOrThrow();

    expect(after.durable).toBe(end);
    await after.close();
    await journal.close();
  });

  it('while a reader reads: it has seen nothing of what failed', async () => {
    const folder = join(root, 'read-meanwhile');
    const journal = (await openJournal(folder)).okOrThrow();
    const end = (await journal.record([numbered(0, 0)])).okOrThrow();
    const reader = openReader(folder, 0).okOrThrow();
    const first: (string | undefined)[] = [];
    vi.spyOn(files, 'datasync').mockImplementationOnce(async () => {
      first.push(faultOf(reader.next(end)!, 0));
      throw ioError();
    });

    const lost = await journal.record([numbered(70, 70)]);
    (await journal.record([numbered(1, 1)])).okOrThrow();

    expect(lost.isErr()).toBe(true);
    expect(first).toEqual([undefined]);
    expect(faultOf(reader.next(journal.durable)!, 1)).toBeUndefined();
    reader.close();
    await journal.close();
  });

  it('and cannot be cut back: nothing more is written until the journal is opened again', async () => {
    const folder = join(root, 'broken');
    const journal = (await openJournal(folder)).okOrThrow();
    const end = (await journal.record([numbered(0, 0)])).okOrThrow();
    vi.spyOn(files, 'datasync').mockRejectedValueOnce(ioError());
    vi.spyOn(files, 'truncate').mockRejectedValueOnce(ioError());

    const answers = [];
    for (let number = 70; number < 73; number += 1)
      answers.push(await journal.record([numbered(number, number)]));

    expect(answers.map((answer) => answer.isErr() && answer.error.code)).toEqual(
      Array.from({ length: 3 }, () => 'JOURNAL_UNWRITABLE'),
    );
    expect(journal.durable).toBe(end);
    await journal.close();
    const reopened = (await openJournal(folder)).okOrThrow();
    (await reopened.record([numbered(1, 1)])).okOrThrow();
    expect(readRecords(folder, 0, end)).toHaveLength(1);
    await reopened.close();
  });

  it('while a segment is begun: the next call begins it', async () => {
    const folder = join(root, 'turning');
    const journal = (await openJournal(folder, { segmentBytes: 25_000 })).okOrThrow();
    (await journal.record([numbered(0, 0)])).okOrThrow();
    vi.spyOn(files, 'sync').mockRejectedValueOnce(ioError());

    const lost = await journal.record([numbered(7, 7)]);
    const kept = await journal.record([numbered(1, 1)]);

    expect(lost).toMatchObject({ error: { code: 'JOURNAL_UNWRITABLE' } });
    expect(kept.isOk()).toBe(true);
    expect(faults(folder, journal.durable)).toEqual([]);
    await journal.close();
    expect((await openJournal(folder)).isOk()).toBe(true);
  });
});
