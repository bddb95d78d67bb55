/** Answers about drills: a month of them, with one of each way to be missed. */
import type { DrillRow, DrillsAnswer } from '@bellwether/api';
import { at } from './day.ts';

const SEAL = '5f1c0f1b0c9d3c5b8f0d6f2b6a4e8c7d1a9b3e5f7c2d4a6b8e0f1c3d5a7b9e2f';
const OPENED = { nonce: SEAL, text: '{"kind":"decoys","office":"29019","schema":"bellwether/drill@1"}' };

function drill(id: number, title: string, more: Partial<DrillRow> = {}): DrillRow {
  return {
    ...{ id, title, kind: 'port-sweep', settings: {}, office: '29019', officeName: 'Boone County' },
    ...{ target: '192.0.2.10', source: '198.51.100.7', draw: id, repeats: null, startedAt: at(3) },
    ...{ detector: '0.1.0', seen: 200, judged: 8_000, blocked: 31_000, blockedBy: 'agent' as const },
    ...{ innocent: 0, outcome: 'blocked' as const, isCaught: true, seal: SEAL, logged: 4_000 + id },
    opened: OPENED,
    ...more,
  };
}

const MISSED = { isCaught: false, blocked: null, blockedBy: null } as const;

/** `GET /drills` before the first one. */
export const NO_DRILLS: DrillsAnswer = {
  ...{ at: at(24), series: null, kinds: [], overTime: [], drills: [], regressions: [], earlier: [] },
  sentence: 'No first-time drill has been run yet, so nothing can be said about what would be missed.',
  score: { drills: 0, missed: 0, bound: 1, notRecorded: 0, median: null },
  ...{ waiting: 0, notRun: 0, pausedFor: '2026-11-03', mostPerDay: 1 },
};

/** `GET /drills`. */
export const DRILLS_ANSWER: DrillsAnswer = {
  at: at(24),
  sentence:
    'Of 412 first-time drills of 14 known kinds we missed 3; of unknown kinds we cannot say. Even so, up to 2.0 % of such attacks could slip by (a bound that is wrong at any time in 5.0 % of all histories at most).',
  series: {
    ...{ number: 2, seal: SEAL, logged: 3_800, detector: '0.1.0', beganAt: at(-600) },
    ...{ endedAt: null, opened: null },
  },
  score: { drills: 412, missed: 3, bound: 0.0198, notRecorded: 1, median: 21_000 },
  kinds: [
    { kind: 'port-sweep', title: 'Port scan of one machine', drills: 31, missed: 2, median: 31_000 },
    { kind: 'decoys', title: 'Port scan behind decoys', drills: 29, missed: 1, median: 8_000 },
    { kind: 'quick-burst', title: 'Scan that lasts a second', drills: 30, missed: 0, median: 44_000 },
  ],
  overTime: Array.from({ length: 24 }, (_, day) => ({
    day: `2026-10-${String(day + 1).padStart(2, '0')}`,
    ...{ drills: 17 * (day + 1), missed: day < 6 ? 0 : day < 15 ? 1 : 3, bound: 0.2 / (day + 1) + 0.011 },
  })),
  drills: [
    drill(409, 'Port scan of one machine', { ...MISSED, outcome: 'not-recorded', seen: null, judged: null }),
    drill(380, 'Port scan behind decoys', { ...MISSED, outcome: 'wrong-block', innocent: 1, kind: 'decoys' }),
    drill(377, 'Port scan of one machine', { ...MISSED, outcome: 'judged-only', draw: null }),
    ...Array.from({ length: 30 }, (_, index) => drill(376 - index, 'UDP probes', { kind: 'udp-probe' })),
    drill(300, 'Port scan behind decoys', {
      ...{ kind: 'decoys', outcome: 'told', blocked: null, blockedBy: null, repeats: 201, draw: null },
    }),
  ],
  regressions: [
    { drill: 201, kind: 'decoys', title: 'Port scan behind decoys', isCaught: true },
    { drill: 377, kind: 'port-sweep', title: 'Port scan of one machine', isCaught: false },
    { drill: 409, kind: 'port-sweep', title: 'Port scan of one machine', isCaught: null },
  ],
  ...{ waiting: 1, notRun: 2, pausedFor: null, mostPerDay: 1 },
  earlier: [
    {
      ...{ number: 1, seal: SEAL, logged: 12, detector: '0.0.9', beganAt: at(-2_000), endedAt: at(-600) },
      opened: OPENED,
    },
  ],
};
