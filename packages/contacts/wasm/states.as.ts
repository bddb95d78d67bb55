/**
 * What `conn_state` and `history` prove: see ../src/reading/zeek-states.ts.
 */
import { ACCEPTED, ESTABLISHED, NO_ANSWER, ONE_SIDED, REJECTED } from './table.as';

// States of ../src/reading/zeek-states.ts.
export const S0: i32 = 1;
export const S1: i32 = 2;
export const SF: i32 = 3;
export const REJ: i32 = 4;
export const S2: i32 = 5;
export const S3: i32 = 6;
export const RSTO: i32 = 7;
export const RSTR: i32 = 8;
export const RSTOS0: i32 = 9;
export const RSTRH: i32 = 10;
export const SH: i32 = 11;
export const SHR: i32 = 12;
export const OTH: i32 = 13;

/** The state that [at, to) spells; -1 for what the plain reader must look at. */
// @ts-ignore: decorator
@inline
export function stateOf(at: usize, to: usize): i32 {
  const n = to - at;
  if (n - 2 > 4) return -1;
  const word = load<u64>(at) & ((<u64>1 << (n << 3)) - 1);
  if (word === 0x3053) return S0;
  if (word === 0x4653) return SF;
  if (word === 0x4a4552) return REJ;
  if (word === 0x48544f) return OTH;
  if (word === 0x4f545352) return RSTO;
  if (word === 0x52545352) return RSTR;
  if (word === 0x3153) return S1;
  if (word === 0x3253) return S2;
  if (word === 0x3353) return S3;
  if (word === 0x4853) return SH;
  if (word === 0x524853) return SHR;
  if (word === 0x4852545352) return RSTRH;
  if (word === 0x30534f545352) return RSTOS0;
  return -1;
}

const L_ACK: u32 = 1 << 0;
const L_DATA: u32 = 1 << 3;
const L_FIN: u32 = 1 << 5;
const L_SYN_ACK: u32 = 1 << 7;
const L_RST: u32 = 1 << 17;
const L_SYN: u32 = 1 << 18;
/** c, g, t, w, x. */
const L_NO_FLAGS: u32 = (1 << 2) | (1 << 6) | (1 << 19) | (1 << 22) | (1 << 23);

// @ts-ignore: decorator
@inline
function isHalfOpen(upper: u32, lower: u32): bool {
  return (lower & (L_SYN_ACK | L_DATA)) === L_SYN_ACK && (upper & (L_SYN | L_ACK | L_DATA | L_FIN)) === L_SYN;
}

// @ts-ignore: decorator
@inline
export function tcpOutcome(state: i32, known: bool, upper: u32, lower: u32, packets: i64, bytesBack: i64): u32 {
  if (state === S0) return NO_ANSWER;
  if (state === S1 || state === SF || state === S2 || state === S3) {
    return isHalfOpen(upper, lower) ? ACCEPTED : ESTABLISHED;
  }
  if (state === REJ) return isHalfOpen(upper, lower) ? ACCEPTED : REJECTED;
  if (state === RSTO || state === RSTR) {
    if (!known) return ESTABLISHED;
    if (isHalfOpen(upper, lower)) return ACCEPTED;
    if (lower & (L_SYN_ACK | L_DATA)) return ESTABLISHED;
    return lower & L_RST ? REJECTED : ONE_SIDED;
  }
  if (state === RSTOS0) return lower === 0 && (!known || upper & L_SYN) ? NO_ANSWER : ONE_SIDED;
  if (state === SH) return lower === 0 ? NO_ANSWER : ONE_SIDED;
  if (state === SHR) return ONE_SIDED;
  if (isHalfOpen(upper, lower)) return ACCEPTED;
  if ((lower & ~L_NO_FLAGS) === L_RST) {
    const probe = upper === 0 ? packets > 0 : (upper & (L_SYN | L_SYN_ACK | L_DATA)) === 0;
    if (probe) return REJECTED;
  }
  if (!known || lower !== 0) return ONE_SIDED;
  const silent = upper === 0 ? packets !== 0 : (upper & ~L_NO_FLAGS) === L_FIN;
  return silent ? NO_ANSWER : ONE_SIDED;
}

/** TCP flags (fin 1, syn 2, rst 4, ack 16) of the opening packet, or -1. */
// @ts-ignore: decorator
@inline
export function openingFlags(upper: u32, lower: u32, opening: u32, packets: i64): i32 {
  if (upper !== 0) {
    if (opening === 18) return 2;
    if (opening === 7) return 18;
    const only = upper & ~L_NO_FLAGS;
    return only === L_FIN ? 1 : only === L_ACK ? 16 : only === L_RST ? 4 : -1;
  }
  return (lower & ~(L_NO_FLAGS | L_RST)) === 0 && packets > 0 ? 0 : -1;
}

// @ts-ignore: decorator
@inline
export function datagramOutcome(state: i32, packets: i64, packetsBack: i64, bytesBack: i64, lower: u32): u32 {
  if (packetsBack > 0 || bytesBack > 0 || lower & L_DATA) {
    return packets === 0 || state === SHR ? ONE_SIDED : ESTABLISHED;
  }
  if (state === SHR) return ONE_SIDED;
  if (packetsBack === 0 || bytesBack === 0 || state === S0) return NO_ANSWER;
  return state === SF ? ESTABLISHED : 0;
}

