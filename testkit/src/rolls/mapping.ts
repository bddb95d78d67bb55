/** `mapping.yaml`: how the columns of the made-up file are to be read. */

/** Forms in which the state before the first day can be written. */
export const ROLLS_FORMATS = ['csv', 'vri-json'] as const;
export type RollsFormat = (typeof ROLLS_FORMATS)[number];

/** The mapping of a format. */
export function mappingYaml(format: RollsFormat): string {
  return format === 'csv' ? CSV_MAPPING : VRI_MAPPING;
}

const GROUPS = `groups:
  public:
    name.last: last_name
    name.first: first_name
    name.middle: middle_name
    name.suffix: suffix
    address.number: house_number
    address.street: street
    address.unit: unit
    address.city: city
    address.zip: zip
    precinct: precinct
    township: township
    ward: ward
    district.congressional: { column: congressional, as: code }
    district.senate: { column: senate, as: code }
    district.house: { column: house, as: code }
    registered: { column: registered_on, as: date }
  identity:
    born: { column: date_of_birth, as: date }
    license: { column: dl_last4, as: digits }
    ssn: { column: ssn_last4, as: digits }
  administrative:
    status: { column: status, as: code }
    party: { column: party, as: code }
    phone: { column: phone, as: digits }
    email: email
    protected: { column: protected, as: code }
`;

const REST = `record: voter_id
office: lea_id
status: { column: status, live: [active, inactive] }
protected: { column: protected, is: ["Y"] }
${GROUPS}transactions: { kind: ndjson }
feeds: [motor-vehicle]
`;

const CSV_MAPPING = `schema: bellwether/mapping@1
source: { kind: csv, encoding: utf-8, delimiter: "," }
${REST}`;

const VRI_MAPPING = `schema: bellwether/mapping@1
source: { kind: vri-json }
${REST}`;
