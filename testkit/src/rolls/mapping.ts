/** `mapping.yaml`: how the columns of the made-up file are to be read. */
import { COLUMNS, type Column } from './columns.ts';

/** Forms in which the state before the first day can be written. */
export const ROLLS_FORMATS = ['csv', 'vri-json'] as const;
export type RollsFormat = (typeof ROLLS_FORMATS)[number];

/** The mapping of a format. */
export function mappingYaml(format: RollsFormat): string {
  return format === 'csv'
    ? mappingOf('{ kind: csv, encoding: utf-8, delimiter: "," }', CSV_PLACES, 'Y')
    : mappingOf('{ kind: vri-json }', VRI_PLACES, 'yes');
}

/** Where a value stands. */
type Places = Readonly<Record<Column, string>>;

const CSV_PLACES = Object.fromEntries(COLUMNS.map((column) => [column, column])) as Places;

/**
 * Paths in a voter record of NIST SP 1500-102: names with dots; a step into a list is the `Type` of the member (for a place
 * name, its `PlaceNameType`) or its number. What vri-json.ts writes, stands there.
 */
const VRI_PLACES: Places = {
  voter_id: 'Voter.VoterId.state-voter-registration-id.StringValue',
  lea_id: 'Locality.county.ExternalIdentifier.local-level.Value',
  status: 'VoterStatus',
  last_name: 'Voter.Name.LastName',
  first_name: 'Voter.Name.FirstName',
  middle_name: 'Voter.Name.MiddleName.0',
  suffix: 'Voter.Name.Suffix',
  date_of_birth: 'Voter.DateOfBirth',
  dl_last4: 'Voter.VoterId.drivers-license.StringValue',
  ssn_last4: 'Voter.VoterId.ssn4.StringValue',
  house_number: 'Voter.ResidenceAddress.CompleteAddressNumber.AddressNumber',
  street: 'Voter.ResidenceAddress.CompleteStreetName.StreetName',
  unit: 'Voter.ResidenceAddress.CompleteSubaddress.SubaddressElement.0.SubaddressIdentifier',
  city: 'Voter.ResidenceAddress.CompletePlaceName1.PlaceName.MunicipalJurisdiction.Value',
  zip: 'Voter.ResidenceAddress.ZipCode',
  precinct: 'District.precinct.Name',
  township: 'District.township.Name',
  ward: 'District.ward.Name',
  congressional: 'District.congressional.Name',
  senate: 'District.state-senate.Name',
  house: 'District.state-house.Name',
  party: 'Voter.Party.Abbreviation',
  registered_on: 'Voter.VoterId.state-voter-registration-id.DateOfIssuance',
  phone: 'Voter.ContactMethod.phone.Value',
  email: 'Voter.ContactMethod.email.Value',
  protected: 'Voter.VoterClassification.protected-voter.Assertion',
};

function mappingOf(source: string, at: Places, protectedWord: string): string {
  return `schema: bellwether/mapping@1
source: ${source}
record: ${at.voter_id}
office: ${at.lea_id}
status: { column: ${at.status}, live: [active, inactive] }
protected: { column: ${at.protected}, is: ["${protectedWord}"] }
groups:
  public:
    name.last: ${at.last_name}
    name.first: ${at.first_name}
    name.middle: ${at.middle_name}
    name.suffix: ${at.suffix}
    address.number: ${at.house_number}
    address.street: ${at.street}
    address.unit: ${at.unit}
    address.city: ${at.city}
    address.zip: ${at.zip}
    precinct: ${at.precinct}
    township: ${at.township}
    ward: ${at.ward}
    district.congressional: { column: ${at.congressional}, as: code }
    district.senate: { column: ${at.senate}, as: code }
    district.house: { column: ${at.house}, as: code }
    registered: { column: ${at.registered_on}, as: date }
  identity:
    born: { column: ${at.date_of_birth}, as: date }
    license: { column: ${at.dl_last4}, as: digits }
    ssn: { column: ${at.ssn_last4}, as: digits }
  administrative:
    status: { column: ${at.status}, as: code }
    party: { column: ${at.party}, as: code }
    phone: { column: ${at.phone}, as: digits }
    email: ${at.email}
    protected: { column: ${at.protected}, as: code }
transactions: { kind: ndjson }
feeds: [motor-vehicle]
`;
}
