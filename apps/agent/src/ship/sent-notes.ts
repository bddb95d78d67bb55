/**
 * What was sent of a segment: text lines beside it, the same that `bellwether-agent sent` shows.
 *
 *     {"sequence":7,"at":1793434000000,"from":52,"to":9120,"records":3,"lines":80,"bytes":8900,"packed":1200}
 *     {"sequence":7,"settled":1793434000150,"outcome":"kept"}
 *
 * The first is on disk before the batch leaves the building, the second follows the hub's answer. A batch without the second is
 * sent again, with the same sequence and the same lines.
 */

/** A batch that is about to leave: records [from, to) of the segment. */
export type Cut = {
  readonly sequence: number;
  /** When it was sent first, ms since 1970. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly lines: number;
  /** Bytes of the lines, and of the same packed with gzip. */
  readonly bytes: number;
  readonly packed: number;
};

/** What became of it. `damaged`: the disk did not give back what was written. */
export type Settled = {
  readonly sequence: number;
  readonly settled: number;
  readonly outcome: 'kept' | 'duplicate' | 'refused' | 'damaged';
  readonly why?: string;
};

/** All that is known of the batches of one segment. */
export type SentNotes = {
  readonly cuts: readonly Cut[];
  readonly settled: ReadonlyMap<number, Settled>;
  /** Bytes of whole notes; what stands behind them was cut off while it was written. */
  readonly length: number;
};

/** One note as text. */
export function noteText(note: Cut | Settled): string {
  return `${JSON.stringify(note)}\n`;
}

/** Reads the notes of a segment; ends where one is not whole. */
export function readSentNotes(text: string): SentNotes {
  const cuts: Cut[] = [];
  const settled = new Map<number, Settled>();
  let length = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', length)) {
    const note = parsedNote(text.slice(length, end));
    if (note === undefined) break;
    if ('settled' in note) settled.set(note.sequence, note);
    else cuts.push(note);
    length = end + 1;
  }
  return { cuts, settled, length };
}

function parsedNote(line: string): Cut | Settled | undefined {
  try {
    const note = JSON.parse(line) as Cut | Settled;
    return Number.isSafeInteger(note.sequence) ? note : undefined;
  } catch {
    return undefined;
  }
}
