/**
 * Openings: what somebody with a database of their own needs to recompute records of the state, and never a row. Lines of
 * JSON, the head first, then one for each record:
 *
 *     {"schema":"bellwether/openings@1", ...}                      see `OpeningsHead`
 *     {"handle":hex,"rank":n,"version":n,"recordId":"...","openings":[3 × base64],"commitments":[3 × base64],"proof":[base64, ...]}
 *
 * The openings are of the groups in the order of `GROUPS`. Commitments tell which group differs; they count only because the
 * proof leads from their leaf to the sealed root.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, encodeBase64, HASH_SIZE } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import { MAX_DEPTH } from './prefix-tree.ts';
import { GROUPS } from './rolls-types.ts';
import { DRAWN_RECORDS } from './second-hand.ts';
import { hexOf } from './state-tiles.ts';
import { base64, list, members, oneOf, type Shape, text, whole } from './strict-json.ts';

/** Longest line of a record: a proof of every bit of a handle takes 12 KB. */
const MOST_LINE = 32 * 1024;

/** Records that wait: a mass change of the largest office. */
const MOST_WAITING = 200_000;

/** Longest head: the records that wait, a checkpoint with a line of each of some hundred witnesses, and the ranks that are withheld. */
export const MOST_OPENINGS_HEAD = 8 * 1024 * 1024;

/** Most records: what the largest office has, ten times. */
const MOST_RECORDS = 20_000_000;

/** The first line. */
export type OpeningsHead = {
  readonly schema: 'bellwether/openings@1';
  readonly origin: string;
  readonly epoch: number;
  /** Index of the entry of the seal, and the root that it tells (base64), and leaves of that state. */
  readonly seal: string;
  readonly root: string;
  readonly leaves: number;
  /** Whose: all records of an office, lea_id; or what was drawn for auditors. */
  readonly whose: { readonly office: string } | 'auditors';
  /** Records that follow. */
  readonly count: number;
  /** Protected voters of the office, who belong to the state and are left out. For auditors 0: see `withheld`. */
  readonly leftOut: number;
  /** Ranks that were drawn and are not opened: protected voters, and records that stand for nobody. */
  readonly withheld: readonly number[];
  /**
   * Record numbers of changes that the database has and the sealed state has not yet: sheets that wait for a signature, or were signed
   * since. They stand open in the seal, by count. An office knows its own: one that it does not know is worth a call.
   */
  readonly waiting: readonly string[];
  /** The checkpoint that was drawn with, as it was published; null for an office. */
  readonly checkpoint: string | null;
};

/** One record. Rank: its place among the handles of the state, sorted. */
export type OpenedRecord = {
  readonly handle: Uint8Array;
  readonly rank: number;
  readonly version: number;
  readonly recordId: string;
  readonly openings: readonly Uint8Array[];
  readonly commitments: readonly Uint8Array[];
  readonly siblings: readonly Uint8Array[];
};

/** What was read. */
export type Openings = { readonly head: OpeningsHead; readonly records: readonly OpenedRecord[] };

const LINE = /^[^\0-\x1f\x7f]{1,255}$/;
const HEX = /^[0-9a-f]{64}$/;
const RECORD_ID = /^[^\0-\x1f\x7f]{1,100}$/;

const head = members({
  schema: oneOf(['bellwether/openings@1']),
  origin: text(LINE),
  epoch: whole(1),
  seal: text(/^(?:0|[1-9][0-9]{0,18})$/),
  root: base64(HASH_SIZE),
  leaves: whole(1),
  whose: (value, at) =>
    value === 'auditors' ? null : members({ office: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/) })(value, at),
  count: whole(0),
  leftOut: whole(0),
  withheld: list(0, DRAWN_RECORDS, whole(0)),
  waiting: list(0, MOST_WAITING, text(RECORD_ID)),
  checkpoint: (value, at) => (value === null || typeof value === 'string' ? null : `${at} is no text`),
});

const three: Shape = list(GROUPS.length, GROUPS.length, base64(HASH_SIZE));

const record = members({
  handle: text(HEX),
  rank: whole(0),
  version: whole(1),
  recordId: text(RECORD_ID),
  openings: three,
  commitments: three,
  proof: list(0, MAX_DEPTH, base64(HASH_SIZE)),
});

/** The first line, with its newline. */
export function openingsHeadLine(told: OpeningsHead): string {
  return `${JSON.stringify(told)}\n`;
}

/** The line of a record. */
export function openedRecordLine(opened: OpenedRecord): string {
  const { handle, rank, version, recordId, openings, commitments, siblings } = opened;
  const line = {
    handle: hexOf(handle),
    rank,
    version,
    recordId,
    openings: openings.map(encodeBase64),
    commitments: commitments.map(encodeBase64),
    proof: siblings.map(encodeBase64),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Reads lines from bytes that come piece by piece. After a failure it is done with. */
export class OpeningsReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #records: OpenedRecord[] = [];
  #head: OpeningsHead | null = null;
  #rest = '';

  /** Takes a piece. */
  takePiece(bytes: Uint8Array): Result<void, RollsError> {
    let read: string;
    try {
      read = this.#rest + this.#decoder.decode(bytes, { stream: true });
    } catch {
      return openingsWrong('not in UTF-8');
    }
    const lines = read.split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) {
      const taken = this.#takeLine(line);
      if (taken.isErr()) return taken;
    }
    const most = this.#head === null ? MOST_OPENINGS_HEAD : MOST_LINE;
    return this.#rest.length > most ? openingsWrong('a line is longer than any') : ok();
  }

  /** All of it, after the last piece. */
  readToEnd(): Result<Openings, RollsError> {
    if (this.#rest !== '') return openingsWrong('the last line does not end: they were cut off');
    if (this.#head === null) return openingsWrong('there is nothing in it');
    const { count } = this.#head;
    if (this.#records.length !== count)
      return openingsWrong(`it has ${this.#records.length} records, and tells of ${count}: it was cut off`);
    return ok({ head: this.#head, records: this.#records });
  }

  #takeLine(line: string): Result<void, RollsError> {
    if (line.length > (this.#head === null ? MOST_OPENINGS_HEAD : MOST_LINE))
      return openingsWrong('a line is longer than any');
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return openingsWrong(`line ${this.#records.length + 1} is no JSON`);
    }
    const problem = (this.#head === null ? head : record)(value, 'the line');
    if (problem !== null) return openingsWrong(problem);
    if (this.#head === null) {
      this.#head = value as OpeningsHead;
      return this.#head.count > MOST_RECORDS
        ? openingsWrong('it tells of more records than a state has')
        : ok();
    }
    if (this.#records.length === this.#head.count) return openingsWrong('it has more records than it tells');
    this.#records.push(recordOf(value as RecordLine));
    return ok();
  }
}

type RecordLine = {
  readonly handle: string;
  readonly rank: number;
  readonly version: number;
  readonly recordId: string;
  readonly openings: readonly string[];
  readonly commitments: readonly string[];
  readonly proof: readonly string[];
};

function recordOf({
  handle,
  rank,
  version,
  recordId,
  openings,
  commitments,
  proof,
}: RecordLine): OpenedRecord {
  const bytes = (text: string): Uint8Array => decodeBase64(text)!;
  return {
    handle: Uint8Array.from(handle.match(/../g)!, (pair) => Number.parseInt(pair, 16)),
    rank,
    version,
    recordId,
    openings: openings.map(bytes),
    commitments: commitments.map(bytes),
    siblings: proof.map(bytes),
  };
}

function openingsWrong(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_OPENINGS_MALFORMED', detail });
}
