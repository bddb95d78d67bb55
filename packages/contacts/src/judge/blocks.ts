/**
 * From a stake to a block, and who is spared: blocks are proposed here, and made by the commons.
 */
import type { Tally } from '../settle/tally.ts';
import type { CompiledSurface } from '../surface/compile.ts';
import type { FindingsWriter, ReasonCode } from './findings.ts';
import { whyNeverBlocked } from './never.ts';
import type { Place } from './place.ts';
import { SourceBit, type Sources } from './sources.ts';
import type { StateIo } from './state.ts';
import { FORGEABLE_DURATION, FRIEND_SETTLE, FRIEND_TIME, TIERS, threshold } from './tiers.ts';
import { stake } from './walk.ts';

const BLOCK = threshold(TIERS[1].alpha);
const BLOCK_LONG = threshold(TIERS[2].alpha);

/** A source whose stake is above this does not become a friend by shaking hands: it fails about as often as not. */
const FRIEND_STAKE = 16;

/** Why packets are not stopped although a block is due. */
const BY_PROXY = 'named by a proxy of ours: only the proxy can turn it away';

export class Blocks {
  /** What a block would be for: what the source did last. */
  reason: ReasonCode = 'scan';
  readonly #sources: Sources;
  #surface: CompiledSurface;
  readonly #tally: Tally;
  readonly #findings: FindingsWriter;

  constructor(sources: Sources, surface: CompiledSurface, tally: Tally, findings: FindingsWriter) {
    this.#sources = sources;
    this.#surface = surface;
    this.#tally = tally;
    this.#findings = findings;
  }

  /** From now on this is offered. */
  useSurface(surface: CompiledSurface): void {
    this.#surface = surface;
  }

  /** An answer that nobody asked for is judged under the reason of the row before it. */
  state(io: StateIo): void {
    this.reason = io.text('reason', this.reason) as ReasonCode;
  }

  /** Proposes a block if the source's stake is high enough now and none is in force. */
  decide(slot: number, place: Place): void {
    const sources = this.#sources;
    const any = stake(sources.any(slot), sources.trials(slot));
    if (any < BLOCK) return;
    const firm = stake(sources.firm(slot), sources.firmTrials(slot));
    const isFirm = firm >= BLOCK;
    const isLong = firm >= BLOCK_LONG;
    const tier = isLong ? TIERS[2] : TIERS[1];
    const duration = isFirm ? tier.duration : Math.min(tier.duration, FORGEABLE_DURATION);
    const until = sources.until(slot);
    const bits = sources.bits(slot);
    // A block that rests on what can be forged covers little, or was not made at all: it holds nothing else up. Nor does
    // one of a client behind a proxy where the source now comes by itself.
    const isLess =
      (isFirm && (bits & SourceBit.forgeable) !== 0) ||
      ((bits & SourceBit.clientOnly) !== 0 && !sources.isClientOnly(slot));
    const isInForce = until > place.time && !isLess;
    // In force, and not for much less than would be decided now.
    if (isInForce && (!isLong || place.time + duration - until < duration / 2)) return;
    this.propose(slot, place, this.reason, tier.alpha, duration, !isFirm, isFirm ? firm : any, null);
  }

  /** Proposes a block of a source, unless it is one that must not be blocked. */
  propose(
    slot: number,
    place: Place,
    reason: ReasonCode,
    alpha: number,
    duration: number,
    forgeable: boolean,
    likelihood: number,
    campaign: string | null,
  ): void {
    const sources = this.#sources;
    const why = this.#whyNot(slot, place.time, forgeable);
    sources.setUntil(slot, place.time + duration);
    const clientOnly = sources.isClientOnly(slot);
    const others = sources.bits(slot) & ~(SourceBit.forgeable | SourceBit.clientOnly);
    sources.setBits(
      slot,
      others | (forgeable ? SourceBit.forgeable : 0) | (clientOnly ? SourceBit.clientOnly : 0),
    );
    if (why !== undefined) {
      this.#tally.withhold(why);
      return;
    }
    if (clientOnly) this.#tally.withhold(BY_PROXY);
    const v6 = (sources.bits(slot) & SourceBit.v6) !== 0;
    this.#findings.proposals.push({
      fileTime: place.fileTime,
      time: place.time,
      file: place.file,
      line: place.line,
      key0: sources.key0(slot),
      key1: sources.key1(slot),
      v6,
      bits: v6 ? 64 : 32,
      reason,
      alpha,
      likelihood,
      threshold: threshold(alpha),
      forgeable,
      clientOnly,
      duration,
      contacts: sources.contacts(slot),
      targets: sources.targets.size(slot),
      first: sources.first(slot),
      last: place.time,
      campaign,
    });
  }

  /** Why a block is not made although it is due; undefined if it is made. */
  #whyNot(slot: number, time: number, forgeable: boolean): string | undefined {
    const sources = this.#sources;
    const isWide = (sources.bits(slot) & SourceBit.v6) !== 0;
    const standing = whyNeverBlocked(this.#surface, sources.key0(slot), sources.key1(slot), isWide, time);
    if (standing !== undefined) return standing;
    if (forgeable && this.#isFriend(slot, time)) return 'forgeable evidence against a recent visitor';
    return undefined;
  }

  /** Whether the source had proved who it is, in the last thirty days and before its failures began. */
  #isFriend(slot: number, time: number): boolean {
    const sources = this.#sources;
    if ((sources.bits(slot) & SourceBit.friend) === 0 || time - sources.friendLast(slot) > FRIEND_TIME)
      return false;
    const rising = sources.risingSince(slot);
    return rising === 0 || sources.friendSince(slot) + FRIEND_SETTLE <= rising;
  }

  /** Notes that the source proved who it is: a visit that was let in, a handshake, a login. */
  befriend(slot: number, time: number): void {
    const sources = this.#sources;
    if (sources.any(slot) > FRIEND_STAKE) return;
    if ((sources.bits(slot) & SourceBit.friend) === 0) {
      sources.mark(slot, SourceBit.friend);
      sources.setFriendSince(slot, time);
    }
    sources.setFriendLast(slot, time);
  }
}
