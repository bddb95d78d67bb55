/** A mapping with each part of the form, as tests read it. */
export const MAPPING_YAML: string = `schema: bellwether/mapping@1
source: { kind: csv, encoding: utf-8, delimiter: "," }
record: voter_id
office: lea_id
status: { column: status, live: [active, inactive] }
protected: { column: protected, is: ["Y"] }
groups:
  public: { name.last: last_name, name.first: first_name, registered: { column: registered_on, as: date }, address.street: street }
  identity: { born: { column: date_of_birth, as: date },
    born-code: { column: date_of_birth, as: digits } }
  administrative: { party: { column: party, as: code } }
transactions: { kind: ndjson }
feeds: [motor-vehicle]
`;
