/**
 * One shard: its sources and prefixes, and what a contact does to them. Everything here depends only on the contacts of
 * this shard, in their total order.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { mix32 } from '../reading/bytes.ts';
import { Evidence, R, ruleEvidence, ruleForgeable } from '../settle/dispositions.ts';
import { ATTACK_CONTENT, isAnsweringPort } from '../settle/prepare.ts';
import type { Tally } from '../settle/tally.ts';
import type { CompiledSurface } from '../surface/compile.ts';
import { EvidenceLines } from './evidence.ts';
import { Finding, FindingBit, type FindingsWriter, type ReasonCode } from './findings.ts';
import { whyNeverBlocked } from './never.ts';
import { MEMBER_TRIALS, Prefixes } from './prefixes.ts';
import { Routes } from './routes.ts';
import { SourceBit, Sources } from './sources.ts';
import { EXACT_TARGETS } from './targets.ts';
import {
  FORGEABLE_DURATION,
  FRIEND_SETTLE,
  FRIEND_TIME,
  MEMBER_CONTACTS,
  NETWORK_MEMBERS,
  PREFIX_MEMBERS,
  TIERS,
  threshold,
} from './tiers.ts';
import { forget, LR_CONTENT, LR_FAILURE, LR_NO_CONTENT, LR_SUCCESS, stake, wager } from './walk.ts';

const WATCH = threshold(TIERS[0].alpha);
const BLOCK = threshold(TIERS[1].alpha);
const BLOCK_LONG = threshold(TIERS[2].alpha);

/** A source whose stake is above this does not become a friend by shaking hands: it fails about as often as not. */
const FRIEND_STAKE = 16;
/** A stake above this has begun to rise. */
const RISING_STAKE = 2;

/** First contacts of a source that are told to the commons: later ones come from sources long judged. */
const TOLD_TARGETS = 16;

/** Told apart from other targets of a source. */
const SIGNED_IN = 0x51c0ed1;

/** Where a contact stands in the total order. */
export type Place = {
  fileTime: number;
  time: number;
  file: number;
  line: number;
  /** Whether the sensor's lines came by a way on which nobody else could write in its name. */
  trusted: boolean;
  /** Rule by which the contact is settled now, after all of its lines so far. */
  rule: number;
};

export class Shard {
  readonly sources = new Sources();
  readonly prefixes = new Prefixes();
  readonly routes = new Routes();
  readonly evidence = new EvidenceLines();
  readonly #surface: CompiledSurface;
  /** What a block would be for: what the source did last. */
  #reason: ReasonCode = 'scan';
  readonly #tally: Tally;
  readonly #findings: FindingsWriter;

  constructor(surface: CompiledSurface, tally: Tally, findings: FindingsWriter) {
    this.#surface = surface;
    this.#tally = tally;
    this.#findings = findings;
  }

  /** Slot of the row's source, known or new, forgotten as far as time has passed. */
  meet(batch: Batch, i: number, time: number, units: number): number {
    const sources = this.sources;
    const key0 = batch.foreign0[i]!;
    const key1 = batch.foreign1[i]!;
    const v6 = batch.flags[i]! & Flag.v6;
    let slot = sources.find(key0, key1, v6);
    if (slot < 0) {
      if (sources.isFull) this.#fold(time);
      slot = sources.add(key0, key1, v6, time);
    } else {
      const elapsed = time - sources.forgotAt(slot);
      if (elapsed >= 60_000) {
        sources.setAny(slot, forget(sources.any(slot), elapsed));
        sources.setFirm(slot, forget(sources.firm(slot), elapsed));
        sources.setForgotAt(slot, time);
      }
      if (time > sources.last(slot)) sources.setLast(slot, time);
    }
    sources.setContacts(slot, sources.contacts(slot) + units);
    if (batch.flags[i]! & Flag.proxied) sources.mark(slot, SourceBit.layer7);
    return slot;
  }

  /** Judges a packet, a connection or an alert. */
  transport(batch: Batch, i: number, slot: number, rule: number, place: Place): void {
    this.#reason = 'scan';
    const evidence = ruleEvidence[rule]!;
    if (evidence === Evidence.none) {
      if (rule === R['echo-answered']) this.#echo(batch, i, slot, place);
      return;
    }
    const sources = this.sources;
    const target = batch.target[i]!;
    const firm = ruleForgeable[rule] === 0 && place.trusted;
    if (batch.content[i]! & ATTACK_CONTENT) {
      this.#note(slot, place);
      this.#mark(slot, SourceBit.attempt);
      this.#trial(slot, LR_CONTENT, firm, place);
      return;
    }
    const udp = batch.protocol[i] === Protocol.udp;
    if (
      rule === R['answer-unasked'] ||
      (evidence === Evidence.failure && udp && isAnsweringPort(batch.sport[i]!))
    ) {
      this.#unaskedAnswer(slot, target, udp, place);
      return;
    }
    const fresh = sources.targets.add(slot, target);
    if (evidence === Evidence.success) {
      if (fresh) {
        this.#trial(slot, LR_SUCCESS, firm, place);
        this.#prefixTrial(slot, target, LR_SUCCESS, place);
        if (batch.service[i]! >= 0) this.#visit(batch, i, place);
      }
      // A filter cannot see the handshake; a visit that it let in counts, so as not to turn a voter away.
      this.#befriend(slot, place.time);
      return;
    }
    sources.setFailures(slot, sources.failures(slot) + 1);
    if (fresh) {
      this.#note(slot, place);
      this.#mark(slot, SourceBit.scan);
      this.#tell(batch, i, slot, target, place);
      this.#prefixTrial(slot, target, LR_FAILURE, place);
      this.#trial(slot, LR_FAILURE, firm, place);
    } else {
      this.#decide(slot, place);
    }
    this.#decideMember(slot, place);
  }

  /**
   * A ping that was answered says nothing; from the seventeenth host on, that nobody offers for pinging, it is a sweep.
   */
  #echo(batch: Batch, i: number, slot: number, place: Place): void {
    if (batch.service[i]! >= 0) return;
    const { targets } = this.sources;
    if (!targets.add(slot, batch.target[i]!) || targets.count[slot]! <= EXACT_TARGETS) return;
    this.#note(slot, place);
    this.#mark(slot, SourceBit.scan);
    this.#trial(slot, LR_FAILURE, false, place);
  }

  /** Judges a web request: its content each time, its answer at the first contact with each route. */
  web(batch: Batch, i: number, slot: number, rule: number, place: Place): void {
    const sources = this.sources;
    const content = batch.content[i]!;
    const target = batch.target[i]!;
    const status = batch.status[i]!;
    if (rule === R.engagement) return;
    this.#reason = 'web-probing';
    if (rule === R['login-failed']) {
      this.login(batch, i, slot, rule, place, false);
      return;
    }
    const firm = ruleForgeable[rule] === 0 && place.trusted;
    const probes =
      status >= 400 && status < 500 && (content & (Content.probePath | Content.secretPath)) !== 0;
    const names =
      (content & Content.scannerAgent) !== 0 && sources.targets.add(slot, mix32(target ^ 0x5ca11e5));
    if ((content & ATTACK_CONTENT) !== 0 || probes || names || rule === R['secret-answered']) {
      sources.setFailures(slot, sources.failures(slot) + 1);
      this.#note(slot, place);
      this.#mark(slot, SourceBit.attempt);
      this.#prefixTrial(slot, target, LR_FAILURE, place);
      this.#trial(slot, LR_CONTENT, firm, place);
      this.#decideMember(slot, place);
      return;
    }
    this.routes.learn(target, status, batch.millis[i]!);
    this.#trial(slot, LR_NO_CONTENT, firm, place);
    const evidence = ruleEvidence[rule]!;
    if (evidence === Evidence.none) return;
    const fresh = sources.targets.add(slot, target);
    if (evidence === Evidence.success) {
      this.#signIn(batch, i, slot, rule, place);
      if (fresh) {
        this.#trial(slot, LR_SUCCESS, firm, place);
        if (sources.targets.count[slot] === 1) this.#visit(batch, i, place);
      }
      this.#befriend(slot, place.time);
      return;
    }
    sources.setFailures(slot, sources.failures(slot) + 1);
    if (!fresh) return;
    this.#note(slot, place);
    this.#mark(slot, SourceBit.attempt);
    this.#prefixTrial(slot, target, LR_FAILURE, place);
    this.#trial(slot, LR_FAILURE, firm, place);
    this.#decideMember(slot, place);
  }

  /**
   * Judges an attempt to sign in. Every attempt is a trial: who guesses at one account all day makes one contact with
   * it, and thousands of attempts. `again`: another line has told this attempt.
   */
  login(batch: Batch, i: number, slot: number, rule: number, place: Place, again: boolean): void {
    if (rule === R.engagement) return;
    this.#reason = 'login-guessing';
    const sources = this.sources;
    const firm = ruleForgeable[rule] === 0 && place.trusted;
    const units = 1 + batch.repeat[i]!;
    const hasAccount = batch.acct0[i] !== 0 || batch.acct1[i] !== 0;
    const succeeded = batch.outcome[i] === Outcome.succeeded;
    if (rule === R['login-none'] && !hasAccount) {
      if (sources.targets.add(slot, batch.target[i]!)) {
        this.#note(slot, place);
        this.#mark(slot, SourceBit.scan);
        this.#trial(slot, LR_FAILURE, firm, place);
      }
      return;
    }
    const account = mix32(batch.acct0[i]! ^ batch.target[i]!);
    if (!again) {
      const lr = succeeded ? LR_SUCCESS : LR_FAILURE;
      // A line that tells of a thousand attempts is one piece of evidence for each, up to what changes a decision.
      for (let k = 0; k < Math.min(units, 16); k++) this.#trial(slot, lr, firm, place);
      sources.targets.add(slot, account);
      this.#prefixTrial(slot, account, lr, place);
      if (!succeeded) {
        sources.setFailures(slot, sources.failures(slot) + units);
        this.#note(slot, place);
        this.#mark(slot, SourceBit.attempt | SourceBit.guesser);
      }
    }
    const isForm = !hasAccount && batch.kind[i] === Kind.web;
    if (hasAccount || isForm) this.#tellLogin(batch, i, slot, rule, place, succeeded, again);
    if (succeeded) {
      this.#befriend(slot, place.time);
      if (sources.tier(slot) === 0) this.#mark(slot, SourceBit.signedIn);
    }
    this.#decideMember(slot, place);
  }

  /** Whether this request shows that its source has signed in, as far as is known for the first time. */
  isWebLogin(batch: Batch, i: number, slot: number): boolean {
    return (this.sources.bits(slot) & SourceBit.signedIn) === 0 && isSignIn(batch, i);
  }

  /** A page given to a named user, or a form that was posted and led on, is a login that succeeded: told once. */
  #signIn(batch: Batch, i: number, slot: number, rule: number, place: Place): void {
    if (!isSignIn(batch, i)) return;
    const { sources } = this;
    const account = mix32(batch.acct0[i]! ^ batch.target[i]! ^ SIGNED_IN);
    if (!sources.targets.add(slot, account)) return;
    this.#tellLogin(batch, i, slot, rule, place, true, false);
    if (sources.tier(slot) === 0) this.#mark(slot, SourceBit.signedIn);
  }

  #tellLogin(
    batch: Batch,
    i: number,
    slot: number,
    rule: number,
    place: Place,
    succeeded: boolean,
    again: boolean,
  ): void {
    const sources = this.sources;
    const known = rule === R['login-authorised'] || (sources.bits(slot) & SourceBit.signedIn) !== 0;
    const named = batch.acct0[i] !== 0 || batch.acct1[i] !== 0;
    this.#findings.add(
      place.fileTime,
      place.time,
      place.file,
      place.line,
      Finding.login,
      (batch.flags[i]! & Flag.v6) |
        (succeeded ? FindingBit.succeeded : 0) |
        (batch.flags[i]! & Flag.invalidAccount ? FindingBit.invalid : 0) |
        (known ? FindingBit.known : 0) |
        (sources.tier(slot) > 0 ? FindingBit.judged : 0) |
        (again ? FindingBit.again : 0) |
        (batch.flags[i]! & Flag.keyLogin ? FindingBit.keyLogin : 0) |
        (named ? 0 : FindingBit.form) |
        (!known && (sources.bits(slot) & SourceBit.guesser) !== 0 ? FindingBit.failedBefore : 0),
      sources.key0(slot),
      sources.key1(slot),
      named ? batch.acct0[i]! : batch.target[i]!,
      named ? batch.acct1[i]! : 1,
      place.rule,
      1 + batch.repeat[i]!,
    );
  }

  /** Whether a login from this source succeeds suspiciously: it has been guessing itself. */
  hasGuessed(slot: number, authorised: boolean): boolean {
    const sources = this.sources;
    const failed = (sources.bits(slot) & SourceBit.guesser) !== 0;
    return failed && sources.tier(slot) >= (authorised ? 2 : 1);
  }

  /** Something of this source came through. */
  markIntrusion(slot: number): void {
    this.#mark(slot, SourceBit.intrusion);
  }

  /** Counts targets that had been taken for replies, now that their source turns out to ask. */
  unaskedAnswers(slot: number, targets: Uint32Array, udp: boolean, place: Place): void {
    for (const target of targets) this.#unaskedAnswer(slot, target, udp, place);
  }

  #unaskedAnswer(slot: number, target: number, udp: boolean, place: Place): boolean {
    const sources = this.sources;
    const isFresh = sources.targets.add(slot, target);
    const speaks =
      !udp || (sources.bits(slot) & SourceBit.scan) !== 0 || sources.targets.count[slot]! > EXACT_TARGETS;
    if (!speaks || !isFresh) return false;
    this.#note(slot, place);
    this.#mark(slot, SourceBit.scan);
    this.#trial(slot, LR_FAILURE, false, place);
    return true;
  }

  /** One trial of the source's own walks, and what follows. */
  #trial(slot: number, lr: number, firm: boolean, place: Place): void {
    const sources = this.sources;
    const n = sources.trials(slot) + 1;
    if (n === 1) sources.setTrialFile(slot, place.file);
    const before = sources.any(slot);
    const after = wager(before, n, lr);
    sources.setAny(slot, after);
    sources.setTrials(slot, n);
    if (after > RISING_STAKE && before <= RISING_STAKE) sources.setRisingSince(slot, place.time);
    if (firm) {
      const m = sources.firmTrials(slot) + 1;
      sources.setFirm(slot, wager(sources.firm(slot), m, lr));
      sources.setFirmTrials(slot, m);
    }
    if (lr > 1 && after >= WATCH / 2) {
      sources.raiseTiers(
        slot,
        tierOf(stake(after, n)),
        tierOf(stake(sources.firm(slot), sources.firmTrials(slot))),
      );
      this.#decide(slot, place);
    }
  }

  /** Proposes a block if the source's stake is high enough now and none is in force. */
  #decide(slot: number, place: Place): void {
    const sources = this.sources;
    const any = stake(sources.any(slot), sources.trials(slot));
    if (any < BLOCK) return;
    const firm = stake(sources.firm(slot), sources.firmTrials(slot));
    const isFirm = firm >= BLOCK;
    const isLong = firm >= BLOCK_LONG;
    const tier = isLong ? TIERS[2] : TIERS[1];
    const duration = isFirm ? tier.duration : Math.min(tier.duration, FORGEABLE_DURATION);
    const until = sources.until(slot);
    // In force, and not for much less than would be decided now.
    if (until > place.time && place.time + duration - until < duration / 2) return;
    if (until > place.time && !isLong) return;
    this.#propose(slot, place, this.#reason, tier.alpha, duration, !isFirm, any, null);
  }

  /** Proposes a block of a member whose prefix has been decided. */
  #decideMember(slot: number, place: Place): void {
    const sources = this.sources;
    const prefix = sources.prefix(slot);
    if (prefix < 0 || this.prefixes.tier[prefix]! < 2) return;
    this.#blockMember(slot, prefix, place);
  }

  #blockMember(slot: number, prefix: number, place: Place): void {
    const sources = this.sources;
    if (sources.targets.count[slot]! < MEMBER_CONTACTS || sources.until(slot) > place.time) return;
    if (sources.any(slot) < 1 || (sources.bits(slot) & SourceBit.friend) !== 0) return;
    const forgeable = sources.firmTrials(slot) === 0 || sources.firm(slot) < 1;
    const likelihood = stake(this.prefixes.inPlay[prefix]!, this.prefixes.trials[prefix]!);
    this.#propose(
      slot,
      place,
      'campaign-member',
      TIERS[1].alpha,
      TIERS[1].duration,
      forgeable,
      likelihood,
      this.campaignOf(prefix),
    );
  }

  #propose(
    slot: number,
    place: Place,
    reason: ReasonCode,
    alpha: number,
    duration: number,
    forgeable: boolean,
    likelihood: number,
    campaign: string | null,
  ): void {
    const sources = this.sources;
    const why = this.#whyNot(slot, place.time, forgeable);
    sources.setUntil(slot, place.time + duration);
    if (why !== undefined) {
      this.#tally.withhold(why);
      return;
    }
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
    const sources = this.sources;
    const bits = sources.bits(slot);
    if (bits & SourceBit.layer7) return 'named by a proxy of ours: only the proxy can turn it away';
    const isWide = (bits & SourceBit.v6) !== 0;
    const standing = whyNeverBlocked(this.#surface, sources.key0(slot), sources.key1(slot), isWide, time);
    if (standing !== undefined) return standing;
    if (forgeable && this.#isFriend(slot, time)) return 'forgeable evidence against a recent visitor';
    return undefined;
  }

  /** Whether the source had proved who it is, in the last thirty days and before its failures began. */
  #isFriend(slot: number, time: number): boolean {
    const sources = this.sources;
    if ((sources.bits(slot) & SourceBit.friend) === 0 || time - sources.friendLast(slot) > FRIEND_TIME)
      return false;
    const rising = sources.risingSince(slot);
    return rising === 0 || sources.friendSince(slot) + FRIEND_SETTLE <= rising;
  }

  #befriend(slot: number, time: number): void {
    const sources = this.sources;
    if (sources.any(slot) > FRIEND_STAKE) return;
    if ((sources.bits(slot) & SourceBit.friend) === 0) {
      sources.mark(slot, SourceBit.friend);
      sources.setFriendSince(slot, time);
    }
    sources.setFriendLast(slot, time);
  }

  #prefixTrial(slot: number, target: number, lr: number, place: Place): void {
    const sources = this.sources;
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
        sources.mark(slot, SourceBit.member);
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
    const sources = this.sources;
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
      duration: TIERS[1].duration,
      contacts: prefixes.trials[prefix]!,
      targets: prefixes.targets.size(prefix),
      first: prefixes.since[prefix]!,
      last: place.time,
      campaign: this.campaignOf(prefix),
    });
  }

  /** The stake of a source on all evidence. */
  likelihood(slot: number): number {
    return stake(this.sources.any(slot), this.sources.trials(slot));
  }

  /** Whether anybody in the /24 is a visitor of ours. */
  #hasVisitors(prefix: number): boolean {
    const { sources } = this;
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

  #tell(batch: Batch, i: number, slot: number, target: number, place: Place): void {
    const sources = this.sources;
    if (sources.targets.count[slot]! > TOLD_TARGETS) return;
    this.#findings.add(
      place.fileTime,
      place.time,
      place.file,
      place.line,
      Finding.failure,
      (batch.flags[i]! & Flag.v6) | (sources.tier(slot) > 0 ? FindingBit.judged : 0),
      sources.key0(slot),
      sources.key1(slot),
      target,
      destinationOf(batch, i),
      batch.dport[i]!,
      1,
    );
  }

  #visit(batch: Batch, i: number, place: Place): void {
    this.#findings.add(
      place.fileTime,
      place.time,
      place.file,
      place.line,
      Finding.visit,
      batch.flags[i]! & Flag.v6,
      batch.foreign0[i]!,
      batch.foreign1[i]!,
      batch.service[i]! + 1,
      0,
      batch.dport[i]!,
      1,
    );
  }

  #note(slot: number, place: Place): void {
    const sources = this.sources;
    const seen = sources.evidenceSeen(slot);
    sources.setEvidenceSeen(slot, seen + 1);
    if (seen === 0) return;
    let ring = sources.evidence(slot);
    if (ring === 0) {
      ring = this.evidence.open();
      sources.setEvidence(slot, ring);
    }
    this.evidence.add(ring, seen - 1, place.file, place.line);
  }

  #mark(slot: number, bit: number): void {
    this.sources.mark(slot, bit);
  }

  /** Makes room: the least suspicious half of the unflagged sources is forgotten; members are linked anew. */
  #fold(time: number): void {
    const { sources, prefixes } = this;
    sources.fold(
      (slot) => sources.tier(slot) > 0 || time - sources.friendLast(slot) < FRIEND_TIME,
      (slot) => this.evidence.close(sources.evidence(slot)),
    );
    prefixes.head.fill(-1);
    for (let slot = 0; slot < sources.count; slot++) {
      const prefix = sources.prefix(slot);
      if (prefix < 0) continue;
      sources.setNext(slot, prefixes.head[prefix]!);
      prefixes.head[prefix] = slot;
    }
  }
}

function tierOf(likelihood: number): number {
  if (likelihood < WATCH) return 0;
  if (likelihood < BLOCK) return 1;
  return likelihood < BLOCK_LONG ? 2 : 3;
}

function destinationOf(batch: Batch, i: number): number {
  const flags = batch.flags[i]!;
  if (flags & Flag.noDestination) return 0;
  if (!(flags & Flag.v6)) return batch.dst[i]!;
  const at = 8 * i + 4;
  const { wide } = batch;
  return mix32(wide[at]! ^ mix32(wide[at + 1]! ^ mix32(wide[at + 2]! ^ mix32(wide[at + 3]!))));
}

/** Whether a row is about packets, connections or alerts, and not about an application. */
export function isTransport(kind: number): boolean {
  return kind === Kind.packet || kind === Kind.flow || kind === Kind.alert;
}

/** A page given to a named user, or a form that was posted and led on. */
function isSignIn(batch: Batch, i: number): boolean {
  const status = batch.status[i]!;
  if (batch.kind[i] !== Kind.web || status < 200 || status >= 400) return false;
  if (batch.acct0[i] !== 0 || batch.acct1[i] !== 0) return true;
  return (batch.flags[i]! & Flag.post) !== 0 && (status === 302 || status === 303);
}
