/**
 * RELP frames, as https://www.rsyslog.com/doc/relp.html describes them and librelp writes them:
 *
 *     TXNR SP COMMAND SP DATALEN [SP DATA] LF
 *     8 syslog 29 <13>Nov 22 15:47:54 fw1 x: y
 *
 * TXNR 1 to 999,999,999 (0 comes from servers only), COMMAND 1 to 32 letters, DATALEN in bytes.
 */
import type { Framing } from '@bellwether/basics';

/** What clients ask; the last is what we do not know. */
export const RelpCommand = { open: 'open', syslog: 'syslog', close: 'close', other: 'other' } as const;
export type RelpCommand = (typeof RelpCommand)[keyof typeof RelpCommand];

/** Why a stream cannot be read on. */
export type RelpFault = {
  readonly reason: 'malformed' | 'too-long';
  /** Of the frame, where it could be read. */
  readonly txnr: number | undefined;
  /** How much of the stream is not read. */
  readonly bytes: number;
};

const MAX_DIGITS = 9;
const MAX_COMMAND = 32;
const LINE_END = 0x0a;
const SPACE = 0x20;

/** Takes one frame; its data lie in [from, to). False: no further frame is to be read. */
export type TakeFrame = (
  txnr: number,
  command: RelpCommand,
  bytes: Buffer,
  from: number,
  to: number,
) => boolean;

/** Reads frames. */
export class RelpFraming implements Framing<Buffer> {
  /** Set when `take` gave -1, unless the taker wanted no more. */
  fault: RelpFault | undefined;
  needed = 0;
  readonly #taken: TakeFrame;
  readonly #maxData: number;
  // Where the number that was read last ended.
  #at = 0;

  constructor(maxData: number, taken: TakeFrame) {
    this.#maxData = maxData;
    this.#taken = taken;
  }

  take(bytes: Buffer, from: number, to: number): number {
    let frame = from;
    while (frame < to) {
      const next = this.#frame(bytes, frame, to);
      if (next < 0) return -1;
      if (next === frame) return frame;
      frame = next;
    }
    return to;
  }

  /** Takes one frame and gives where the next begins: the same place while it is unfinished, -1 for an end. */
  #frame(bytes: Buffer, frame: number, to: number): number {
    this.needed = to - frame + 1;
    const txnr = this.#number(bytes, frame, to);
    if (txnr === undefined) return frame;
    if (txnr <= 0 || bytes[this.#at] !== SPACE) return this.#stop('malformed', undefined, to - frame);

    const command = this.#at + 1;
    let end = command;
    while (end < to && isLetter(bytes[end] as number) && end - command <= MAX_COMMAND) end += 1;
    if (end - command > MAX_COMMAND) return this.#stop('malformed', txnr, to - frame);
    if (end === to) return frame;
    if (end === command || bytes[end] !== SPACE) return this.#stop('malformed', txnr, to - frame);

    const size = this.#number(bytes, end + 1, to);
    if (size === undefined) return frame;
    if (size < 0) return this.#stop('malformed', txnr, to - frame);
    if (size > this.#maxData) return this.#stop('too-long', txnr, to - frame);

    // Without data the space before them may be missing.
    const spaced = bytes[this.#at] === SPACE;
    if (!spaced && (size > 0 || bytes[this.#at] !== LINE_END))
      return this.#stop('malformed', txnr, to - frame);
    const data = this.#at + (spaced ? 1 : 0);
    if (data + size >= to) {
      this.needed = data + size + 1 - frame;
      return frame;
    }
    if (bytes[data + size] !== LINE_END) return this.#stop('malformed', txnr, to - frame);
    if (!this.#taken(txnr, commandAt(bytes, command, end), bytes, data, data + size)) return -1;
    return data + size + 1;
  }

  /** A decimal without leading zeros, and `#at` behind it; -1 for none, undefined where it may go on. */
  #number(bytes: Buffer, from: number, to: number): number | undefined {
    let value = 0;
    for (let at = from; at < to; at += 1) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) {
        this.#at = at;
        return at === from ? -1 : value;
      }
      if (at - from === MAX_DIGITS || (value === 0 && at > from)) return -1;
      value = value * 10 + digit;
    }
    return undefined;
  }

  #stop(reason: RelpFault['reason'], txnr: number | undefined, bytes: number): -1 {
    this.fault = { reason, txnr, bytes };
    return -1;
  }
}

function commandAt(bytes: Buffer, from: number, to: number): RelpCommand {
  // `syslog` is nearly every frame: told by its length and first letter before a string is made.
  if (to - from === 6 && bytes[from] === 0x73 && bytes.toString('latin1', from, to) === 'syslog')
    return RelpCommand.syslog;
  const name = bytes.toString('latin1', from, to);
  if (name === RelpCommand.open) return RelpCommand.open;
  return name === RelpCommand.close ? RelpCommand.close : RelpCommand.other;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}
