import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Drawn, KIND_CODES, KINDS, type KindCode, settingsOf } from '@bellwether/drills';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inside, LAB, type Lab, openLab } from './drill-lab.ts';
import { type DrillPlace, drillCommand } from './drill-tools.ts';

const run = promisify(execFile);
let folder: string;
let lab: Lab;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bw-lab-'));
  lab = await openLab(folder, `bw${process.pid % 10_000}`);
}, 60_000);

afterAll(async () => {
  await lab.close();
  const { stdout } = await run('ip', ['netns', 'list']);
  expect(stdout).not.toContain(lab.office);
  rmSync(folder, { recursive: true, force: true });
});

/** The quickest mutant of a kind, so that all of them run within a minute. */
const QUICK: Readonly<Record<KindCode, Readonly<Record<string, string | number>>>> = {
  'port-sweep': { timing: 5, ports: 16 },
  'host-sweep': { timing: 4 },
  'odd-flags': { flags: 'xmas', timing: 4, ports: 40 },
  fragments: { size: 16, ports: 40 },
  'trusted-port': { from: 53, timing: 4, ports: 40 },
  decoys: { decoys: 4, ports: 16 },
  'quick-burst': { rate: 2_000, ports: 100 },
  'wide-burst': { port: 5_900, rate: 1_000 },
  'forged-flood': { packets: 2_000, port: 443 },
  'udp-probe': { ports: 16, timing: 4 },
  'web-probing': { requests: 15, pause: 0.1 },
  'sql-injection': { requests: 6, pause: 0.1, spelling: 'plain' },
  'password-guessing': { tries: 4, pause: 0 },
  'password-spraying': { accounts: 12, pause: 0 },
};

function drawn(kind: KindCode, variation = '00112233aabbccdd'): Drawn {
  return { draw: 0, kind, mutant: 0, settings: { ...settingsOf(kind, 0), ...QUICK[kind] }, variation };
}

function place(source: string): DrillPlace {
  return {
    target: LAB.office,
    neighbours: LAB.neighbours,
    source,
    device: lab.device,
    nextHop: lab.nextHop,
    folder,
  };
}

/** Waits until a log of the office tells of a source so often; what it tells. */
async function told(path: string, source: string, least: number): Promise<string[]> {
  for (let i = 0; ; i++) {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.includes(source));
    if (lines.length >= least || i > 40) return lines;
    await pause(50);
  }
}

describe('a drill', () => {
  it('of the same variation is the same command, and of another one it is not', () => {
    for (const kind of KIND_CODES) {
      const one = drillCommand(drawn(kind), place('203.0.113.7'));
      expect(drillCommand(drawn(kind), place('203.0.113.7'))).toEqual(one);
    }
    const ports = (variation: string): string =>
      drillCommand(drawn('port-sweep', variation), place('203.0.113.7')).args.join(' ');
    expect(ports('0000000000000001')).not.toBe(ports('0000000000000002'));
  });

  it.each(KIND_CODES.map((kind, at) => [kind, `203.0.113.${20 + at}`] as const))(
    'runs in the laboratory, and the office’s own logs tell of it: %s',
    async (kind, source) => {
      await lab.comeFrom([source]);
      const { program, args, lists } = drillCommand(drawn(kind), place(source));
      for (const [path, text] of lists) writeFileSync(path, text);
      // hydra says 255 where nothing was found, curl what the last answer was: that the office noticed is what counts.
      await inside(lab.outside, program, args).catch(() => '');
      const { kernel, logins, web } = lab.logs;
      const path = kind.startsWith('password')
        ? logins
        : kind === 'web-probing' || kind === 'sql-injection'
          ? web
          : kernel;
      const from = kind === 'forged-flood' ? `DST=${LAB.office}` : source;
      expect((await told(path, from, 5)).length).toBeGreaterThanOrEqual(5);
      expect(KINDS[kind].title).not.toBe('');
    },
    120_000,
  );
});
