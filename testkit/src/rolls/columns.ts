/** The columns of the made-up voter file: what a state's system has of one registration. */

/** In the order of the file. */
export const COLUMNS = [
  'voter_id',
  'lea_id',
  'status',
  'last_name',
  'first_name',
  'middle_name',
  'suffix',
  'date_of_birth',
  'dl_last4',
  'ssn_last4',
  'house_number',
  'street',
  'unit',
  'city',
  'zip',
  'precinct',
  'township',
  'ward',
  'congressional',
  'senate',
  'house',
  'party',
  'registered_on',
  'phone',
  'email',
  'protected',
] as const;

/** One of them. */
export type Column = (typeof COLUMNS)[number];

/** One registration; what it does not have is empty. Dates are like `2026-11-02`. */
export type VoterRow = Readonly<Record<Column, string>>;

/** What a change sets: columns and their new values. */
export type NewValues = Readonly<Partial<Record<Column, string>>>;

/** Columns that say where somebody lives, and what follows from it. */
export const ADDRESS_COLUMNS = [
  'house_number',
  'street',
  'unit',
  'city',
  'zip',
  'precinct',
  'township',
  'ward',
  'congressional',
  'senate',
  'house',
] as const satisfies readonly Column[];

/** Values of these columns. */
export type Address = Readonly<Record<(typeof ADDRESS_COLUMNS)[number], string>>;

/** A registration counts while it is active or inactive; a cancelled one stays in the file, and is none. */
export function isLive(row: VoterRow): boolean {
  return row.status === 'active' || row.status === 'inactive';
}

/** Those of the values that differ from the row. */
export function differing(row: VoterRow, values: NewValues): NewValues {
  const found: Partial<Record<Column, string>> = {};
  for (const column of COLUMNS) {
    const value = values[column];
    if (value !== undefined && value !== row[column]) found[column] = value;
  }
  return found;
}
