/** What public fields of a registration are called, for voters: in letters, and on the page where a receipt is checked. */

/** By field as mappings usually name it; a field that only one state has is not in it. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  'name.first': 'First name',
  'name.middle': 'Middle name',
  'name.last': 'Last name',
  'name.suffix': 'Suffix (Jr., III)',
  'address.number': 'House number',
  'address.street': 'Street',
  'address.unit': 'Apartment or unit',
  'address.city': 'City',
  'address.zip': 'ZIP code',
  precinct: 'Precinct',
  township: 'Township',
  ward: 'Ward',
  'district.congressional': 'Congressional district',
  'district.senate': 'State senate district',
  'district.house': 'State house district',
  registered: 'Registered on',
};

/** The words for a field; one that is not known is called as the state's mapping calls it. */
export function fieldWord(field: string): string {
  return Object.hasOwn(FIELD_WORDS, field) ? FIELD_WORDS[field]! : field.replaceAll('.', ' ');
}
