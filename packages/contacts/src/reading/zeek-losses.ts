/**
 * What Zeek says of its own losses, in logs that tell of no contact.
 */
import type { Batch } from '../contact.ts';
import { ascii, find, readEnd, readNumber } from './bytes.ts';
import { wholeNumber } from './cells.ts';
import { Line } from './reader.ts';
import { type Cells, Field } from './zeek-fields.ts';

/** capture_loss.log: `gaps` are segments that were acknowledged and never seen. */
export function readCaptureLoss(bytes: Uint8Array, { marks, map }: Cells, batch: Batch): Line {
  return addLost(wholeNumber(bytes, marks[map[Field.gaps]!]! + 1, marks[map[Field.gaps]! + 1]!), batch);
}

/** stats.log: packets dropped since the line before. Not set when Zeek reads a trace: then nothing was dropped. */
export function readStats(bytes: Uint8Array, { marks, map }: Cells, batch: Batch): Line {
  const c = map[Field.pktsDropped]!;
  return addLost(wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!), batch);
}

function addLost(lost: number, batch: Batch): Line {
  if (lost > 0) batch.lost += lost;
  return Line.ignored;
}

/** reporter.log: `123 packets received on interface eth0, 45 (26.79%) dropped`, written when Zeek ends. */
export function readReporter(bytes: Uint8Array, { marks, map }: Cells, batch: Batch): Line {
  const c = map[Field.message]!;
  const from = marks[c]! + 1;
  const to = Math.min(marks[c + 1]!, from + MAX_MESSAGE);
  const received = find(bytes, RECEIVED, from, to);
  if (received < 0) return Line.ignored;
  const comma = find(bytes, COMMA, received, to);
  if (comma < 0) return Line.ignored;
  const dropped = readNumber(bytes, comma + COMMA.length, to);
  const close = find(bytes, DROPPED, readEnd, Math.min(to, readEnd + 24));
  return addLost(close < 0 ? -1 : dropped, batch);
}
const RECEIVED = ascii(' packets received on interface ');
const COMMA = ascii(', ');
const DROPPED = ascii(' dropped');
/** Longest message looked at: Zeek's own are short. */
const MAX_MESSAGE = 512;
