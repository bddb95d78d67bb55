/**
 * What a worker's shards tell the commons: events that matter across shards, each with its place in the total order.
 * Columns of numbers for what is frequent, objects for what is rare. Structured-cloneable.
 */

import type { StateIo } from './state.ts';

/** What a finding is about. */
export const Finding = {
  /** A failed first contact of a source that has not been judged: for destinations and decoys. */
  failure: 1,
  /** An attempt to sign in. */
  login: 2,
  /** The first visit of a source to a service that is there for everybody. */
  visit: 3,
} as const;

/** Bits of the column `bits`. */
export const FindingBit = {
  v6: 1,
  succeeded: 2,
  /** The account does not exist at the target. */
  invalid: 4,
  /** The source may use the service, or has logged in to it before. */
  known: 8,
  /** The source has been judged. */
  judged: 16,
  /** Another line has told this attempt already. */
  again: 32,
  /** By key or certificate, which nobody guesses. */
  keyLogin: 64,
  /** A form on a web server: the account is not told, the form stands for all of them. */
  form: 128,
  /** The source has failed to sign in before, and never succeeded. */
  failedBefore: 256,
  /** The first target of its source at all: one step is no sequence. */
  firstTarget: 512,
  /** The source is known by the word of a proxy of ours alone. */
  clientOnly: 1_024,
} as const;

/** A block that a shard proposes. The commons drop it if the source turns out to be one of a group of decoys. */
export type Proposal = {
  readonly time: number;
  readonly file: number;
  readonly line: number;
  readonly key0: number;
  readonly key1: number;
  readonly v6: boolean;
  /** Bits of the prefix: 32 or 64 for a source, 24 or 48 for its prefix. */
  readonly bits: number;
  readonly reason: ReasonCode;
  readonly alpha: number;
  /** Stake of the test that the block rests on, and what it had to exceed. */
  readonly likelihood: number;
  readonly threshold: number;
  readonly forgeable: boolean;
  /** Its packets are those of a proxy of ours: only who sees the client behind it can turn it away. */
  readonly clientOnly: boolean;
  readonly duration: number;
  readonly contacts: number;
  readonly targets: number;
  readonly first: number;
  readonly last: number;
  readonly campaign: string | null;
};

/** A proposal with its file time. */
export type Held = Proposal & { readonly fileTime: number };

/** A proposal as it is written down and read back. */
export function proposalState(io: StateIo, told: Held | undefined): Held {
  return {
    fileTime: io.number('fileTime', told?.fileTime ?? 0),
    time: io.number('time', told?.time ?? 0),
    file: io.number('file', told?.file ?? 0),
    line: io.number('line', told?.line ?? 0),
    key0: io.number('key0', told?.key0 ?? 0),
    key1: io.number('key1', told?.key1 ?? 0),
    v6: io.flag('v6', told?.v6 ?? false),
    bits: io.number('bits', told?.bits ?? 0),
    reason: io.text('reason', told?.reason ?? '') as ReasonCode,
    alpha: io.number('alpha', told?.alpha ?? 0),
    likelihood: io.number('likelihood', told?.likelihood ?? 0),
    threshold: io.number('threshold', told?.threshold ?? 0),
    forgeable: io.flag('forgeable', told?.forgeable ?? false),
    clientOnly: io.flag('clientOnly', told?.clientOnly ?? false),
    duration: io.number('duration', told?.duration ?? 0),
    contacts: io.number('contacts', told?.contacts ?? 0),
    targets: io.number('targets', told?.targets ?? 0),
    first: io.number('first', told?.first ?? 0),
    last: io.number('last', told?.last ?? 0),
    campaign: io.text('campaign', told?.campaign ?? '') || null,
  };
}

/** Reasons of decisions. */
export const REASONS = {
  scan: 'asked for things that are not there, one after another',
  'web-probing': 'asked web servers for things that are not there, or sent attacks',
  'login-guessing': 'guessed at logins',
  'campaign-member': 'one of several that share out one scan among them',
  'campaign-prefix': 'a whole network that shares out one scan',
  'account-campaign': 'one of many that guess at the same accounts',
} as const;
export type ReasonCode = keyof typeof REASONS;

/** Something that came through. */
export type Through = {
  readonly time: number;
  readonly source: string;
  readonly destination: string | null;
  readonly port: number;
  readonly reason: string;
  readonly sensor: string;
  readonly path: string;
  readonly file: number;
  readonly line: number;
};

/** What the shards of one worker found in one stretch, in the total order. */
export type Findings = {
  readonly count: number;
  readonly fileTime: Float64Array;
  readonly time: Float64Array;
  readonly file: Uint16Array;
  readonly line: Uint32Array;
  readonly kind: Uint8Array;
  readonly bits: Uint16Array;
  readonly key0: Uint32Array;
  readonly key1: Uint32Array;
  /** failure: hash of the target; login: first word of the account; visit: the service's index. */
  readonly a: Uint32Array;
  /** failure: hash of the destination alone; login: second word of the account; visit: 0. */
  readonly b: Uint32Array;
  /** failure: port; login: rule that the login has now; visit: 0. */
  readonly c: Uint16Array;
  readonly proposals: readonly Held[];
  readonly through: readonly Through[];
  /** Logins that succeeded, by `file` and `line`, with what `through` would say of them. */
  readonly logins: readonly Through[];
};

/** Collects findings; `take()` hands them over and begins anew. */
export class FindingsWriter {
  #capacity = 1024;
  #count = 0;
  #fileTime = new Float64Array(this.#capacity);
  #time = new Float64Array(this.#capacity);
  #file = new Uint16Array(this.#capacity);
  #line = new Uint32Array(this.#capacity);
  #kind = new Uint8Array(this.#capacity);
  #bits = new Uint16Array(this.#capacity);
  #key0 = new Uint32Array(this.#capacity);
  #key1 = new Uint32Array(this.#capacity);
  #a = new Uint32Array(this.#capacity);
  #b = new Uint32Array(this.#capacity);
  #c = new Uint16Array(this.#capacity);
  proposals: Held[] = [];
  through: Through[] = [];
  logins: Through[] = [];

  add(
    fileTime: number,
    time: number,
    file: number,
    line: number,
    kind: number,
    bits: number,
    key0: number,
    key1: number,
    a: number,
    b: number,
    c: number,
  ): void {
    if (this.#count === this.#capacity) this.#grow();
    const i = this.#count++;
    this.#fileTime[i] = fileTime;
    this.#time[i] = time;
    this.#file[i] = file;
    this.#line[i] = line;
    this.#kind[i] = kind;
    this.#bits[i] = bits;
    this.#key0[i] = key0;
    this.#key1[i] = key1;
    this.#a[i] = a;
    this.#b[i] = b;
    this.#c[i] = c;
  }

  /** The findings so far. With `copy`, columns of their own that outlive the next `add`. */
  take(copy: boolean): Findings {
    const n = this.#count;
    const cut = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(column: T): T =>
      (copy ? column.slice(0, n) : column) as T;
    const findings: Findings = {
      count: n,
      fileTime: cut(this.#fileTime),
      time: cut(this.#time),
      file: cut(this.#file),
      line: cut(this.#line),
      kind: cut(this.#kind),
      bits: cut(this.#bits),
      key0: cut(this.#key0),
      key1: cut(this.#key1),
      a: cut(this.#a),
      b: cut(this.#b),
      c: cut(this.#c),
      proposals: this.proposals,
      through: this.through,
      logins: this.logins,
    };
    this.#count = 0;
    this.proposals = [];
    this.through = [];
    this.logins = [];
    return findings;
  }

  #grow(): void {
    const n = this.#capacity * 2;
    const more = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#fileTime = more(this.#fileTime, new Float64Array(n));
    this.#time = more(this.#time, new Float64Array(n));
    this.#file = more(this.#file, new Uint16Array(n));
    this.#line = more(this.#line, new Uint32Array(n));
    this.#kind = more(this.#kind, new Uint8Array(n));
    this.#bits = more(this.#bits, new Uint16Array(n));
    this.#key0 = more(this.#key0, new Uint32Array(n));
    this.#key1 = more(this.#key1, new Uint32Array(n));
    this.#a = more(this.#a, new Uint32Array(n));
    this.#b = more(this.#b, new Uint32Array(n));
    this.#c = more(this.#c, new Uint16Array(n));
    this.#capacity = n;
  }
}
