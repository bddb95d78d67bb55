/**
 * Reads the journal from an offset on, beside its writer: in another thread or process, synchronously. What it may
 * read it is told with each call, so it never sees what is not on disk yet.
 */
import { closeSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { fromSystem, JournalDamage, journalError } from './errors.ts';
import type { JournalError, JournalReader, JournalRecord } from './journal-types.ts';
import { MARK, type RawRecord } from './record.ts';
import { SegmentCursor } from './segment-cursor.ts';
import { listSegments, openSegment, SEGMENT_HEAD, segmentPath } from './segments.ts';

/**
 * Opens a reader at an offset: 0, or where a record ended. An offset that was released already, or that this journal
 * has not reached, is JOURNAL_DAMAGED: who names it has read what is not there any more.
 */
export function openReader(folder: string, offset: number): Result<JournalReader, JournalError> {
  try {
    const segments = listSegments(folder);
    const segment = segments.findLast(({ start }) => start <= offset);
    if (segment === undefined) {
      const begin = segments[0]?.start;
      return err(
        journalError(
          'JOURNAL_DAMAGED',
          begin === undefined
            ? `${folder} has no journal`
            : `${folder} begins at offset ${begin}; what was before ${offset} was removed`,
        ),
      );
    }
    if (offset > segment.start + segment.size) {
      const detail = `${segment.path} ends at offset ${segment.start + segment.size}, before ${offset}`;
      return err(journalError('JOURNAL_DAMAGED', detail));
    }
    const opened = openSegment(segment.path, segment.start);
    if (opened.isErr()) return opened;
    const first = Math.max(offset, segment.start + SEGMENT_HEAD);
    const cursor = new SegmentCursor({ ...opened.value, path: segment.path }, first);
    return ok(new SegmentReader(folder, opened.value.journalId, cursor));
  } catch (cause) {
    return err(fromSystem(cause, folder));
  }
}

class SegmentReader implements JournalReader {
  readonly journalId: string;
  readonly #folder: string;
  #cursor: SegmentCursor;

  constructor(folder: string, journalId: Buffer, cursor: SegmentCursor) {
    this.#folder = folder;
    this.journalId = journalId.toString('hex');
    this.#cursor = cursor;
  }

  get offset(): number {
    return this.#cursor.offset;
  }

  next(durable: number): JournalRecord | undefined {
    while (this.#cursor.offset < durable) {
      const record = this.#cursor.next(durable);
      if (record === 'end') this.#turnPage();
      else if (record === 'torn') throw this.#damage('the record is cut off');
      else if (record === 'damaged') throw this.#damage('the record was changed');
      else if (record.kind !== MARK) return withHead(record, record.kind);
    }
    return undefined;
  }

  /** What is on disk can be read at once. */
  async arrived(): Promise<void> {}

  close(): void {
    this.#cursor.close();
  }

  /** Goes on in the segment that begins where this one ends: since more is on disk, it must be there. */
  #turnPage(): void {
    const start = this.#cursor.offset;
    const path = segmentPath(this.#folder, start);
    let opened: ReturnType<typeof openSegment>;
    try {
      opened = openSegment(path, start);
    } catch (cause) {
      throw new JournalDamage(`The next segment cannot be read (${String(cause)})`, start);
    }
    if (opened.isErr()) throw new JournalDamage(opened.error.detail, start);
    if (opened.value.journalId.toString('hex') !== this.journalId) {
      closeSync(opened.value.fd);
      throw new JournalDamage(`${path} belongs to another journal`, start);
    }
    this.#cursor.close();
    this.#cursor = new SegmentCursor({ ...opened.value, path }, start + SEGMENT_HEAD);
  }

  #damage(what: string): JournalDamage {
    return new JournalDamage(`${this.#cursor.path}: ${what}`, this.#cursor.offset);
  }
}

function withHead(record: RawRecord, kind: JournalRecord['kind']): JournalRecord {
  const { offset, end, arrival, head, payload } = record;
  return { kind, offset, end, arrival, head: JSON.parse(head.toString('utf8')), payload };
}
