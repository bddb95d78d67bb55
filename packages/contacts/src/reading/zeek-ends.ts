/**
 * What every log of a connection has: time, uid, the two ends, the protocol.
 */
import { type Batch, Flag, Protocol } from '../contact.ts';
import { ascii, startsWith } from './bytes.ts';
import { addressInto, Found, timeInto, uidInto, wholeNumber } from './cells.ts';
import type { Clock } from './clock.ts';
import { type Cells, Field } from './zeek-fields.ts';

const DASH = 45;
/** What `truthAt` returns. */
export const TRUE = 84;
export const FALSE = 70;

/** Writes time, uid and the two ends into row `row`. Returns flags, or -1 where the line cannot be read. */
export function readEnds(
  bytes: Uint8Array,
  { marks, map }: Cells,
  clock: Clock,
  batch: Batch,
  row: number,
): number {
  let c = map[Field.ts]!;
  if (!timeInto(bytes, marks[c]! + 1, marks[c + 1]!, clock, batch, row)) return -1;
  c = map[Field.uid]!;
  let at = marks[c]! + 1;
  let end = marks[c + 1]!;
  if (isSet(bytes, at, end)) uidInto(bytes, at, end, batch, row);
  c = map[Field.origHost]!;
  const source = addressInto(bytes, marks[c]! + 1, marks[c + 1]!, batch.src, row, batch.wide, 0);
  if (source === Found.none) return -1;
  c = map[Field.respHost]!;
  if (addressInto(bytes, marks[c]! + 1, marks[c + 1]!, batch.dst, row, batch.wide, 4) !== source) return -1;
  c = map[Field.origPort]!;
  at = marks[c]! + 1;
  end = marks[c + 1]!;
  const sport = isSet(bytes, at, end) ? wholeNumber(bytes, at, end) : 0;
  c = map[Field.respPort]!;
  at = marks[c]! + 1;
  end = marks[c + 1]!;
  const dport = isSet(bytes, at, end) ? wholeNumber(bytes, at, end) : 0;
  if (sport < 0 || sport > 65_535 || dport < 0 || dport > 65_535) return -1;
  batch.sport[row] = sport;
  batch.dport[row] = dport;
  return source === Found.v6 ? Flag.v6 : 0;
}

/** `T` and `F` in TSV, `true` and `false` in JSON; 0 where neither stands. */
export function truthAt(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from) return 0;
  const letter = bytes[from]! & 0x5f;
  return letter === TRUE || letter === FALSE ? letter : 0;
}

/** A cell that is not `-`. Other spellings of "not set" have been cut to nothing before. */
export function isSet(bytes: Uint8Array, from: number, to: number): boolean {
  return to > from && (to - from > 1 || bytes[from] !== DASH);
}

/** `tcp`, `udp`, `icmp`, `unknown_transport`; -1 if it is none of them. */
export function protocolAt(bytes: Uint8Array, from: number, to: number, flags: number): number {
  const length = to - from;
  const first = bytes[from];
  if (length === 3 && bytes[from + 2] === 112) {
    if (first === 116 && bytes[from + 1] === 99) return Protocol.tcp;
    if (first === 117 && bytes[from + 1] === 100) return Protocol.udp;
    return -1;
  }
  if (length === 4 && startsWith(bytes, from, to, ICMP))
    return flags & Flag.v6 ? Protocol.icmp6 : Protocol.icmp;
  return length === UNKNOWN_TRANSPORT.length && startsWith(bytes, from, to, UNKNOWN_TRANSPORT) ? 255 : -1;
}
const ICMP = ascii('icmp');
const UNKNOWN_TRANSPORT = ascii('unknown_transport');
