/**
 * EVE events of Suricata: flows of TCP and UDP over IPv4; of others the values are found.
 */
import { ipv4, mix, number } from './digits.as';
import { isoMs, isoTime } from './iso-time.as';
import { hexAt, sessionAt, sessionOutcome } from './session.as';
import { NUMBER, STRING, endAt, isText, moveBy, numberAt, shapeEnd, startAt, typeAt } from './shapes.as';
import {
  BLOCKED, ESTABLISHED, NO_ANSWER, ONE_SIDED, OUT, REJECTED, TABLE, TCP_KNOWN, clamp, clearRow, direction,
  dport, dst, flags, host, key0, key1, line, millis, outcome, protocol, size, sport, src, tcp, time,
} from './table.as';

// Paths of ../src/reading/eve-fields.ts and types of ../src/reading/json.ts.
const FLOW_ID: usize = 1;
const EVENT_TYPE: usize = 2;
const SRC_IP: usize = 3;
const SRC_PORT: usize = 4;
const DEST_IP: usize = 5;
const DEST_PORT: usize = 6;
const PROTO: usize = 7;
const HOST: usize = 11;
const PKTS_TO_SERVER: usize = 13;
const PKTS_TO_CLIENT: usize = 14;
const BYTES_TO_CLIENT: usize = 15;
const START: usize = 16;
const AGE: usize = 17;
const STATE: usize = 18;
const ACTION: usize = 19;
const FLAGS_TO_SERVER: usize = 24;
const FLAGS_TO_CLIENT: usize = 25;

/** What `eve` stopped for. */
const DONE: u32 = 0;
const EVENT: u32 = 1;
const UNKNOWN_SHAPE: u32 = 2;

/**
 * Reads EVE events of [at, to) into rows from `row` to `limit`, the first with line number `first`. A line is taken if
 * what stands between its values is, byte for byte, what stood between those of a line that the plain scanner has taken:
 * then it is as well formed as that one, once each value is. Flows over IPv4 are read here; of other events the values
 * are found, and the caller reads them. OUT: rows filled up to, lines read, what it stopped for (DONE, EVENT: values
 * are found; UNKNOWN_SHAPE: the line is for the plain reader), start of the line it stopped at, start of the next.
 */
export function eve(at: usize, to: usize, row: u32, limit: u32, first: u32, shift: usize): void {
  let r: usize = row;
  let lineNumber: u32 = first;
  let why = DONE;
  let next: usize = 0;
  moveBy(shift);
  while (at < to && r < limit) {
    const end = shapeEnd(at);
    if (end === 0) {
      why = UNKNOWN_SHAPE;
      break;
    }
    if (!flowEvent(r)) {
      why = EVENT;
      next = end;
      break;
    }
    store<u32>(line + (r << 2), lineNumber);
    r++;
    lineNumber++;
    at = end;
  }
  store<u32>(OUT, <u32>r);
  store<u32>(OUT, lineNumber - first, 4);
  store<u32>(OUT, why, 8);
  store<u32>(OUT, <u32>at, 12);
  store<u32>(OUT, <u32>next, 16);
}

/** The event whose values were found into row `r`, if it is a flow of TCP or UDP over IPv4 as Suricata writes it. */
// @ts-ignore: decorator
@inline
function flowEvent(r: usize): bool {
  let at = startAt(EVENT_TYPE);
  if (typeAt(EVENT_TYPE) !== STRING || endAt(EVENT_TYPE) - at !== 4 || load<u32>(at) !== 0x776f6c66) return false;
  if ((typeAt(SRC_IP) & typeAt(DEST_IP) & typeAt(PROTO) & typeAt(START)) !== STRING) return false;
  const source = ipv4(startAt(SRC_IP), endAt(SRC_IP));
  const destination = ipv4(startAt(DEST_IP), endAt(DEST_IP));
  const from = numberAt(SRC_PORT);
  const into = numberAt(DEST_PORT);
  if ((source | destination | from | into) < 0 || from > 65_535 || into > 65_535) return false;
  at = startAt(PROTO);
  const three = load<u32>(at) & 0xffffff;
  if (endAt(PROTO) - at !== 3 || (three !== 0x504354 && three !== 0x504455)) return false;
  if (!isoTime(startAt(START), endAt(START))) return false;
  const sensor = hostHash();
  if (sensor < 0) return false;

  // `flow_id`: its last nine digits and those before.
  let low: u32 = 0;
  let high: u32 = 0;
  let hasKey = false;
  if (typeAt(FLOW_ID) === NUMBER) {
    at = startAt(FLOW_ID);
    const to = endAt(FLOW_ID);
    const n = to - at;
    const last = number(n > 9 ? to - 9 : at, to);
    const before = n > 9 ? number(at, to - 9) : 0;
    if ((last | before) < 0) return false;
    low = <u32>last;
    high = <u32>before;
    hasKey = true;
  } else if (typeAt(FLOW_ID) !== 0) {
    return false;
  }

  const sent = numberAt(PKTS_TO_SERVER);
  const back = numberAt(PKTS_TO_CLIENT);
  const age = numberAt(AGE);
  let lasting: bool = false;
  if (typeAt(STATE) === STRING) {
    const letter = load<u8>(startAt(STATE));
    lasting = letter === 101 || letter === 99 || letter === 98;
  }
  let rowFlags: u32 = 0;
  let tcpFlags: i32 = 0;
  let told: u32;
  if (three === 0x504354) {
    const flagsSent = hexAt(FLAGS_TO_SERVER);
    const flagsBack = hexAt(FLAGS_TO_CLIENT);
    const session = sessionAt();
    const known = (flagsSent | flagsBack) >= 0 && (session !== 0 || (flagsSent | flagsBack) !== 0);
    told = sessionOutcome(sent, back, flagsSent, flagsBack, session, lasting, known);
    if (known) {
      tcpFlags = -1;
      if (flagsSent & 2) tcpFlags = flagsSent === 18 ? 18 : 2;
      else if (sent === 1 || back === 0 || told === REJECTED) tcpFlags = flagsSent & 63;
      if (tcpFlags >= 0) rowFlags = TCP_KNOWN;
      else tcpFlags = 0;
    }
  } else if (back > 0) told = sent === 0 ? ONE_SIDED : ESTABLISHED;
  else if (back === 0) told = NO_ANSWER;
  else told = lasting ? ESTABLISHED : 0;
  if (typeAt(ACTION) === STRING) {
    at = startAt(ACTION);
    if (endAt(ACTION) - at === 4 && load<u32>(at) === 0x706f7264) told = BLOCKED;
  }

  clearRow(r);
  store<f64>(time + (r << 3), isoMs);
  store<u32>(src + (r << 2), <u32>source);
  store<u32>(dst + (r << 2), <u32>destination);
  store<u16>(sport + (r << 1), <u16>from);
  store<u16>(dport + (r << 1), <u16>into);
  store<u32>(key0 + (r << 2), hasKey ? mix(low) : 0);
  store<u32>(key1 + (r << 2), hasKey ? mix(high ^ 0x1e3779b9) | 1 : 0);
  store<u32>(size + (r << 2), clamp(numberAt(BYTES_TO_CLIENT)));
  store<u32>(millis + (r << 2), clamp(age < 0 ? -1 : age * 1000));
  store<u32>(host + (r << 2), <u32>sensor);
  store<u16>(flags + (r << 1), <u16>rowFlags);
  store<u8>(outcome + r, <u8>told);
  store<u8>(direction + r, 0);
  store<u8>(protocol + r, three === 0x504354 ? 6 : 17);
  store<u8>(tcp + r, <u8>tcpFlags);
  return true;
}

/** Last value of `host`, as the caller wrote it to the table: length (word 64), hash (65), bytes (from word 66). */
// @ts-ignore: decorator
@inline
function hostHash(): i64 {
  if (typeAt(HOST) !== STRING) return 0;
  const at = startAt(HOST);
  if (endAt(HOST) === at) return 0;
  const length = <usize>load<u32>(TABLE, 256);
  if (endAt(HOST) - at !== length || !isText(at, TABLE + 264, length)) return -1;
  return <i64>load<u32>(TABLE, 260);
}

