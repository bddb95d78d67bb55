/**
 * The walks of prefixes, and what follows for their members: sources that share out one scan among them.
 */
import type { Tally } from '../settle/tally.ts';
import type { CompiledSurface } from '../surface/compile.ts';
import type { Blocks } from './blocks.ts';
import type { FindingsWriter } from './findings.ts';
import type { Place } from './place.ts';
import { MEMBER_TRIALS, Prefixes } from './prefixes.ts';
import { SourceBit, type Sources } from './sources.ts';
import { tierOf } from './stakes.ts';
import {
  MEMBER_CONTACTS,
  MEMBER_REPEATS,
  NETWORK_MEMBERS,
  PREFIX_MEMBERS,
  TIERS,
  threshold,
} from './tiers.ts';
import { forget, stake, wager } from './walk.ts';

const WATCH = threshold(TIERS[0].alpha);
const BLOCK = threshold(TIERS[1].alpha);

export class Neighbours {
  readonly prefixes: Prefixes;
  readonly #sources: Sources;
  readonly #blocks: Blocks;
  #surface: CompiledSurface;
  readonly #tally: Tally;
  readonly #findings: FindingsWriter;

  constructor(
    sources: Sources,
    blocks: Blocks,
    surface: CompiledSurface,
    tally: Tally,
    findings: FindingsWriter,
    maxPrefixes?: number,
  ) {
    this.prefixes = new Prefixes(maxPrefixes);
    this.#sources = sources;
    this.#blocks = blocks;
    this.#surface = surface;
    this.#tally = tally;
    this.#findings = findings;
  }

  /** From now on this is offered. */
  useSurface(surface: CompiledSurface): void {
    this.#surface = surface;
  }

  /** One trial of the walk of the source's prefix, if it may give one, and what follows. */
  trial(slot: number, target: number, lr: number, place: Place): void {
    const sources = this.#sources;
    const prefixes = this.prefixes;
    let prefix = sources.prefix(slot);
    const key0 = sources.key0(slot);
    const key1 = sources.key1(slot);
    const v6 = sources.bits(slot) & SourceBit.v6;
    let begun = false;
    if (prefix < 0) {
      prefix = prefixes.find(key0, key1, v6);
      if (prefix < 0) {
        if (lr < 1) return;
        prefix = prefixes.add(key0, key1, v6, place.time);
        if (prefix < 0) return;
        begun = true;
      }
      if (lr > 1) {
        sources.setPrefix(slot, prefix);
        sources.setNext(slot, prefixes.head[prefix]!);
        prefixes.head[prefix] = slot;
        prefixes.members[prefix] = prefixes.members[prefix]! + 1;
      }
    }
    if (begun || sources.tier(slot) > 0 || sources.memberTrials(slot) >= MEMBER_TRIALS) return;
    if (!prefixes.targets.add(prefix, target)) return;
    sources.setMemberTrials(slot, sources.memberTrials(slot) + 1);
    const elapsed = place.time - prefixes.last[prefix]!;
    if (elapsed >= 60_000) {
      prefixes.inPlay[prefix] = forget(prefixes.inPlay[prefix]!, elapsed);
      prefixes.last[prefix] = place.time;
    }
    const n = prefixes.trials[prefix]! + 1;
    const inPlay = wager(prefixes.inPlay[prefix]!, n, lr);
    prefixes.inPlay[prefix] = inPlay;
    prefixes.trials[prefix] = n;
    if (lr < 1 || prefixes.members[prefix]! < PREFIX_MEMBERS) return;
    const tier = Math.min(2, tierOf(stake(inPlay, n)));
    if (tier <= prefixes.tier[prefix]!) return;
    if (prefixes.tier[prefix] === 0) prefixes.since[prefix] = place.time;
    prefixes.tier[prefix] = tier;
    if (tier === 2) this.#decidePrefix(prefix, place);
  }

  /** A prefix has been decided: its members with enough contacts are blocked, and it itself if that cannot be forged. */
  #decidePrefix(prefix: number, place: Place): void {
    const sources = this.#sources;
    const prefixes = this.prefixes;
    let firmMembers = 0;
    for (let slot = prefixes.head[prefix]!; slot >= 0; slot = sources.next(slot)) {
      if (sources.firmTrials(slot) > 0 && sources.firm(slot) > 1) firmMembers++;
      this.#blockMember(slot, prefix, place);
    }
    // A /48 cannot be looked through for those who have done nothing: its members are blocked one by one.
    const v6 = prefixes.v6[prefix] === 1;
    if (v6 || firmMembers < NETWORK_MEMBERS || this.#hasVisitors(prefixes.key0[prefix]!)) return;
    const key0 = prefixes.key0[prefix]!;
    const network = { family: 4 as const, words: [0, 0, 0, (key0 << 8) >>> 0] as const, bits: 24 };
    if (this.#surface.standing(network) !== 0) {
      this.#tally.withhold('its network holds somebody who is never blocked');
      return;
    }
    this.#findings.proposals.push({
      fileTime: place.fileTime,
      time: place.time,
      file: place.file,
      line: place.line,
      key0: (key0 << 8) >>> 0,
      key1: 0,
      v6,
      bits: network.bits,
      reason: 'campaign-prefix',
      alpha: TIERS[1].alpha,
      likelihood: stake(prefixes.inPlay[prefix]!, prefixes.trials[prefix]!),
      threshold: BLOCK,
      forgeable: false,
      clientOnly: false,
      duration: TIERS[1].duration,
      contacts: prefixes.trials[prefix]!,
      targets: prefixes.targets.size(prefix),
      first: prefixes.since[prefix]!,
      last: place.time,
      campaign: this.campaignOf(prefix),
    });
  }

  /** Proposes a block of a member whose prefix has been decided. */
  decideMember(slot: number, place: Place): void {
    const sources = this.#sources;
    const prefix = sources.prefix(slot);
    if (prefix < 0 || this.prefixes.tier[prefix]! < 2) return;
    this.#blockMember(slot, prefix, place);
  }

  #blockMember(slot: number, prefix: number, place: Place): void {
    const sources = this.#sources;
    if (sources.targets.count[slot]! < MEMBER_CONTACTS || sources.until(slot) > place.time) return;
    if (sources.contacts(slot) > MEMBER_REPEATS * sources.targets.size(slot)) return;
    if (sources.any(slot) < 1 || (sources.bits(slot) & SourceBit.friend) !== 0) return;
    const { prefixes } = this;
    const inPlay = forget(prefixes.inPlay[prefix]!, place.time - prefixes.last[prefix]!);
    const likelihood = stake(inPlay, prefixes.trials[prefix]!);
    // A scan that ended weeks ago says nothing about who comes from there today.
    if (likelihood < WATCH) return;
    const forgeable = sources.firmTrials(slot) === 0 || sources.firm(slot) < 1;
    this.#blocks.propose(
      slot,
      place,
      'campaign-member',
      TIERS[1].alpha,
      TIERS[1].duration,
      forgeable,
      // The block rests on what the prefix had reached when it was decided.
      Math.max(likelihood, BLOCK),
      this.campaignOf(prefix),
    );
  }

  /** Whether anybody in the /24 is a visitor of ours. */
  #hasVisitors(prefix: number): boolean {
    const sources = this.#sources;
    for (let last = 0; last < 256; last++) {
      const slot = sources.find(((prefix << 8) | last) >>> 0, 0, 0);
      if (slot >= 0 && (sources.bits(slot) & (SourceBit.friend | SourceBit.layer7)) !== 0) return true;
    }
    return false;
  }

  /** Name of the campaign of a prefix. */
  campaignOf(prefix: number): string {
    const prefixes = this.prefixes;
    const key0 = prefixes.key0[prefix]!;
    if (prefixes.v6[prefix]) {
      const key1 = prefixes.key1[prefix]!;
      return `net-${(key0 >>> 16).toString(16)}:${(key0 & 0xffff).toString(16)}:${key1.toString(16)}::/48`;
    }
    return `net-${key0 >>> 16}.${(key0 >>> 8) & 255}.${key0 & 255}.0/24`;
  }

  /** Links members to their prefixes anew, after slots have moved. */
  relink(): void {
    const { prefixes } = this;
    const sources = this.#sources;
    prefixes.head.fill(-1);
    for (let slot = 0; slot < sources.count; slot++) {
      const prefix = sources.prefix(slot);
      if (prefix < 0) continue;
      sources.setNext(slot, prefixes.head[prefix]!);
      prefixes.head[prefix] = slot;
    }
  }
}
