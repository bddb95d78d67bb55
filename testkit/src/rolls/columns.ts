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

/** The row with these values in it. Written out, since a spread copy is a slow object with ten times the memory. */
export function withValues(row: VoterRow, values: NewValues): VoterRow {
  return {
    voter_id: values.voter_id ?? row.voter_id,
    lea_id: values.lea_id ?? row.lea_id,
    status: values.status ?? row.status,
    last_name: values.last_name ?? row.last_name,
    first_name: values.first_name ?? row.first_name,
    middle_name: values.middle_name ?? row.middle_name,
    suffix: values.suffix ?? row.suffix,
    date_of_birth: values.date_of_birth ?? row.date_of_birth,
    dl_last4: values.dl_last4 ?? row.dl_last4,
    ssn_last4: values.ssn_last4 ?? row.ssn_last4,
    house_number: values.house_number ?? row.house_number,
    street: values.street ?? row.street,
    unit: values.unit ?? row.unit,
    city: values.city ?? row.city,
    zip: values.zip ?? row.zip,
    precinct: values.precinct ?? row.precinct,
    township: values.township ?? row.township,
    ward: values.ward ?? row.ward,
    congressional: values.congressional ?? row.congressional,
    senate: values.senate ?? row.senate,
    house: values.house ?? row.house,
    party: values.party ?? row.party,
    registered_on: values.registered_on ?? row.registered_on,
    phone: values.phone ?? row.phone,
    email: values.email ?? row.email,
    protected: values.protected ?? row.protected,
  };
}
