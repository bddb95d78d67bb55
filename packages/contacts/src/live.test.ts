import { Random } from '@bellwether/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { Accountant, type Outcome } from './account.ts';
import { Flag } from './contact.ts';
import { Shards } from './judge/shards.ts';
import { Traffic } from './live.fixture.ts';
import { createLiveJudge } from './live.ts';
import { CELL_COUNTS, type Cells, type LiveJudge, type Step } from './live-types.ts';
import { DISPOSITIONS, RULES } from './settle/dispositions.ts';
import type { Stretch } from './stretch.ts';

const HOUR = 3_600_000;
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

    expect(plain(steps.flatMap(({ decisions }) => decisions))).toEqual(plain(told.decisions));
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
