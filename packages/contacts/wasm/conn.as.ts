/**
 * conn.log of Zeek: TCP and UDP over IPv4. `readConn` of ../src/reading/zeek-conn.ts is what it agrees with.
 */
import { ODD, below, digits8, ipv4, mix, notDigits, number, tail8 } from './digits.as';
import { cursor, indexedLines, lineStart, nextLine } from './lines.as';
import { datagramOutcome, openingFlags, stateOf, tcpOutcome } from './states.as';
import {
  MAX_LINE, OUT, TABLE, TCP_KNOWN, clamp, clearRow, direction, dport, dst, flags, host, key0, key1, line,
  lineMarks, marks, millis, outcome, protocol, size, sport, src, tcp, time,
} from './table.as';

/** Columns of the fields of conn.log, from 0; -1: the log does not have it. */
let cTs: i32 = -1;
let cUid: i32 = -1;
let cOrigHost: i32 = -1;
let cOrigPort: i32 = -1;
let cRespHost: i32 = -1;
let cRespPort: i32 = -1;
let cProto: i32 = -1;
let cDuration: i32 = -1;
let cRespBytes: i32 = -1;
let cState: i32 = -1;
let cLocalOrig: i32 = -1;
let cLocalResp: i32 = -1;
let cMissed: i32 = -1;
let cHistory: i32 = -1;
let cOrigPkts: i32 = -1;
let cRespPkts: i32 = -1;
let columns: u32 = 0;

/** Takes the map of conn.log's columns from the table (words 32 to 47) and their number (word 48). */
export function mapColumns(): void {
  cTs = load<i32>(TABLE, 128);
  cUid = load<i32>(TABLE, 132);
  cOrigHost = load<i32>(TABLE, 136);
  cOrigPort = load<i32>(TABLE, 140);
  cRespHost = load<i32>(TABLE, 144);
  cRespPort = load<i32>(TABLE, 148);
  cProto = load<i32>(TABLE, 152);
  cDuration = load<i32>(TABLE, 156);
  cRespBytes = load<i32>(TABLE, 160);
  cState = load<i32>(TABLE, 164);
  cLocalOrig = load<i32>(TABLE, 168);
  cLocalResp = load<i32>(TABLE, 172);
  cMissed = load<i32>(TABLE, 176);
  cHistory = load<i32>(TABLE, 180);
  cOrigPkts = load<i32>(TABLE, 184);
  cRespPkts = load<i32>(TABLE, 188);
  columns = load<u32>(TABLE, 192);
}

/**
 * Reads indexed lines of conn.log into rows from `row` to `limit`, the first with line number `first`. Stops behind the
 * last line, at `limit`, or before a line that is for the plain reader. OUT: rows filled up to, lines read, 1 if a
 * loss without number was told, the end of that line (0: there is none), where it stopped.
 */
export function conn(row: u32, limit: u32, first: u32): void {
  let r: usize = row;
  let number_: u32 = first;
  let lostUnknown: u32 = 0;
  let stopEnd: usize = 0;
  while (cursor < indexedLines && r < limit) {
    const start = lineStart();
    const mark = cursor === 0 ? 0 : load<u32>(lineMarks + (<usize>(cursor - 1) << 2)) + 1;
    const lastMark = load<u32>(lineMarks + (<usize>cursor << 2));
    const end = <usize>load<u32>(marks + (<usize>lastMark << 2));
    const cells = marks + (<usize>mark << 2);
    if (lastMark - mark + 1 !== columns || !connLine(cells, start, end, r)) {
      stopEnd = end;
      break;
    }
    lostUnknown |= missed;
    store<u32>(line + (r << 2), number_);
    r++;
    number_++;
    nextLine();
  }
  store<u32>(OUT, <u32>r);
  store<u32>(OUT, number_ - first, 4);
  store<u32>(OUT, lostUnknown, 8);
  store<u32>(OUT, <u32>stopEnd, 12);
  store<u32>(OUT, <u32>lineStart(), 16);
}

/** Beginning of a cell. */
// @ts-ignore: decorator
@inline
function cellAt(cells: usize, start: usize, column: i32): usize {
  return column === 0 ? start : <usize>load<u32>(cells + (<usize>column << 2) - 4) + 1;
}
/** End of a cell. */
// @ts-ignore: decorator
@inline
function cellEnd(cells: usize, column: i32): usize {
  return <usize>load<u32>(cells + (<usize>column << 2));
}
/** A count; -1 if the log does not have the column or it is not set. */
// @ts-ignore: decorator
@inline
function countCell(cells: usize, start: usize, column: i32): i64 {
  return column < 0 ? -1 : number(cellAt(cells, start, column), cellEnd(cells, column));
}

let missed: u32 = 0;

/** One line of conn.log into row `r`; false: it is for the plain reader. */
function connLine(cells: usize, start: usize, end: usize, r: usize): bool {
  // The plain reader must see lines that are too long, or end in a carriage return, or begin a header or an object.
  if (end - start > MAX_LINE || load<u8>(end - 1) === 13) return false;
  const first = load<u8>(start);
  if (first === 35 || first === 123) return false;

  // 1531687187.123456
  let at = cellAt(cells, start, cTs);
  let to = cellEnd(cells, cTs);
  const length = to - at;
  if (length - 14 > 6 || load<u8>(at + 10) !== 46) return false;
  if ((notDigits(at) & below(length < 16 ? length : 16)) !== 1 << 10) return false;
  // The digits behind the sixteenth byte are cut, but they must be digits.
  if (length > 16 && (notDigits(to - 4) & 15) !== 0) return false;
  const seconds =
    digits8(load<u64>(at)) * 100 + <u64>(load<u8>(at + 8) - 48) * 10 + <u64>(load<u8>(at + 9) - 48);
  const ms = <u64>(load<u8>(at + 11) - 48) * 100 + <u64>(load<u8>(at + 12) - 48) * 10 + <u64>(load<u8>(at + 13) - 48);

  at = cellAt(cells, start, cOrigHost);
  const source = ipv4(at, cellEnd(cells, cOrigHost));
  at = cellAt(cells, start, cRespHost);
  const destination = ipv4(at, cellEnd(cells, cRespHost));
  const from = countCell(cells, start, cOrigPort);
  const into = countCell(cells, start, cRespPort);
  if ((source | destination | from | into) < 0 || from > 65_535 || into > 65_535) return false;

  at = cellAt(cells, start, cProto);
  to = cellEnd(cells, cProto);
  const three = load<u32>(at) & 0xffffff;
  let proto: u32;
  if (to - at === 3 && three === 0x706374) proto = 6;
  else if (to - at === 3 && three === 0x706475) proto = 17;
  else return false;

  const state = stateOf(cellAt(cells, start, cState), cellEnd(cells, cState));
  if (state < 0) return false;

  const packets = countCell(cells, start, cOrigPkts);
  const packetsBack = countCell(cells, start, cRespPkts);
  const bytesBack = countCell(cells, start, cRespBytes);
  const missedBytes = countCell(cells, start, cMissed);
  missed = missedBytes > 0 ? 1 : 0;

  let lasted: i64 = -1;
  if (cDuration >= 0) {
    lasted = duration(cellAt(cells, start, cDuration), cellEnd(cells, cDuration));
    if (lasted === ODD) return false;
  }

  let upper: u32 = 0;
  let lower: u32 = 0;
  let opening: u32 = 0;
  if (cHistory >= 0) {
    to = cellEnd(cells, cHistory);
    for (at = cellAt(cells, start, cHistory); at < to; at++) {
      const byte = load<u8>(at);
      const letter = (byte | 32) - 97;
      if (letter > 25) continue;
      if (byte & 32) lower |= <u32>1 << letter;
      else {
        if (upper === 0) opening = letter;
        upper |= <u32>1 << letter;
      }
    }
  }

  let rowFlags: u32 = 0;
  let told: u32;
  let tcpFlags: i32 = 0;
  if (proto === 6) {
    told = tcpOutcome(state, cHistory >= 0, upper, lower, packets, bytesBack);
    tcpFlags = cHistory >= 0 ? openingFlags(upper, lower, opening, packets) : -1;
    if (tcpFlags >= 0) rowFlags = TCP_KNOWN;
    else tcpFlags = 0;
  } else {
    told = datagramOutcome(state, packets, packetsBack, bytesBack, lower);
  }

  let way: u32 = 0;
  if (cLocalOrig >= 0 && cLocalResp >= 0) {
    const origin = truth(cellAt(cells, start, cLocalOrig), cellEnd(cells, cLocalOrig));
    const response = truth(cellAt(cells, start, cLocalResp), cellEnd(cells, cLocalResp));
    // Inbound 1, outbound 2, internal 3.
    if (origin === 84) way = response === 70 ? 2 : response === 84 ? 3 : 0;
    else if (origin === 70 && response === 84) way = 1;
  }

  clearRow(r);
  store<f64>(time + (r << 3), <f64>(seconds * 1000 + ms));
  store<u32>(src + (r << 2), <u32>source);
  store<u32>(dst + (r << 2), <u32>destination);
  store<u16>(sport + (r << 1), <u16>from);
  store<u16>(dport + (r << 1), <u16>into);
  store<u32>(size + (r << 2), clamp(bytesBack));
  store<u32>(millis + (r << 2), clamp(lasted));
  store<u32>(host + (r << 2), 0);
  store<u16>(flags + (r << 1), <u16>rowFlags);
  store<u8>(outcome + r, <u8>told);
  store<u8>(direction + r, <u8>way);
  store<u8>(protocol + r, <u8>proto);
  store<u8>(tcp + r, <u8>tcpFlags);
  if (cUid >= 0) uidKey(cellAt(cells, start, cUid), cellEnd(cells, cUid), r);
  else {
    store<u32>(key0 + (r << 2), 0);
    store<u32>(key1 + (r << 2), 0);
  }
  return true;
}

/** 84 for T and true, 70 for F and false, else 0. */
// @ts-ignore: decorator
@inline
function truth(at: usize, to: usize): u32 {
  if (at >= to) return 0;
  const letter = <u32>load<u8>(at) & 0x5f;
  return letter === 84 || letter === 70 ? letter : 0;
}

/** Milliseconds of `12.345678` or `12`, -1 for anything shorter than a digit, ODD for what is not so simple. */
// @ts-ignore: decorator
@inline
function duration(at: usize, to: usize): i64 {
  const n = to - at;
  if (n === 1 && load<u8>(at) === 45) return -1;
  if (n - 1 > 15) return ODD;
  const other = notDigits(at) & below(n);
  if (other === 0) return n > 9 ? ODD : <i64>tail8n(to, n) * 1000;
  // One dot, and at most eight digits before it.
  const dot = <usize>ctz(other);
  if ((other & (other - 1)) !== 0 || dot - 1 > 7 || load<u8>(at + dot) !== 46) return ODD;
  const whole = <i64>tail8(at + dot, dot) * 1000;
  const rest = n - dot - 1;
  // Three digits of the fraction, zeros where there are fewer.
  const keep: u32 = rest >= 3 ? 0xffffff : (<u32>1 << <u32>(rest << 3)) - 1;
  const v = (load<u32>(at + dot + 1) ^ 0x303030) & keep;
  return whole + <i64>((v & 255) * 100 + ((v >> 8) & 255) * 10 + (v >> 16));
}
// @ts-ignore: decorator
@inline
function tail8n(to: usize, n: usize): u64 {
  return n <= 8 ? tail8(to, n) : tail8(to, 8) + tail8(to - 8, n - 8) * 100_000_000;
}

/** `uidInto` of ../src/reading/cells.ts. */
// @ts-ignore: decorator
@inline
function uidKey(from: usize, to: usize, r: usize): void {
  const n = to - from;
  if (n === 0 || (n === 1 && load<u8>(from) === 45)) {
    store<u32>(key0 + (r << 2), 0);
    store<u32>(key1 + (r << 2), 0);
    return;
  }
  let a: u32 = 0x811c9dc5;
  let b: u32 = 0x9747b28c;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    a = (a ^ load<u32>(at)) * 0x01000193;
    b = (b ^ load<u32>(at, 4)) * 0x85ebca6b;
  }
  const rest = to - at;
  if (rest > 0) {
    const last = load<u64>(at) & ((<u64>1 << (rest << 3)) - 1);
    a = (a ^ <u32>last) * 0x01000193;
    b = (b ^ <u32>(last >> 32)) * 0x85ebca6b;
  }
  a ^= <u32>n;
  store<u32>(key0 + (r << 2), mix(a));
  store<u32>(key1 + (r << 2), mix(b ^ a) | 1);
}

