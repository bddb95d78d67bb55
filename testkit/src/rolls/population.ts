/**
 * The voter file before anything happened. Every row is a function of the seed and its number, so that millions of them
 * need no memory: a row is made when it is asked for, and it is the same each time.
 *
 * Sixteen rows after one another are a block: some households on one side of a street, or one building. Five blocks
 * are a street, streets follow one another through the precincts of the office.
 */
import { hashText, mix32, Random } from '../random.ts';
import { dateOf } from './calendar.ts';
import type { Address, VoterRow } from './columns.ts';
import { surname } from './names.ts';
import { type OfficePlace, officePlaces, type Precinct } from './office-places.ts';
import { drawPerson, type Person } from './person.ts';

/** The file of a state. */
export type Population = {
  readonly offices: readonly OfficePlace[];
  /** Rows, with the cancelled ones; numbers from here on are free for newcomers. */
  readonly rows: number;
  /** The day before the first, as a number. */
  readonly today: number;
  readonly row: (index: number) => VoterRow;
  readonly addressOf: (index: number) => Address;
  readonly officeOf: (index: number) => OfficePlace;
  /** The precinct of a row's first address. */
  readonly precinctOf: (index: number) => Precinct;
  /** The system's number of the row, for newcomers too. */
  readonly voterId: (index: number) => string;
};

const BLOCK = 16;
const BLOCKS_PER_STREET = 5;

/** How many voters live together, and how often. */
const HOUSEHOLDS: readonly number[] = [1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4];

/** Ways to divide a block into households; more would not be noticed. */
const DIVISIONS = 512;

/** Share of blocks that are one building with many doors. */
const BUILDING_SHARE = 0.15;

/** Share of households that have one surname. */
const FAMILY_SHARE = 0.72;

/** Voters' numbers have nine digits and say nothing about the order: multiples of a drawn number modulo this prime. */
const NUMBERS = 99_999_989;
const FIRST_NUMBER = 400_000_000;

const STREET_NAMES =
  'Acorn Alder Apple Aspen Autumn Barley Bay Beech Birch Bluff Briar Bridge Canyon Cedar Chapel Cherry Clover Copper Cottonwood Creek Depot Dogwood Eagle Elm Evergreen Falcon Farm Ferry Forest Garden Granite Grove Harbor Hawthorn Heron Hickory Hilltop Holly Iris Ivy Juniper Lark Laurel Lilac Linden Locust Magnolia Maple Market Meadow Mill Mission Mulberry Oak Orchard Osage Park Pecan Persimmon Pine Plum Pond Poplar Prairie Quail Quarry Railroad Ridge River Robin Rose Sage School Spring Spruce Station Summit Sunset Sycamore Valley View Vine Walnut Water Willow Wren'.split(
    ' ',
  );
const STREET_KINDS = ['St', 'Ave', 'Rd', 'Dr', 'Ln', 'Ct', 'Blvd', 'Way', 'Pl'] as const;
const STREET_SIDES = ['', 'N ', 'S ', 'E ', 'W '] as const;

/** A state of so many live voters on the morning of `today` (a day number). */
export function makePopulation(
  voters: number,
  seed: number,
  today: number,
  only?: readonly string[],
): Population {
  const offices = officePlaces(voters, seed, only);
  const last = offices.at(-1);
  const rows = last === undefined ? 0 : last.from + last.live + last.cancelled;
  const base = mix32(seed ^ hashText('rolls'));
  const homes = mix32(seed ^ hashText('homes'));
  const divisions = drawDivisions(new Random(seed).fork('divisions'));
  const numbers = new Random(seed).fork('numbers');
  const multiplier = numbers.integer(20_000_000, 79_999_999);
  const shift = numbers.below(NUMBERS);
  let near = offices[0] as OfficePlace;

  const officeOf = (index: number): OfficePlace => {
    if (index >= near.from && index < near.from + near.live + near.cancelled) return near;
    near = officeAt(offices, index);
    return near;
  };

  /** Where a row's home is: cancelled rows lived in some block of the live ones. */
  const homeOf = (index: number) => {
    const office = officeOf(index);
    const own = index - office.from;
    const place = own < office.live ? own : (mix32(index ^ seed) >>> 0) % office.live;
    const block = Math.floor(place / BLOCK);
    const division = divisions[(mix32(homes + office.from + block) >>> 0) % DIVISIONS] as Uint8Array;
    const door = division[place % BLOCK] as number;
    const street = Math.floor(block / BLOCKS_PER_STREET);
    const streets = Math.ceil(Math.ceil(office.live / BLOCK) / BLOCKS_PER_STREET);
    const precinct = Math.floor((street * office.precincts.length) / streets);
    return { office, block, door, street, precinct: office.precincts[precinct] as Precinct };
  };

  const addressOf = (index: number): Address => {
    const { office, block, door, street, precinct } = homeOf(index);
    const drawn = mix32(homes ^ mix32(office.from + block)) >>> 0;
    const isBuilding = drawn / 4294967296 < BUILDING_SHARE;
    const first = 100 + (block % BLOCKS_PER_STREET) * 100;
    const unit = isBuilding ? unitOf(drawn, door) : '';
    return {
      house_number: String(isBuilding ? first : first + door * 4 + (drawn & 1)),
      street: streetName((mix32(homes + hashText(office.leaId)) >>> 0) + street),
      unit,
      city: precinct.city,
      zip: precinct.zip,
      precinct: precinct.name,
      township: precinct.township,
      ward: precinct.ward,
      congressional: precinct.congressional,
      senate: precinct.senate,
      house: precinct.house,
    };
  };

  const row = (index: number): VoterRow => {
    const { office, block, door, precinct } = homeOf(index);
    const random = new Random((base + index) | 0);
    const home = new Random((homes + office.from + block * BLOCK + door) | 0);
    const family = home.chance(FAMILY_SHARE) ? surname(home) : undefined;
    const person = drawPerson(random, today, precinct, family);
    const address = addressOf(index);
    const isGone = index - office.from >= office.live;
    return rowOf(voterId(index), office.leaId, isGone ? { ...person, status: 'cancelled' } : person, address);
  };

  const voterId = (index: number): string => String(FIRST_NUMBER + ((index * multiplier + shift) % NUMBERS));

  return {
    offices,
    rows,
    today,
    row,
    addressOf,
    officeOf,
    precinctOf: (index) => homeOf(index).precinct,
    voterId,
  };
}

/** A row, its columns in the order of the file. */
export function rowOf(voterId: string, leaId: string, person: Person, address: Address): VoterRow {
  return {
    voter_id: voterId,
    lea_id: leaId,
    status: person.status,
    last_name: person.last_name,
    first_name: person.first_name,
    middle_name: person.middle_name,
    suffix: person.suffix,
    date_of_birth: person.date_of_birth,
    dl_last4: person.dl_last4,
    ssn_last4: person.ssn_last4,
    house_number: address.house_number,
    street: address.street,
    unit: address.unit,
    city: address.city,
    zip: address.zip,
    precinct: address.precinct,
    township: address.township,
    ward: address.ward,
    congressional: address.congressional,
    senate: address.senate,
    house: address.house,
    party: person.party,
    registered_on: person.registered_on,
    phone: person.phone,
    email: person.email,
    protected: person.protected,
  };
}

/** A person who registers on this day, at an address of the office. */
export function newcomerRow(
  population: Population,
  random: Random,
  index: number,
  neighbour: number,
  day: number,
): VoterRow {
  const person = drawPerson(random, day, population.precinctOf(neighbour));
  const leaId = population.officeOf(neighbour).leaId;
  const fresh = { ...person, status: 'active', registered_on: dateOf(day) };
  return rowOf(population.voterId(index), leaId, fresh, population.addressOf(neighbour));
}

function officeAt(offices: readonly OfficePlace[], index: number): OfficePlace {
  let low = 0;
  let high = offices.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offices[middle] as OfficePlace).from <= index) low = middle;
    else high = middle - 1;
  }
  return offices[low] as OfficePlace;
}

/** For each way to divide a block: the household of each of its sixteen. */
function drawDivisions(random: Random): readonly Uint8Array[] {
  return Array.from({ length: DIVISIONS }, () => {
    const doors = new Uint8Array(BLOCK);
    let door = 0;
    for (let at = 0; at < BLOCK; door++) {
      const end = Math.min(BLOCK, at + random.pick(HOUSEHOLDS));
      doors.fill(door, at, end);
      at = end;
    }
    return doors;
  });
}

/** Now and then one with a comma, since a reader of CSV has to live with it. */
function unitOf(drawn: number, door: number): string {
  return drawn % 61 === 0 ? `Apt ${door + 1}, rear` : `Apt ${door + 1}`;
}

function streetName(number: number): string {
  const name = STREET_NAMES[number % STREET_NAMES.length] as string;
  const rest = Math.floor(number / STREET_NAMES.length);
  const kind = STREET_KINDS[rest % STREET_KINDS.length] as string;
  const side = STREET_SIDES[Math.floor(rest / STREET_KINDS.length) % STREET_SIDES.length] as string;
  return `${side}${name} ${kind}`;
}
