/**
 * conn.log in windows, by WebAssembly. It reads TCP and UDP over IPv4 as Zeek writes them by default; header lines,
 * IPv6, ICMP and anything unusual goes line by line to the plain reader of zeek.ts.
 */

import { Out } from './wasm-memory.ts';
import { lineEnd, readPlain, type Window } from './wasm-windows.ts';
import { Field, Log, MISSING, type ZeekHeader } from './zeek-fields.ts';

const HASH = 35;
const DASH = 45;
/** Where the map of columns stands in the table of the module, and how many words it has. */
const MAP_AT = 32;
const MAP_WORDS = 16;

/** The fields in the order of the module's map. */
const MAPPED: readonly Field[] = [
  ...[Field.ts, Field.uid, Field.origHost, Field.origPort, Field.respHost, Field.respPort, Field.proto],
  ...[Field.duration, Field.respBytes, Field.connState, Field.localOrig, Field.localResp, Field.missedBytes],
  ...[Field.history, Field.origPkts, Field.respPkts],
];
/** Fields without which a line is for the plain reader. */
const NEEDED: readonly Field[] = [
  ...[Field.ts, Field.origHost, Field.origPort, Field.respHost, Field.respPort, Field.proto, Field.connState],
];

/** Whether lines below this header can be read here. */
function isFast({ log, columns, unset, map }: ZeekHeader): boolean {
  if (log !== Log.conn || columns === 0 || unset.length !== 1 || unset[0] !== DASH) return false;
  return NEEDED.every((field) => map[field] !== MISSING);
}

/** Reads the lines of a window; `header` follows the header lines that the plain reader meets in it. */
export function readConnWindow(window: Window, header: ZeekHeader): void {
  const { bytes, memory, end, moved } = window;
  const { exports, out, rows, table } = memory;
  while (window.at < end && rows.count < window.limit && bytes[window.at] === HASH) {
    readPlain(window, lineEnd(bytes, window.at, end));
  }
  if (window.at >= end || rows.count >= window.limit) return;
  if (!isFast(header)) {
    readPlain(window, end);
    return;
  }
  for (let i = 0; i < MAP_WORDS; i++) {
    const column = header.map[MAPPED[i]!]!;
    table[MAP_AT + i] = column === MISSING ? -1 : column;
  }
  table[MAP_AT + MAP_WORDS] = header.columns;
  exports.mapColumns();
  const changes = header.changes;
  exports.index(window.at + moved, end + moved, header.separator);
  for (;;) {
    exports.conn(rows.count, window.limit, window.line);
    rows.count = out[Out.rows]!;
    rows.lines += out[Out.lines]!;
    window.line += out[Out.lines]!;
    if (out[Out.lostUnknown] !== 0) rows.lostUnknown = true;
    window.at = out[Out.at]! - moved;
    if (out[Out.oddEnd] === 0) return;
    readPlain(window, out[Out.oddEnd]! + 1 - moved);
    if (header.changes !== changes) return;
    exports.skipLine();
  }
}
