/** Answers about the roll, sheets, the log and its witnesses: a night with some of each. */
import type {
  ExtractsAnswer,
  LogAnswer,
  NightAnswer,
  NightSummary,
  RollChangesAnswer,
  RollOffice,
  RollsAnswer,
  SheetAnswer,
  SheetFile,
  SheetSummary,
  SheetsAnswer,
  SignersAnswer,
  WitnessesAnswer,
  WitnessRow,
} from '@bellwether/api';
import { PLACES } from '../map/shapes.ts';
import { at } from './day.ts';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';

/** A calendar day, so many before the last night. */
function day(before: number): string {
  return at(-24 * before).slice(0, 10);
}

function night(before: number, more: Partial<NightSummary> = {}): NightSummary {
  const changed = 2_140 + ((before * 877) % 900);
  return {
    ...{ epoch: 40 - before, day: day(before), at: at(8 - 24 * before), records: 4_312_907, changed },
    ...{ authorised: changed - 700, fromFeeds: 700, awaiting: 312, unauthorised: 0, captures: 'dumps' },
    ...{
      root: ROOT,
      words: ['amber', 'canoe', 'lantern', 'willow'],
      entry: String(20_852_162 - before * 61),
    },
    ...{ witnessed: true, ...more },
  };
}

/** Forty nights, newest first; two of them with registrations that differ. */
export const NIGHTS: readonly NightSummary[] = Array.from({ length: 40 }, (_, before) =>
  night(
    before,
    before === 0 ? { unauthorised: 3 } : before === 17 ? { unauthorised: 1, witnessed: false } : {},
  ),
);

const OFFICES: readonly RollOffice[] = PLACES.map(({ leaId, name }, index) => ({
  ...{ office: leaId, name, records: 4_300 + ((index * 7_919) % 90_000), changes: (index * 13) % 60 },
  ...{ awaiting: 0, sheets: 0, until: null, unauthorised: 0 },
  recomputedAt: index % 3 === 0 ? at(9) : null,
  ...(leaId === '29019' ? { awaiting: 43, sheets: 1, until: at(60), unauthorised: 2 } : {}),
  ...(leaId === '29025' ? { awaiting: 8, sheets: 2, until: at(30), unauthorised: 1 } : {}),
}));

/** `GET /rolls`. */
export const ROLLS_ANSWER: RollsAnswer = {
  genesis: { day: day(40), records: 4_301_122, root: ROOT, entry: '0' },
  tonight: NIGHTS[0] as NightSummary,
  sentences: [
    '4,312,907 registrations were compared with what was signed, as read by the state’s own reader.',
    '2,140 changed: 1,440 were signed by an office, 700 came from a feed.',
    '39 of 116 offices and 1,502,331 of 4,312,907 records were recomputed by another hand.',
  ],
  notChecked: [
    'changes that were made and undone between two readings of the list are not seen.',
    'The rows of 77 of 116 offices were not recomputed by anybody else.',
  ],
  hands: { offices: [39, 116], records: [1_502_331, 4_312_907] },
  planted: { planted: 41, noticed: 38, low: 0.8008, high: 0.9846 },
  offices: [...OFFICES],
};

/** The same on a quiet night. */
export const ROLLS_QUIET: RollsAnswer = {
  ...ROLLS_ANSWER,
  tonight: night(0),
  offices: OFFICES.map((office) => ({ ...office, unauthorised: 0 })),
};

/** Before a genesis. */
export const NO_ROLLS: RollsAnswer = {
  ...{ genesis: null, tonight: null, sentences: [], notChecked: [], offices: [], planted: null },
  hands: { offices: [0, 0], records: [0, 0] },
};

/** `GET /rolls/changes`. */
export const ROLL_CHANGES: RollChangesAnswer = {
  days: NIGHTS.map(({ day: of, changed, unauthorised }) => ({
    ...{ day: of, new: Math.round(changed / 3), removed: Math.round(changed / 9), unauthorised },
    changed: changed - Math.round(changed / 3) - Math.round(changed / 9),
  })).reverse(),
  odd: [
    {
      ...{ office: '29019', day: day(0), score: 0.07 },
      sentence: '3 of 43 changes on this sheet are worth a second look.',
    },
  ],
};

const NIGHT_ANSWER: NightAnswer = {
  night: NIGHTS[0] as NightSummary,
  offices: OFFICES.slice(0, 12).map(({ office, name, changes, unauthorised }) => ({
    ...{ office, name, unauthorised, changed: changes },
  })),
  unauthorised: [
    {
      ...{ handle: 'h-1', recordId: '100482217', office: '29019', kind: 'changed' as const },
      fields: ['public.address.street', 'public.address.zip'],
    },
    { ...{ handle: 'h-2', recordId: '100482311', office: '29019', fields: [] }, kind: 'removed' as const },
  ],
  undone: {
    all: 3,
    records: [
      {
        ...{
          recordId: '100482400',
          office: '29019',
          fields: ['public.address.street', 'administrative.party'],
        },
        times: [at(2), at(3)],
        by: [
          { clerk: 'jdoe', device: 'DESK-14' },
          { clerk: 'vendor-support', device: null },
        ],
      },
      { ...{ recordId: '100482401', office: '29025', fields: ['record'] }, times: [at(4)], by: [] },
    ],
  },
};

const LIST_NONE = { missing: 0, different: 0, extra: 0, twice: 0, because: null, differences: [] };

/** `GET /rolls/extracts`: one that is well, one that is not, and one that was sealed all the same. */
export const EXTRACTS: ExtractsAnswer = {
  extracts: [
    {
      ...{ id: 'e3', kind: 'poll-book', office: '29019', name: 'Boone County', precinct: 'ROCK BRIDGE 3' },
      ...{ at: at(6), epoch: 40, rows: 1_881, registrations: 1_999, state: 'differs', entry: null },
      ...{ ...LIST_NONE, missing: 118, different: 1 },
      differences: [
        { recordId: '100482217', kind: 'different', fields: ['public.name.last'] },
        { recordId: '100482500', kind: 'missing', fields: [] },
      ],
    },
    {
      ...{ id: 'e2', kind: 'public-list', office: '29025', name: 'Caldwell County', precinct: null },
      ...{ at: at(5), epoch: 40, rows: 6_103, registrations: 6_103, state: 'sealed', entry: '20852163' },
      ...LIST_NONE,
    },
    {
      ...{ id: 'e1', kind: 'poll-book', office: '29025', name: 'Caldwell County', precinct: 'KIDDER' },
      ...{ at: at(-20), epoch: 39, rows: 410, registrations: 409, state: 'sealed', entry: '20852101' },
      ...{ ...LIST_NONE, extra: 1, because: 'cancelled after the books were printed' },
      differences: [{ recordId: '100482777', kind: 'extra', fields: [] }],
    },
  ],
};

/** The sheet that waits for a clerk of Boone. */
export const SHEET: SheetSummary = {
  ...{ office: '29019', name: 'Boone County', day: day(0), sequence: 1, state: 'awaiting', changes: 43 },
  classes: [
    { class: 'registration-created', count: 20 },
    { class: 'address-updated', count: 15 },
    { class: 'registration-cancelled', count: 5 },
    { class: 'name-updated', count: 3 },
  ],
  ...{ odd: 2, needsSecond: false, signatures: 0, until: at(60), doneAt: null },
};

/** `GET /rolls/sheets`. */
export const SHEETS_ANSWER: SheetsAnswer = {
  sheets: [
    SHEET,
    ...[1, 2, 3].map((before) => ({
      ...SHEET,
      ...{ day: day(before), odd: 0, signatures: 1, doneAt: at(15 - 24 * before), changes: 12 + before },
      state: before === 2 ? ('partly' as const) : ('signed' as const),
      classes: [{ class: 'address-updated' as const, count: 12 + before }],
    })),
  ],
};

type Change = SheetAnswer['changes'][number];

const NAMES = [
  'Adams, Jo',
  'Baker, Lou',
  'Featherstonehaugh-Montgomery, Bartholomew',
  'Diaz, Rene',
  'Evans, Kit',
];

function change(index: number): Change {
  const isNew = index % 2 === 0;
  return {
    ...{ recordId: String(100_482_200 + index), name: NAMES[index % NAMES.length] ?? '', refused: false },
    class: isNew ? 'registration-created' : 'address-updated',
    fields: [
      { field: 'public.address.house', before: isNew ? null : '12', after: String(200 + index) },
      { field: 'public.address.street', before: isNew ? null : 'Elm St', after: 'Walnut St' },
    ],
    ...{ odd: [], by: 'c.walker', at: at(-9 + index / 30) },
  };
}

const CHANGES: readonly Change[] = [
  {
    ...change(0),
    class: 'registration-cancelled',
    fields: [{ field: 'public.name.last', before: 'Adams', after: null }],
    odd: ['It was entered at 11:40 PM, when no office is open.'],
  },
  { ...change(1), odd: ['A device that never entered a change before was used.'], by: null, at: null },
  ...Array.from({ length: 10 }, (_, index) => change(index + 2)),
];

/** A page of the sheet of Boone. */
export function sheetAnswer(page: number): SheetAnswer {
  return {
    ...{ sheet: SHEET, words: ['harbor', 'violin', 'pepper', 'canyon'], root: ROOT, page, pages: 2 },
    test: null,
    changes: page === 1 ? [...CHANGES] : [change(30), change(31)],
  };
}

/** The whole sheet of Boone as a file. What is sealed in it is of nobody. */
const SHEET_FILE: SheetFile = {
  ...{ schema: 'bellwether/sheet-shown@1', batch: 7, sheet: SHEET, root: ROOT },
  changes: [1, 2]
    .flatMap((page) => sheetAnswer(page).changes)
    .map((one) => ({
      ...one,
      sealed: { kind: 'changed', version: 2, handle: '1f'.repeat(32), oldLeaf: '2e'.repeat(32), groups: {} },
    })),
};

/** `GET /evidence/log`. */
export const LOG_ANSWER: LogAnswer = {
  origin: 'elections.example.gov/rolls',
  key: `elections.example.gov/rolls+5d41402a+${ROOT}`,
  newest: { size: '20852180', root: ROOT },
  published: { size: '20852163', root: ROOT },
  pending: { size: '20852180', root: ROOT, since: at(23.9), cosigned: 4 },
  witnesses: 7,
  quorum: '4 of 5 in offices, and 1 of 2 in outside',
  verifier: {
    index: '4312',
    version: '0.1.0',
    files: { 'bellwether-verify.html': 'e6'.repeat(32), 'bellwether-verify.js': 'e0'.repeat(32) },
  },
};

const STATED = [
  ...['bellwether/witness@1', 'witness boone.example.gov', 'origin elections.example.gov/rolls'],
  ...['size 20852163', `root ${ROOT}`, 'time 2026-11-03T02:31Z', 'from 20840112', 'signatures ok'],
  ...['versions ok', 'mass ok', 'quiet ok', 'signers not-checked', `rows 41230 ${ROOT}`, ''],
].join('\n');

function witness(name: string, more: Partial<WitnessRow> = {}): WitnessRow {
  return {
    ...{ name, way: 'asks', cosignedAt: at(23.8), size: '20852163', late: false, trouble: null },
    ...{ statedAt: at(23.5), statement: STATED, ...more },
  };
}

/** `GET /evidence/witnesses`. */
export const WITNESSES_ANSWER: WitnessesAnswer = {
  witnesses: [
    ...['boone.example.gov', 'greene.example.gov', 'phelps.example.gov'].map((name) => witness(name)),
    witness('callaway.example.gov', { late: true, cosignedAt: at(-30), size: '20840112', statement: null }),
    witness('university.example.edu', {
      way: 'asked',
      statement: STATED.replace('mass ok', 'mass refused 20850001').replace(/rows .*/, 'rows -'),
    }),
    witness('league.example.org', {
      ...{ way: 'asked', late: true, cosignedAt: null, size: null, statedAt: null, statement: null },
      trouble: 'its address does not answer',
    }),
  ],
};

/** `GET /rolls/signers`: an office that asks for a key, and one whose key waits. */
const SIGNERS_ANSWER: SignersAnswer = {
  signers: [
    {
      ...{ key: '1f0e3dad99908345', office: '29007', name: 'Audrain County', scheme: 'webauthn-es256' },
      ...{ state: 'asked', countsFrom: null, endorsed: ['Barry County'] },
      ...{ mayEndorse: true, mayWithdraw: false },
    },
    {
      ...{ key: '6f4922f45568161a', office: '29009', name: 'Barry County', scheme: 'ed25519' },
      ...{ state: 'waits', countsFrom: at(72), endorsed: [], mayEndorse: false, mayWithdraw: true },
    },
  ],
};

/** The body of an answer about the roll and the log; undefined where the path is about something else. */
export function cannedRolls(path: string, terms: URLSearchParams): unknown {
  switch (path) {
    case 'rolls':
      return ROLLS_ANSWER;
    case 'rolls/changes':
      return ROLL_CHANGES;
    case 'rolls/nights':
      return { nights: [...NIGHTS] };
    case 'rolls/nights/40':
      return NIGHT_ANSWER;
    case 'rolls/extracts':
      return EXTRACTS;
    case 'rolls/sheets':
      return SHEETS_ANSWER;
    case `rolls/sheets/29019/${SHEET.day}/1`:
      return sheetAnswer(Number(terms.get('page') ?? 1));
    case `rolls/sheets/29019/${SHEET.day}/1/file`:
      return SHEET_FILE;
    case 'rolls/signers':
      return SIGNERS_ANSWER;
    case 'evidence/log':
      return LOG_ANSWER;
    case 'evidence/witnesses':
      return WITNESSES_ANSWER;
    default:
      return undefined;
  }
}
