/** Recomputing one's own rows: everything that can be wrong is caught, and nothing else. */
import { concat, encodeBase64, encodeText, sha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitment, opening, recordLeaf } from './commitment.ts';
import {
  type OpenedRecord,
  type Openings,
  type OpeningsHead,
  OpeningsReader,
  openedRecordLine,
  openingsHeadLine,
} from './openings.ts';
import { PrefixTree } from './prefix-tree.ts';
import { beginRecomputing, type SealedState } from './recomputing.ts';
import { GROUPS, type RollRow } from './rolls-types.ts';
import { canonicalFields } from './row.ts';
import { DRAWN_RECORDS, drawnRanks, drawSeed } from './second-hand.ts';

const hasher = sha256Hasher();
const CHECKPOINT = 'a checkpoint\n';

function rowOf(recordId: string, office: string, name: string): RollRow {
  return {
    recordId,
    office,
    isProtected: false,
    fields: { public: { 'name.last': name }, identity: { born: '1970-01-01' }, administrative: {} },
  };
}

/** A state of these rows, and openings of what belongs to somebody. */
function stateOf(rows: readonly RollRow[]) {
  const made = rows.map((row, at) => {
    const version = 1 + (at % 3);
    const handle = digest(`handle ${row.recordId}`);
    const openings = GROUPS.map((group) => opening(hasher, digest(`key ${row.recordId}`), version, group));
    const commitments = GROUPS.map((group, g) =>
      commitment(hasher, openings[g]!, group, version, canonicalFields(row.fields, group)),
    );
    const leaf = recordLeaf(hasher, version, [commitments[0]!, commitments[1]!, commitments[2]!]);
    return { row, handle, version, openings, commitments, leaf };
  });
  made.sort((a, b) => Buffer.compare(a.handle, b.handle));
  const tree = PrefixTree.ofSorted(
    hasher,
    concat(...made.map(({ handle }) => handle)),
    concat(...made.map(({ leaf }) => leaf)),
    made.length,
  );
  const root = encodeBase64(tree.root());
  const sealed: SealedState = { origin: 'a.example/log', seal: 9n, root, leaves: made.length };
  const openedOf = (wanted: (row: RollRow, rank: number) => boolean): readonly OpenedRecord[] =>
    made.flatMap(({ row, handle, version, openings, commitments }, rank) => {
      if (!wanted(row, rank)) return [];
      const { siblings } = tree.proof(handle);
      return [{ handle, rank, version, recordId: row.recordId, openings, commitments, siblings }];
    });
  const headOf = (records: readonly OpenedRecord[], more: Partial<OpeningsHead>): OpeningsHead => ({
    schema: 'bellwether/openings@1',
    origin: sealed.origin,
    epoch: 3,
    seal: '9',
    root,
    leaves: made.length,
    whose: 'auditors',
    count: records.length,
    leftOut: 0,
    withheld: [],
    waiting: [],
    checkpoint: null,
    ...more,
  });
  const office = (name: string): Openings => {
    const records = openedOf((row) => row.office === name);
    return { head: headOf(records, { whose: { office: name } }), records };
  };
  const auditors = (): Openings => {
    const drawn = new Set(drawnRanks(hasher, drawSeed(hasher, encodeText(CHECKPOINT)), made.length));
    const records = openedOf((_, rank) => drawn.has(rank));
    return { head: headOf(records, { checkpoint: CHECKPOINT }), records };
  };
  return { sealed, office, auditors };
}

const ROWS = Array.from({ length: 40 }, (_, i) =>
  rowOf(`R${i}`, i % 2 === 0 ? '29001' : '29003', `NAME ${i}`),
);
const OWN = ROWS.filter(({ office }) => office === '29001');

function compared(openings: Openings, sealed: SealedState, rows: readonly RollRow[]) {
  const recomputing = beginRecomputing(hasher, openings, sealed).okOrThrow();
  for (const row of rows) recomputing.compareRow(row);
  return recomputing.outcome();
}

describe('own rows', () => {
  it('of any roll match the state that was made of them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({
            id: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }),
            name: fc.string(),
            mine: fc.boolean(),
          }),
          {
            selector: ({ id }) => id,
            minLength: 1,
            maxLength: 40,
          },
        ),
        (made) => {
          const rows = made.map(({ id, name, mine }) => rowOf(id, mine ? '29001' : '29003', name));
          const { sealed, office, auditors } = stateOf(rows);
          const mine = rows.filter((row) => row.office === '29001').length;
          expect(compared(office('29001'), sealed, rows)).toEqual({
            matching: mine,
            passedOver: 0,
            waiting: [],
            differences: [],
          });
          expect(compared(auditors(), sealed, rows).matching).toBe(rows.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('that differ, are missing, too many or there twice are named with what one has oneself', () => {
    const { sealed, office } = stateOf(ROWS);
    const altered = rowOf('R2', '29001', 'OTHER');
    const rows = [
      altered,
      ...OWN.slice(2),
      OWN[3]!,
      rowOf('R99', '29001', 'NEW'),
      rowOf('R98', '29003', 'ELSEWHERE'),
    ];
    expect(compared(office('29001'), sealed, rows).differences).toEqual([
      { recordId: 'R0', kind: 'missing', fields: {} },
      { recordId: 'R2', kind: 'differs', fields: { 'public.name.last': 'OTHER' } },
      { recordId: 'R6', kind: 'twice', fields: {} },
      { recordId: 'R99', kind: 'extra', fields: {} },
    ]);
  });

  it('that wait for a signature are told apart from those that differ, and one that matches all the same counts', () => {
    const { sealed, office } = stateOf(ROWS);
    const { head, records } = office('29001');
    const waiting = ['R0', 'R2', 'R4', 'R99'];
    const rows = [
      rowOf('R2', '29001', 'MOVED'),
      rowOf('R6', '29001', 'TAMPERED'),
      ...OWN.filter(({ recordId }) => !['R0', 'R2', 'R6'].includes(recordId)),
      rowOf('R99', '29001', 'NEW'),
    ];
    const came = compared({ head: { ...head, waiting }, records }, sealed, rows);
    expect(came.waiting).toEqual(['R0', 'R2', 'R99']);
    expect(came.matching).toBe(OWN.length - 3);
    expect(came.differences.map(({ recordId }) => recordId)).toEqual(['R6']);
  });

  it('of protected voters are passed over, and one that the state does not protect is not', () => {
    const { sealed, office } = stateOf(ROWS);
    const hidden = { ...rowOf('R77', '29001', 'HIDDEN'), isProtected: true };
    expect(compared(office('29001'), sealed, [...OWN, hidden])).toEqual({
      matching: OWN.length,
      passedOver: 1,
      waiting: [],
      differences: [],
    });
  });
});

describe('openings', () => {
  const { sealed, office, auditors } = stateOf(ROWS);
  const good = office('29001');
  const withFirst = (change: Partial<OpenedRecord>): Openings => ({
    ...good,
    records: [{ ...good.records[0]!, ...change }, ...good.records.slice(1)],
  });
  const other = new Uint8Array(32).fill(1);

  it.each([
    ['another root', { ...good, head: { ...good.head, root: encodeBase64(other) } }],
    ['another seal', { ...good, head: { ...good.head, seal: '8' } }],
    ['another log', { ...good, head: { ...good.head, origin: 'b.example/log' } }],
    ['another version', withFirst({ version: 9 })],
    ['another handle', withFirst({ handle: other })],
    ['another commitment', withFirst({ commitments: [other, other, other] })],
    ['a proof cut off', withFirst({ siblings: good.records[0]!.siblings.slice(1) })],
    ['a record twice', { ...good, records: [good.records[0]!, ...good.records] }],
  ])('with %s are refused', (_what, wrong) => {
    expect(beginRecomputing(hasher, wrong, sealed)).toMatchObject({
      error: { code: 'ROLLS_OPENINGS_MALFORMED' },
    });
  });

  it('that do not open what is committed make the record differ', () => {
    const wrong = withFirst({ openings: [other, other, other] });
    expect(compared(wrong, sealed, OWN).differences).toMatchObject([{ kind: 'differs' }]);
  });

  it('of auditors are those that were drawn, or refused', () => {
    const drawn = auditors();
    expect(drawn.records.length).toBeLessThan(DRAWN_RECORDS);
    expect(compared(drawn, sealed, ROWS)).toMatchObject({ matching: 40, differences: [] });
    const less = { head: { ...drawn.head, count: 39 }, records: drawn.records.slice(1) };
    expect(beginRecomputing(hasher, less, sealed)).toMatchObject({ error: { detail: /drawn/ } });
    const told = { ...less, head: { ...less.head, withheld: [drawn.records[0]!.rank] } };
    expect(beginRecomputing(hasher, told, sealed).isOk()).toBe(true);
    const blind = { ...drawn, head: { ...drawn.head, checkpoint: null } };
    expect(beginRecomputing(hasher, blind, sealed).isErr()).toBe(true);
  });

  it('are read in pieces of any size, and not when they are cut off or longer than told', () => {
    const bytes = encodeText(openingsHeadLine(good.head) + good.records.map(openedRecordLine).join(''));
    for (const size of [7, 1_000, bytes.length]) {
      const reader = new OpeningsReader();
      for (let at = 0; at < bytes.length; at += size)
        reader.takePiece(bytes.subarray(at, at + size)).okOrThrow();
      expect(reader.readToEnd().okOrThrow()).toEqual(good);
    }
    const readOf = (taken: Uint8Array) => {
      const reader = new OpeningsReader();
      const read = reader.takePiece(taken);
      return read.isErr() ? read : reader.readToEnd();
    };
    const lineEnd = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    for (const wrong of [
      bytes.subarray(0, -1),
      bytes.subarray(0, lineEnd),
      concat(bytes, bytes.subarray(lineEnd)),
      new Uint8Array(300_000).fill(120),
      Uint8Array.of(255, 10),
      encodeText('{}\n'),
    ])
      expect(readOf(wrong)).toMatchObject({ error: { code: 'ROLLS_OPENINGS_MALFORMED' } });
  });
});

function digest(text: string): Uint8Array {
  const out = new Uint8Array(32);
  hasher.hash(encodeText(text), out, 0);
  return out;
}
