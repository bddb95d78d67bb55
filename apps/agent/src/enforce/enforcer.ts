/**
 * What is ordered becomes what the kernel blocks, and is read back: orders are held against the limits and the office's own no, made disjoint, and written in one transaction. Nothing is told as enforced that was not read in the kernel afterwards.
 *
 * Whatever becomes of this process, each block ends in the kernel by itself.
 */
import { join } from 'node:path';
import type { BlocksReadBack } from '@bellwether/api';
import type { Cidr } from '@bellwether/basics';
import {
  type Block,
  type Cover,
  changeText,
  coverOf,
  type Enforcement,
  LIMITS,
  NO_COVER,
  OrderBook,
  outcomesOf,
  pieceAt,
  type ReadOrder,
  type ReadTable,
  type Refused,
  readFlowtables,
  readTable,
  refusalOf,
  sparedWithinLimits,
  TABLE,
  tableText,
  withinLimits,
} from '@bellwether/blocks';
import { endConnections } from './connections.ts';
import { type RunTool, runTool, writeRules } from './nft.ts';
import type { EnforceSettings } from './settings.ts';
import { readVetoes, type Veto, vetoOf } from './veto.ts';

/** So often the kernel is read though nothing changed, ms: a firewall that somebody reloaded has lost our table. */
const READ_EVERY = 30_000;

/** After a failure it is tried again, ms, doubled each time up to the longest. */
const RETRY_FIRST = 1_000;
const RETRY_LONGEST = 60_000;

/** Outcomes that are told one by one; of the others, the count. As packages/api has it. */
const MOST_TOLD = 1_000;

/** Reasons that are told of the point, and how long each may be. */
const MOST_WHY = 32;
const LONGEST_WHY = 300;

/** For how long it is told that the table was mended, ms: long enough to be seen in one of the reports. */
const MENDED_FOR = 10 * 60_000;

/** Whether this computer passes packets on, as the kernel says: 1 or 2 where it does. */
const FORWARDING = ['/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv6/conf/all/forwarding'] as const;

/** A clock that differs by less is believed, ms. */
const CLOCK_BELIEVED = 120_000;

const HOUR = 3_600_000;

/** File of the vetoes, in the agent's folder. */
export const VETO_FILE = 'vetoes.json';

/** What it stands on. */
export type EnforcerOptions = {
  readonly settings: EnforceSettings;
  readonly folder: string;
  /** Networks that are never blocked here. */
  readonly never: readonly Cidr[];
  readonly log: (text: string) => void;
  /** ms since 1970. */
  readonly now: () => number;
  readonly readEvery?: number;
  /** `runTool` if nothing is said. */
  readonly run?: RunTool;
};

/** The part of an agent that blocks. */
export class Enforcer {
  readonly #options: EnforcerOptions;
  readonly #run: RunTool;
  readonly #book = new OrderBook();
  readonly #listeners: (() => void)[] = [];
  /** When each block was taken first: for the limit of an hour. */
  readonly #admitted = new Map<string, number>();
  #vetoes: readonly Veto[] = [];
  /** What stands in the kernel, as far as we wrote it; null: the table has to be written anew. */
  #written: Cover | null = null;
  /** How the table looked right after it was written. */
  #shape: Pick<ReadTable, 'chains' | 'rules'> | null = null;
  /** How long the longest writing took that still stands, ms. */
  #slack = 0;
  #taken: readonly Block[] = [];
  #refused: readonly Refused[] = [];
  #cover: Cover = NO_COVER;
  #enforcement: Enforcement | null = null;
  #readAt = 0;
  #trouble: string | null = null;
  #unreadable = 0;
  #mendedAt = Number.NEGATIVE_INFINITY;
  /** Nothing goes through here: for the rest of its network there is no enforcement point in the path. */
  #guardsItselfAlone = false;
  /** The clock of this computer less the hub's, ms, where it is not believed. */
  #ahead = 0;
  #turns: Promise<void> = Promise.resolve();
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;
  #retry = RETRY_FIRST;
  #isClosed = false;

  constructor(options: EnforcerOptions) {
    this.#options = options;
    this.#run = options.run ?? runTool;
    this.#schedule(options.readEvery ?? READ_EVERY);
  }

  /** Takes an order that was read with its signature. Its number counts only when this resolved. */
  async take({ order, unreadable }: ReadOrder): Promise<void> {
    const { log } = this.#options;
    const taken = this.#book.take(order);
    if (taken === 'gap') throw new Error(`order ${order.sequence} came after ${this.#book.sequence}`);
    if (taken === 'known') return;
    this.#unreadable = unreadable.length;
    if (unreadable.length > 0)
      log(
        `${unreadable.length} of the blocks in order ${order.sequence} are none; the others hold. The first: ${unreadable[0]}`,
      );
    await this.#apply();
  }

  /** The office's vetoes may have changed. */
  async vetoesChanged(): Promise<void> {
    await this.#apply();
  }

  /** How far the clock of this computer is ahead of the hub's, ms, as the hub's answer told. */
  heardClock(ahead: number): void {
    const use = Math.abs(ahead) < CLOCK_BELIEVED ? 0 : ahead;
    if (Math.abs(use - this.#ahead) < CLOCK_BELIEVED) return;
    this.#ahead = use;
    this.#written = null;
    void this.#apply();
  }

  /** Whether something is held against a source, and whether it is spared at voters' services. */
  isJudged(source: Cidr): boolean {
    const now = this.#now();
    return (['all', 'private'] as const).some(
      (covers) => (pieceAt(this.#cover, covers, source)?.until ?? 0) > now,
    );
  }

  isSpared(source: Cidr): boolean {
    return (pieceAt(this.#cover, 'spared', source)?.until ?? 0) > this.#now();
  }

  /** What was read back last. */
  report(): BlocksReadBack {
    const { point, decided, enforced, refused, missing } = this.#enforcement ?? NOTHING_YET;
    const why = [
      ...(this.#trouble === null ? [] : [this.#trouble]),
      ...(this.#now() - this.#mendedAt < MENDED_FOR
        ? [`somebody changed the table; it was written anew ${new Date(this.#mendedAt).toISOString()}`]
        : []),
      ...(this.#unreadable === 0 ? [] : [`${this.#unreadable} ordered blocks are none`]),
      ...(this.#guardsItselfAlone && point.state !== 'none'
        ? ['this computer passes nothing on: what is blocked is kept from itself alone']
        : []),
      ...point.why,
    ];
    return {
      sequence: this.#book.sequence,
      at: this.#readAt === 0 ? this.#options.now() : this.#readAt,
      point: { state: point.state, why: why.slice(0, MOST_WHY).map((text) => text.slice(0, LONGEST_WHY)) },
      decided,
      enforced,
      refusedCount: refused.length,
      missingCount: missing.length,
      refused: refused
        .slice(0, MOST_TOLD)
        .map((one) => ({ ...one, detail: one.detail.slice(0, LONGEST_WHY) })),
      missing: missing
        .slice(0, MOST_TOLD)
        .map((one) => ({ ...one, detail: one.detail.slice(0, LONGEST_WHY) })),
      vetoes: this.#vetoes.length,
    };
  }

  /** Told when there is something new to report. */
  onReport(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Ends after what is under way. What is blocked stays blocked until its end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#turns;
  }

  #now(): number {
    return this.#options.now() - this.#ahead;
  }

  /** Brings the kernel to what is ordered; orders that come meanwhile are one change. */
  #apply(): Promise<void> {
    if (this.#isDue) return this.#turns;
    this.#isDue = true;
    this.#turns = this.#turns.then(async () => {
      this.#isDue = false;
      await this.#decide();
      await this.#write();
      await this.#readBack();
    });
    return this.#turns;
  }

  /** What of that which is ordered is taken here. */
  async #decide(): Promise<void> {
    const now = this.#now();
    const { folder, log, never, settings } = this.#options;
    const vetoes = await readVetoes(join(folder, VETO_FILE));
    if (vetoes.isErr())
      log(`The vetoes of this office cannot be read, so those from before hold: ${vetoes.error.detail}`);
    else this.#vetoes = vetoes.value;
    this.#book.forgetOver(now);
    for (const [id, at] of this.#admitted)
      if (at <= now - HOUR && !this.#book.blocks.has(id)) this.#admitted.delete(id);
    const here = { never: [...never, ...settings.never, ...settings.office.allow], now };
    const out: Refused[] = [];
    const wanted: Block[] = [];
    let lately = [...this.#admitted.values()].filter((at) => at > now - HOUR).length;
    for (const block of this.#book.blocks.values()) {
      const veto = this.#vetoes.length === 0 ? undefined : vetoOf(block, this.#vetoes);
      // What nobody takes needs no veto, and is told as what it is.
      if (veto !== undefined && refusalOf(block, here) === null)
        out.push({ id: block.id, state: 'refused', why: 'veto', detail: veto.why });
      else if (this.#admitted.has(block.id)) wanted.push(block);
      else if (lately >= LIMITS.mostAnHour)
        out.push({
          id: block.id,
          state: 'refused',
          why: 'too-fast',
          detail: `more than ${LIMITS.mostAnHour} within an hour`,
        });
      else {
        lately++;
        this.#admitted.set(block.id, now);
        wanted.push(block);
      }
    }
    const { taken, refused } = withinLimits(wanted, here);
    this.#taken = taken;
    this.#refused = [...out, ...refused];
    this.#cover = coverOf(taken, sparedWithinLimits(this.#book.spared.values(), now));
  }

  async #write(): Promise<void> {
    const { office } = this.#options.settings;
    const before = this.#written;
    const cover = this.#cover;
    const change = before === null ? null : changeText(before, cover, this.#now());
    if (change === '') return;
    const began = performance.now();
    let trouble = change === null ? 'new' : await writeRules(this.#run, change);
    if (trouble !== null) {
      // An element that ended meanwhile, or somebody who changed the table: then all of it is written.
      trouble = await writeRules(this.#run, tableText(office, cover, this.#now()));
      if (trouble === null) {
        this.#shape = null;
        this.#slack = 0;
      }
    }
    this.#trouble = trouble === null ? null : `the kernel's firewall could not be written: ${trouble}`;
    this.#written = trouble === null ? cover : null;
    if (trouble !== null) {
      this.#options.log(`${this.#trouble}. It is tried again; what was blocked stays blocked until its end.`);
      this.#schedule(this.#retry);
      this.#retry = Math.min(2 * this.#retry, RETRY_LONGEST);
      return;
    }
    this.#slack = Math.max(this.#slack, performance.now() - began);
    this.#retry = RETRY_FIRST;
    await endConnections(this.#run, before ?? NO_COVER, cover, office.voters, this.#options.log);
  }

  /** Reads what stands in the kernel. */
  async #readBack(): Promise<void> {
    const listed = await this.#run('nft', ['-j', 'list', 'table', 'inet', TABLE]);
    const flowtables = await this.#run('nft', ['-j', 'list', 'flowtables']);
    const read = listed.code === 0 ? readTable(listed.out) : undefined;
    const table = read?.isOk() === true && read.value !== 'absent' ? read.value : null;
    if (this.#shape === null && table !== null && this.#written !== null)
      this.#shape = { chains: table.chains, rules: table.rules };
    const names = flowtables.code === 0 ? readFlowtables(flowtables.out).unwrapOr([]) : [];
    const forwarding = await this.#run('cat', FORWARDING);
    this.#guardsItselfAlone = forwarding.code === 0 && !/[12]/.test(forwarding.out);
    this.#readAt = this.#options.now();
    this.#enforcement = outcomesOf({
      taken: this.#taken,
      cover: this.#cover,
      refused: this.#refused,
      table,
      written: this.#shape,
      flowtables: names,
      slack: this.#slack,
      now: this.#now(),
    });
    for (const listener of this.#listeners) listener();
  }

  /** Reads the kernel, and writes the table anew where it is not as it was written. */
  async #lookAgain(): Promise<void> {
    if (this.#book.sequence === 0) return;
    await this.#decide();
    await this.#write();
    await this.#readBack();
    if (this.#enforcement?.point.state !== 'damaged' || this.#trouble !== null) return;
    this.#options.log(
      `The table in the kernel is not as it was written: ${this.#enforcement.point.why[0] ?? 'blocks are missing'}. It is written anew.`,
    );
    this.#written = null;
    this.#mendedAt = this.#now();
    await this.#write();
    await this.#readBack();
  }

  #schedule(after: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#turns = this.#turns.then(() => this.#lookAgain());
      void this.#turns.then(() => {
        if (this.#trouble === null) this.#schedule(this.#options.readEvery ?? READ_EVERY);
      });
    }, after);
  }
}

/** Before the first order nothing is blocked, and nothing is known of the kernel. */
const NOTHING_YET: Enforcement = {
  point: { state: 'none', why: ['no order has come yet'] },
  decided: 0,
  enforced: 0,
  refused: [],
  missing: [],
};
