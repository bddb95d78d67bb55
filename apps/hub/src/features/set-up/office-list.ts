/**
 * The list of a state's offices, as a CSV file that somebody saved from a spreadsheet. Every mistake is told with the number
 * of its line.
 */
import { csvRows, err, ok, type Result } from '@bellwether/basics';
import { type SetUpError, setUpError } from './errors.ts';

/** One office. */
export type ListedOffice = {
  readonly leaId: string;
  readonly name: string;
  readonly fips: string;
  readonly kind: string;
  readonly registered: number;
};

/** More than any state has: Wisconsin's 1,850 municipalities included. */
const MOST_OFFICES = 5000;

/** Rows that are looked at: the offices, and an empty line behind each. */
const MOST_ROWS = 2 * MOST_OFFICES;

/** Longest name of an office. */
const LONGEST_NAME = 100;

/** More registered voters than any state has. */
const MOST_REGISTERED = 100_000_000;

/** Who runs elections where nothing is said. */
const USUAL_KIND = 'county_clerk';

const COLUMNS = ['lea_id', 'name', 'fips', 'kind', 'registered'] as const;
type Column = (typeof COLUMNS)[number];

/** Reads the list. */
export function parseOffices(text: string): Result<readonly ListedOffice[], SetUpError> {
  const { rows, openedAt, isCut } = csvRows(text, MOST_ROWS);
  if (openedAt !== undefined) return invalid(openedAt, 'a quote is opened and never closed');
  if (isCut) return invalid(rows.at(-1)?.line ?? 1, `there are more than ${MOST_ROWS} lines`);
  const [heading, ...lines] = rows;
  if (heading === undefined) return invalid(1, 'it is empty');
  const places = new Map(heading.fields.map((field, place) => [field.trim().toLowerCase(), place]));
  for (const needed of ['lea_id', 'name'] as const) {
    if (!places.has(needed)) return invalid(heading.line, `there is no column ${needed}`);
  }
  const offices: ListedOffice[] = [];
  const seen = new Set<string>();
  for (const { line, fields } of lines) {
    if (fields.every((field) => field.trim() === '')) continue;
    if (offices.length === MOST_OFFICES) return invalid(line, `there are more than ${MOST_OFFICES} offices`);
    const field = (column: Column): string => (fields[places.get(column) ?? -1] ?? '').trim();
    const office = officeOf(field);
    if (typeof office === 'string') return invalid(line, office);
    if (seen.has(office.leaId)) return invalid(line, `${office.leaId} stands in the list twice`);
    seen.add(office.leaId);
    offices.push(office);
  }
  return offices.length === 0 ? invalid(heading.line, 'no office is listed') : ok(offices);
}

/** The office of a line, or what is wrong with it. */
function officeOf(field: (column: Column) => string): ListedOffice | string {
  const leaId = field('lea_id');
  if (!/^\d{5}$/.test(leaId))
    return `lea_id has to be five digits, not ${JSON.stringify(leaId.slice(0, 40))}`;
  const name = field('name').normalize('NFC');
  if (name === '' || name.length > LONGEST_NAME || /\p{Cc}/u.test(name)) {
    return `the name has to be of 1 to ${LONGEST_NAME} characters`;
  }
  const fips = field('fips') || leaId;
  if (!/^\d{5}$/.test(fips)) return 'fips has to be five digits';
  const kind = field('kind') || USUAL_KIND;
  if (!/^[a-z][a-z_]{0,31}$/.test(kind)) return 'kind has to be a word such as county_clerk or board';
  const digits = (field('registered') || '0').replaceAll(',', '');
  const registered = Number(digits);
  if (!/^\d{1,9}$/.test(digits) || registered > MOST_REGISTERED) return 'registered has to be a whole number';
  return { leaId, name, fips, kind, registered };
}

function invalid(line: number, what: string): Result<never, SetUpError> {
  return err(setUpError('SET_UP_OFFICES_INVALID', `line ${line}: ${what}`));
}
