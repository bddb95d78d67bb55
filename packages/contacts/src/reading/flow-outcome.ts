/**
 * What a flow record of nfdump proves (see `flow.ts`), and the key that the records of one connection share.
 *
 * The flags of a record are those of all its packets, of one direction; with `-b` the record counts the packets of the
 * other direction, too.
 *
 *     answers of bare headers, no SYN with ACK   rejected: RSTs; an answer to SYN carries options
 *     answers, SYN without ACK                   accepted: the other side's SYN came, and was left alone or turned down
 *     answers                                    established
 *     SYN with RST, no ACK                       accepted: half-open scan
 *     SYN alone                                  nobody answered
 *     SYN with ACK, to a port below 1024         established: an ACK comes after the other side's SYN only
 *     UDP, ICMP                                  nobody answered: so only with `-b`, which docs/reference asks for
 *     anything else                              one side, or the middle: not told
 */
import { type Batch, Flag, Outcome, Protocol, Tcp } from '../contact.ts';
import { mix32 } from './bytes.ts';

/** Bytes of an IPv4 and a TCP header without options: what an RST has. IPv6's header has 20 more. */
const BARE_HEADERS = 40;
/** Ports below are servers' (RFC 6335: system ports); clients begin from above. */
const SYSTEM_PORTS = 1024;

/** The outcome of row `row`, whose ends, protocol and flags are filled, by the packets and bytes of the other side. */
export function outcomeOfFlow(batch: Batch, row: number, answers: number, answerBytes: number): Outcome {
  const protocol = batch.protocol[row];
  if (protocol !== Protocol.tcp) return answers > 0 ? Outcome.established : Outcome.noAnswer;
  const flags = batch.tcp[row]!;
  const both = (flags & (Tcp.syn | Tcp.ack)) === (Tcp.syn | Tcp.ack);
  if (answers > 0) {
    const bare = BARE_HEADERS + (batch.flags[row]! & Flag.v6 ? 20 : 0);
    if (!both && answerBytes >= 0 && answerBytes <= bare * answers) return Outcome.rejected;
    return flags & Tcp.syn && !both ? Outcome.accepted : Outcome.established;
  }
  if (both) {
    // It may as well be the server's half: only the ports tell, and a stranger chooses his own.
    const toServer = batch.dport[row]! < SYSTEM_PORTS && batch.sport[row]! >= SYSTEM_PORTS;
    return toServer ? Outcome.established : Outcome.oneSided;
  }
  if (flags & Tcp.syn) return flags & Tcp.rst ? Outcome.accepted : Outcome.noAnswer;
  return Outcome.oneSided;
}

/**
 * Reads flags as nfdump writes them: a place for each (`CEUAPRSF`, `..UAPRSF`), a point where one was not seen, or a
 * number. -1 if the field [from, to) is neither.
 */
export function readFlags(bytes: Uint8Array, from: number, to: number): number {
  let flags = 0;
  let number = 0;
  let digits = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    const flag = LETTERS[byte]!;
    if (flag !== 255) flags |= flag;
    else if (byte >= 48 && byte <= 57 && number < 256) {
      number = number * 10 + byte - 48;
      digits++;
    } else if (byte !== 46 && byte !== 32) return -1;
  }
  if (digits === 0) return flags;
  return digits === to - from && number < 256 ? number & 63 : -1;
}

const LETTERS = new Uint8Array(256).fill(255);
for (const [letter, flag] of Object.entries({
  F: Tcp.fin,
  S: Tcp.syn,
  R: Tcp.rst,
  P: Tcp.psh,
  A: Tcp.ack,
  U: Tcp.urg,
  C: 0,
  E: 0,
})) {
  LETTERS[letter.charCodeAt(0)] = flag;
}

/** Makes the source of a row its destination and the other way round. */
export function swapEnds(batch: Batch, row: number): void {
  const source = batch.src[row]!;
  batch.src[row] = batch.dst[row]!;
  batch.dst[row] = source;
  const port = batch.sport[row]!;
  batch.sport[row] = batch.dport[row]!;
  batch.dport[row] = port;
  if (!(batch.flags[row]! & Flag.v6)) return;
  for (let i = 8 * row; i < 8 * row + 4; i++) {
    const word = batch.wide[i]!;
    batch.wide[i] = batch.wide[i + 4]!;
    batch.wide[i + 4] = word;
  }
}

/** Writes the key of a row: the same for both directions between two ends. */
export function keyOfEnds(batch: Batch, row: number): void {
  const wide = (batch.flags[row]! & Flag.v6) !== 0;
  const protocol = batch.protocol[row]!;
  const here = endOf(batch, row, wide, 0, batch.sport[row]!, protocol);
  const there = endOf(batch, row, wide, 4, batch.dport[row]!, protocol);
  batch.key0[row] = mix32(here + there);
  batch.key1[row] = mix32(here ^ there ^ 0x9747b28c) | 1;
}

function endOf(batch: Batch, row: number, wide: boolean, at: number, port: number, protocol: number): number {
  let hash = mix32((port << 8) | protocol);
  if (!wide) return mix32(hash ^ (at === 0 ? batch.src[row]! : batch.dst[row]!));
  for (let i = 0; i < 4; i++) hash = mix32(hash ^ batch.wide[8 * row + at + i]!);
  return hash;
}
