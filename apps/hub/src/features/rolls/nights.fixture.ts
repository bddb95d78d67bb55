/** For tests: a made-up state on disk, from its genesis through its nights, as the commands go through them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttackName, generateRolls, type RollsTruth } from '@bellwether/testkit';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import { atEnd } from '../../platform/evidence/log.fixture.ts';
import { openEvidenceLog } from '../../platform/evidence/log.ts';
import { fileSigner } from '../../platform/evidence/log-key.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { ownPlace } from './batches.ts';
import { captureChanges, type ReadingOptions } from './capture.ts';
import { beginRoll, type GenesisOptions } from './genesis.ts';
import { openHubRoll } from './hub-roll.ts';
import { keysIn } from './key-files.ts';
import { momentOfDay } from './moment.ts';
import type { DrillRules } from './planted-looks.ts';
import { reconcileRoll } from './reconcile.ts';
import { rollPaths } from './roll-files.ts';
import type { Rolls } from './rolls.ts';
import type { Night } from './rolls-files.ts';

/** What the log is called. */
export const ORIGIN = 'test.example/nights';
const ZONE = 'America/Chicago';
const START = '2026-10-05';
const DAY = 86_400_000;

/** What is made up. */
export type MadeUp = {
  readonly voters: number;
  readonly days: number;
  readonly seed: number;
  readonly attacks?: readonly AttackName[];
  readonly format?: 'csv' | 'vri-json';
};

/** A state of a test. */
export class NightsOfTest {
  readonly folder: string;
  readonly data: string;
  readonly truth: RollsTruth;
  /** How often something is planted, from the next opening of the roll on. */
  drills: DrillRules | null = null;
  readonly #ending: string;

  constructor({ voters, days, seed, attacks = [], format = 'csv' }: MadeUp) {
    this.folder = mkdtempSync(join(tmpdir(), 'bellwether-nights-'));
    this.data = join(this.folder, 'data');
    this.#ending = format === 'csv' ? 'csv' : 'json';
    mkdirSync(this.data, { mode: 0o700 });
    atEnd(() => rmSync(this.folder, { recursive: true, force: true }));
    this.truth = generateRolls(
      { voters, days, seed, attacks, start: START },
      { nights: 'all', lists: false, format },
      { write: (name, bytes) => writeFileSync(join(this.folder, name), bytes, { flag: 'a' }) },
    );
  }

  get paths() {
    return rollPaths(this.data);
  }

  /** Path of a file that was made up. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** The dump of a night; 0: before the first day. */
  dump(night: number): string {
    return this.file(`${night === 0 ? 'db-before' : `db-night-${night}`}.${this.#ending}`);
  }

  /** A moment after the offices of a day have closed. */
  momentOf(night: number): number {
    const day = new Date(Date.parse(`${START}T00:00Z`) + (night - 1) * DAY).toISOString().slice(0, 10);
    return momentOfDay(day, ZONE, Date.parse('2030-01-01T00:00Z'))!.now;
  }

  async withLog<T>(work: (log: EvidenceLog) => Promise<T>): Promise<T> {
    const { log: folder, logPrivate } = this.paths;
    mkdirSync(logPrivate, { recursive: true, mode: 0o700 });
    const signer = (await fileSigner(join(logPrivate, 'key'), ORIGIN)).okOrThrow();
    const options = { folder, privateFolder: logPrivate, origin: ORIGIN, signer };
    const log = (await openEvidenceLog(options)).okOrThrow();
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  }

  async begin(change: Partial<GenesisOptions> = {}): ReturnType<typeof beginRoll> {
    return this.withLog((log) =>
      beginRoll({
        paths: this.paths,
        log,
        hasher: bestHasher(),
        mapping: this.file('mapping.yaml'),
        live: this.dump(0),
        signers: null,
        policy: null,
        day: '2026-10-04',
        now: () => this.momentOf(0),
        ...change,
      }),
    );
  }

  async withRolls<T>(night: number, work: (rolls: Rolls) => Promise<T>): Promise<T> {
    return this.withLog(async (log) => {
      const { data, drills } = this;
      const options = { data, drills, log, zone: ZONE, now: () => this.momentOf(night) };
      const rolls = (await openHubRoll(options)).okOrThrow();
      try {
        return await work(rolls);
      } finally {
        await rolls.close();
      }
    });
  }

  reading(night: number, change: Partial<ReadingOptions> = {}): ReadingOptions {
    return {
      paths: this.paths,
      hasher: bestHasher(),
      live: this.dump(night),
      transactions: this.file('transactions.ndjson'),
      now: this.momentOf(night),
      zone: ZONE,
      isWhole: false,
      ...change,
    };
  }

  async capture(night: number): Promise<void> {
    (await captureChanges(this.reading(night))).okOrThrow();
  }

  /** Lays the newest capture out, and signs every sheet with the key of its place. */
  async signAll(night: number): Promise<void> {
    await this.withRolls(night, async (rolls) => {
      (await rolls.layOutNewest()).okOrThrow();
      await this.signOpen(rolls);
    });
  }

  /** Signs every sheet that waits with the key of its place. */
  async signOpen(rolls: Rolls): Promise<void> {
    const keys = await keysIn(this.paths.keys, rolls.held.fold.signers);
    for (const sheet of [...rolls.held.sheets.values()].filter(({ state }) => state === 'awaiting')) {
      const { entry, claim } = rolls.signingOf(sheet).okOrThrow();
      const key = keys.find(({ signer }) => signer.place === ownPlace(entry))!;
      (await rolls.signSheet(sheet, entry.root, key.sign(claim), 'key of the test')).okOrThrow();
    }
  }

  async reconcile(night: number, change: Partial<ReadingOptions> = {}): ReturnType<typeof reconcileRoll> {
    return reconcileRoll(this.reading(night, change), 'test');
  }

  async seal(night: number): Promise<Night> {
    return this.withRolls(night, async (rolls) => (await rolls.sealPending()).okOrThrow());
  }

  /** A whole night. */
  async play(night: number): Promise<Night> {
    await this.capture(night);
    await this.signAll(night);
    (await this.reconcile(night)).okOrThrow();
    return this.seal(night);
  }
}
