/**
 * NIST SP 1500-102 (Voter Records Interchange), JSON: the records of a `VoterRecordResults` as rows for a mapping.
 *
 * A column is a path: names of members with dots between. A step into a list names a member by its `Type`
 * (`Voter.VoterId.drivers-license.StringValue`), a place name by its `PlaceNameType`, or any member by its index. Lenient, since
 * NIST's own examples break its schema: members that are not known are passed over, what is not there is an empty value. A
 * name of a member may itself have no dots, which no name of the standard has.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { RollsError } from './errors.ts';

/** Steps of a path at most: the deepest of the standard has nine. */
const MOST_STEPS = 16;

/** Members of a list that are looked at: a voter has a handful of districts and ways to be reached. */
const MOST_MEMBERS = 256;

/** What tells the members of a list apart, in the order in which it is tried. */
const KINDS = ['Type', 'PlaceNameType'] as const;

/** Values of one record in the order of the columns. */
export function vriValues(record: unknown, columns: readonly string[]): Result<string[], RollsError> {
  if (!isObject(record)) return unreadableRecord('a voter record is no object');
  const values: string[] = [];
  for (const column of columns) {
    const steps = column.split('.');
    if (steps.length > MOST_STEPS)
      return unreadableRecord(`the path ${column.slice(0, 80)} has more than ${MOST_STEPS} steps`);
    const found = steps.reduce<unknown>(into, record);
    const value = textOf(found);
    if (value === undefined) return unreadableRecord(`${column}: neither a text nor a number`);
    values.push(value);
  }
  return ok(values);
}

/** Records of a whole document. `json` was bounded by whoever read it. */
export function vriRecords(json: string): Result<readonly unknown[], RollsError> {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch (error) {
    return err({ code: 'ROLLS_DUMP_INCOMPLETE', detail: `it is no JSON: ${(error as Error).message}` });
  }
  if (!isObject(document) || !Array.isArray(document.VoterRecord)) {
    return err({
      code: 'ROLLS_DUMP_INCOMPLETE',
      detail: 'it has no list `VoterRecord`: VoterRecordResults of NIST SP 1500-102',
    });
  }
  return ok(document.VoterRecord);
}

function into(value: unknown, step: string): unknown {
  if (Array.isArray(value)) {
    const members = value.slice(0, MOST_MEMBERS);
    if (/^\d{1,3}$/.test(step)) return members[Number(step)];
    return members.find((member) => isObject(member) && KINDS.some((kind) => member[kind] === step));
  }
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Nothing is an empty value; a list or an object is none. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadableRecord(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_ROW_UNREADABLE', detail });
}
