/**
 * What crosses shards: destinations, accounts, decoys and surges. One object on the main thread takes the findings of
 * all workers in the total order, so its results do not depend on how the work was cut.
 *
 * Blocks proposed by shards on evidence that can be forged wait here: meanwhile a group of decoys shows itself.
 */

import { R } from '../settle/dispositions.ts';
import type { CompiledSurface } from '../surface/compile.ts';
import { Accounts, Doubt } from './accounts.ts';
import { Decoys } from './decoys.ts';
import { Destinations } from './destinations.ts';
import { Finding, type Findings, type Held, type Proposal, proposalState, type Through } from './findings.ts';
import type { Limits } from './limits.ts';
import { PATIENCE } from './members.ts';
import { whyNeverBlocked } from './never.ts';
import type { StateIo } from './state.ts';
import { Surges } from './surges.ts';
import { TIERS, threshold } from './tiers.ts';

/** A group of decoys shows itself within this time: a block on forgeable evidence waits for it. */
const SHOW_TIME = 30_000;

/** How often it is looked whether blocks have waited long enough, event time. */
const LOOK = 5_000;

/** Blocks that may wait in a snapshot: as many as there are sources. */
const MOST_WAITING = 2 ** 20;

/** Length of an epoch, event time: what is decided about groups takes effect within a minute. */
const EPOCH = 60_000;

/** A login settled anew: the rule that the shard had given it, the one that holds, and its line. */
export type Moved = {
  readonly from: number;
  readonly to: number;
  readonly file: number;
  readonly line: number;
};

export class Commons {
  readonly destinations = new Destinations();
  readonly accounts = new Accounts();
  readonly decoys = new Decoys();
  /** Begins anew with each surface: services are remembered by their numbers. */
  surges: Surges;
  /** Blocks that stand. */
  readonly decided: Proposal[] = [];
  /** What came through; once closed, in order of time. */
  readonly through: Through[] = [];
  /** Through items that were counted and not listed. */
  throughUnlisted = 0;
  /** Logins that the commons settled anew. */
  readonly moved: Moved[] = [];
  /** Blocks not made because the source is one of a group of decoys. */
  decoysSpared = 0;
  /** Members of campaigns that are never blocked. */
  membersSpared = 0;
  #surface: CompiledSurface;
  #waiting: Held[] = [];
  #epoch = Number.NEGATIVE_INFINITY;
  #look = Number.NEGATIVE_INFINITY;

  constructor(surface: CompiledSurface) {
    this.#surface = surface;
    this.surges = new Surges(surface);
  }

  /** Takes the findings of all workers about one stretch. */
  take(all: readonly Findings[]): void {
    const logins = new Map<string, Through>();
    const proposals: Held[] = [];
    for (const findings of all) {
      for (const login of findings.logins) logins.set(`${login.file}:${login.line}`, login);
      for (const item of findings.through) this.#list(item);
      for (const held of findings.proposals) proposals.push(held);
    }
    if (all.length > 1) {
      proposals.sort(
        (a, b) => a.fileTime - b.fileTime || a.file - b.file || a.line - b.line || a.bits - b.bits,
      );
    }
    let proposal = 0;
    const at = all.map(() => 0);
    for (;;) {
      let best = -1;
      for (let k = 0; k < all.length; k++) {
        if (at[k]! >= all[k]!.count) continue;
        if (best < 0 || before(all[k]!, at[k]!, all[best]!, at[best]!)) best = k;
      }
      if (best < 0) break;
      const findings = all[best]!;
      const i = at[best]!;
      at[best] = i + 1;
      const fileTime = findings.fileTime[i]!;
      while (proposal < proposals.length && isBefore(proposals[proposal]!, findings, i))
        this.#wait(proposals[proposal++]!);
      this.#reach(fileTime);
      this.#one(findings, i, logins);
    }
    while (proposal < proposals.length) this.#wait(proposals[proposal++]!);
  }

  /** From now on this is offered. */
  useSurface(surface: CompiledSurface): void {
    this.#surface = surface;
    this.surges = new Surges(surface);
  }

  /** Event time has passed `time` (ms): epochs that lie before it end. */
  pass(time: number): void {
    this.#reach(time);
  }

  /** Hands over what was decided and settled anew since the last time, and keeps none of it. */
  drain(): { readonly decided: readonly Proposal[]; readonly moved: readonly Moved[] } {
    const drained = { decided: this.decided.splice(0), moved: this.moved.splice(0) };
    this.through.length = 0;
    this.surges.list.length = 0;
    return drained;
  }

  /** Everything that is remembered; what was decided has been drained. */
  state(io: StateIo): void {
    io.within('destinations', () => this.destinations.state(io));
    io.within('accounts', () => this.accounts.state(io));
    io.within('decoys', () => this.decoys.state(io));
    io.within('surges', () => this.surges.state(io));
    this.decoysSpared = io.number('decoysSpared', this.decoysSpared);
    this.membersSpared = io.number('membersSpared', this.membersSpared);
    this.#waiting = io.list('waiting', this.#waiting, MOST_WAITING, (held) => proposalState(io, held));
    this.#epoch = io.number('epoch', this.#epoch);
    this.#look = io.number('look', this.#look);
  }

  /** What did not fit. */
  limits(): Limits {
    const { destinations, accounts, decoys } = this;
    const { members } = accounts;
    return {
      hosts: destinations.refused,
      accounts: accounts.refused,
      attempts: members.forgotten + destinations.forgotten,
      members: members.refused,
      labels: decoys.labels.refused + destinations.labels.refused + members.labels.refused,
    };
  }

  /** Everything has been taken. */
  close(): void {
    this.#settleWaiting(Number.POSITIVE_INFINITY);
    this.#blockMembers(Number.POSITIVE_INFINITY);
    this.surges.close();
    this.#trim();
  }

  #one(findings: Findings, i: number, logins: ReadonlyMap<string, Through>): void {
    switch (findings.kind[i]) {
      case Finding.failure:
        this.decoys.note(findings, i);
        this.destinations.note(findings, i);
        return;
      case Finding.login: {
        const doubt = this.accounts.note(findings, i);
        if (doubt === Doubt.none) return;
        const login = logins.get(`${findings.file[i]}:${findings.line[i]}`);
        if (login === undefined) return;
        const to = doubt === Doubt.unsure ? R['login-unsure'] : R['login-after-guessing'];
        this.moved.push({ from: findings.c[i]!, to, file: login.file, line: login.line });
        if (doubt === Doubt.guessed) this.#list(login);
        return;
      }
      case Finding.visit:
        this.surges.note(findings, i);
        return;
    }
  }

  #list(item: Through): void {
    this.through.push(item);
    if (this.through.length >= 2 * MAX_THROUGH_LISTED) this.#trim();
  }

  /** Keeps the first of what came through, by time: which they are must not depend on how the work was cut. */
  #trim(): void {
    this.through.sort((a, b) => a.time - b.time || a.file - b.file || a.line - b.line);
    this.throughUnlisted += Math.max(0, this.through.length - MAX_THROUGH_LISTED);
    this.through.length = Math.min(this.through.length, MAX_THROUGH_LISTED);
  }

  /** What can be forged waits, since it may be a decoy; nothing else does. */
  #wait(proposal: Held): void {
    this.#reach(proposal.fileTime);
    if (proposal.forgeable) this.#waiting.push(proposal);
    else this.decided.push(proposal);
  }

  /** Looks at what waits, and ends the epoch, if `fileTime` lies in a later one. */
  #reach(fileTime: number): void {
    if (fileTime === Number.NEGATIVE_INFINITY) return;
    const look = Math.floor(fileTime / LOOK);
    if (look > this.#look) {
      this.#settleWaiting(look * LOOK - SHOW_TIME);
      this.#look = look;
    }
    const epoch = Math.floor(fileTime / EPOCH);
    if (epoch <= this.#epoch) return;
    this.#epoch = epoch;
    this.#blockMembers(epoch * EPOCH);
    this.surges.endEpoch(epoch * EPOCH);
  }

  /** Blocks the members of campaigns against accounts that have had time to log in and did not. */
  #blockMembers(now: number): void {
    for (const member of this.accounts.members.ripe(now)) {
      const time = member.last + PATIENCE;
      if (whyNeverBlocked(this.#surface, member.key0, member.key1, member.v6, time) !== undefined) {
        this.membersSpared++;
        continue;
      }
      this.decided.push({
        time,
        file: member.file,
        line: member.lastLine,
        key0: member.key0,
        key1: member.key1,
        v6: member.v6,
        bits: member.v6 ? 64 : 32,
        reason: 'account-campaign',
        alpha: TIERS[1].alpha,
        likelihood: threshold(TIERS[1].alpha),
        threshold: threshold(TIERS[1].alpha),
        forgeable: false,
        clientOnly: member.clientOnly,
        duration: TIERS[1].duration,
        contacts: member.failures,
        targets: 1,
        first: member.time,
        last: member.last,
        campaign: member.campaign,
      });
    }
  }

  /** Makes the blocks that were proposed before `until`, but those of decoys. */
  #settleWaiting(until: number): void {
    const later: Held[] = [];
    for (const held of this.#waiting) {
      if (held.fileTime >= until) later.push(held);
      else if (this.decoys.has(held.key0, held.key1, held.v6)) this.decoysSpared++;
      else this.decided.push(held);
    }
    this.#waiting = later;
  }
}

/** Through items that are listed one by one; beyond, they are counted. */
const MAX_THROUGH_LISTED = 10_000;

function before(a: Findings, i: number, b: Findings, j: number): boolean {
  const time = a.fileTime[i]! - b.fileTime[j]!;
  if (time !== 0) return time < 0;
  if (a.file[i] !== b.file[j]) return a.file[i]! < b.file[j]!;
  return a.line[i]! < b.line[j]!;
}

function isBefore(proposal: Held, findings: Findings, i: number): boolean {
  const time = proposal.fileTime - findings.fileTime[i]!;
  if (time !== 0) return time < 0;
  if (proposal.file !== findings.file[i]) return proposal.file < findings.file[i]!;
  return proposal.line < findings.line[i]!;
}
