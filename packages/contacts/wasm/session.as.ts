/**
 * What a flow of TCP proves: see ../src/reading/eve-outcomes.ts.
 */
import { STRING, endAt, startAt, typeAt } from './shapes.as';
import { ACCEPTED, ESTABLISHED, NO_ANSWER, ONE_SIDED, REJECTED } from './table.as';

/** Path of `tcp.state`. */
const TCP_STATE: usize = 26;

/** Two hexadecimal digits, or -1. */
// @ts-ignore: decorator
@inline
export function hexAt(path: usize): i32 {
  const at = startAt(path);
  if (typeAt(path) !== STRING || endAt(path) - at !== 2) return -1;
  const high = hexDigit(load<u8>(at));
  const low = hexDigit(load<u8>(at + 1));
  return (high | low) < 0 ? -1 : high * 16 + low;
}
// @ts-ignore: decorator
@inline
function hexDigit(byte: u32): i32 {
  if (byte - 48 <= 9) return byte - 48;
  const letter = (byte | 32) - 97;
  return letter <= 5 ? <i32>letter + 10 : -1;
}

/** `tcp.state`: 0 none, 1 syn_sent, 2 syn_recv, 3 anything else, 4 closed. */
// @ts-ignore: decorator
@inline
export function sessionAt(): i32 {
  if (typeAt(TCP_STATE) !== STRING) return 0;
  const at = startAt(TCP_STATE);
  const n = endAt(TCP_STATE) - at;
  if (n === 6 && load<u32>(at) === 0x736f6c63 && load<u16>(at + 4) === 0x6465) return 4;
  if (n === 8 && load<u64>(at) === 0x746e65735f6e7973) return 1;
  if (n === 8 && load<u64>(at) === 0x766365725f6e7973) return 2;
  return n === 4 && load<u32>(at) === 0x656e6f6e ? 0 : 3;
}

/** `tcpFlowOutcome` of ../src/reading/eve-outcomes.ts. */
// @ts-ignore: decorator
@inline
export function sessionOutcome(
  sent: i64,
  back: i64,
  flagsSent: i32,
  flagsBack: i32,
  session: i32,
  lasting: bool,
  known: bool,
): u32 {
  if (sent === 0 && back > 0) return ONE_SIDED;
  if (back === 0) return known && flagsSent & 16 ? ONE_SIDED : NO_ANSWER;
  if (known) {
    if (flagsBack & 2) return flagsSent & 16 ? ESTABLISHED : ACCEPTED;
    if (flagsBack & 4) return flagsSent & 8 ? ONE_SIDED : REJECTED;
    return ONE_SIDED;
  }
  if (session >= 3) return ESTABLISHED;
  if (session === 2) return ACCEPTED;
  if (session === 1) return NO_ANSWER;
  if (flagsSent >= 0 || flagsBack >= 0) return ONE_SIDED;
  return lasting ? ESTABLISHED : 0;
}

