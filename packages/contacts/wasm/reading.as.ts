/**
 * The hot part of reading Zeek's conn.log and Suricata's EVE, for WebAssembly with SIMD (AssemblyScript). The plain
 * readers in ../src/reading are what it must agree with, line by line; whatever is unusual in a line is handed to them.
 *
 * Memory is laid out by ../src/reading/wasm-memory.ts, which writes the addresses into the table at `TABLE`.
 */

/** Table of addresses and settings, words. */
const TABLE: usize = 0x10000;
/** What was found, words: see `Out` in wasm-memory.ts. */
const OUT: usize = 0x10200;
/** Values of the event being read: 64 starts, 64 ends, 64 types. */
const STARTS: usize = 0x10400;
const ENDS: usize = 0x10500;
const TYPES: usize = 0x10600;
/** Nodes of the shapes of events; node 0 is the root. */
const ARENA: usize = 0x11000;

const MAX_LINE: usize = 65_536;

// Kinds, outcomes, flags and protocols of ../src/contact.ts.
const KIND_FLOW: u32 = 2;
const ACCEPTED: u32 = 3;
const ESTABLISHED: u32 = 4;
const NO_ANSWER: u32 = 5;
const REJECTED: u32 = 6;
const ONE_SIDED: u32 = 10;
const BLOCKED: u32 = 2;
const TCP_KNOWN: u32 = 8;

let time: usize = 0;
let src: usize = 0;
let dst: usize = 0;
let key0: usize = 0;
let key1: usize = 0;
let acct0: usize = 0;
let acct1: usize = 0;
let route: usize = 0;
let size: usize = 0;
let millis: usize = 0;
let host: usize = 0;
let line: usize = 0;
let textLength: usize = 0;
let sport: usize = 0;
let dport: usize = 0;
let status: usize = 0;
let content: usize = 0;
let flags: usize = 0;
let repeat: usize = 0;
let kind: usize = 0;
let outcome: usize = 0;
let direction: usize = 0;
let protocol: usize = 0;
let tcp: usize = 0;
let marks: usize = 0;
let lineMarks: usize = 0;
let marksCapacity: u32 = 0;

/** Takes the addresses of the columns and of the index from the table. */
export function begin(): void {
  time = load<u32>(TABLE, 0);
  src = load<u32>(TABLE, 4);
  dst = load<u32>(TABLE, 8);
  key0 = load<u32>(TABLE, 12);
  key1 = load<u32>(TABLE, 16);
  acct0 = load<u32>(TABLE, 20);
  acct1 = load<u32>(TABLE, 24);
  route = load<u32>(TABLE, 28);
  size = load<u32>(TABLE, 32);
  millis = load<u32>(TABLE, 36);
  host = load<u32>(TABLE, 40);
  line = load<u32>(TABLE, 44);
  textLength = load<u32>(TABLE, 48);
  sport = load<u32>(TABLE, 52);
  dport = load<u32>(TABLE, 56);
  status = load<u32>(TABLE, 60);
  content = load<u32>(TABLE, 64);
  flags = load<u32>(TABLE, 68);
  repeat = load<u32>(TABLE, 72);
  kind = load<u32>(TABLE, 76);
  outcome = load<u32>(TABLE, 80);
  direction = load<u32>(TABLE, 84);
  protocol = load<u32>(TABLE, 88);
  tcp = load<u32>(TABLE, 92);
  marks = load<u32>(TABLE, 96);
  lineMarks = load<u32>(TABLE, 100);
  marksCapacity = load<u32>(TABLE, 104);
}

/** Clears what `Batch.begin` clears and no reader here fills. */
// @ts-ignore: decorator
@inline
function clearRow(row: usize): void {
  store<u32>(acct0 + (row << 2), 0);
  store<u32>(acct1 + (row << 2), 0);
  store<u32>(route + (row << 2), 0);
  store<u16>(textLength + (row << 1), 0);
  store<u16>(status + (row << 1), 0);
  store<u16>(content + (row << 1), 0);
  store<u16>(repeat + (row << 1), 0);
  store<u8>(kind + row, <u8>KIND_FLOW);
}

/** Value of `number` and others when what stands there is no such thing: the line is for the plain reader. */
const ODD: i64 = -2;

/** Bits below `n`, which may be 0 to 16. */
// @ts-ignore: decorator
@inline
function below(n: usize): i32 {
  return (1 << <i32>n) - 1;
}

/** One bit for each of the 16 bytes at `at` that is no digit. */
// @ts-ignore: decorator
@inline
function notDigits(at: usize): i32 {
  return i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(at), i8x16.splat(48)), i8x16.splat(9)));
}

/** The eight digits at `at` as a number; what is no digit must have been excluded. */
// @ts-ignore: decorator
@inline
function digits8(chunk: u64): u64 {
  let v = chunk & 0x0f0f0f0f0f0f0f0f;
  v = (v * 2561) >> 8;
  v = ((v & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((v & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/** The last `n` (1 to 8) bytes before `end` as digits of a number, without looking whether they are. */
// @ts-ignore: decorator
@inline
function tail8(end: usize, n: usize): u64 {
  const shift = <u64>(64 - (n << 3));
  return digits8((load<u64>(end - 8) >> shift) << shift);
}

/** The whole number in [from, to) of 1 to 15 digits; -1 if it is none. */
// @ts-ignore: decorator
@inline
function number(from: usize, to: usize): i64 {
  const n = to - from;
  if (n - 1 > 14) return -1;
  if ((notDigits(from) & below(n)) !== 0) return -1;
  if (n <= 8) return <i64>tail8(to, n);
  return <i64>(tail8(to, 8) + tail8(to - 8, n - 8) * 100_000_000);
}

/** The octet in [from, to) of 1 to 3 digits; above 255 if it is none or has a leading zero. */
// @ts-ignore: decorator
@inline
function octet(from: usize, to: usize): u32 {
  const n = <u32>(to - from);
  // Three bytes that end at `to`, those before `from` made zeros.
  const shift = (3 - n) << 3;
  const raw = load<u32>(to - 4) >> 8;
  const v = ((raw >> shift) << shift) ^ ((0x303030 >> shift) << shift);
  const wrong = (((v + 0x767676) | v) & 0x808080) | <u32>(n > 3) | <u32>(n === 0);
  const zero = <u32>(n > 1) & <u32>(load<u8>(from) === 48);
  const value = (v & 255) * 100 + ((v >> 8) & 255) * 10 + (v >> 16);
  return wrong | zero ? 256 : value;
}

/** The IPv4 address in [from, to); -1 if it is none. */
// @ts-ignore: decorator
@inline
function ipv4(from: usize, to: usize): i64 {
  const n = to - from;
  if (n - 7 > 8) return -1;
  let dots = i8x16.bitmask(i8x16.eq(v128.load(from), i8x16.splat(46))) & below(n);
  if (popcnt(dots) !== 3) return -1;
  const a = from + ctz(dots);
  dots &= dots - 1;
  const b = from + ctz(dots);
  dots &= dots - 1;
  const c = from + ctz(dots);
  const w = octet(from, a);
  const x = octet(a + 1, b);
  const y = octet(b + 1, c);
  const z = octet(c + 1, to);
  if ((w | x | y | z) > 255) return -1;
  return <i64>((w << 24) | (x << 16) | (y << 8) | z);
}

/** `mix32` of ../src/reading/bytes.ts. */
// @ts-ignore: decorator
@inline
function mix(value: u32): u32 {
  let h = (value ^ (value >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

// ---------------------------------------------------------------------------------------------------------- zeek

let cursor: u32 = 0;
let indexedLines: u32 = 0;
let windowAt: usize = 0;

/**
 * Finds every separator and newline of [from, to), whose last byte is a newline. Returns how many lines were indexed:
 * fewer than there are where the index is full.
 */
export function index(from: usize, to: usize, separator: i32): u32 {
  const tab = i8x16.splat(<i8>separator);
  const newline = i8x16.splat(10);
  let mark = marks;
  let lineMark = lineMarks;
  const full = marks + <usize>(marksCapacity - 64) * 4;
  windowAt = from;
  cursor = 0;
  for (let at = from; at < to && mark < full; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let ends =
      <u64>i8x16.bitmask(i8x16.eq(a, newline)) |
      (<u64>i8x16.bitmask(i8x16.eq(b, newline)) << 16) |
      (<u64>i8x16.bitmask(i8x16.eq(c, newline)) << 32) |
      (<u64>i8x16.bitmask(i8x16.eq(d, newline)) << 48);
    let both =
      ends |
      <u64>i8x16.bitmask(i8x16.eq(a, tab)) |
      (<u64>i8x16.bitmask(i8x16.eq(b, tab)) << 16) |
      (<u64>i8x16.bitmask(i8x16.eq(c, tab)) << 32) |
      (<u64>i8x16.bitmask(i8x16.eq(d, tab)) << 48);
    const left = to - at;
    if (left < 64) {
      const mask = (<u64>1 << left) - 1;
      ends &= mask;
      both &= mask;
    }
    const base = <u32>((mark - marks) >> 2);
    while (ends !== 0) {
      const bit = ctz(ends);
      store<u32>(lineMark, base + <u32>popcnt(both & ((<u64>1 << bit) - 1)));
      lineMark += 4;
      ends &= ends - 1;
    }
    while (both !== 0) {
      store<u32>(mark, <u32>at + <u32>ctz(both));
      mark += 4;
      both &= both - 1;
    }
  }
  indexedLines = <u32>((lineMark - lineMarks) >> 2);
  return indexedLines;
}

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

/** Where the line at the cursor begins. */
// @ts-ignore: decorator
@inline
function lineStart(): usize {
  if (cursor === 0) return windowAt;
  return <usize>load<u32>(marks + (<usize>load<u32>(lineMarks + (<usize>(cursor - 1) << 2)) << 2)) + 1;
}

/** Passes over the line at the cursor: the plain reader has read it. */
export function skipLine(): void {
  cursor++;
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
    cursor++;
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

/** A number as `size` and `millis` hold it: all ones if not known, at most one less. */
// @ts-ignore: decorator
@inline
function clamp(value: i64): u32 {
  return value < 0 ? 0xffffffff : value > 0xfffffffe ? 0xfffffffe : <u32>value;
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

// States of ../src/reading/zeek-states.ts.
const S0: i32 = 1;
const S1: i32 = 2;
const SF: i32 = 3;
const REJ: i32 = 4;
const S2: i32 = 5;
const S3: i32 = 6;
const RSTO: i32 = 7;
const RSTR: i32 = 8;
const RSTOS0: i32 = 9;
const RSTRH: i32 = 10;
const SH: i32 = 11;
const SHR: i32 = 12;
const OTH: i32 = 13;

/** The state that [at, to) spells; -1 for what the plain reader must look at. */
// @ts-ignore: decorator
@inline
function stateOf(at: usize, to: usize): i32 {
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
function tcpOutcome(state: i32, known: bool, upper: u32, lower: u32, packets: i64, bytesBack: i64): u32 {
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
function openingFlags(upper: u32, lower: u32, opening: u32, packets: i64): i32 {
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
function datagramOutcome(state: i32, packets: i64, packetsBack: i64, bytesBack: i64, lower: u32): u32 {
  if (packetsBack > 0 || bytesBack > 0 || lower & L_DATA) {
    return packets === 0 || state === SHR ? ONE_SIDED : ESTABLISHED;
  }
  if (state === SHR) return ONE_SIDED;
  if (packetsBack === 0 || bytesBack === 0 || state === S0) return NO_ANSWER;
  return state === SF ? ESTABLISHED : 0;
}

// ----------------------------------------------------------------------------------------------------------- eve

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
const TCP_STATE: usize = 26;

const STRING: u32 = 1;
const NUMBER: u32 = 3;
const TRUE: u32 = 4;
const FALSE: u32 = 5;
const NULL: u32 = 6;

// A node of the tree of shapes: what stands between one value and the next, and what kind of value follows.
const NODE_SIBLING: usize = 0;
const NODE_CHILD: usize = 4;
const NODE_LENGTH: usize = 8;
const NODE_KIND: usize = 10;
const NODE_PATH: usize = 11;
const NODE_TEXT: usize = 16;
const KIND_END: u32 = 0;
const KIND_STRING: u32 = 1;

/** What `eve` stopped for. */
const DONE: u32 = 0;
const EVENT: u32 = 1;
const UNKNOWN_SHAPE: u32 = 2;

/** What is taken from an address to make it a place in the block. */
let moved: usize = 0;

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
  moved = shift;
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

/** Finds the values of the line at `at`. Returns where the next line begins, 0 if its shape is not known. */
function shapeEnd(at: usize): usize {
  const zero = i8x16.splat(0);
  v128.store(TYPES, zero);
  v128.store(TYPES, zero, 16);
  v128.store(TYPES, zero, 32);
  v128.store(TYPES, zero, 48);
  const quote = i8x16.splat(34);
  const backslash = i8x16.splat(92);
  const control = i8x16.splat(32);
  let p = at;
  let node = ARENA;
  while (true) {
    node = <usize>load<u32>(node, NODE_CHILD);
    let length: usize = 0;
    while (true) {
      if (node === 0) return 0;
      length = load<u16>(node, NODE_LENGTH);
      if (isText(p, node + NODE_TEXT, length)) break;
      node = <usize>load<u32>(node, NODE_SIBLING);
    }
    p += length;
    const kind_ = <u32>load<u8>(node, NODE_KIND);
    const path = <usize>load<u8>(node, NODE_PATH);
    const from = p;
    let type: u32;
    if (kind_ === KIND_STRING) {
      let stops: i32;
      while (true) {
        const v = v128.load(p);
        stops = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quote), i8x16.eq(v, backslash)), i8x16.lt_u(v, control)));
        if (stops !== 0) break;
        p += 16;
      }
      p += ctz(stops);
      if (load<u8>(p) !== 34) return 0;
      type = STRING;
    } else if (kind_ === KIND_END) {
      if (load<u8>(p) === 13) p++;
      if (load<u8>(p) !== 10 || p - at > MAX_LINE) return 0;
      return p + 1;
    } else {
      p = bareEnd(p);
      if (p === 0) return 0;
      type = bareType;
    }
    if (path !== 0) {
      const slot = (path - 1) << 2;
      store<u32>(STARTS + slot, <u32>(from - moved));
      store<u32>(ENDS + slot, <u32>(p - moved));
      store<u8>(TYPES + path - 1, <u8>type);
    }
  }
}

/** Whether the `length` bytes at `at` are those at `text`. */
// @ts-ignore: decorator
@inline
function isText(at: usize, text: usize, length: usize): bool {
  while (true) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(text)));
    if (length <= 16) {
      const mask = below(length);
      return (same & mask) === mask;
    }
    if (same !== 0xffff) return false;
    at += 16;
    text += 16;
    length -= 16;
  }
}

let bareType: u32 = 0;

/** End of the number, `true`, `false` or `null` at `at`, its type in `bareType`; 0 if it is none of them. */
// @ts-ignore: decorator
@inline
function bareEnd(at: usize): usize {
  const other = notDigits(at);
  const first = load<u8>(at);
  bareType = NUMBER;
  if (other > 1 || other === 0) {
    const n = <usize>ctz(other);
    // Up to 16 digits; the byte behind decides whether the number ends there.
    const behind = load<u8>(at + n);
    const ends = behind === 44 || behind === 125 || behind === 93;
    if (other !== 0 && ends && (other & 1) === 0) return first === 48 && n > 1 ? 0 : at + n;
  }
  return oddBareEnd(at, first);
}

function oddBareEnd(at: usize, first: u32): usize {
  if (first === 116 && load<u32>(at) === 0x65757274) {
    bareType = TRUE;
    return at + 4;
  }
  if (first === 102 && load<u32>(at, 1) === 0x65736c61) {
    bareType = FALSE;
    return at + 5;
  }
  if (first === 110 && load<u32>(at) === 0x6c6c756e) {
    bareType = NULL;
    return at + 4;
  }
  bareType = NUMBER;
  let p = at;
  if (load<u8>(p) === 45) p++;
  const whole = p;
  p = digitsEnd(p);
  if (p === whole || (load<u8>(whole) === 48 && p > whole + 1)) return 0;
  if (load<u8>(p) === 46) {
    const fraction = p + 1;
    p = digitsEnd(fraction);
    if (p === fraction) return 0;
  }
  if ((load<u8>(p) | 32) === 101) {
    p++;
    const sign = load<u8>(p);
    if (sign === 43 || sign === 45) p++;
    const power = p;
    p = digitsEnd(power);
    if (p === power) return 0;
  }
  return p;
}

function digitsEnd(at: usize): usize {
  while (<u32>load<u8>(at) - 48 <= 9) at++;
  return at;
}

// @ts-ignore: decorator
@inline
function typeAt(path: usize): u32 {
  return load<u8>(TYPES + path);
}
// @ts-ignore: decorator
@inline
function startAt(path: usize): usize {
  return <usize>load<u32>(STARTS + (path << 2)) + moved;
}
// @ts-ignore: decorator
@inline
function endAt(path: usize): usize {
  return <usize>load<u32>(ENDS + (path << 2)) + moved;
}
/** The whole number at a path, -1 if there is none. */
// @ts-ignore: decorator
@inline
function numberAt(path: usize): i64 {
  const type = typeAt(path);
  return type === NUMBER || type === STRING ? number(startAt(path), endAt(path)) : -1;
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

/** Two hexadecimal digits, or -1. */
// @ts-ignore: decorator
@inline
function hexAt(path: usize): i32 {
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
function sessionAt(): i32 {
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
function sessionOutcome(
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

let isoMs: f64 = 0;
/** The date of the last time, its bytes and its beginning in milliseconds. */
let dayA: u64 = 0;
let dayB: u32 = 0;
let dayMs: f64 = 0;

/** Reads `2026-10-09T22:33:20.520012+0000` into `isoMs`; false: it is written otherwise. */
// @ts-ignore: decorator
@inline
function isoTime(at: usize, to: usize): bool {
  if (to - at !== 31) return false;
  // 2026-10-09T22:33 and 3:20.520012+0000
  if (notDigits(at) !== 0x2490 || notDigits(at + 15) !== 0x812) return false;
  const marksA = i8x16.eq(v128.load(at), i8x16(0, 0, 0, 0, 45, 0, 0, 45, 0, 0, 84, 0, 0, 58, 0, 0));
  if (i8x16.bitmask(marksA) !== 0x2490 || load<u8>(at + 16) !== 58 || load<u8>(at + 19) !== 46) return false;
  const sign = load<u8>(at + 26);
  if (sign !== 43 && sign !== 45) return false;
  const a = load<u64>(at);
  const b = <u32>load<u16>(at + 8);
  if (a !== dayA || b !== dayB) {
    const day = dayStart(two(at) * 100 + two(at + 2), two(at + 5), two(at + 8));
    if (day < 0) return false;
    dayA = a;
    dayB = b;
    dayMs = day;
  }
  const hour = two(at + 11);
  const minute = two(at + 14);
  const second = two(at + 17);
  const zoneHours = two(at + 27);
  if (hour > 23 || minute > 59 || second > 59 || zoneHours > 18) return false;
  const ms = two(at + 20) * 10 + <u32>load<u8>(at + 22) - 48;
  const offset = <i32>(zoneHours * 3_600_000 + two(at + 29) * 60_000);
  const clock = <i32>(hour * 3_600_000 + minute * 60_000 + second * 1000 + ms);
  isoMs = dayMs + <f64>(sign === 45 ? clock + offset : clock - offset);
  return true;
}

/** Two digits. */
// @ts-ignore: decorator
@inline
function two(at: usize): u32 {
  const pair = <u32>load<u16>(at);
  return (pair & 15) * 10 + ((pair >> 8) & 15);
}

/** Milliseconds at which a day begins in UTC; -1 if there is no such day (Howard Hinnant's days_from_civil). */
function dayStart(year: u32, month: u32, day: u32): f64 {
  if (year < 1970 || month < 1 || month > 12 || day < 1) return -1;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const short = month === 4 || month === 6 || month === 9 || month === 11;
  const last: u32 = month === 2 ? (leap ? 29 : 28) : short ? 30 : 31;
  if (day > last) return -1;
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return (<f64>(era * 146_097 + dayOfEra) - 719_468) * 86_400_000;
}
