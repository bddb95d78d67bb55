/**
 * What Zeek's `conn_state` and `history` prove about a connection.
 *
 * Source: scripts/base/protocols/conn/main.zeek (8.0), function conn_state and the table of history letters. The state
 * alone is not enough: a half-open scan of an open port and a finished session both read `RSTO`, a FIN probe that was
 * answered by a RST reads `RSTR`. The letters of `history` (upper case: originator, lower case: responder) tell them
 * apart.
 */
import { Outcome, Tcp } from '../contact.ts';

/** Values of `conn_state` by number; 0 = not set, -1 = none that Zeek writes. */
export const State = {
  unset: 0,
  S0: 1,
  S1: 2,
  SF: 3,
  REJ: 4,
  S2: 5,
  S3: 6,
  RSTO: 7,
  RSTR: 8,
  RSTOS0: 9,
  RSTRH: 10,
  SH: 11,
  SHR: 12,
  OTH: 13,
} as const;
export type State = (typeof State)[keyof typeof State] | -1;

const S = 83;
const H = 72;
const R = 82;
const O = 79;
const T = 84;

/** The state that [from, to) spells. */
export function stateAt(bytes: Uint8Array, from: number, to: number): State {
  const a = bytes[from]!;
  const b = bytes[from + 1]!;
  const c = bytes[from + 2]!;
  switch (to - from) {
    case 0:
      return State.unset;
    case 1:
      return a === 45 ? State.unset : -1;
    case 2:
      if (a !== S) return -1;
      if (b === 48) return State.S0;
      if (b === 70) return State.SF;
      if (b === 49) return State.S1;
      if (b === 50) return State.S2;
      if (b === 51) return State.S3;
      return b === H ? State.SH : -1;
    case 3:
      if (a === R && b === 69 && c === 74) return State.REJ;
      if (a === S && b === H && c === R) return State.SHR;
      return a === O && b === T && c === H ? State.OTH : -1;
    default:
      break;
  }
  if (a !== R || b !== S || c !== T) return -1;
  const d = bytes[from + 3];
  if (to - from === 4) return d === O ? State.RSTO : d === R ? State.RSTR : -1;
  const e = bytes[from + 4];
  if (to - from === 5) return d === R && e === H ? State.RSTRH : -1;
  if (to - from === 6) return d === O && e === S && bytes[from + 5] === 48 ? State.RSTOS0 : -1;
  return -1;
}

/** Bit of a history letter, `a` to `z`. */
const bit = (letter: string): number => 1 << (letter.charCodeAt(0) - 97);
const SYN = bit('s');
const SYN_ACK = bit('h');
const ACK = bit('a');
const DATA = bit('d');
const FIN = bit('f');
const RST = bit('r');
/** Letters that are about checksums, gaps, retransmission and windows, not about flags. */
const NO_FLAGS = bit('c') | bit('g') | bit('t') | bit('w') | bit('x');

/** What a line says of a TCP connection; masks are of history letters, bit 0 = a. */
export type TcpHistory = {
  /** The log has the column: an empty history then means that no packet had a flag. */
  known: boolean;
  originator: number;
  responder: number;
  /** First letter of the originator, in lower case; 0 = none. */
  first: number;
};

/** Outcome of a TCP connection. `packets`: sent by the originator, -1 if not known; `bytesBack`: by the responder. */
export function tcpOutcome(state: State, history: TcpHistory, packets: number, bytesBack: number): Outcome {
  const { known, originator, responder } = history;
  switch (state) {
    case State.S0:
      return Outcome.noAnswer;
    case State.S1:
    case State.SF:
    case State.S2:
    case State.S3:
      return isHalfOpen(history) ? Outcome.accepted : Outcome.established;
    case State.REJ:
      // Half-open, then both sent RST: the port was open all the same.
      return isHalfOpen(history) ? Outcome.accepted : Outcome.rejected;
    case State.RSTO:
    case State.RSTR:
      if (!known) return Outcome.established;
      if (isHalfOpen(history)) return Outcome.accepted;
      if (responder & (SYN_ACK | DATA)) return Outcome.established;
      return responder & RST ? Outcome.rejected : Outcome.oneSided;
    case State.RSTOS0:
      return responder === 0 && (!known || originator & SYN) ? Outcome.noAnswer : Outcome.oneSided;
    case State.SH:
      return responder === 0 ? Outcome.noAnswer : Outcome.oneSided;
    case State.SHR:
      return Outcome.oneSided;
    case State.RSTRH:
    case State.OTH:
      if (isHalfOpen(history)) return Outcome.accepted;
      if (answeredByReset(history, packets)) return Outcome.rejected;
      return isSilentProbe(history, packets) ? Outcome.noAnswer : Outcome.oneSided;
    default:
      if (isHalfOpen(history)) return Outcome.accepted;
      if (responder & (SYN_ACK | DATA) || bytesBack > 0) {
        return known && originator === 0 ? Outcome.oneSided : Outcome.established;
      }
      if (responder & RST) return Outcome.rejected;
      return known && responder === 0 && originator !== 0 ? Outcome.noAnswer : Outcome.unknown;
  }
}

/** The responder took the SYN, and the originator never finished the handshake. */
function isHalfOpen({ originator, responder }: TcpHistory): boolean {
  if ((responder & (SYN_ACK | DATA)) !== SYN_ACK) return false;
  return (originator & (SYN | ACK | DATA | FIN)) === SYN;
}

/** A probe without SYN (ACK, NULL) whose only answer was a RST. */
function answeredByReset(history: TcpHistory, packets: number): boolean {
  if ((history.responder & ~NO_FLAGS) !== RST) return false;
  if (history.originator === 0) return packets > 0;
  return (history.originator & (SYN | SYN_ACK | DATA)) === 0;
}

/** FIN alone, or a packet without any flag (the history is there, and empty), and nothing came back. */
function isSilentProbe({ known, originator, responder }: TcpHistory, packets: number): boolean {
  if (!known || responder !== 0) return false;
  return originator === 0 ? packets !== 0 : (originator & ~NO_FLAGS) === FIN;
}

/**
 * TCP flags of the packet that opened the connection, -1 if the history does not tell. A lone `F` may have been FIN
 * alone or with ACK or PSH and URG (Xmas): FIN is what is certain.
 */
export function openingFlags(history: TcpHistory, packets: number): number {
  const { originator, responder, first } = history;
  if (!history.known) return -1;
  if (first === 115) return Tcp.syn;
  if (first === 104) return Tcp.syn | Tcp.ack;
  const flags = originator & ~NO_FLAGS;
  if (flags === FIN) return Tcp.fin;
  if (flags === ACK) return Tcp.ack;
  if (flags === RST) return Tcp.rst;
  const silent = originator === 0 && (responder & ~(NO_FLAGS | RST)) === 0;
  return silent && packets > 0 ? 0 : -1;
}

/**
 * Outcome of a flow without handshake: UDP, ICMP and others. Counts are -1 where the line does not have them;
 * `responder` is the mask of history letters.
 */
export function datagramOutcome(
  state: State,
  packets: number,
  packetsBack: number,
  bytesBack: number,
  responder: number,
): Outcome {
  if (packetsBack > 0 || bytesBack > 0 || responder & DATA) {
    return packets === 0 || state === State.SHR ? Outcome.oneSided : Outcome.established;
  }
  if (state === State.SHR) return Outcome.oneSided;
  if (packetsBack === 0 || bytesBack === 0 || state === State.S0) return Outcome.noAnswer;
  return state === State.SF ? Outcome.established : Outcome.unknown;
}
