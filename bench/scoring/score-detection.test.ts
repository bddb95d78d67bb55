import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../running/watch.ts';
import { scoreDetection, shortfalls } from './score-detection.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellwether-score-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Row = {
  source: string;
  class: string;
  campaign?: string;
  mayBeBlocked?: boolean;
  expect?: string;
  lines?: number;
};
type Item = { source: string; destination: string; port: number; file: string; line: number; reason: string };

const THROUGH: Item = {
  source: '20.0.0.1',
  destination: '198.18.1.1',
  port: 22,
  file: 'a.log',
  line: 7,
  reason: 'r',
};

function score(
  rows: readonly Row[],
  blocks: readonly string[],
  labels: Readonly<Record<string, string | null>>,
  through: readonly Item[] = [],
) {
  const sources = rows.map(({ lines, ...row }) =>
    JSON.stringify({
      nature: 'attack',
      campaign: null,
      mayBeBlocked: true,
      expect: 'decided',
      files: { sshd: lines ?? 5 },
      ...row,
    }),
  );
  const head = JSON.stringify({ schema: 'bellwether/contacts-truth@1', through: [THROUGH] });
  writeFileSync(join(folder, 'truth.json'), `${head.slice(0, -1)},"sources":[\n${sources.join(',\n')}\n]}\n`);
  const decisions = join(folder, 'decisions.ndjson');
  const verdicts = join(folder, 'verdicts.ndjson');
  writeFileSync(decisions, blocks.map((value) => `${JSON.stringify({ value })}\n`).join(''));
  const known = Object.entries(labels).map(
    ([source, campaign]) => `${JSON.stringify({ source, campaign })}\n`,
  );
  writeFileSync(verdicts, known.join(''));
  return scoreDetection(folder, { account: { through } as unknown as Account, decisions, verdicts });
}

describe('the score of a class', () => {
  it('counts sources that are blocked by themselves or with their prefix, and those that have a verdict', () => {
    const rows = [1, 2, 3, 4].map((n) => ({ source: `20.0.${n}.1`, class: 'ssh-fast' }));

    const { classes } = score(rows, ['20.0.1.1/32', '20.0.2.0/24'], { '20.0.1.1': null, '20.0.3.1': null });

    expect(classes).toMatchObject([{ class: 'ssh-fast', sources: 4, decided: 2, labelled: 2, wrong: 0 }]);
  });

  it('takes a campaign for right when most of its members are of the same true campaign', () => {
    const rows = [
      ...[1, 2, 3].map((n) => ({ source: `20.0.0.${n}`, class: 'ssh-spray', campaign: 'spray-1' })),
      { source: '20.0.0.4', class: 'ssh-spray', campaign: 'spray-2' },
    ];
    const labels = { '20.0.0.1': 'c', '20.0.0.2': 'c', '20.0.0.3': null, '20.0.0.4': 'c' };

    expect(score(rows, [], labels).classes).toMatchObject([{ labelled: 4, rightCampaign: 2 }]);
  });

  it('names each source that was blocked and must not be', () => {
    const rows = [{ source: '2001:db8:9:1::/64', class: 'voter', mayBeBlocked: false, expect: 'nothing' }];

    const { classes, wrongBlocks } = score(rows, ['2001:db8:9:1::/64'], {});

    expect(wrongBlocks).toEqual(['2001:db8:9:1::/64 (voter)']);
    expect(classes.map(shortfalls)).toEqual([['1 blocked wrongly']]);
  });

  it('tells those who are blocked with their network from those who are blocked themselves', () => {
    const rows = [1, 2].map((n) => ({
      source: `20.0.0.${n}`,
      class: 'visitor',
      mayBeBlocked: false,
      expect: 'nothing',
    }));

    const { classes } = score(rows, ['20.0.0.0/24', '20.0.0.1/32'], {});

    expect(classes.map(shortfalls)).toEqual([['2 blocked wrongly, 1 of them by their network']]);
  });

  it('says what falls short of what is asked of the class', () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ source: `20.0.0.${n}`, class: 'stealth-fin' }));
    const blocks = (count: number) => rows.slice(0, count).map(({ source }) => source);

    expect(score(rows, blocks(95), {}).classes.flatMap(shortfalls)).toEqual([]);
    expect(score(rows, blocks(94), {}).classes.flatMap(shortfalls)).toEqual(['decided 94.0 % < 95 %']);
  });
});

describe('what came through', () => {
  it('is found by its line, or by its parties where another line of the contact is named', () => {
    expect(score([], [], {}, [{ ...THROUGH, source: '20.0.0.9' }]).through).toMatchObject({
      found: 1,
      missed: [],
    });
    expect(score([], [], {}, [{ ...THROUGH, line: 9 }]).through).toMatchObject({
      found: 1,
      missed: [],
      false: [],
    });
  });

  it('is missed when nobody names it, and false when the truth does not have it', () => {
    const other = { ...THROUGH, source: '20.0.0.9', line: 9 };

    const { through } = score([], [], {}, [other]);

    expect(through).toMatchObject({
      true: 1,
      found: 0,
      missed: [{ line: 7 }],
      false: [{ source: '20.0.0.9' }],
    });
  });
});
