/**
 * Recomputing records of the state from rows of one's own: what an office does with its own records, and an auditor with those
 * that were drawn. A row that differs, is missing or is too many is named; nothing of it goes anywhere from here.
 *
 *     openings ─► each proof leads from the commitments to the sealed root, or the openings are wrong
 *     own rows ─► the same commitments, with the same openings: or the group, with its fields, differs
 */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, encodeText, type Hasher, isSame } from '@bellwether/evidence';
import { commitment, recordLeaf } from './commitment.ts';
import type { RollsError } from './errors.ts';
import { checkMapProof } from './map-proof.ts';
import type { OpenedRecord, Openings, OpeningsHead } from './openings.ts';
import { GROUPS, type Group, type RollRow } from './rolls-types.ts';
import { canonicalFields } from './row.ts';
import { drawnRanks, drawSeed } from './second-hand.ts';

/** The seal that openings have to belong to, as whoever compares knows it from the log. */
export type SealedState = {
  readonly origin: string;
  readonly seal: bigint;
  /** Base64. */
  readonly root: string;
  readonly leaves: number;
};

/** A record that does not agree. `missing`: one's own rows have none; `extra`: the state has none; `twice`: it stands twice. */
export type RowDifference = {
  readonly recordId: string;
  readonly kind: 'differs' | 'missing' | 'extra' | 'twice';
  /** Fields of the groups that differ, `group.field`, with one's own values; empty where there is no row to tell of. */
  readonly fields: Readonly<Record<string, string>>;
};

/**
 * What came of it: records that match, protected voters of one's own that were passed over, records that do not match because a change of
 * them waits (`OpeningsHead.waiting`), and what differs.
 */
export type Recomputation = {
  readonly matching: number;
  readonly passedOver: number;
  readonly waiting: readonly string[];
  readonly differences: readonly RowDifference[];
};

/** Begins: checks that the openings are those of the seal, and each of its records in that state. */
export function beginRecomputing(
  hasher: Hasher,
  { head, records }: Openings,
  sealed: SealedState | null,
): Result<Recomputing, RollsError> {
  const fault = faultOfHead(hasher, head, records, sealed);
  if (fault !== null) return openingsWrong(fault);
  const root = decodeBase64(head.root)!;
  const byId = new Map<string, OpenedRecord>();
  let before = -1;
  for (const record of records) {
    const { recordId, handle, rank, version, commitments, siblings } = record;
    if (byId.has(recordId)) return openingsWrong(`record ${recordId} stands twice`);
    if (rank <= before || rank >= head.leaves) return openingsWrong(`record ${recordId} is out of order`);
    before = rank;
    const [open, identity, administrative] = commitments;
    const leaf = recordLeaf(hasher, version, [open!, identity!, administrative!]);
    const proved = checkMapProof(hasher, root, handle, leaf, { siblings, other: null });
    if (proved.isErr())
      return openingsWrong(`record ${recordId} is not in the state: ${proved.error.detail}`);
    byId.set(recordId, record);
  }
  return ok(new Recomputing(hasher, head, byId));
}

/** Compares rows with openings, one after the other. */
export class Recomputing {
  readonly #hasher: Hasher;
  readonly #head: OpeningsHead;
  readonly #records: ReadonlyMap<string, OpenedRecord>;
  readonly #mayWait: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #differences: RowDifference[] = [];
  #matching = 0;
  #passedOver = 0;

  /** Made by `beginRecomputing`. */
  constructor(hasher: Hasher, head: OpeningsHead, records: ReadonlyMap<string, OpenedRecord>) {
    this.#hasher = hasher;
    this.#head = head;
    this.#records = records;
    this.#mayWait = new Set(head.waiting);
  }

  /** Takes a row of one's own. Rows of other offices, and for auditors those that were not drawn, are passed over. */
  compareRow(row: RollRow): void {
    const { recordId, office, isProtected } = row;
    const { whose } = this.#head;
    const record = this.#records.get(recordId);
    if (record === undefined) {
      if (whose === 'auditors' || whose.office !== office) return;
      if (isProtected) this.#passedOver++;
      else this.#tell({ recordId, kind: 'extra', fields: {} });
      return;
    }
    if (this.#seen.has(recordId)) {
      this.#differences.push({ recordId, kind: 'twice', fields: {} });
      return;
    }
    this.#seen.add(recordId);
    const groups = GROUPS.filter((group, at) => !this.#agrees(row, record, group, at));
    if (groups.length === 0) this.#matching++;
    else this.#tell({ recordId, kind: 'differs', fields: fieldsIn(row, groups) });
  }

  /** What came of all rows. */
  outcome(): Recomputation {
    for (const recordId of this.#records.keys()) {
      if (this.#seen.has(recordId)) continue;
      this.#seen.add(recordId);
      this.#tell({ recordId, kind: 'missing', fields: {} });
    }
    const differences = this.#differences.sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
    const waiting = [...this.#waiting].sort();
    return { matching: this.#matching, passedOver: this.#passedOver, waiting, differences };
  }

  #tell(difference: RowDifference): void {
    if (this.#mayWait.has(difference.recordId)) this.#waiting.add(difference.recordId);
    else this.#differences.push(difference);
  }

  #agrees(row: RollRow, record: OpenedRecord, group: Group, at: number): boolean {
    const fields = canonicalFields(row.fields, group);
    const made = commitment(this.#hasher, record.openings[at]!, group, record.version, fields);
    return isSame(made, record.commitments[at]!);
  }
}

function fieldsIn(row: RollRow, groups: readonly Group[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    groups.flatMap((group) =>
      Object.entries(row.fields[group]).map(([name, value]) => [`${group}.${name}`, value]),
    ),
  );
}

function faultOfHead(
  hasher: Hasher,
  head: OpeningsHead,
  records: readonly OpenedRecord[],
  sealed: SealedState | null,
): string | null {
  if (sealed !== null) {
    if (head.origin !== sealed.origin || head.seal !== `${sealed.seal}`) return 'they are of another seal';
    if (head.root !== sealed.root || head.leaves !== sealed.leaves) return 'they are of another root';
  }
  if (head.whose !== 'auditors') return null;
  if (head.checkpoint === null) return 'they do not tell what was drawn with';
  const drawn = drawnRanks(hasher, drawSeed(hasher, encodeText(head.checkpoint)), head.leaves);
  const told = [...records.map(({ rank }) => rank), ...head.withheld].sort((a, b) => a - b);
  return `${told}` === `${drawn}` ? null : 'these are not the records that were drawn';
}

function openingsWrong(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_OPENINGS_MALFORMED', detail });
}
