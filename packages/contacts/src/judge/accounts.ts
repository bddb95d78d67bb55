/**
 * The same evidence per account, for all accounts of a login service that do not exist, and per login form: guessing
 * that is shared out over thousands of sources with two tries each is seen by whom it is aimed at, not by who does it.
 *
 * For an account a trial is the first attempt of a source at it. A form does not tell whose account it was, so there the
 * trial is another: does a source fail twice before it gets in?
 */
import { mix32 } from '../reading/bytes.ts';
import { hashSource } from './commons-keys.ts';
import { FindingBit, type Findings } from './findings.ts';
import { type Attempt, Members } from './members.ts';
import type { StateIo } from './state.ts';
import { TIERS, threshold } from './tiers.ts';
import { forget, LR_FAILURE, LR_SUCCESS, stake, wager } from './walk.ts';

/** Accounts and forms with a walk of their own. */
const MAX_ACCOUNTS = 65_536;
/** Of them, accounts that do not exist: who invents names must not crowd out the real ones. The rest share a walk. */
const MAX_INVENTED = MAX_ACCOUNTS / 2;
/** Fingerprints of (source, account) pairs, to know a first attempt (power of two). */
const PAIRS = 524_288;
/** Sources needed: one source alone has its own walk. */
const MIN_SOURCES = 4;
/** Slot of all accounts that do not exist. */
const NOBODY = 0;
/** An account that so many sources have signed in to is one whose owner travels, or that is shared. */
const USUAL_SOURCES = 5;

/** Who finds a password uses it at once: a login within this time of the last wrong guess came after guessing. */
const SOON = 600_000;

/** A visitor who gets in, against one who fails twice first: 19 in 20 of the honest, half of those who guess. */
const LR_ONE_TRY = 0.5 / 0.95;
const LR_TWO_FAILURES = 0.5 / 0.05;

// Told apart from the accounts themselves in the fingerprints of pairs.
const SUCCEEDED = 0x5ccceed5;
const UNKNOWN_ACCOUNT = 0x0b0d1e5f;
const FORM = 0x70f0f0f1;

const WATCH = threshold(TIERS[0].alpha);
const BLOCK = threshold(TIERS[1].alpha);

/** What must be thought of a login that succeeded. */
export const Doubt = {
  none: 0,
  /** It came from a new source while others guess at the account: its owner's or theirs, nobody can tell from here. */
  unsure: 1,
  /** It came after guessing. */
  guessed: 2,
} as const;
export type Doubt = (typeof Doubt)[keyof typeof Doubt];

export class Accounts {
  readonly members = new Members();
  campaigns = 0;
  /** Accounts with a walk. */
  tested = 1;
  /** Attempts at accounts that found no room. */
  refused = 0;
  readonly #slots = new Map<number, number>();
  readonly #inPlay = new Float64Array(MAX_ACCOUNTS);
  readonly #trials = new Uint32Array(MAX_ACCOUNTS);
  readonly #last = new Float64Array(MAX_ACCOUNTS);
  readonly #sources = new Uint32Array(MAX_ACCOUNTS);
  readonly #lastFailure = new Float64Array(MAX_ACCOUNTS);
  readonly #good = new Uint32Array(MAX_ACCOUNTS);
  readonly #lastSource = new Uint32Array(MAX_ACCOUNTS);
  /** Members of the campaign at hand are being blocked. */
  readonly #blocks = new Uint8Array(MAX_ACCOUNTS);
  readonly #isForm = new Uint8Array(MAX_ACCOUNTS);
  #campaign: (string | undefined)[] = [];
  readonly #pairs = new Uint32Array(PAIRS);

  /** Takes an attempt. Returns what must be thought of it if it succeeded. */
  note(findings: Findings, i: number): Doubt {
    const bits = findings.bits[i]!;
    const a = findings.a[i]!;
    const b = findings.b[i]!;
    if ((a === 0 && b === 0) || (bits & FindingBit.again) !== 0) return Doubt.none;
    const attempt: Attempt = {
      key0: findings.key0[i]!,
      key1: findings.key1[i]!,
      v6: (bits & FindingBit.v6) !== 0,
      clientOnly: (bits & FindingBit.clientOnly) !== 0,
      time: findings.time[i]!,
      file: findings.file[i]!,
      line: findings.line[i]!,
    };
    const source = hashSource(attempt.key0, attempt.key1, bits & FindingBit.v6);
    const account = this.#account(a, b, attempt.time, (bits & FindingBit.invalid) !== 0);
    if (bits & FindingBit.form) {
      this.#form(account, source, bits, attempt);
      return Doubt.none;
    }
    const pair = mix32(a ^ Math.imul(b, 0x9e3779b1));
    return bits & FindingBit.succeeded
      ? this.#success(account, source, pair, bits, attempt)
      : this.#failure(account, source, pair, bits, attempt);
  }

  /** Everything that is remembered. */
  state(io: StateIo): void {
    io.within('members', () => this.members.state(io));
    this.campaigns = io.number('campaigns', this.campaigns);
    this.tested = io.size('tested', this.tested, MAX_ACCOUNTS);
    this.refused = io.number('refused', this.refused);
    io.map('slots', this.#slots, MAX_ACCOUNTS, (key, slot) => [
      io.number('account', key ?? 0),
      io.number('slot', slot ?? 0),
    ]);
    const { tested } = this;
    io.front('inPlay', this.#inPlay, tested);
    io.front('trials', this.#trials, tested);
    io.front('last', this.#last, tested);
    io.front('sources', this.#sources, tested);
    io.front('lastFailure', this.#lastFailure, tested);
    io.front('good', this.#good, tested);
    io.front('lastSource', this.#lastSource, tested);
    io.front('blocks', this.#blocks, tested);
    io.front('isForm', this.#isForm, tested);
    const campaigns = Array.from({ length: tested }, (_, account) => this.#campaign[account]);
    this.#campaign = io.list(
      'campaign',
      campaigns,
      MAX_ACCOUNTS,
      (name) => io.text('name', name ?? '') || undefined,
    );
    io.table('pairs', this.#pairs);
  }

  #success(account: number, source: number, pair: number, bits: number, attempt: Attempt): Doubt {
    const isNew = this.#isFirst(source, mix32(pair ^ SUCCEEDED));
    const isKnown = (bits & (FindingBit.known | FindingBit.keyLogin)) !== 0;
    let doubt: Doubt = Doubt.none;
    if (isNew && !isKnown && account !== NOBODY && this.#isUnderGuessing(account)) {
      const isSoon = attempt.time - this.#lastFailure[account]! <= SOON;
      const hasFailed = (bits & FindingBit.failedBefore) !== 0;
      doubt = isSoon && hasFailed && this.#good[account]! < USUAL_SOURCES ? Doubt.guessed : Doubt.unsure;
    }
    if (isNew && doubt !== Doubt.guessed) this.#good[account] = this.#good[account]! + 1;
    this.members.leave(attempt.key0, attempt.key1, attempt.v6);
    if (this.#isFirst(source, pair) && account !== NOBODY)
      this.#trial(account, source, LR_SUCCESS, attempt.time);
    return doubt;
  }

  #failure(account: number, source: number, pair: number, bits: number, attempt: Attempt): Doubt {
    const invalid = (bits & FindingBit.invalid) !== 0;
    const { time } = attempt;
    if (this.#isFirst(source, pair) && account !== NOBODY) this.#trial(account, source, LR_FAILURE, time);
    if (invalid && this.#isFirst(source, UNKNOWN_ACCOUNT)) this.#trial(NOBODY, source, LR_FAILURE, time);
    if (bits & FindingBit.known) return Doubt.none;
    this.#lastFailure[account] = time;
    this.#suspect(account, attempt);
    if (invalid && account !== NOBODY) this.#suspect(NOBODY, attempt);
    return Doubt.none;
  }

  #form(form: number, source: number, bits: number, attempt: Attempt): void {
    if (form === NOBODY) return;
    this.#isForm[form] = 1;
    if (bits & FindingBit.succeeded) {
      this.members.leave(attempt.key0, attempt.key1, attempt.v6);
      if (this.#isFirst(source, mix32(form ^ SUCCEEDED))) this.#trial(form, source, LR_ONE_TRY, attempt.time);
      return;
    }
    if (bits & FindingBit.known || this.#isFirst(source, mix32(form ^ FORM))) return;
    const second = this.#isFirst(source, mix32(form ^ FORM ^ SUCCEEDED));
    if (second) this.#trial(form, source, LR_TWO_FAILURES, attempt.time);
    this.#suspect(form, attempt);
  }

  /** Whoever failed at what is under guessing belongs to the campaign, now or when it is seen. */
  #suspect(account: number, attempt: Attempt): void {
    const campaign = this.#campaign[account];
    const mayBlock = this.#mayBlock(account);
    if (campaign !== undefined) this.members.join(campaign, attempt, mayBlock);
    if (!mayBlock) this.members.remember(account, attempt);
  }

  /**
   * Members are blocked when the account's stake is that of a block, and nobody has ever signed in to it: elsewhere
   * somebody who has forgotten a password looks like a member. Of a form nobody knows whose account it was.
   */
  #mayBlock(account: number): boolean {
    if (this.#isForm[account] === 1 || this.#good[account]! > 0) return false;
    return stake(this.#inPlay[account]!, this.#trials[account]!) >= BLOCK;
  }

  #isUnderGuessing(account: number): boolean {
    return stake(this.#inPlay[account]!, this.#trials[account]!) >= WATCH;
  }

  #trial(account: number, source: number, lr: number, time: number): void {
    const elapsed = time - this.#last[account]!;
    if (elapsed >= 60_000) {
      this.#inPlay[account] = forget(this.#inPlay[account]!, elapsed);
      this.#last[account] = time;
    }
    const n = this.#trials[account]! + 1;
    this.#trials[account] = n;
    this.#inPlay[account] = wager(this.#inPlay[account]!, n, lr);
    if (this.#lastSource[account] !== source) {
      this.#lastSource[account] = source;
      this.#sources[account] = this.#sources[account]! + 1;
    }
    const isOpen = this.#campaign[account] !== undefined;
    const isGuessed = this.#isUnderGuessing(account);
    if (isOpen && !isGuessed) this.#campaign[account] = undefined;
    if (!isOpen && isGuessed && this.#sources[account]! >= MIN_SOURCES) this.#begin(account, time);
    const campaign = this.#campaign[account];
    if (campaign === undefined || this.#blocks[account] === 1 || !this.#mayBlock(account)) return;
    this.#blocks[account] = 1;
    this.members.begin(account, campaign, time, true);
  }

  #begin(account: number, time: number): void {
    this.campaigns++;
    const what = account === NOBODY ? 'accounts-unknown' : this.#isForm[account] ? 'form' : 'account';
    const name = `${what}-${this.campaigns}`;
    this.#campaign[account] = name;
    this.#blocks[account] = 0;
    this.members.begin(account, name, time, false);
  }

  #account(a: number, b: number, time: number, invented: boolean): number {
    const key = a * 0x200000 + (b & 0x1fffff);
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    if (this.tested >= (invented ? MAX_INVENTED : MAX_ACCOUNTS)) {
      this.refused++;
      return NOBODY;
    }
    const slot = this.tested++;
    this.#slots.set(key, slot);
    this.#last[slot] = time;
    return slot;
  }

  /**
   * Whether this pair was not seen before. A place taken by another pair is overwritten: then a first is taken for a
   * first again.
   */
  #isFirst(source: number, what: number): boolean {
    const print = (mix32(source ^ Math.imul(what, 0x85ebca6b)) | 1) >>> 0;
    const at = mix32(print ^ what) & (PAIRS - 1);
    if (this.#pairs[at] === print) return false;
    this.#pairs[at] = print;
    return true;
  }
}
