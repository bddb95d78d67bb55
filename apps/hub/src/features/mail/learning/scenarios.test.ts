/** The scenarios of targeted lures, and everyday mail beside them, as made up in words that nothing was learned or tuned on. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MailStep } from '@bellwether/mail';
import { generateMail } from '@bellwether/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCodes } from '../codes/read-codes.ts';
import { zoneFileResolver } from '../dns/resolver.ts';
import { readManifest } from '../files/manifest.ts';
import { shippedOr } from '../ground.ts';
import { type ScoredMessage, scored } from './score.ts';

const folder = mkdtempSync(join(tmpdir(), 'bw-mail-'));
const manifest = join(folder, 'manifest.csv');

/** A run that nothing else uses; ten variants are five of each half. */
const RUN = { seed: 52_026, variants: 10 };

let judged: readonly ScoredMessage[];

async function judgedWithout(...without: MailStep[]): Promise<readonly ScoredMessage[]> {
  const rows = readManifest(manifest)
    .okOrThrow()
    .filter(({ split }) => split === 'score');
  const resolve = zoneFileResolver(join(folder, 'zone.json')).okOrThrow();
  const known = { badAs: () => null };
  const ground = { resolve, known, weights: shippedOr(null), readCodes, without: new Set(without) };
  return (await scored(rows, manifest, ground, undefined)).messages;
}

const isHeld = ({ decision }: ScoredMessage): boolean => decision === 'hold' || decision === 'block';
const share = (part: number, whole: number): number => part / whole;

beforeAll(async () => {
  await generateMail(RUN, {
    write: (file, bytes) => {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), bytes);
    },
  });
  judged = await judgedWithout();
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('targeted lures in words that were never seen', () => {
  it('are held, nearly all, and of each scenario nearly all', () => {
    const lures = judged.filter(({ row }) => row.isBad);
    const missed = lures
      .filter((message) => !isHeld(message))
      .map(({ row, codes }) => `${row.source}: ${codes.join(' ')}`);
    expect(lures.length).toBeGreaterThan(140);
    expect(share(lures.length - missed.length, lures.length), missed.join('\n')).toBeGreaterThan(0.96);
    for (const source of new Set(lures.map(({ row }) => row.source))) {
      const ofIt = lures.filter(({ row }) => row.source === source);
      expect(share(ofIt.filter(isHeld).length, ofIt.length), source).toBeGreaterThanOrEqual(0.8);
    }
  });

  it('are held without a single good message beside them, and few good ones are marked', () => {
    const good = judged.filter(({ row }) => !row.isBad);
    expect(good.length).toBeGreaterThan(300);
    expect(
      good.filter(isHeld).map(({ row, codes }) => `${row.source} ${row.name}: ${codes.join(' ')}`),
    ).toEqual([]);
    expect(share(good.filter(({ decision }) => decision === 'banner').length, good.length)).toBeLessThan(
      0.03,
    );
  });

  it('are caught by several steps: with one of them left out, fewer are', async () => {
    const caught = judged.filter((message) => message.row.isBad && isHeld(message)).length;
    for (const step of ['identify', 'relate', 'open'] as const) {
      const without = await judgedWithout(step);
      expect(without.filter((message) => message.row.isBad && isHeld(message)).length, step).toBeLessThan(
        caught,
      );
    }
  }, 120_000);
});
