/**
 * What a witness states with its second key (`NAME/checks`) beside its cosignature: what else it checked up to a checkpoint.
 * The text of a signed note (C2SP signed-note), each line ended by a newline:
 *
 *     bellwether/witness@1
 *     witness office-017.example.gov              name of the witness's key
 *     origin elections.example.gov/rolls
 *     size 20852163                               of the checkpoint, and its root in base64
 *     root CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *     time 2026-11-03T02:31Z
 *     from 20840112                               entries from here to the size were looked at; those before were earlier
 *     signatures ok                               each is `ok`, `not-checked`, or `refused` and the index of the entry
 *     versions ok
 *     mass refused 20850001
 *     quiet ok
 *     signers not-checked
 *     rows 41230 u7dZ2hQ...=                      its own rows match the state with this root; `-`: it did not look
 *     opened -                                    the same of records that were drawn and opened to it (second-hand.ts)
 */
import { ok, type Result } from '@bellwether/basics';
import { decodeBase64, encodeBase64, HASH_SIZE } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import type { FoldRule } from './fold-rules.ts';
import { malformed, minuteOf } from './strict-json.ts';

/** What a witness can check, in the order of the lines. */
export const WITNESS_CHECKS = ['signatures', 'versions', 'mass', 'quiet', 'signers'] as const;
export type WitnessCheck = (typeof WITNESS_CHECKS)[number];

/** What came of a check; `refused` tells the entry that broke the rule. */
export type CheckOutcome = 'ok' | 'not-checked' | { readonly refused: bigint };

/** A statement. */
export type WitnessStatement = {
  readonly witness: string;
  readonly origin: string;
  readonly size: bigint;
  /** Root of the log at that size, 32 bytes. */
  readonly root: Uint8Array;
  /** YYYY-MM-DDTHH:MMZ. */
  readonly time: string;
  readonly from: bigint;
  readonly checks: Readonly<Record<WitnessCheck, CheckOutcome>>;
  /** How many rows of its own it recomputed, and the root of the state that they match; null: it did not look. */
  readonly rows: Recomputed | null;
  /** The same of records that were drawn and opened to it: an auditor has these. */
  readonly opened: Recomputed | null;
};

/** How many records were recomputed, and the root of the state, 32 bytes, that they match. */
export type Recomputed = { readonly count: number; readonly root: Uint8Array };

/**
 * How long a statement or a checkpoint is fresh, in milliseconds: a night and the two hours that a reconcile may be late.
 * Beyond, somebody may be keeping the newer one from whoever reads.
 */
export const FRESH_FOR = 26 * 3_600_000;

/** How far a statement's time may be ahead of the reader's clock, in milliseconds: what kept clocks differ by, and more. */
const MOST_AHEAD = 600_000;

/** Longest text: two names of 255 bytes, two hashes, and numbers. */
const MOST_TEXT = 2_000;

const HEAD = 'bellwether/witness@1';
const NAME = /^[^\s+\0-\x1f\x7f]{1,255}$/u;
const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/;

/** Which check of a witness a rule of the fold belongs to. */
const CHECK_OF_RULE: Readonly<Partial<Record<FoldRule, WitnessCheck>>> = {
  signature: 'signatures',
  mass: 'mass',
  protected: 'mass',
  quiet: 'quiet',
  signer: 'signers',
  key: 'signers',
  policy: 'signers',
  time: 'signers',
};

/** The check that a refusal of the fold stands under; whatever is no matter of people is `versions`: the fold itself. */
export function witnessCheckOf(rule: FoldRule): WitnessCheck {
  return CHECK_OF_RULE[rule] ?? 'versions';
}

/** The text that is signed. Throws on a statement that could not be read again: a defect. */
export function formatWitnessStatement(statement: WitnessStatement): string {
  const { witness, origin, size, root, time, from, checks, rows, opened } = statement;
  const lines = [
    HEAD,
    `witness ${witness}`,
    `origin ${origin}`,
    `size ${size}`,
    `root ${encodeBase64(root)}`,
    `time ${time}`,
    `from ${from}`,
    ...WITNESS_CHECKS.map((check) => `${check} ${outcomeText(checks[check])}`),
    `rows ${recomputedText(rows)}`,
    `opened ${recomputedText(opened)}`,
  ];
  const text = `${lines.join('\n')}\n`;
  const problem = problemOf(statement, text);
  if (problem !== null) throw new RangeError(problem);
  return text;
}

/** Reads the text of a note as a statement; the signature is the note's, and checked by whoever knows the key. */
export function parseWitnessStatement(text: string): Result<WitnessStatement, RollsError> {
  if (text.length > MOST_TEXT) return malformed('longer than any statement');
  const lines = text.split('\n');
  if (lines.length !== 15) return malformed('a statement has 14 lines');
  const value = (line: number, name: string): string | undefined =>
    lines[line]!.startsWith(`${name} `) ? lines[line]!.slice(name.length + 1) : undefined;
  const checks = WITNESS_CHECKS.map((check, at) => [check, outcomeOf(value(7 + at, check) ?? '')] as const);
  const bad = checks.find(([, outcome]) => outcome === undefined);
  if (bad !== undefined) return malformed(`no outcome of ${bad[0]}`);
  const rows = recomputedOf(value(12, 'rows') ?? '');
  if (rows === undefined) return malformed('the rows are no number and root');
  const opened = recomputedOf(value(13, 'opened') ?? '');
  if (opened === undefined) return malformed('what was opened is no number and root');
  const statement: WitnessStatement = {
    witness: value(1, 'witness') ?? '',
    origin: value(2, 'origin') ?? '',
    size: sizeOf(value(3, 'size')),
    root: decodeBase64(value(4, 'root') ?? '') ?? new Uint8Array(0),
    time: value(5, 'time') ?? '',
    from: sizeOf(value(6, 'from')),
    checks: Object.fromEntries(checks) as Record<WitnessCheck, CheckOutcome>,
    rows,
    opened,
  };
  const problem = problemOf(statement, text);
  if (problem !== null) return malformed(problem);
  return formatWitnessStatement(statement) === text ? ok(statement) : malformed('not in its one spelling');
}

/** Whether a statement still says something about tonight. `now`: milliseconds since 1970. */
export function isFresh({ time }: Pick<WitnessStatement, 'time'>, now: number): boolean {
  const age = now - (minuteOf(time) ?? Number.NaN);
  return age >= -MOST_AHEAD && age <= FRESH_FOR;
}

function problemOf(
  { witness, origin, size, root, time, from, checks, rows, opened }: WitnessStatement,
  text: string,
): string | null {
  if (text.length > MOST_TEXT) return 'longer than any statement';
  if (!NAME.test(witness) || !NAME.test(origin))
    return 'a name is missing, too long, or has a space or a plus';
  if (size < 0n || from < 0n || from > size) return 'the sizes are no numbers, or in the wrong order';
  const recomputed = [rows, opened].filter((one) => one !== null);
  if ([root, ...recomputed.map((one) => one.root)].some(({ length }) => length !== HASH_SIZE))
    return 'a root has 32 bytes';
  if (recomputed.some(({ count }) => !Number.isSafeInteger(count))) return 'the rows are no number';
  if (minuteOf(time) === undefined) return 'the time is none to the minute';
  const refused = Object.values(checks).filter((outcome) => typeof outcome === 'object');
  return refused.every((outcome) => outcome.refused < size) ? null : 'an entry is refused that is not there';
}

function outcomeText(outcome: CheckOutcome): string {
  return typeof outcome === 'string' ? outcome : `refused ${outcome.refused}`;
}

function outcomeOf(text: string): CheckOutcome | undefined {
  if (text === 'ok' || text === 'not-checked') return text;
  const index = text.startsWith('refused ') ? sizeOf(text.slice('refused '.length)) : -1n;
  return index >= 0n ? { refused: index } : undefined;
}

function recomputedText(recomputed: Recomputed | null): string {
  return recomputed === null ? '-' : `${recomputed.count} ${encodeBase64(recomputed.root)}`;
}

function recomputedOf(text: string): Recomputed | null | undefined {
  if (text === '-') return null;
  const [count = '', base64 = ''] = text.split(' ');
  const root = decodeBase64(base64);
  return NUMBER.test(count) && root !== undefined ? { count: Number(count), root } : undefined;
}

/** -1 for what is no number. */
function sizeOf(text: string | undefined): bigint {
  return text !== undefined && NUMBER.test(text) ? BigInt(text) : -1n;
}
