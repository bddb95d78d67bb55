/** The roll of a hub: opened in the background, since it is folded from the beginning, and worked on by the clock. */

import { extractReadings } from '../features/rolls/extract-reading.ts';
import { sealExtracts } from '../features/rolls/extract-sealing.ts';
import { openHubRoll } from '../features/rolls/hub-roll.ts';
import { knockTotals } from '../features/rolls/knock-totals.ts';
import { type DrillRules, USUAL_ONE_IN } from '../features/rolls/planted-looks.ts';
import { keptStates, pruneStates } from '../features/rolls/pruning.ts';
import { rollPaths } from '../features/rolls/roll-files.ts';
import { openExtractIncidents, openRollIncidents } from '../features/rolls/roll-incidents.ts';
import { type Daily, type DailyTimes, dueNow, noteBegun, runChild } from '../features/rolls/roll-schedule.ts';
import type { Rolls } from '../features/rolls/rolls.ts';
import type { SecondHands } from '../features/rolls/second-hand.ts';
import { stateNight } from '../features/rolls/statement.ts';
import { copyVault, endVaultCopies } from '../features/rolls/vault-copies.ts';
import { factOf } from '../features/set-up/store.ts';
import { type Config, USUAL_ZONE } from '../platform/config.ts';
import { USUAL_CAPTURE, USUAL_RECONCILE } from '../platform/config-rolls.ts';
import { bestHasher } from '../platform/evidence/hashing.ts';
import type { Core } from './core.ts';
import type { OpenEvidence } from './evidence.ts';
import { rollOwner } from './sample-mark.ts';
import { makeSampleRoll } from './sample-roll.ts';

/** What the roll stands on. */
export type RollGround = {
  readonly core: Core;
  readonly config: Config;
  readonly evidence: OpenEvidence;
  /** The program that children run; null: none, and nothing is done by the clock. */
  readonly program: string | null;
  /** ms since 1970. */
  readonly now: () => number;
  readonly onTrouble: (what: string) => void;
};

/** Who recomputes, as the configuration names them. */
export function secondHandsOf({ rolls }: Config): SecondHands {
  return { offices: rolls?.witnessOffices ?? {}, auditors: rolls?.auditors ?? [] };
}

/**
 * How often something is planted on sheets. A state says so by itself: its clerks have to know that it happens, and why. In the sample
 * nobody is anybody's clerk, and whoever tries it sees how it goes.
 */
export function drillsOf({ rolls }: Config, mapping: string): DrillRules | null {
  if (rolls?.drills !== undefined) return { oneIn: rolls.drills.oneIn ?? USUAL_ONE_IN };
  return rollOwner(mapping) === 'sample' ? { oneIn: USUAL_ONE_IN } : null;
}

/** The roll, if there is one. */
export class RollOfHub {
  readonly #ground: RollGround;
  #rolls: Rolls | null = null;
  #progress: string | null = null;
  #told = '';
  #copiesEnded = '';
  readonly #closing = new AbortController();
  #turning: Promise<void> = Promise.resolve();
  #sample: Promise<void> = Promise.resolve();

  constructor(ground: RollGround) {
    this.#ground = ground;
  }

  /** Null while there is none, or while it is opened. */
  get rolls(): Rolls | null {
    return this.#rolls;
  }

  /** What is being done, in a sentence; null: nothing. */
  get progress(): string | null {
    return this.#progress;
  }

  /** Opens what is there, and does what is due. Asked every minute, one time after the other. */
  turn(): Promise<void> {
    this.#turning = this.#turning.catch(() => {}).then(() => this.#turn());
    return this.#turning;
  }

  /** Makes the roll of the sample state, in the background. */
  makeSample(): void {
    const { core, evidence, program, now, onTrouble } = this.#ground;
    if (program === null) return;
    const { signal } = this.#closing;
    this.#sample = makeSampleRoll({
      data: core.folder.path,
      log: evidence.log,
      program,
      now,
      openRoll: async () => {
        await this.turn();
        return this.#rolls;
      },
      endNight: (rolls) => this.#endNight(rolls),
      progress: (what) => {
        this.#progress = what;
      },
      signal,
    })
      .catch((error: Error) => {
        if (!signal.aborted) onTrouble(`the roll of the sample: ${error.message}`);
      })
      .finally(() => {
        this.#progress = null;
      });
  }

  async #turn(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await this.#endCopies();
    try {
      if (this.#rolls === null) await this.#open();
      else await this.#work(this.#rolls);
    } finally {
      this.#progress = null;
    }
  }

  /** Gives the folder back, when what goes on is done. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([this.#turning, this.#sample]);
    await this.#rolls?.close();
    this.#rolls = null;
  }

  async #open(): Promise<void> {
    const { core, config, evidence, now } = this.#ground;
    this.#progress = 'The roll is being opened: its log is folded from the beginning.';
    const opened = await openHubRoll({
      data: core.folder.path,
      vault: config.rolls?.vault,
      log: evidence.log,
      zone: config.zone ?? USUAL_ZONE,
      drills: drillsOf(config, rollPaths(core.folder.path).mapping),
      now,
    });
    if (opened.isOk()) {
      this.#rolls = opened.value;
      return;
    }
    const { code, detail } = opened.error;
    // That there is no roll is no trouble; the same trouble is told once.
    if (code !== 'ROLL_ABSENT' && this.#told !== detail) this.#ground.onTrouble(`${code}: ${detail}`);
    this.#told = detail;
  }

  async #work(rolls: Rolls): Promise<void> {
    const { core, config, now } = this.#ground;
    await rolls.expireSheets();
    this.#tell(await rolls.act(sealExtracts));
    await openExtractIncidents(core.db.query, await extractReadings(rolls.held.paths));
    const zone = config.zone ?? USUAL_ZONE;
    const paths = rollPaths(core.folder.path);
    for (const what of await dueNow(paths, this.#times(), zone, now())) {
      if (!(await this.#begin(what))) continue;
      if (what === 'capture') this.#tell(await rolls.layOutNewest());
      else await this.#endNight(rolls);
    }
  }

  #times(): DailyTimes {
    const { rolls } = this.#ground.config;
    return { capture: rolls?.capture ?? USUAL_CAPTURE, reconcile: rolls?.reconcile ?? USUAL_RECONCILE };
  }

  /** Runs the child; false where nothing is to be read, or where it failed. */
  async #begin(what: Daily): Promise<boolean> {
    const { core, config, program, now, onTrouble } = this.#ground;
    const live = config.rolls?.live ?? process.env.BELLWETHER_LIVE;
    if (program === null || live === undefined) return false;
    await noteBegun(rollPaths(core.folder.path), what, config.zone ?? USUAL_ZONE, now());
    this.#progress =
      what === 'capture' ? 'Changes of the day are being captured.' : 'The list of voters is being compared.';
    const transactions = config.rolls?.transactions;
    const more = transactions === undefined ? [] : ['--transactions', transactions];
    try {
      await runChild(
        program,
        ['rolls', what, '--data', core.folder.path, '--live', live, ...more],
        this.#closing.signal,
      );
      return true;
    } catch (error) {
      onTrouble(`rolls ${what}: ${(error as Error).message}`);
      return false;
    }
  }

  async #endNight(rolls: Rolls): Promise<void> {
    const { core, config, evidence, now } = this.#ground;
    this.#progress = 'The night is being sealed.';
    const sealed = await rolls.sealPending();
    if (this.#tell(sealed) && sealed.isOk()) await openRollIncidents(core.db.query, sealed.value, now());
    await this.#copyVault(rolls);
    const state = await factOf(core.db.query, 'state');
    const sources = {
      name: state?.name ?? rolls.held.fold.genesis.origin,
      knocks: await knockTotals(core.db.query, now()),
      notes: evidence.witnessing.statements,
      secondHands: secondHandsOf(config),
    };
    this.#tell(await rolls.act((holding) => stateNight(holding, sources)));
    await this.#watch();
    const paths = rollPaths(core.folder.path);
    const states = await keptStates(paths, rolls.held.fold.epoch, now());
    this.#tell(await pruneStates(paths.public, states, bestHasher(), now()));
  }

  /** What is not copied is told, and holds up nothing. In the queue of the roll, so that the vault does not change meanwhile. */
  async #copyVault(rolls: Rolls): Promise<void> {
    const { core, config, now } = this.#ground;
    const folder = config.rolls?.vaultCopies?.folder;
    if (folder === undefined) return;
    this.#progress = 'The vault is being copied.';
    const data = core.folder.path;
    const { vault } = rollPaths(data, config.rolls?.vault);
    this.#tell(await rolls.act(() => copyVault({ vault, data, folder }, now())));
  }

  /** Once a day, also where no night is sealed or the roll does not open: an erasure is complete on a day that was told. */
  async #endCopies(): Promise<void> {
    const { config, now } = this.#ground;
    const folder = config.rolls?.vaultCopies?.folder;
    const today = new Date(now()).toISOString().slice(0, 10);
    if (folder === undefined || this.#copiesEnded === today) return;
    this.#copiesEnded = today;
    this.#tell(await endVaultCopies(folder, now()));
  }

  /** In a process of its own, since it reads all of the book. What is not watched is told, and holds up nothing. */
  async #watch(): Promise<void> {
    const { core, program, onTrouble } = this.#ground;
    if (program === null) return;
    this.#progress = 'The changes of the day are being watched.';
    await runChild(program, ['rolls', 'watch', '--data', core.folder.path], this.#closing.signal).catch(
      (error: Error) => onTrouble(`rolls watch: ${error.message}`),
    );
  }

  #tell(result: { isErr(): boolean; readonly error?: unknown }): boolean {
    if (!result.isErr()) return true;
    const { code, detail } = result.error as { code: string; detail: string };
    this.#ground.onTrouble(`${code}: ${detail}`);
    return false;
  }
}
