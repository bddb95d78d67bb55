/** One made-up person: name, age, numbers, party, and how to be reached. */
import type { Random } from '../random.ts';
import { dateOf } from './calendar.ts';
import type { VoterRow } from './columns.ts';
import { givenName, surname } from './names.ts';
import type { Precinct } from './office-places.ts';

/** Ages by band, about as voters of an American state are: first year, last year, share. */
const PYRAMID: ReadonlyArray<readonly [from: number, to: number, share: number]> = [
  [18, 24, 0.1],
  [25, 34, 0.17],
  [35, 44, 0.16],
  [45, 54, 0.15],
  [55, 64, 0.17],
  [65, 74, 0.14],
  [75, 84, 0.08],
  [85, 99, 0.03],
];

/** The parties: two large ones, a small one, and nobody's. Real codes, made-up shares: the same mean for both large ones. */
export const PARTIES = ['REP', 'DEM', 'LIB', 'UNA'] as const;

/** Share of voters who declared none. */
const UNAFFILIATED = 0.48;

/** Share of the small party. */
const SMALL_PARTY = 0.02;

/** Share of voters whose address is confidential (RSMo 589.660 and following). */
const PROTECTED_SHARE = 0.001;

/** Share of registrations that are inactive: 11 % of Missouri's in the survey of 2022. */
const INACTIVE_SHARE = 0.11;

const AREA_CODES = ['314', '417', '573', '636', '660', '816'] as const;

/** Domains that nobody can own (RFC 2606). */
const MAIL_DOMAINS = ['example.org', 'example.net', 'example.com'] as const;

const YEAR_DAYS = 365.25;

/** Columns of a person; the address is another matter. */
export type Person = Pick<
  VoterRow,
  | 'status'
  | 'last_name'
  | 'first_name'
  | 'middle_name'
  | 'suffix'
  | 'date_of_birth'
  | 'dl_last4'
  | 'ssn_last4'
  | 'party'
  | 'registered_on'
  | 'phone'
  | 'email'
  | 'protected'
>;

/** Draws a person who is registered on `today` (a day number); `family` is the surname of the household, if they share it. */
export function drawPerson(random: Random, today: number, precinct: Precinct, family?: string): Person {
  const woman = random.chance(0.51);
  const first = givenName(random, woman);
  const last = family ?? surname(random);
  const age = drawAge(random);
  const born = today - Math.floor(age * YEAR_DAYS) - random.below(365) - 1;
  const registered = registeredOn(random, today, Math.floor(age));
  const hasLicense = random.chance(0.85);
  const phone = random.chance(0.4) ? `${random.pick(AREA_CODES)}555${fourDigits(random)}` : '';
  return {
    status: random.chance(INACTIVE_SHARE) ? 'inactive' : 'active',
    last_name: last,
    first_name: first,
    middle_name: middleName(random, woman),
    suffix: !woman && random.chance(0.03) ? random.pick(['Jr.', 'Sr.', 'II', 'III']) : '',
    date_of_birth: dateOf(born),
    dl_last4: hasLicense ? fourDigits(random) : '',
    ssn_last4: !hasLicense || random.chance(0.6) ? fourDigits(random) : '',
    party: drawParty(random, precinct),
    registered_on: dateOf(registered),
    phone,
    email: random.chance(0.25) ? mailOf(random, first, last) : '',
    protected: random.chance(PROTECTED_SHARE) ? 'Y' : '',
  };
}

/** Draws what somebody of the precinct declares. */
export function drawParty(random: Random, precinct: Precinct): string {
  const drawn = random.unit();
  if (drawn < UNAFFILIATED) return 'UNA';
  if (drawn < UNAFFILIATED + SMALL_PARTY) return 'LIB';
  return random.unit() < 0.5 + precinct.lean ? 'REP' : 'DEM';
}

/** An address to write to, from the first letters of a name. */
export function mailOf(random: Random, first: string, last: string): string {
  const written = `${first}.${last}`;
  const plain = /^[A-Za-z.-]*$/.test(written)
    ? written
    : written.normalize('NFD').replace(/[^A-Za-z.-]/g, '');
  return `${plain.toLowerCase()}${random.below(10_000)}@${random.pick(MAIL_DOMAINS)}`;
}

const FOUR_DIGITS: readonly string[] = Array.from({ length: 10_000 }, (_, number) =>
  String(number).padStart(4, '0'),
);

/** Four digits; from a table, since a voter file has millions of them. */
export function fourDigits(random: Random): string {
  return random.pick(FOUR_DIGITS);
}

function drawAge(random: Random): number {
  let left = random.unit();
  for (const [from, to, share] of PYRAMID) {
    if (left < share) return from + (left / share) * (to - from + 1);
    left -= share;
  }
  return 18;
}

function middleName(random: Random, woman: boolean): string {
  const drawn = random.unit();
  if (drawn < 0.2) return '';
  const name = givenName(random, woman);
  return drawn < 0.6 ? name.slice(0, 1) : name;
}

/** Some day since the person was 18; more often a recent one, since people move. */
function registeredOn(random: Random, today: number, age: number): number {
  const years = Math.min(age - 18, 55) + 0.5;
  return today - 1 - Math.floor(random.unit() ** 2 * years * YEAR_DAYS);
}
