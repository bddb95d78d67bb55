/**
 * Rows as voter records of NIST SP 1500-102 (Voter Records Interchange, version 1): a `VoterRecordResults` object, spelled
 * strictly after the JSON schema: dates are dates, nothing is there that the schema does not name, nothing is empty.
 *
 * Where the format has no place of its own: `lea_id` is the local identifier of the locality, `registered_on` the date
 * of issuance of the voter's number, a cancelled registration the other status "cancelled".
 */
import type { VoterRow } from './columns.ts';

/** A JSON object whose members are there or not. */
type Node = Readonly<Record<string, unknown>>;

/** What stands before the first record, between two, and after the last. */
export const VRI_FRAME = {
  start: '{"@type":"VRI.VoterRecordResults","VoterRecord":[\n',
  between: ',\n',
  end: '\n]}\n',
} as const;

/** One row as a `VoterRecord`. */
export function voterRecord(row: VoterRow): Node {
  const isCancelled = row.status === 'cancelled';
  return {
    '@type': 'VRI.VoterRecord',
    District: [
      unit('congressional', row.congressional),
      unit('state-senate', row.senate),
      unit('state-house', row.house),
      unit('precinct', row.precinct),
      unit('township', row.township),
      unit('ward', row.ward),
    ].filter((one) => one !== undefined),
    Locality: [
      {
        '@type': 'VRI.ReportingUnit',
        ExternalIdentifier: [{ '@type': 'VRI.ExternalIdentifier', Type: 'local-level', Value: row.lea_id }],
        Type: 'county',
      },
    ],
    ...(isCancelled ? { OtherStatus: 'cancelled' } : {}),
    Voter: voter(row),
    VoterStatus: isCancelled ? 'other' : row.status,
  };
}

function voter(row: VoterRow): Node {
  const contacts = [
    row.phone === '' ? undefined : { '@type': 'VRI.PhoneContactMethod', Type: 'phone', Value: row.phone },
    row.email === '' ? undefined : { '@type': 'VRI.ContactMethod', Type: 'email', Value: row.email },
  ].filter((one) => one !== undefined);
  const number = {
    '@type': 'VRI.VoterId',
    DateOfIssuance: row.registered_on,
    StringValue: row.voter_id,
    Type: 'state-voter-registration-id',
  };
  return {
    '@type': 'VRI.Voter',
    ...(contacts.length === 0 ? {} : { ContactMethod: contacts }),
    DateOfBirth: row.date_of_birth,
    Name: {
      '@type': 'VRI.Name',
      FirstName: row.first_name,
      LastName: row.last_name,
      ...(row.middle_name === '' ? {} : { MiddleName: [row.middle_name] }),
      ...(row.suffix === '' ? {} : { Suffix: row.suffix }),
    },
    Party: { '@type': 'VRI.Party', Abbreviation: row.party, Name: row.party },
    ResidenceAddress: residence(row),
    ...(row.protected === 'Y'
      ? {
          VoterClassification: [
            { '@type': 'VRI.VoterClassification', Assertion: 'yes', Type: 'protected-voter' },
          ],
        }
      : {}),
    VoterId: [number, identifier('drivers-license', row.dl_last4), identifier('ssn4', row.ssn_last4)].filter(
      (one) => one !== undefined,
    ),
  };
}

function residence(row: VoterRow): Node {
  return {
    '@type': 'addr.NumberedThoroughfareAddress_type',
    CompleteAddressNumber: {
      '@type': 'addr_type.CompleteAddressNumber_type',
      AddressNumber: row.house_number,
    },
    CompletePlaceName1: {
      '@type': 'addr_type.CompletePlaceName_type',
      PlaceName: [
        {
          '@type': 'addr_type.PlaceName_type',
          PlaceNameType: 'MunicipalJurisdiction',
          Value: row.city,
        },
      ],
    },
    CompleteStreetName: { '@type': 'addr_type.CompleteStreetName_type', StreetName: row.street },
    ...(row.unit === ''
      ? {}
      : {
          CompleteSubaddress: {
            '@type': 'addr_type.CompleteSubaddress_type',
            SubaddressElement: [
              { '@type': 'addr_type.SubaddressElement_type', SubaddressIdentifier: row.unit },
            ],
          },
        }),
    StateName: 'MO',
    ZipCode: row.zip,
  };
}

function unit(type: string, name: string): Node | undefined {
  return name === '' ? undefined : { '@type': 'VRI.ReportingUnit', Name: name, Type: type };
}

function identifier(type: string, value: string): Node | undefined {
  return value === '' ? undefined : { '@type': 'VRI.VoterId', StringValue: value, Type: type };
}
