import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { keptLines, laneIn, linesIn, NOON, sendAll } from './lane.fixture.ts';
import { openLane } from './lane.ts';
import { Room } from './room.ts';

const HOUR = 3_600_000;

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort();
}

describe('the spool of a sensor', () => {
  it('gives lines back in their order, in batches that count up', async () => {
    const lane = await laneIn(folderForTest());
    await lane.writer.keepLines(keptLines(['one', 'two']));
    await lane.writer.keepLines(keptLines(['three']));

    expect(lane.state.lines).toBe(3);
    expect(await sendAll(lane)).toEqual([{ sequence: 1, lines: ['one', 'two', 'three'] }]);
    await lane.writer.keepLines(keptLines(['four']));
    expect(await sendAll(lane)).toEqual([{ sequence: 2, lines: ['four'] }]);
    expect(lane.state).toMatchObject({ lines: 0, bytes: 0, oldest: undefined });
    await lane.close();
  });

  it('sends a batch without an answer again as it was, though more lines came, also after a restart', async () => {
    const folder = folderForTest();
    const first = await laneIn(folder);
    await first.writer.keepLines(keptLines(['one']));
    const before = await first.reader.nextBatch();
    await first.writer.keepLines(keptLines(['two']));
    expect((await first.reader.nextBatch())?.lines).toEqual(before?.lines);

    const second = await laneIn(folder);
    expect(second.client()).toBe(first.client());
    expect(await sendAll(second)).toEqual([
      { sequence: 1, lines: ['one'] },
      { sequence: 2, lines: ['two'] },
    ]);
    expect(await sendAll(await laneIn(folder))).toEqual([]);
  });

  it('knows where each source stood, also when the segments before are gone', async () => {
    const folder = folderForTest();
    const clock = { at: NOON };
    const lane = await laneIn(folder, { clock });
    await lane.writer.keepLines(keptLines(['one'], 'a', 'behind one'));
    await lane.writer.keepLines(keptLines(['two'], 'b', 'behind two'));
    await sendAll(lane);
    clock.at += 25 * HOUR;
    await lane.writer.keepLines(keptLines(['three'], 'a', 'behind three'));
    await sendAll(lane);
    await lane.reader.forgetOld();
    await lane.close();

    const again = await laneIn(folder, { clock });
    expect(filesOf(folder, '.lines')).toEqual(['000000000002.lines']);
    expect([...again.state.places]).toEqual([
      ['a', 'behind three'],
      ['b', 'behind two'],
    ]);
    await again.writer.keepLines(keptLines(['four']));
    expect(await sendAll(again)).toEqual([{ sequence: 3, lines: ['four'] }]);
  });

  it('keeps what was sent for its time, and never forgets which number came last', async () => {
    const folder = folderForTest();
    const clock = { at: NOON };
    const lane = await laneIn(folder, { clock });
    await lane.writer.keepLines(keptLines(['one']));
    await sendAll(lane);
    clock.at += 25 * HOUR;
    await lane.writer.keepLines(keptLines(['two']));
    await lane.reader.forgetOld();
    expect(filesOf(folder, '.sent')).toEqual(['000000000001.sent']);
    await lane.close();

    expect(await sendAll(await laneIn(folder, { clock }))).toEqual([{ sequence: 2, lines: ['two'] }]);
  });

  it('forgets the oldest that was sent first where more is kept than may be', async () => {
    const folder = folderForTest();
    const lane = await laneIn(folder, { sentBytes: 5_000_000 });
    const line = 'x'.repeat(250_000);
    for (let i = 0; i < 40; i += 1) await lane.writer.keepLines(keptLines([line]));
    await lane.reader.forgetOld();
    expect(filesOf(folder, '.lines').length).toBe(5);
    expect((await sendAll(lane)).length).toBe(40);
    await lane.reader.forgetOld();
    expect(filesOf(folder, '.lines').length).toBeLessThan(4);
    await lane.close();
  });

  it('says no when there is no room, and yes when the hub has taken something', async () => {
    const lane = await laneIn(folderForTest(), { room: new Room(3_000) });
    await lane.writer.keepLines(keptLines(['x'.repeat(1_500)]));
    const refused = await lane.writer.keepLines(keptLines(['y'.repeat(1_500)]));
    expect(refused.isErr() && refused.error.code).toBe('SHIP_SPOOL_FULL');
    expect((await sendAll(lane)).length).toBe(1);
    const taken = await lane.writer.keepLines(keptLines(['y'.repeat(1_500)]));
    expect(taken.isOk()).toBe(true);
    expect((await sendAll(lane))[0]?.lines).toEqual(['y'.repeat(1_500)]);
  });

  it('counts room again after a restart as it was before', async () => {
    const folder = folderForTest();
    const room = new Room(1e6);
    const lane = await laneIn(folder, { room });
    for (let i = 0; i < 7; i += 1) await lane.writer.keepLines(keptLines([`line ${i}`]));
    await lane.reader.nextBatch();
    await lane.close();
    const later = new Room(1e6);
    const again = await laneIn(folder, { room: later });
    expect(later.used).toBe(room.used);
    await sendAll(again);
    expect(later.used).toBe(0);
  });

  it('tells of a record that the disk changed, and goes on behind it', async () => {
    const folder = folderForTest();
    const told: string[] = [];
    const lane = await laneIn(folder, { told });
    await lane.writer.keepLines(keptLines(['one']));
    const path = join(folder, '000000000001.lines');
    await lane.reader.nextBatch();
    const bytes = readFileSync(path);
    bytes[bytes.length - 2] = 0x21;
    writeFileSync(path, bytes);

    expect(await lane.reader.nextBatch()).toBeUndefined();
    expect(told.join()).toMatch(/damaged: 1 lines are lost/);
    await lane.writer.keepLines(keptLines(['two']));
    expect(await sendAll(lane)).toEqual([{ sequence: 2, lines: ['two'] }]);
  });

  it('refuses a folder whose name of a client is gone: numbers would be given twice', async () => {
    const folder = folderForTest();
    const lane = await laneIn(folder);
    await lane.close();
    writeFileSync(join(folder, 'client'), '');
    const room = new Room(1e6);
    const options = { room, now: () => NOON, pack: async (lines: Buffer) => lines, tell: () => undefined };
    const opened = await openLane(folder, { ...options, sentMs: 1, sentBytes: 1 }, () => undefined);
    expect(opened.isErr() && opened.error.code).toBe('SHIP_SPOOL_UNREADABLE');
  });

  it('loses nothing that was promised and sends nothing else, wherever a power cut leaves its files', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('keep' as const), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({
        do: fc.constantFrom('cut' as const, 'settle' as const, 'day' as const, 'forget' as const),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        fc.nat(),
        fc.nat(),
        async (steps, tornLines, tornNotes) => {
          const folder = mkdtempSync(join(folderForTest(), 'x-'));
          const clock = { at: NOON };
          const lane = await laneIn(folder, { clock });
          // What a hub would have by now, by its rule: one content for each number.
          const hub = new Map<number, string[]>();
          let written = 0;
          for (const { do: what, ...more } of steps) {
            clock.at += 1_000;
            if (what === 'keep') {
              const lines = Array.from(
                { length: 'count' in more ? more.count : 0 },
                () => `line ${written++}`,
              );
              await lane.writer.keepLines(keptLines(lines, 'test', String(written)));
            } else if (what === 'cut' || what === 'settle') {
              const due = await lane.reader.nextBatch();
              if (due === undefined) continue;
              const before = hub.get(due.cut.sequence);
              if (before !== undefined) expect(linesIn(due.lines)).toEqual(before);
              hub.set(due.cut.sequence, linesIn(due.lines));
              if (what === 'settle') await lane.reader.settle('kept');
            } else if (what === 'forget') await lane.reader.forgetOld();
            else clock.at += 25 * HOUR;
          }
          const cut = mkdtempSync(join(folderForTest(), 'cut-'));
          cpSync(folder, cut, { recursive: true });
          // Half a record and half a note that were being written.
          const [last] = filesOf(cut, '.lines').slice(-1);
          appendFileSync(
            join(cut, last as string),
            readFileSync(join(cut, last as string)).subarray(0, tornLines % 50),
          );
          const [note] = filesOf(cut, '.sent').slice(-1);
          if (note !== undefined) {
            const text = readFileSync(join(cut, note), 'utf8');
            // An answer that was noted and not synced may be gone, or be there in part.
            const answer = text.trimEnd().split('\n').at(-1) as string;
            if (answer.includes('settled'))
              truncateSync(join(cut, note), text.length - (tornNotes % (answer.length + 1)));
          }
          const again = await laneIn(cut, { clock });
          expect(again.state.places.get('test')).toBe(written === 0 ? undefined : String(written));
          for (const { sequence, lines } of await sendAll(again)) {
            const before = hub.get(sequence);
            if (before !== undefined) expect(lines).toEqual(before);
            hub.set(sequence, lines);
          }
          const all = [...hub].sort(([a], [b]) => a - b).flatMap(([, lines]) => lines);
          expect(all).toEqual(Array.from({ length: written }, (_, i) => `line ${i}`));
          await again.close();
          await lane.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
