/**
 * The nightly statement: what the office can say of tonight, what it cannot, and who checked it. An entry of the log
 * (canonical JSON, type `statement`), and the same in plain sentences. Made when the news is bad, too.
 */
import { ok, type Result } from '@bellwether/basics';
import { MAX_ENTRY_BYTES } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import {
  base64,
  canonicalBytes,
  day,
  list,
  malformed,
  members,
  minute,
  oneOf,
  readCanonical,
  type Shape,
  table,
  text,
  whole,
} from './strict-json.ts';

/** So many, of so many. */
export type Share = readonly [number, number];

/** One night, as it is told to everybody. */
export type NightlyStatement = {
  readonly type: 'statement';
  readonly schema: 'bellwether/statement@1';
  readonly day: string;
  /** To the minute, ISO 8601 UTC: when it was made. */
  readonly at: string;
  /** Whose statement: the name of the office or state. */
  readonly name: string;
  /** Null: not checked tonight. */
  readonly knocks: {
    readonly accounted: number;
    /** Offices whose logs came, of all. */
    readonly offices: Share;
    readonly through: number;
    readonly stillLookedAt: number;
    /** Lines of logs that nobody could read. */
    readonly notChecked: number;
  } | null;
  /** Nothing is said of mail yet. */
  readonly mail: null;
  /** Null: the live database was not compared tonight. */
  readonly registrations: {
    readonly records: number;
    readonly changed: number;
    readonly authorised: number;
    readonly fromFeeds: number;
    readonly awaiting: number;
    /** By office. */
    readonly unauthorised: Readonly<Record<string, number>>;
    readonly sealedAt: string;
    /** Who read the live database. */
    readonly readBy: string;
  } | null;
  /** Recomputed by another hand. */
  readonly hands: { readonly offices: Share; readonly records: Share };
  /** What else was not checked, in sentences. */
  readonly notChecked: readonly string[];
  /** Of the last seal, and the root of its state in base64. */
  readonly epoch: number;
  readonly root: string;
};

/** Counts below this are told as `under 10` where people read them: a small count of one office can point at a voter. */
const SMALL = 10;

const LINE = /^[^\0-\x1f\x7f]{1,300}$/;
const count = whole(0);

const share: Shape = (value, at) => {
  const problem = list(2, 2, count)(value, at);
  if (problem !== null) return problem;
  const [some, all] = value as unknown as Share;
  return some <= all ? null : `${at} is more than all`;
};

function orNull(shape: Shape): Shape {
  return (value, at) => (value === null ? null : shape(value, at));
}

const NIGHT = members({
  type: oneOf(['statement']),
  schema: oneOf(['bellwether/statement@1']),
  day,
  at: minute,
  name: text(LINE),
  knocks: orNull(
    members({ accounted: count, offices: share, through: count, stillLookedAt: count, notChecked: count }),
  ),
  mail: oneOf([null]),
  registrations: orNull(
    members({
      records: count,
      changed: count,
      authorised: count,
      fromFeeds: count,
      awaiting: count,
      unauthorised: table(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 4_096, count),
      sealedAt: minute,
      readBy: text(LINE),
    }),
  ),
  hands: members({ offices: share, records: share }),
  notChecked: list(0, 40, text(LINE)),
  epoch: whole(0),
  root: base64(32),
});

/** The entry of the log. Throws on a statement that could not be read again: a defect. */
export function formatNight(night: NightlyStatement): Uint8Array {
  const problem = NIGHT(night, 'statement');
  if (problem !== null) throw new RangeError(problem);
  return canonicalBytes(night);
}

/** Reads the entry. */
export function parseNight(bytes: Uint8Array): Result<NightlyStatement, RollsError> {
  const value = readCanonical(bytes, MAX_ENTRY_BYTES);
  if (value.isErr()) return value;
  const problem = NIGHT(value.value, 'statement');
  return problem === null ? ok(value.value as NightlyStatement) : malformed(problem);
}

/** The statement in plain sentences, each in a line. */
export function nightText(night: NightlyStatement): string {
  const lines = [
    `${night.name}: statement for the night of ${night.day}`,
    '',
    ...knockLines(night),
    ...registrationLines(night),
    ...handLines(night),
    'Mail is not part of this statement yet.',
    ...night.notChecked.map((what) => `Not checked: ${what}`),
    '',
    `Night number ${told(night.epoch)}. The seal of the roll is ${night.root}.`,
    `This statement was made at ${timeText(night.at)}. Anybody can check it with bellwether-verify.`,
    '',
  ];
  return lines.join('\n');
}

function knockLines({ knocks }: NightlyStatement): string[] {
  if (knocks === null) return ['Knocks on our computers were not counted tonight.'];
  const { accounted, offices, through, stillLookedAt, notChecked } = knocks;
  return [
    `We counted ${told(accounted)} ${accounted === 1 ? 'knock' : 'knocks'} on our computers, at ${ofAll(offices)} offices.`,
    through === 0
      ? 'We saw none come through. We cannot see what our sensors miss.'
      : `${told(through)} came through. We are working on ${through === 1 ? 'it' : 'each of them'}.`,
    stillLookedAt === 0
      ? 'None is still being looked at.'
      : `${told(stillLookedAt)} ${stillLookedAt === 1 ? 'is' : 'are'} still being looked at.`,
    ...(notChecked === 0 ? [] : [`${told(notChecked)} log lines could not be read.`]),
  ];
}

function registrationLines({ registrations }: NightlyStatement): string[] {
  if (registrations === null) {
    return ['The list of voters was not compared tonight. We cannot say whether it was changed.'];
  }
  const { records, changed, authorised, fromFeeds, awaiting, unauthorised, sealedAt, readBy } = registrations;
  const bad = Object.entries(unauthorised).filter(([, some]) => some > 0);
  const read = `${readBy} read the list of voters: ${told(records)} records, sealed at ${timeText(sealedAt)}.`;
  const changes = `${told(changed)} of ${told(records)} records were changed: ${told(authorised)} with the signature of an office, ${told(fromFeeds)} by another agency's feed. Waiting for an office to sign: ${small(awaiting)}.`;
  if (bad.length === 0) {
    return [read, 'We found no record that differs from the signed changes.', changes];
  }
  return [
    read,
    'Some records were changed, and nobody with the right to do so signed for it.',
    ...bad.map(([office, some]) => `Office ${office}: ${small(some)} of ${told(records)} records.`),
    'We know which records these are. The offices are being told, and look at each one.',
    changes,
  ];
}

function handLines({ hands: { offices, records } }: NightlyStatement): string[] {
  if (offices[0] === 0 && records[0] === 0)
    return ['Nobody but the state has checked this by their own records yet.'];
  return [
    `${ofAll(offices)} offices checked their own records against this, and ${ofAll(records)} records were checked by somebody other than the state.`,
  ];
}

function ofAll([some, all]: Share): string {
  return `${told(some)} of ${told(all)}`;
}

/** Small counts are no number: see SMALL. */
function small(some: number): string {
  if (some === 0) return 'none';
  return some < SMALL ? `under ${SMALL}` : told(some);
}

function told(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function timeText(at: string): string {
  return `${at.slice(11, 16)} UTC on ${at.slice(0, 10)}`;
}
