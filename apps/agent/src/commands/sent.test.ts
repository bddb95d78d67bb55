import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keptLines, laneIn, NOON } from '../ship/lane.fixture.ts';
import { PROGRAM } from '../testing/agent-process.ts';
import { folderForTest } from '../testing/folder.ts';
import { headOf, safeText } from './sent.ts';

function sent(...args: string[]) {
  if (!existsSync(PROGRAM)) throw new Error('the agent is not built: run `npm run build`');
  return spawnSync(process.execPath, [PROGRAM, 'sent', ...args], { encoding: 'utf8' });
}

describe('bellwether-agent sent', () => {
  it('shows the bytes that left the building, with time, sensor and number, and what waits', async () => {
    const folder = folderForTest();
    const lane = await laneIn(join(folder, 'ship', 'web'));
    await lane.writer.keepLines(keptLines(['one \x1b[31m', 'two']));
    const due = await lane.reader.nextBatch();
    await lane.reader.settle('kept');
    await lane.writer.keepLines(keptLines(['three']));
    await lane.writer.keepLines(keptLines(['four']));

    const { stdout, status } = sent('--folder', folder);
    expect(status).toBe(0);
    expect(stdout).toContain(`2026-11-22T12:00:00.000Z web batch 1: 2 lines, ${due?.lines.length} bytes`);
    expect(stdout).toContain('one \x1b[31m\ntwo\n');
    expect(stdout).toContain('--- web: 2 lines wait since 2026-11-22T12:00:00.000Z, 11 bytes');
    expect(stdout).not.toContain('three');
    expect(sent('--folder', folder, '--last', '0').stdout).not.toContain('two');

    const [first] = sent('--folder', folder, '--json').stdout.split('\n');
    const batch = JSON.parse(first as string) as { content: string; outcome: string; sequence: number };
    expect(batch).toMatchObject({ sensor: 'web', sequence: 1, outcome: 'kept', at: NOON });
    expect(Buffer.from(batch.content, 'base64')).toEqual(due?.lines);
  });

  it('goes on with what is sent from now on', async () => {
    const folder = folderForTest();
    const lane = await laneIn(join(folder, 'ship', 'web'));
    await lane.writer.keepLines(keptLines(['one']));
    await lane.reader.nextBatch();
    await lane.reader.settle('kept');
    const child = spawn(process.execPath, [PROGRAM, 'sent', '--folder', folder, '--follow']);
    onTestFinished(() => void child.kill('SIGKILL'));
    let heard = '';
    const until = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => heard.includes(text) && resolve();
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    await until('nothing waits');
    await lane.writer.keepLines(keptLines(['two']));
    await lane.reader.nextBatch();
    await until('batch 2');
    await lane.reader.settle('kept');
    expect(heard.match(/batch 1/g)).toHaveLength(1);
  });

  it('says what is missing, and how it is used', () => {
    const folder = folderForTest();
    expect(sent('--folder', folder)).toMatchObject({ status: 1, stdout: '' });
    expect(sent('--folder', folder, '--last', 'x').status).toBe(2);
    expect(sent('--nothing').status).toBe(2);
  });

  it('tells what the hub said in a sentence', () => {
    const cut = { sequence: 7, at: NOON, from: 0, to: 1, records: 1, lines: 2, bytes: 3, packed: 4 };
    const batch = { sensor: 'fw', segment: 1, cut };
    expect(headOf(batch)).toMatch(/no answer yet$/);
    const settled = { sequence: 7, settled: NOON, outcome: 'refused', why: 'too old' } as const;
    expect(headOf({ ...batch, settled })).toMatch(/refused it at 2026-11-22T12:00:00.000Z: too old$/);
  });

  it('lets no line steer a terminal', () => {
    expect(safeText(Buffer.from('a\tb\x1b[2J\x07\u009b1m é\n'))).toBe('a\tb\\x1b[2J\\x07\\x9b1m é\n');
  });
});
