import { Random } from '@bellwether/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { Accountant, type Outcome } from './account.ts';
import { type Batch, Flag } from './contact.ts';
import {
  fileOf,
  flow,
  HOUR,
  login,
  MINUTE,
  OFFICE,
  packet,
  prepared,
  SECOND,
  START,
  surfaceOf,
  times,
  web,
} from './judge/rows.fixture.ts';
import { Shards } from './judge/shards.ts';
import { Traffic } from './live.fixture.ts';
import { createLiveJudge } from './live.ts';
import { CELL_COUNTS, type Cells, type LiveJudge, type Step } from './live-types.ts';
import { DISPOSITIONS, RULES } from './settle/dispositions.ts';
import type { Part, Stretch } from './stretch.ts';

const traffic = new Traffic(1_500, 11);
const { surface, files } = traffic;

/** The account of the same rows, made once at the end. */
const told = ((): Outcome => {
  const options = { surface, files };
  const shards = new Shards(options);
  const accountant = new Accountant(options);
  accountant.take([shards.judge(traffic.stretch(0, traffic.rows))]);
  return accountant.finish([shards.finish()]);
})();

/** A judge who knows all files. */
function judgeOfAll(): LiveJudge {
  const judge = createLiveJudge({ surface });
  for (const file of files) judge.addFile(file);
  return judge;
}

function sumOf(all: readonly Cells[]): Record<(typeof CELL_COUNTS)[number], number> {
  const sum = Object.fromEntries(CELL_COUNTS.map((name) => [name, 0]));
  for (const { counts } of all) {
    counts.forEach((count, i) => {
      sum[CELL_COUNTS[i % CELL_COUNTS.length]!]! += count;
    });
  }
  return sum as Record<(typeof CELL_COUNTS)[number], number>;
}

/** Judges steps to the end, and lets time pass until nothing waits. */
function judgeAll(
  judge: LiveJudge,
  stretches: readonly Stretch[],
  seen: (step: Step, stretch: Stretch) => void,
): void {
  for (const stretch of stretches) seen(judge.judge(stretch), stretch);
  seen(judge.pass(Date.UTC(2026, 9, 8) + 24 * HOUR), []);
}

describe.each([[37], [2_000], [1_000_000]])('a day judged live, in steps of up to %d rows', (most) => {
  const steps: Step[] = [];
  /** Units by rule, as a history that follows the steps has them. */
  const entered = new Map<string, number>();
  let late = 0;

  beforeEach(() => {
    if (steps.length > 0) return;
    traffic.reset();
    const enter = (rule: number, units: number) =>
      entered.set(RULES[rule]!.code, (entered.get(RULES[rule]!.code) ?? 0) + units);
    judgeAll(judgeOfAll(), traffic.steps(new Random(most), most), (step, stretch) => {
      steps.push(step);
      for (const { batch, from, to } of stretch) {
        for (let row = from; row < to; row++) {
          if (batch.flags[row]! & Flag.counted) enter(batch.rule[row]!, 1 + batch.repeat[row]!);
          if (batch.flags[row]! & Flag.late) late += 1 + batch.repeat[row]!;
        }
      }
      for (const { from, to } of step.resettled) {
        enter(from, -1);
        enter(to, 1);
      }
    });
  });

  it('adds up to the account that is made at the end', () => {
    const {
      lines,
      repeated,
      ignored,
      detail,
      contacts,
      knocks,
      late: cameLate,
      ...dispositions
    } = sumOf(steps.map(({ cells }) => cells));

    const { account } = told;
    expect(dispositions).toEqual(account.dispositions);
    expect({ ignored, detail, contacts, knocks }).toEqual({
      ignored: account.outbound,
      detail: account.detail,
      contacts: account.contacts,
      knocks: account.knocks,
    });
    expect(lines).toBe(traffic.rows);
    expect(lines + repeated).toBe(ignored + detail + contacts);
    expect(cameLate).toBe(late);
    expect(late).toBeGreaterThan(100);
  });

  it('enters each contact under the rule that the account has it under', () => {
    expect(Object.fromEntries([...entered].filter(([, units]) => units !== 0))).toEqual(told.account.rules);
  });

  it('tells of everything that came through or is unsettled', () => {
    const counts = { through: 0, unsettled: 0 };
    for (const { notices } of steps) {
      for (const { disposition, count } of notices) counts[disposition] += count;
    }

    const { through, unsettled } = told.account.dispositions;
    expect(counts).toEqual({ through, unsettled });
    expect(Math.min(through, unsettled)).toBeGreaterThan(0);
  });

  it('balances in each minute of each file', () => {
    for (const { cells } of steps) {
      for (let cell = 0; cell < cells.count; cell++) {
        const row = cells.counts.subarray(cell * CELL_COUNTS.length, (cell + 1) * CELL_COUNTS.length);
        const [lines, repeated, ignored, detail, contacts] = row;
        expect(lines! + repeated!).toBe(ignored! + detail! + contacts!);
        expect(row.subarray(-DISPOSITIONS.length).reduce((a, b) => a + b)).toBe(contacts);
      }
    }
  });

  it('decides the same blocks', () => {
    // Whether a sensor tells of what it lets in is known only with time: alpha and the words of the rule follow from it.
    const plain = (decisions: Outcome['decisions']) =>
      decisions.map(({ alpha: _, rule: __, ...decision }) => JSON.stringify(decision)).sort();

    // Of clients behind a proxy only the live judge tells.
    const packets = steps
      .flatMap(({ decisions }) => decisions)
      .filter(({ seen }) => seen === 'packets')
      .map(({ seen: _, ...decision }) => decision);
    expect(plain(packets)).toEqual(plain(told.decisions));
    expect(told.decisions.length).toBeGreaterThan(10);
  });
});

describe('a source of whom is asked', () => {
  it('is what the verdicts at the end say', () => {
    traffic.reset();
    const judge = judgeOfAll();
    judgeAll(judge, [traffic.stretch(0, traffic.rows)], () => {});

    expect(told.verdicts.length).toBeGreaterThan(50);
    for (const verdict of told.verdicts) {
      const [key0, key1, v6] = keyOf(verdict.source);
      expect(judge.sourceOf(key0, key1, v6)).toMatchObject(verdict);
    }
  });

  it('is not known if nobody has seen it', () => {
    expect(judgeOfAll().sourceOf(0x01020304, 0, false)).toBeUndefined();
  });
});

describe('a file that joins when its first line comes', () => {
  it('changes nothing in the account', () => {
    traffic.reset();
    const judge = createLiveJudge({ surface });
    const steps: Step[] = [];
    for (const stretch of traffic.steps(new Random(5), 300)) {
      const needed = Math.max(...stretch.map(({ file }) => file)) + 1;
      while (judge.files.length < needed) {
        expect(judge.addFile(files[judge.files.length]!)).toBe(judge.files.length - 1);
      }
      steps.push(judge.judge(stretch));
    }

    const { contacts, knocks, ...counts } = sumOf(steps.map(({ cells }) => cells));
    const { account } = told;
    expect({ contacts, knocks }).toEqual({ contacts: account.contacts, knocks: account.knocks });
    expect(counts).toMatchObject(account.dispositions);
    expect(judge.files).toEqual(files);
  });
});

describe('a surface that is stated anew', () => {
  const source = '192.0.2.53';
  const scan = (from: number) =>
    times(12, (k) => ({ ...packet('denied', source, `198.18.9.${from + k}`, 22), at: (from + k) * SECOND }));

  it('holds from then on, for what is remembered too', () => {
    const unguarded = surfaceOf('networks: [198.18.0.0/16]\n');
    const judge = createLiveJudge({ surface: OFFICE });
    judge.addFile(fileOf('any'));
    judge.judge([partOf(prepared(scan(0)), 1)]);
    const spared = judge.pass(START + HOUR);
    judge.useSurface(unguarded, [fileOf('any', unguarded)]);
    // Beyond the block that was due and not made.
    const later = scan(20).map((row) => ({ ...row, at: row.at + 5 * HOUR }));
    judge.judge([partOf(prepared(later, unguarded), 13)]);

    expect(spared.decisions).toEqual([]);
    expect(judge.pass(START + 7 * HOUR).decisions).toMatchObject([{ value: `${source}/32` }]);
    expect(judge.sourceOf(0xc0000235, 0, false)).toMatchObject({ source, contacts: 24 });
  });
});

describe('a block on what can be forged', () => {
  it('waits until its time has passed, though no row comes', () => {
    const judge = createLiveJudge({ surface: OFFICE });
    judge.addFile(fileOf('any'));
    const rows = times(12, (k) => ({
      ...packet('denied', '203.0.113.99', `198.18.9.${k}`, 22),
      at: k * SECOND,
    }));

    expect(judge.judge([partOf(prepared(rows), 1)]).decisions).toEqual([]);
    expect(judge.pass(START + 30 * SECOND).decisions).toEqual([]);
    const [decision, ...more] = judge.pass(START + 2 * MINUTE).decisions;
    expect(decision).toMatchObject({ value: '203.0.113.99/32', forgeable: true });
    expect(more).toEqual([]);
    expect(judge.pass(START + HOUR).decisions).toEqual([]);
  });

  it.each([0, 7, 24, 29, 30, 44, 59])(
    'waits half a minute and little more, at second %i of a minute too',
    (second) => {
      const judge = createLiveJudge({ surface: OFFICE });
      judge.addFile(fileOf('any'));
      // A scan that lasts a tenth of a second, and nothing more.
      const rows = times(100, (k) => ({
        ...packet('denied', '203.0.113.99', `198.18.9.${k}`, 22),
        at: second * SECOND + k,
      }));
      const begun = START + second * SECOND;

      expect(judge.judge([partOf(prepared(rows), 1)]).decisions).toEqual([]);
      expect(judge.pass(begun + 29 * SECOND).decisions).toEqual([]);
      expect(judge.pass(begun + 36 * SECOND).decisions).toMatchObject([{ value: '203.0.113.99/32' }]);
    },
  );
});

describe('a client behind a proxy of ours', () => {
  const guesses = (from: string, at: number, more: object = {}) =>
    prepared(
      times(60, (k) => ({ ...web(from, `/${at + k}`, 404), at: at + k * 100, ...more })),
      OFFICE,
      fileOf('www'),
    );

  it('is blocked for whoever sees clients, and again for packets when it comes by itself', () => {
    const judge = createLiveJudge({ surface: OFFICE });
    judge.addFile(fileOf('www'));
    const behind = guesses('198.51.100.3', 0, { forwarded: '203.0.113.9' });
    const [first] = judge.judge([partOf(behind, 1)]).decisions;
    expect(first).toMatchObject({ value: '203.0.113.9/32', seen: 'client', forgeable: false });

    const [second] = judge.judge([partOf(guesses('203.0.113.9', MINUTE), 61)]).decisions;
    expect(second).toMatchObject({ value: '203.0.113.9/32', seen: 'packets' });
  });
});

describe('a block on what cannot be forged', () => {
  it('is told in the step that tips the verdict, whatever time it is, and once', () => {
    const judge = createLiveJudge({ surface: OFFICE });
    judge.addFile(fileOf('any'));
    const rows = times(40, (k) => ({ ...login('failed', '203.0.113.99', 'root'), at: k * 10 }));

    const { decisions } = judge.judge([partOf(prepared(rows), 1)]);
    expect(decisions.length).toBeGreaterThan(0);
    expect(decisions[0]).toMatchObject({ value: '203.0.113.99/32', forgeable: false });
    expect(judge.pass(START + 2 * MINUTE).decisions).toEqual([]);
  });
});

describe('an alert that another line settles in a later step', () => {
  it('is taken back where it was entered', () => {
    const judge = createLiveJudge({ surface: OFFICE });
    judge.addFile(fileOf('www'));
    const seen = {
      ...flow('unknown', '203.0.113.5', '198.18.1.10', 443),
      kind: 'alert',
      content: ['signature'],
      key: 'flow',
    } as const;
    const refused = {
      ...web('203.0.113.5', '/', 403),
      to: '198.18.1.10',
      key: 'flow',
      at: 3 * MINUTE,
    } as const;
    const first = judge.judge([partOf(prepared([seen], OFFICE, fileOf('www')), 1)]);
    const batch = prepared([refused], OFFICE, fileOf('www'));
    const second = judge.judge([partOf(batch, 2)]);

    expect(first.notices).toMatchObject([{ reason: 'attack-seen', count: 1, line: 1 }]);
    expect(second.notices).toMatchObject([{ reason: 'attack-seen', count: -1, line: 2 }]);
    const [from, to] = ['attack-seen', 'attack-refused'].map((code) =>
      RULES.findIndex((rule) => rule.code === code),
    );
    expect(second.resettled).toEqual([{ part: 0, row: 0, from, to }]);
    expect([...second.cells.minute]).toEqual([START / MINUTE + 3, START / MINUTE]);
    expect(sumOf([second.cells])).toMatchObject({
      lines: 1,
      detail: 1,
      contacts: 0,
      refused: 1,
      unsettled: -1,
    });
    expect(batch.flags[0]! & Flag.counted).toBe(0);
  });
});

function partOf(batch: Batch, firstLine: number): Part {
  return { file: 0, batch, from: 0, to: batch.count, base: Number.NEGATIVE_INFINITY, firstLine };
}

/** The key of a source from its text: IPv4, or a /64 whose four groups are written out or end in zeros. */
function keyOf(source: string): [number, number, boolean] {
  if (!source.includes(':'))
    return [source.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0), 0, false];
  const groups = source
    .replace(/::\/64$/, '')
    .split(':')
    .map((group) => Number.parseInt(group, 16));
  const [a = 0, b = 0, c = 0, d = 0] = groups;
  return [a * 65_536 + b, c * 65_536 + d, true];
}
