/** The list of an office and that of the state, as one: both name whom attackers pretend to be, and the office knows itself best. */
import type { ProtectedList, ProtectedOffice, ProtectedOrganisation, ProtectedPerson } from './protected.ts';

/** What the office says, and what the state says beside it. */
export function mergeLists(office: ProtectedList, state: ProtectedList): ProtectedList {
  return {
    own: office.own,
    correspondents: office.correspondents,
    sealers: united(state.sealers, office.sealers),
    relays: united(state.relays, office.relays),
    offices: mergedBy(state.offices, office.offices, ({ office: id }) => id, ofOffice),
    people: mergedBy(state.people, office.people, ({ name }) => name.toLowerCase(), ofPerson),
    organisations: mergedBy(
      state.organisations,
      office.organisations,
      ({ kind, name }) => `${kind} ${name.toLowerCase()}`,
      ofOrganisation,
    ),
  };
}

function ofOffice(state: ProtectedOffice, own: ProtectedOffice): ProtectedOffice {
  return {
    ...{ office: own.office, name: own.name },
    domains: united(state.domains, own.domains),
    publicMailboxes: united(state.publicMailboxes, own.publicMailboxes),
    addresses: united(state.addresses, own.addresses),
  };
}

function ofPerson(state: ProtectedPerson, own: ProtectedPerson): ProtectedPerson {
  const title = own.title === '' ? state.title : own.title;
  return { name: state.name, title, addresses: united(state.addresses, own.addresses) };
}

function ofOrganisation(state: ProtectedOrganisation, own: ProtectedOrganisation): ProtectedOrganisation {
  return {
    ...{ name: state.name, kind: state.kind },
    domains: united(state.domains, own.domains),
    words: united(state.words, own.words),
  };
}

/** In the order of the first, then what only the second has. */
function mergedBy<T>(
  first: readonly T[],
  second: readonly T[],
  keyOf: (one: T) => string,
  both: (first: T, second: T) => T,
): T[] {
  const merged = new Map(first.map((one) => [keyOf(one), one]));
  for (const one of second) {
    const there = merged.get(keyOf(one));
    merged.set(keyOf(one), there === undefined ? one : both(there, one));
  }
  return [...merged.values()];
}

function united(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])];
}
