import { BATCH_BYTES } from '@bellwether/contacts';
import { describe, expect, it } from 'vitest';
import { Crew, WorkerLost } from './crew.ts';

const START = { plans: [], stated: null, blockSize: 4096 };

/** Something that no worker can do: the file is not in the plan. */
const IMPOSSIBLE = {
  kind: 'read',
  file: 99,
  at: { kind: 'memory', buffer: new SharedArrayBuffer(8), to: 0 },
  header: '',
  from: -1,
  line: 0,
  slot: { number: 0, memory: new SharedArrayBuffer(BATCH_BYTES) },
} as const;

describe('a crew', { timeout: 60_000 }, () => {
  it('answers each question to who asked it', async () => {
    const crew = new Crew(2);
    crew.begin(START);
    const [reports, findings] = await Promise.all([
      crew.askAll<object>({ kind: 'finish' }),
      crew.ask<object>(1, { kind: 'judge', parts: [] }),
    ]);
    await crew.end();

    expect(reports.map((report) => Object.keys(report))).toMatchObject([
      expect.arrayContaining(['tally']),
      expect.arrayContaining(['tally']),
    ]);
    expect(Object.keys(findings)).toContain('count');
  });

  it('that loses a worker fails all that is waiting, and all that comes, and says which', async () => {
    const crew = new Crew(2);
    crew.begin(START);
    const waiting = [
      crew.ask(0, IMPOSSIBLE),
      crew.askAll({ kind: 'finish' }),
      crew.askAll({ kind: 'finish' }),
    ];
    const ends = await Promise.allSettled(waiting);
    const later = await Promise.allSettled([crew.ask(1, { kind: 'finish' })]);
    await crew.end();

    for (const end of [ends[0]!, ends[1]!, ...later]) {
      expect(end).toMatchObject({ status: 'rejected', reason: { problem: { code: 'WATCH_WORKER_LOST' } } });
      expect((end as PromiseRejectedResult).reason).toBeInstanceOf(WorkerLost);
    }
    expect(String((ends[0] as PromiseRejectedResult).reason.message)).toContain('worker 1 failed');
  });
});
