/**
 * The same evidence per account, and for all accounts of a login service that do not exist: guessing that is shared out
 * over thousands of sources with two tries each is seen by whom it is aimed at, not by who does it.
 *
 * A trial is the first attempt of a source at an account. Members of a campaign that never succeed are labelled, and
 * those with two failures or more are proposed for a block by the account's test.
 */

import { mix32 } from '../reading/bytes.ts';
import { BySource } from './by-source.ts';
import { hashSource } from './commons-keys.ts';
import { FindingBit, type Findings } from './findings.ts';
import { Labels } from './labels.ts';
import { TIERS, threshold } from './tiers.ts';
import { forget, LR_FAILURE, LR_SUCCESS, stake, wager } from './walk.ts';

/** Accounts with a walk of their own. Invented names beyond this share the walk of those that do not exist. */
const MAX_ACCOUNTS = 65_536;
/** Fingerprints of (source, account) pairs, to know a first attempt (power of two). */
const PAIRS = 524_288;
/** Attempts kept to label those who began a campaign before it was seen. */
const RING = 131_072;
/** Members that began up to a day before the campaign was seen are labelled: guessing in turns is slow. */
const LOOK_BACK = 24 * 3_600_000;
/** Sources needed: one source alone has its own walk. */
const MIN_SOURCES = 4;
/** Members remembered one by one. */
const MAX_MEMBERS = 200_000;
/** Slot of all accounts that do not exist. */
const NOBODY = 0;

const WATCH = threshold(TIERS[0].alpha);

/** Told apart from the accounts themselves in the fingerprints of pairs. */
const SUCCEEDED = 0x5ccceed5;
const UNKNOWN_ACCOUNT = 0x0b0d1e5f;

/** A person who mistypes gets in, or gives up, within two minutes; only then a member is blocked. */
const PATIENCE = 120_000;

/** What must be thought of a login that succeeded. */
export const Doubt = {
  none: 0,
  /** It came while others guess at the account, whose owner often has new sources: nobody can tell from here. */
  unsure: 1,
  /** It came after guessing. */
  guessed: 2,
} as const;
export type Doubt = (typeof Doubt)[keyof typeof Doubt];

/** An account that so many sources have signed in to is one whose owner travels, or that is shared. */
const USUAL_SOURCES = 5;

/** A member of a campaign against accounts that has not logged in. */
export type Member = {
  readonly key0: number;
  readonly key1: number;
  readonly v6: boolean;
  readonly campaign: string;
  failures: number;
  readonly first: number;
  last: number;
  readonly file: number;
  line: number;
  due: boolean;
};

export class Accounts {
  readonly labels = new Labels();
  readonly #members = new BySource<Member>();
  #due: Member[] = [];
  campaigns = 0;
  /** Accounts with a walk. */
  tested = 1;
  readonly #slots = new Map<number, number>();
  readonly #inPlay = new Float64Array(MAX_ACCOUNTS);
  readonly #trials = new Uint32Array(MAX_ACCOUNTS);
  readonly #last = new Float64Array(MAX_ACCOUNTS);
  readonly #sources = new Uint32Array(MAX_ACCOUNTS);
  readonly #good = new Uint32Array(MAX_ACCOUNTS);
  readonly #lastSource = new Uint32Array(MAX_ACCOUNTS);
  readonly #campaign: (string | undefined)[] = [];
  readonly #pairs = new Uint32Array(PAIRS);
  readonly #ringAccount = new Uint32Array(RING);
  readonly #ringKey0 = new Uint32Array(RING);
  readonly #ringKey1 = new Uint32Array(RING);
  readonly #ringV6 = new Uint8Array(RING);
  readonly #ringTime = new Float64Array(RING);
  #ringAt = 0;

  /** Takes an attempt. Returns what must be thought of it if it succeeded. */
  note(findings: Findings, i: number): Doubt {
    const bits = findings.bits[i]!;
    const key0 = findings.key0[i]!;
    const key1 = findings.key1[i]!;
    const v6 = bits & FindingBit.v6;
    const time = findings.time[i]!;
    const succeeded = (bits & FindingBit.succeeded) !== 0;
    const a = findings.a[i]!;
    const b = findings.b[i]!;
    if ((a === 0 && b === 0) || (bits & FindingBit.again) !== 0) return Doubt.none;
    const source = hashSource(key0, key1, v6);
    const account = this.#account(a, b, time);
    const first = this.#isFirst(source, mix32(a ^ Math.imul(b, 0x9e3779b1)));
    const invalid = (bits & FindingBit.invalid) !== 0;
    const known = (bits & FindingBit.known) !== 0;
    let doubt: Doubt = Doubt.none;
    if (succeeded) {
      const isNew = this.#isFirst(source, mix32(a ^ Math.imul(b, 0x9e3779b1) ^ SUCCEEDED));
      const guessable = isNew && !known && (bits & FindingBit.keyLogin) === 0 && account !== NOBODY;
      if (guessable && this.#isUnderGuessing(account)) {
        doubt = this.#good[account]! >= USUAL_SOURCES ? Doubt.unsure : Doubt.guessed;
      }
      if (isNew && doubt !== Doubt.guessed) this.#good[account] = this.#good[account]! + 1;
      this.labels.remove(key0, key1, v6 !== 0);
      this.#members.delete(key0, key1, v6 !== 0);
    }
    if (first && account !== NOBODY) this.#trial(account, source, succeeded, time);
    if (invalid && this.#isFirst(source, UNKNOWN_ACCOUNT)) this.#trial(NOBODY, source, succeeded, time);
    if (!succeeded && !known) {
      const file = findings.file[i]!;
      const line = findings.line[i]!;
      this.#failed(account, key0, key1, v6, time, file, line);
      if (invalid && account !== NOBODY) this.#failed(NOBODY, key0, key1, v6, time, file, line);
    }
    return doubt;
  }

  #isUnderGuessing(account: number): boolean {
    return stake(this.#inPlay[account]!, this.#trials[account]!) >= WATCH;
  }

  #trial(account: number, source: number, succeeded: boolean, time: number): void {
    const elapsed = time - this.#last[account]!;
    if (elapsed >= 60_000) {
      this.#inPlay[account] = forget(this.#inPlay[account]!, elapsed);
      this.#last[account] = time;
    }
    const n = this.#trials[account]! + 1;
    this.#trials[account] = n;
    this.#inPlay[account] = wager(this.#inPlay[account]!, n, succeeded ? LR_SUCCESS : LR_FAILURE);
    if (this.#lastSource[account] !== source) {
      this.#lastSource[account] = source;
      this.#sources[account] = this.#sources[account]! + 1;
    }
    const open = this.#campaign[account] !== undefined;
    if (open && !this.#isUnderGuessing(account)) this.#campaign[account] = undefined;
    if (!open && this.#isUnderGuessing(account) && this.#sources[account]! >= MIN_SOURCES)
      this.#begin(account, time);
  }

  #begin(account: number, time: number): void {
    this.campaigns++;
    const name = account === NOBODY ? `accounts-unknown-${this.campaigns}` : `account-${this.campaigns}`;
    this.#campaign[account] = name;
    const kept = Math.min(this.#ringAt, RING);
    const oldest = Math.max(0, this.#ringAt - RING);
    for (let k = oldest; k < oldest + kept; k++) {
      const at = k % RING;
      if (this.#ringAccount[at] !== account || time - this.#ringTime[at]! > LOOK_BACK) continue;
      this.#join(
        name,
        this.#ringKey0[at]!,
        this.#ringKey1[at]!,
        this.#ringV6[at]!,
        this.#ringTime[at]!,
        0,
        0,
      );
    }
  }

  #failed(
    account: number,
    key0: number,
    key1: number,
    v6: number,
    time: number,
    file: number,
    line: number,
  ): void {
    const campaign = this.#campaign[account];
    if (campaign !== undefined) {
      this.#join(campaign, key0, key1, v6, time, file, line);
      return;
    }
    const at = this.#ringAt++ % RING;
    this.#ringAccount[at] = account;
    this.#ringKey0[at] = key0;
    this.#ringKey1[at] = key1;
    this.#ringV6[at] = v6;
    this.#ringTime[at] = time;
  }

  #join(
    campaign: string,
    key0: number,
    key1: number,
    v6: number,
    time: number,
    file: number,
    line: number,
  ): void {
    this.labels.add(key0, key1, v6 !== 0, campaign);
    const known = this.#members.get(key0, key1, v6 !== 0);
    if (known === undefined) {
      if (this.#members.size >= MAX_MEMBERS) return;
      const member = {
        key0,
        key1,
        v6: v6 !== 0,
        campaign,
        failures: 1,
        first: time,
        last: time,
        file,
        line,
        due: false,
      };
      this.#members.set(key0, key1, v6 !== 0, member);
      return;
    }
    // One attempt may be told under its account and under those that do not exist.
    if (known.campaign !== campaign) return;
    known.failures++;
    known.last = time;
    known.line = line;
    if (known.due) return;
    known.due = true;
    this.#due.push(known);
  }

  /** Members with two failures or more that have had time to log in and did not: each is told once. */
  ripe(time: number): Member[] {
    const ripe = this.#due.filter((member) => member.last + PATIENCE <= time);
    if (ripe.length === 0) return ripe;
    this.#due = this.#due.filter((member) => member.last + PATIENCE > time);
    return ripe.filter(
      (member) => this.#members.get(member.key0, member.key1, member.v6) === member,
    );
  }

  #account(a: number, b: number, time: number): number {
    const key = a * 0x200000 + (b & 0x1fffff);
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    if (this.tested >= MAX_ACCOUNTS) return NOBODY;
    const slot = this.tested++;
    this.#slots.set(key, slot);
    this.#last[slot] = time;
    return slot;
  }

  /** Whether this pair was not seen before. A place taken by another pair is overwritten: then a first is taken for a first again. */
  #isFirst(source: number, account: number): boolean {
    const print = mix32(source ^ Math.imul(account, 0x85ebca6b)) | 1;
    const at = mix32(print ^ account) & (PAIRS - 1);
    if (this.#pairs[at] === print >>> 0) return false;
    this.#pairs[at] = print;
    return true;
  }
}
