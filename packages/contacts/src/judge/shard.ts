/**
 * One shard: its sources and prefixes, and what a contact does to them. Everything here depends only on the contacts of
 * this shard, in their total order.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { mix32 } from '../reading/bytes.ts';
import { Evidence, R, ruleEvidence, ruleForgeable } from '../settle/dispositions.ts';
import { ATTACK_CONTENT, isAnsweringPort } from '../settle/prepare.ts';
import type { Tally } from '../settle/tally.ts';
import { MOST_FILES } from '../stretch.ts';
import type { CompiledSurface } from '../surface/compile.ts';
import { Blocks } from './blocks.ts';
import { Finding, FindingBit, type FindingsWriter } from './findings.ts';
import { Neighbours } from './neighbours.ts';
import type { Place } from './place.ts';
import { Routes } from './routes.ts';
import { SourceBit, Sources } from './sources.ts';
import { Stakes } from './stakes.ts';
import type { StateIo } from './state.ts';
import { EXACT_TARGETS } from './targets.ts';
import { FRIEND_TIME } from './tiers.ts';
import { forget, LR_CONTENT, LR_FAILURE, LR_NO_CONTENT, LR_SUCCESS } from './walk.ts';

/** First contacts of a source that are told to the commons: later ones come from sources long judged. */
const TOLD_TARGETS = 16;

/** How much one shard remembers. */
export type Caps = { readonly sources: number; readonly prefixes: number; readonly routes: number };

/** Told apart from other targets of a source. */
const SIGNED_IN = 0x51c0ed1;

export class Shard {
  readonly sources: Sources;
  readonly stakes: Stakes;
  readonly neighbours: Neighbours;
  readonly routes: Routes;
  /** Tests of sources that were folded, by the file of their first trial. */
  readonly foldedTests = new Map<number, number>();
  /** Sources that had been judged and were folded all the same. */
  judgedFolded = 0;
  readonly #blocks: Blocks;
  readonly #findings: FindingsWriter;

  constructor(surface: CompiledSurface, tally: Tally, findings: FindingsWriter, caps: Partial<Caps> = {}) {
    this.sources = new Sources(caps.sources);
    this.routes = new Routes(caps.routes);
    this.#findings = findings;
    this.#blocks = new Blocks(this.sources, surface, tally, findings);
    this.stakes = new Stakes(this.sources, this.#blocks);
    this.neighbours = new Neighbours(this.sources, this.#blocks, surface, tally, findings, caps.prefixes);
  }

  /** From now on this is offered. */
  useSurface(surface: CompiledSurface): void {
    this.#blocks.useSurface(surface);
    this.neighbours.useSurface(surface);
  }

  /** Everything that the contacts so far have left behind. */
  state(io: StateIo): void {
    io.within('sources', () => this.sources.state(io));
    io.within('evidence', () => this.stakes.evidence.state(io));
    io.within('prefixes', () => this.neighbours.prefixes.state(io));
    io.within('routes', () => this.routes.state(io));
    io.within('blocks', () => this.#blocks.state(io));
    io.map('foldedTests', this.foldedTests, MOST_FILES, (file, tests) => [
      io.number('file', file ?? 0),
      io.number('tests', tests ?? 0),
    ]);
    this.judgedFolded = io.number('judgedFolded', this.judgedFolded);
  }

  /** Slot of the row's source, known or new, forgotten as far as time has passed. */
  meet(batch: Batch, i: number, time: number): number {
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
    sources.mark(slot, batch.flags[i]! & Flag.proxied ? SourceBit.layer7 : SourceBit.direct);
    return slot;
  }

  /** Counts contacts of a source. */
  count(slot: number, units: number): void {
    this.sources.setContacts(slot, this.sources.contacts(slot) + units);
  }

  /** Judges a packet, a connection or an alert. */
  transport(batch: Batch, i: number, slot: number, rule: number, place: Place): void {
    this.#blocks.reason = 'scan';
    const evidence = ruleEvidence[rule]!;
    if (evidence === Evidence.none) {
      if (rule === R['echo-answered']) this.#echo(batch, i, slot, place);
      return;
    }
    const sources = this.sources;
    const target = batch.target[i]!;
    const firm = ruleForgeable[rule] === 0 && place.trusted;
    if (batch.content[i]! & ATTACK_CONTENT) {
      sources.targets.add(slot, target);
      this.stakes.note(slot, place);
      this.sources.mark(slot, SourceBit.attempt);
      this.stakes.trial(slot, LR_CONTENT, firm, place);
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
        this.stakes.trial(slot, LR_SUCCESS, firm, place);
        this.neighbours.trial(slot, target, LR_SUCCESS, place);
        if (batch.service[i]! >= 0) this.#visit(batch, i, place);
      }
      // A filter cannot see the handshake; a visit that it let in counts, so as not to turn a voter away.
      this.#blocks.befriend(slot, place.time);
      return;
    }
    if (fresh) {
      this.stakes.note(slot, place);
      this.sources.mark(slot, SourceBit.scan);
      this.#tell(batch, i, slot, target, place);
      this.neighbours.trial(slot, target, LR_FAILURE, place);
      this.stakes.trial(slot, LR_FAILURE, firm, place);
    } else {
      this.#blocks.decide(slot, place);
    }
    this.neighbours.decideMember(slot, place);
  }

  /**
   * A ping that was answered says nothing; from the seventeenth host on, that nobody offers for pinging, it is a sweep.
   */
  #echo(batch: Batch, i: number, slot: number, place: Place): void {
    if (batch.service[i]! >= 0) return;
    const { targets } = this.sources;
    if (!targets.add(slot, batch.target[i]!) || targets.count[slot]! <= EXACT_TARGETS) return;
    this.stakes.note(slot, place);
    this.sources.mark(slot, SourceBit.scan);
    this.stakes.trial(slot, LR_FAILURE, false, place);
  }

  /** Judges a web request: its content each time, its answer at the first contact with each route. */
  web(batch: Batch, i: number, slot: number, rule: number, place: Place): void {
    const sources = this.sources;
    const content = batch.content[i]!;
    const target = batch.target[i]!;
    const status = batch.status[i]!;
    if (rule === R.engagement) return;
    this.#blocks.reason = 'web-probing';
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
      sources.targets.add(slot, target);
      this.stakes.note(slot, place);
      this.sources.mark(slot, SourceBit.attempt);
      this.neighbours.trial(slot, target, LR_FAILURE, place);
      this.stakes.trial(slot, LR_CONTENT, firm, place);
      this.neighbours.decideMember(slot, place);
      return;
    }
    this.routes.learn(target, status, batch.millis[i]!);
    this.stakes.trial(slot, LR_NO_CONTENT, firm, place);
    const evidence = ruleEvidence[rule]!;
    if (evidence === Evidence.none) return;
    const fresh = sources.targets.add(slot, target);
    if (evidence === Evidence.success) {
      this.#signIn(batch, i, slot, rule, place);
      if (fresh) {
        this.stakes.trial(slot, LR_SUCCESS, firm, place);
        if (sources.targets.count[slot] === 1) this.#visit(batch, i, place);
      }
      this.#blocks.befriend(slot, place.time);
      return;
    }
    if (!fresh) return;
    this.stakes.note(slot, place);
    this.sources.mark(slot, SourceBit.attempt);
    this.neighbours.trial(slot, target, LR_FAILURE, place);
    this.stakes.trial(slot, LR_FAILURE, firm, place);
    this.neighbours.decideMember(slot, place);
  }

  /**
   * Judges an attempt to sign in. Every attempt is a trial: who guesses at one account all day makes one contact with
   * it, and thousands of attempts. `again`: another line has told this attempt.
   */
  login(batch: Batch, i: number, slot: number, rule: number, place: Place, again: boolean): void {
    if (rule === R.engagement) return;
    this.#blocks.reason = 'login-guessing';
    const sources = this.sources;
    const firm = ruleForgeable[rule] === 0 && place.trusted;
    const units = 1 + batch.repeat[i]!;
    const hasAccount = batch.acct0[i] !== 0 || batch.acct1[i] !== 0;
    const succeeded = batch.outcome[i] === Outcome.succeeded;
    if (rule === R['login-none'] && !hasAccount) {
      if (sources.targets.add(slot, batch.target[i]!)) {
        this.stakes.note(slot, place);
        this.sources.mark(slot, SourceBit.scan);
        this.stakes.trial(slot, LR_FAILURE, firm, place);
      }
      return;
    }
    const account = mix32(batch.acct0[i]! ^ batch.target[i]!);
    if (!again) {
      const lr = succeeded ? LR_SUCCESS : LR_FAILURE;
      // A line that tells of a thousand attempts is one piece of evidence for each, up to what changes a decision.
      for (let k = 0; k < Math.min(units, 16); k++) this.stakes.trial(slot, lr, firm, place);
      sources.targets.add(slot, account);
      this.neighbours.trial(slot, account, lr, place);
      if (!succeeded) {
        this.stakes.note(slot, place);
        this.sources.mark(slot, SourceBit.attempt | SourceBit.guesser);
      }
    }
    const isForm = !hasAccount && batch.kind[i] === Kind.web;
    if (hasAccount || isForm) this.#tellLogin(batch, i, slot, rule, place, succeeded, again);
    if (succeeded) {
      this.#blocks.befriend(slot, place.time);
      if (sources.tier(slot) === 0) this.sources.mark(slot, SourceBit.signedIn);
    }
    this.neighbours.decideMember(slot, place);
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
    if (sources.tier(slot) === 0) this.sources.mark(slot, SourceBit.signedIn);
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
        (!known && (sources.bits(slot) & SourceBit.guesser) !== 0 ? FindingBit.failedBefore : 0) |
        (sources.isClientOnly(slot) ? FindingBit.clientOnly : 0),
      sources.key0(slot),
      sources.key1(slot),
      named ? batch.acct0[i]! : batch.target[i]!,
      named ? batch.acct1[i]! : 1,
      place.rule,
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
    this.sources.mark(slot, SourceBit.intrusion);
  }

  /** Counts targets that had been taken for replies, now that their source turns out to ask. */
  unaskedAnswers(slot: number, targets: Uint32Array, udp: boolean, place: Place): void {
    for (const target of targets) this.#unaskedAnswer(slot, target, udp, place);
  }

  #unaskedAnswer(slot: number, target: number, udp: boolean, place: Place): void {
    const sources = this.sources;
    const isFresh = sources.targets.add(slot, target);
    const speaks =
      !udp || (sources.bits(slot) & SourceBit.scan) !== 0 || sources.targets.count[slot]! > EXACT_TARGETS;
    if (!speaks || !isFresh) return;
    this.stakes.note(slot, place);
    this.sources.mark(slot, SourceBit.scan);
    this.stakes.trial(slot, LR_FAILURE, false, place);
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
      (batch.flags[i]! & Flag.v6) |
        (sources.tier(slot) > 0 ? FindingBit.judged : 0) |
        (sources.targets.count[slot] === 1 ? FindingBit.firstTarget : 0),
      sources.key0(slot),
      sources.key1(slot),
      target,
      destinationOf(batch, i),
      batch.dport[i]!,
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
    );
  }

  /** Makes room: the least suspicious half of the unflagged sources is forgotten; members are linked anew. */
  #fold(time: number): void {
    const { sources } = this;
    sources.fold(
      (slot) => sources.tier(slot) > 0 || time - sources.friendLast(slot) < FRIEND_TIME,
      (slot) => {
        this.stakes.evidence.close(sources.evidence(slot));
        const file = sources.trialFile(slot);
        this.foldedTests.set(file, (this.foldedTests.get(file) ?? 0) + sources.tests(slot));
        if (sources.tier(slot) > 0) this.judgedFolded++;
      },
    );
    this.neighbours.relink();
  }
}

function destinationOf(batch: Batch, i: number): number {
  const flags = batch.flags[i]!;
  if (flags & Flag.noDestination) return 0;
  if (!(flags & Flag.v6)) return batch.dst[i]!;
  const at = 8 * i + 4;
  const { wide } = batch;
  return mix32(wide[at]! ^ mix32(wide[at + 1]! ^ mix32(wide[at + 2]! ^ mix32(wide[at + 3]!))));
}

/** A page given to a named user, or a form that was posted and led on. */
function isSignIn(batch: Batch, i: number): boolean {
  const status = batch.status[i]!;
  if (batch.kind[i] !== Kind.web || status < 200 || status >= 400) return false;
  if (batch.acct0[i] !== 0 || batch.acct1[i] !== 0) return true;
  return (batch.flags[i]! & Flag.post) !== 0 && (status === 302 || status === 303);
}
