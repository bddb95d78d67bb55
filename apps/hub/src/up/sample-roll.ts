/**
 * The roll of the sample state: 200,000 made-up voters and a day of changes, signed but for three offices, compared, sealed and
 * stated. Made after the hub is ready, in its background; what was begun and not finished goes on at the next start.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beginRoll } from '../features/rolls/genesis.ts';
import { keysIn } from '../features/rolls/key-files.ts';
import { type RollPaths, rollPaths } from '../features/rolls/roll-files.ts';
import { runChild } from '../features/rolls/roll-schedule.ts';
import type { Rolls } from '../features/rolls/rolls.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import type { EvidenceLog } from '../platform/evidence/log-types.ts';
import { SEED } from './sample.ts';
import { markMapping, rollOwner } from './sample-mark.ts';

/** Voters of the sample state: enough that every office has some, and few enough for a minute of work. */
const VOTERS = 200_000;

/** Where tests say how many voters are enough for them. */
export const VOTERS_WANTED = 'BELLWETHER_SAMPLE_VOTERS';

/** Offices whose sheets are left open, to be signed in the desk. */
const LEFT_OPEN = 3;

const DAY = 86_400_000;

/** What it is made with. */
export type SampleRoll = {
  /** Data folder of the hub. */
  readonly data: string;
  readonly log: EvidenceLog;
  /** The program, for the steps that are processes of their own. */
  readonly program: string;
  readonly now: () => number;
  /** Opens the roll once there is one. */
  readonly openRoll: () => Promise<Rolls | null>;
  /** Seals and states what a comparison left behind. */
  readonly endNight: (rolls: Rolls) => Promise<void>;
  /** Tells what is being done, in a sentence. */
  readonly progress: (what: string) => void;
  /** Aborted when the hub stops. */
  readonly signal: AbortSignal;
};

/** Makes it, where nothing is there or it was not finished. Throws what stops it: the hub goes on without. */
export async function makeSampleRoll(sample: SampleRoll): Promise<void> {
  const { data, program, now, progress, signal } = sample;
  const paths = rollPaths(data);
  const kit = join(data, 'sample-roll');
  const hasRoll = existsSync(paths.head);
  // Without the kit it is finished; with another mapping, people began theirs before the sample's was there.
  if (hasRoll && (!existsSync(kit) || rollOwner(paths.mapping) !== 'sample')) return;
  const voters = Number(process.env[VOTERS_WANTED] ?? VOTERS);
  const day = lastWorkday(now());
  const run = (...args: string[]): Promise<void> => runChild(program, args, signal);
  if (!hasRoll) {
    progress(`A made-up list of ${voters.toLocaleString('en-US')} voters is being written.`);
    await rm(kit, { recursive: true, force: true });
    await run(
      'testkit',
      'rolls',
      '--voters',
      String(voters),
      '--days',
      '1',
      '--start',
      day,
      '--seed',
      String(SEED),
      '--attacks',
      'none',
      '--out',
      kit,
    );
    await markMapping(join(kit, 'mapping.yaml'));
    progress('The roll of the sample state begins.');
    await beginSample(sample, paths, kit, day);
  }
  signal.throwIfAborted();
  const rolls = await sample.openRoll();
  if (rolls === null) return;
  if (rolls.held.fold.epoch === 0) {
    const kitDay = rolls.held.fold.genesis.day;
    const live = [
      '--data',
      data,
      '--live',
      join(kit, 'db-night-1.csv'),
      '--transactions',
      join(kit, 'transactions.ndjson'),
      '--day',
      kitDay,
    ];
    progress('Changes of the sample day are being laid out.');
    await run('rolls', 'capture', ...live);
    (await rolls.layOutNewest()).okOrThrow();
    progress('Offices of the sample state sign.');
    await signMost(rolls, paths, signal);
    progress('The list of the sample state is being compared.');
    await run('rolls', 'reconcile', ...live);
    signal.throwIfAborted();
    await sample.endNight(rolls);
  }
  await rm(kit, { recursive: true, force: true });
}

/** The last day before a moment on which offices worked: on others there is nothing to sign. */
function lastWorkday(now: number): string {
  let at = now - DAY;
  while ([0, 6].includes(new Date(at).getUTCDay())) at -= DAY;
  return new Date(at).toISOString().slice(0, 10);
}

async function beginSample(
  { log, now }: SampleRoll,
  paths: RollPaths,
  kit: string,
  day: string,
): Promise<void> {
  const begun = await beginRoll({
    paths,
    log,
    hasher: bestHasher(),
    mapping: join(kit, 'mapping.yaml'),
    live: join(kit, 'db-before.csv'),
    signers: null,
    policy: null,
    day,
    now,
  });
  if (begun.isErr()) throw new Error(`${begun.error.code}: ${begun.error.detail}`);
}

/** Signs with the keys of the sample's offices, but for the largest sheets: those wait for somebody at the desk. */
async function signMost(rolls: Rolls, paths: RollPaths, signal: AbortSignal): Promise<void> {
  const keys = await keysIn(paths.keys, rolls.held.fold.signers);
  const open = [...rolls.held.sheets.values()].filter(({ state }) => state === 'awaiting');
  open.sort((a, b) => b.changes.length - a.changes.length);
  for (const sheet of open.slice(LEFT_OPEN)) {
    signal.throwIfAborted();
    const signing = rolls.signingOf(sheet);
    if (signing.isErr()) continue;
    const { entry, claim, signers } = signing.value;
    const key = keys.find(({ signer }) =>
      signers.some(({ id, place }) => id === signer.id && (place === sheet.office || place === sheet.source)),
    );
    if (key === undefined) continue;
    (await rolls.signSheet(sheet, entry.root, key.sign(claim), 'the office, in the sample')).okOrThrow();
  }
}
