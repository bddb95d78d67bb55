/**
 * The offices of a made-up state: how many voters each has, and its precincts with their districts. Names, numbers of
 * voters and `lea_id` are real (../sample/authorities.ts); precincts, towns, leanings and clerks are made up.
 */
import { hashText, Random } from '../random.ts';
import { AUTHORITIES, type Authority } from '../sample/authorities.ts';

/** One office and where its people stand in the file. */
export type OfficePlace = {
  readonly leaId: string;
  readonly name: string;
  /** Number of its first row. */
  readonly from: number;
  /** Live registrations; the cancelled ones follow. */
  readonly live: number;
  readonly cancelled: number;
  readonly precincts: readonly Precinct[];
  readonly clerks: number;
};

/** A precinct and what follows from it: everybody in it votes in the same districts. */
export type Precinct = {
  readonly name: string;
  readonly city: string;
  readonly zip: string;
  readonly township: string;
  readonly ward: string;
  readonly congressional: string;
  readonly senate: string;
  readonly house: string;
  /** How much more of its people declare the first large party than the second, [-0.25, 0.25]. */
  readonly lean: number;
};

/** Districts of Missouri: of the House of Representatives in Washington, of the state's Senate and House. */
const DISTRICTS = { congressional: 8, senate: 34, house: 163 } as const;

/** Real voters of a precinct, about. */
const PRECINCT_VOTERS = 1_500;

/** In a small state a precinct has at least so many, or shares by precinct would tell nothing. */
const LEAST_PRECINCT = 100;

/** Real voters for whom an office has one clerk. */
const VOTERS_PER_CLERK = 8_000;

/** Cancelled registrations that stay in the file, for each live one. */
const CANCELLED_SHARE = 0.02;

const TOWN_BEGINNINGS =
  'Ash Bel Cedar Clear Cross Elk Fair Glen High Iron Lake Maple Mill New Oak Pine Prairie Rock Salt Spring Stone Timber Union Walnut Willow'.split(
    ' ',
  );
const TOWN_ENDS = 'burg creek dale field fork grove haven mont port ridge ton view ville wood'.split(' ');

/** The offices of a state of so many voters; `only` names some of the 116. Sizes are by largest remainder. */
export function officePlaces(voters: number, seed: number, only?: readonly string[]): readonly OfficePlace[] {
  const authorities = AUTHORITIES.filter(({ leaId }) => only === undefined || only.includes(leaId));
  const sizes = shares(voters, authorities);
  const all = authorities.reduce((sum, one) => sum + one.voters, 0);
  const places: OfficePlace[] = [];
  let from = 0;
  let before = 0;
  for (const [at, authority] of authorities.entries()) {
    const live = sizes[at] as number;
    const cancelled = Math.round(live * CANCELLED_SHARE);
    const range = { from: before / all, to: (before + authority.voters) / all };
    places.push({
      leaId: authority.leaId,
      name: authority.name,
      from,
      live,
      cancelled,
      precincts: precinctsOf(authority, live, range, seed),
      clerks: 1 + Math.floor(authority.voters / VOTERS_PER_CLERK),
    });
    from += live + cancelled;
    before += authority.voters;
  }
  return places;
}

function shares(voters: number, authorities: readonly Authority[]): readonly number[] {
  const all = authorities.reduce((sum, one) => sum + one.voters, 0);
  const exact = authorities.map((one) => (voters * one.voters) / all);
  const sizes = exact.map(Math.floor);
  const left = voters - sizes.reduce((sum, size) => sum + size, 0);
  const byRest = exact.map((_, at) => at).sort((a, b) => restOf(exact, b) - restOf(exact, a) || a - b);
  for (const at of byRest.slice(0, left)) sizes[at] = (sizes[at] as number) + 1;
  return sizes;
}

function restOf(exact: readonly number[], at: number): number {
  const value = exact[at] as number;
  return value - Math.floor(value);
}

function precinctsOf(
  authority: Authority,
  live: number,
  range: { readonly from: number; readonly to: number },
  seed: number,
): readonly Precinct[] {
  const random = new Random(hashText(authority.leaId) ^ seed);
  const real = Math.round(authority.voters / PRECINCT_VOTERS);
  const count = Math.max(1, Math.min(real, Math.floor(live / LEAST_PRECINCT)));
  const towns = Array.from({ length: Math.max(1, Math.min(24, Math.round(count / 4))) }, () =>
    townName(random),
  );
  const officeLean = random.between(-0.15, 0.15);
  const zip = 63_000 + random.below(2_700);
  return Array.from({ length: count }, (_, at) => {
    const place = range.from + ((at + 0.5) / count) * (range.to - range.from);
    const town = Math.floor((at * towns.length) / count);
    return {
      name: `${authority.leaId.slice(2)}-${String(at + 1).padStart(3, '0')}`,
      city: towns[town] as string,
      zip: String(zip + town),
      township: `${towns[Math.floor((town * 2) / 3)]} Township`,
      ward: count >= 8 && at % 3 === 0 ? `W${1 + (at % 7)}` : '',
      congressional: districtAt(place, DISTRICTS.congressional),
      senate: districtAt(place, DISTRICTS.senate),
      house: districtAt(place, DISTRICTS.house),
      lean: officeLean + random.between(-0.1, 0.1),
    };
  });
}

/** Districts have about the same number of people: a precinct is in the one that its place in the state falls into. */
function districtAt(place: number, districts: number): string {
  return String(1 + Math.min(districts - 1, Math.floor(place * districts)));
}

function townName(random: Random): string {
  return random.pick(TOWN_BEGINNINGS) + random.pick(TOWN_ENDS);
}
