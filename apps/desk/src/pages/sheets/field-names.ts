/** Fields of a registration as a clerk calls them. The hub names them by group and by the mapping: `public.name.last`. */

const NAMES: Readonly<Record<string, string>> = {
  'name.last': 'Last name',
  'name.first': 'First name',
  'name.middle': 'Middle name',
  'name.suffix': 'Suffix',
  'address.house': 'House number',
  'address.number': 'House number',
  'address.street': 'Street',
  'address.unit': 'Unit',
  'address.city': 'City',
  'address.zip': 'ZIP code',
  born: 'Date of birth',
  license: 'Driver license, last digits',
  ssn: 'Social Security number, last digits',
  precinct: 'Precinct',
  township: 'Township',
  ward: 'Ward',
  congressional: 'Congressional district',
  senate: 'Senate district',
  party: 'Party',
  phone: 'Phone',
  email: 'Email',
  status: 'Status',
  registered: 'Registered on',
};

const GROUP = /^(?:public|identity|administrative)\./;

/** The name for people; a field that only this state has is called as its mapping calls it. */
export function fieldName(field: string): string {
  const name = field.replace(GROUP, '');
  return Object.hasOwn(NAMES, name) ? (NAMES[name] as string) : name.replaceAll('.', ' ');
}
