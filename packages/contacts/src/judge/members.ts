/**
 * Who takes part in guessing that is shared out: the last failed attempts, to label those who began before anybody saw
 * it, and the members of campaigns with what they did.
 */
import { BySource } from './by-source.ts';
import { Labels } from './labels.ts';
import { StateDamage, type StateIo } from './state.ts';

/** Attempts kept: an hour of a large botnet. */
const RING = 131_072;
/** Members that began up to a day before the campaign was seen are labelled: guessing in turns is slow. */
const LOOK_BACK = 24 * 3_600_000;
/** Members remembered one by one. */
const MAX_MEMBERS = 200_000;
/** A person who mistypes gets in, or gives up, within two minutes; only then a member is blocked. */
export const PATIENCE = 120_000;

/** A failed attempt: whose, when, and the line that told it. */
export type Attempt = {
  readonly key0: number;
  readonly key1: number;
  readonly v6: boolean;
  /** Known by the word of a proxy of ours alone. */
  readonly clientOnly: boolean;
  readonly time: number;
  readonly file: number;
  readonly line: number;
};

/** A member of a campaign against accounts that has not logged in. */
export type Member = Omit<Attempt, 'clientOnly'> & {
  readonly campaign: string;
  clientOnly: boolean;
  failures: number;
  last: number;
  lastLine: number;
};

export class Members {
  readonly labels = new Labels();
  readonly #members = new BySource<Member>();
  #due = new Set<Member>();
  readonly #subject = new Uint32Array(RING);
  readonly #key0 = new Uint32Array(RING);
  readonly #key1 = new Uint32Array(RING);
  /** 1 for IPv6, 2 for who is known by a proxy alone. */
  readonly #kind = new Uint8Array(RING);
  readonly #time = new Float64Array(RING);
  readonly #file = new Uint16Array(RING);
  readonly #line = new Uint32Array(RING);
  #at = 0;
  /** Attempts forgotten while a campaign could still have claimed them. */
  forgotten = 0;
  /** Members that found no room: labelled, and never blocked as members. */
  refused = 0;

  /** Keeps an attempt at a subject (an account, a form) that no campaign is known of. */
  remember(subject: number, attempt: Attempt): void {
    const at = this.#at % RING;
    if (this.#at++ >= RING && attempt.time - this.#time[at]! <= LOOK_BACK) this.forgotten++;
    this.#subject[at] = subject;
    this.#key0[at] = attempt.key0;
    this.#key1[at] = attempt.key1;
    this.#kind[at] = (attempt.v6 ? 1 : 0) | (attempt.clientOnly ? 2 : 0);
    this.#time[at] = attempt.time;
    this.#file[at] = attempt.file;
    this.#line[at] = attempt.line;
  }

  /** Begins a campaign: whoever tried the subject within the last day belongs to it. `blocks`: members may be blocked. */
  begin(subject: number, campaign: string, time: number, blocks: boolean): void {
    for (let k = Math.max(0, this.#at - RING); k < this.#at; k++) {
      const at = k % RING;
      if (this.#subject[at] !== subject || time - this.#time[at]! > LOOK_BACK) continue;
      const attempt = {
        key0: this.#key0[at]!,
        key1: this.#key1[at]!,
        v6: (this.#kind[at]! & 1) !== 0,
        clientOnly: (this.#kind[at]! & 2) !== 0,
        time: this.#time[at]!,
        file: this.#file[at]!,
        line: this.#line[at]!,
      };
      this.join(campaign, attempt, blocks);
    }
  }

  /** Adds an attempt to a campaign. */
  join(campaign: string, attempt: Attempt, blocks: boolean): void {
    const { key0, key1, v6 } = attempt;
    this.labels.add(key0, key1, v6, campaign);
    if (!blocks) return;
    const known = this.#members.get(key0, key1, v6);
    if (known === undefined) {
      if (this.#members.size >= MAX_MEMBERS) {
        this.refused++;
        return;
      }
      const { time, line } = attempt;
      this.#members.set(key0, key1, v6, { ...attempt, campaign, failures: 1, last: time, lastLine: line });
      return;
    }
    // One attempt may be told under its account and under those that do not exist.
    if (known.lastLine === attempt.line && known.last === attempt.time) return;
    known.failures++;
    known.clientOnly &&= attempt.clientOnly;
    known.last = Math.max(known.last, attempt.time);
    known.lastLine = attempt.line;
    if (known.failures === 2) this.#due.add(known);
  }

  /** Somebody got in as an owner does: no member. */
  leave(key0: number, key1: number, v6: boolean): void {
    this.labels.remove(key0, key1, v6);
    const member = this.#members.get(key0, key1, v6);
    if (member === undefined) return;
    this.#members.delete(key0, key1, v6);
    this.#due.delete(member);
  }

  /** Everything that is remembered. */
  state(io: StateIo): void {
    io.within('labels', () => this.labels.state(io));
    io.within('members', () => {
      this.#members.state(io, MAX_MEMBERS, (member) => memberState(io, member));
    });
    // Who is due is a member: told by key, so that both are one object again.
    const due = io.list('due', [...this.#due], MAX_MEMBERS, (member) => {
      const key0 = io.number('key0', member?.key0 ?? 0);
      const key1 = io.number('key1', member?.key1 ?? 0);
      const known = this.#members.get(key0, key1, io.flag('v6', member?.v6 ?? false));
      if (known === undefined) throw new StateDamage('somebody is due who is no member');
      return known;
    });
    this.#due = new Set(due);
    this.#at = io.size('at', this.#at, Number.MAX_SAFE_INTEGER);
    const kept = Math.min(this.#at, RING);
    io.front('subject', this.#subject, kept);
    io.front('key0', this.#key0, kept);
    io.front('key1', this.#key1, kept);
    io.front('kind', this.#kind, kept);
    io.front('time', this.#time, kept);
    io.front('file', this.#file, kept);
    io.front('line', this.#line, kept);
    this.forgotten = io.number('forgotten', this.forgotten);
    this.refused = io.number('refused', this.refused);
  }

  /** Members with two failures or more that have had time to log in and did not: each is told once. */
  ripe(time: number): Member[] {
    const ripe: Member[] = [];
    for (const member of this.#due) if (member.last + PATIENCE <= time) ripe.push(member);
    for (const member of ripe) this.#due.delete(member);
    return ripe;
  }
}

function memberState(io: StateIo, member: Member | undefined): Member {
  return {
    key0: io.number('key0', member?.key0 ?? 0),
    key1: io.number('key1', member?.key1 ?? 0),
    v6: io.flag('v6', member?.v6 ?? false),
    clientOnly: io.flag('clientOnly', member?.clientOnly ?? false),
    time: io.number('time', member?.time ?? 0),
    file: io.number('file', member?.file ?? 0),
    line: io.number('line', member?.line ?? 0),
    campaign: io.text('campaign', member?.campaign ?? ''),
    failures: io.number('failures', member?.failures ?? 0),
    last: io.number('last', member?.last ?? 0),
    lastLine: io.number('lastLine', member?.lastLine ?? 0),
  };
}
